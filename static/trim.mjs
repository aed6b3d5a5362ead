/**
 * Prints a style sheet without what we may not or need not serve.
 *
 * usage: node trim.mjs PACKAGES CSS ltr|rtl
 *
 * PACKAGES is a folder in which `postcss` and `rtlcss` can be resolved. Removed are: the GDS Transport typeface and the crest
 * (both are licensed for GOV.UK only), the source map, and the components that no page of ours has. A style sheet is cut as a
 * tree and not as text, so that a rule which serves a wanted and an unwanted component keeps its wanted half.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [packages, file, direction] = process.argv.slice(2);
const require = createRequire(`${packages}/`);
const postcss = require("postcss");

const UNUSED = /\.govuk-(accordion|cookie-banner|exit-this-page|header|phase-banner|tabs|footer__(crown|copyright-logo|licence-logo))(?![a-z0-9])/;
const CREST = /govuk-crest/;
const TYPEFACE = /(["']?)GDS Transport\1\s*,\s*/g;

const root = postcss.parse(readFileSync(file, "utf8"));
root.walkComments((comment) => comment.remove());
root.walkAtRules("font-face", (rule) => rule.remove());
root.walkDecls((declaration) => {
  if (CREST.test(declaration.value)) declaration.remove();
  else declaration.value = declaration.value.replace(TYPEFACE, "");
});
root.walkRules((rule) => {
  if (rule.parent.type === "atrule" && rule.parent.name.endsWith("keyframes")) return;
  const wanted = rule.selectors.filter((selector) => !UNUSED.test(selector));
  if (wanted.length === 0 || rule.nodes.length === 0) rule.remove();
  else if (wanted.length < rule.selectors.length) rule.selectors = wanted;
});
for (let before = -1, after = 0; before !== after; ) {
  before = after;
  root.walkAtRules((rule) => {
    if (rule.nodes && rule.nodes.length === 0) {
      rule.remove();
      after += 1;
    }
  });
}

const trimmed = root.toString();
process.stdout.write(direction === "rtl" ? require("rtlcss").process(trimmed) : trimmed);
