/**
 * What the pages of a thread and of a reply do more where scripts run: the form under the post that it answers, the words that were
 * chosen for a quotation, and how much others have written meanwhile. Each works, with a page of its own, without this file.
 */
const said = document.getElementById("status-message");
const formUnder = (article) =>
  article?.nextElementSibling?.matches("[data-in-place]") ? article.nextElementSibling : undefined;

const goTo = (text) => {
  text.focus();
  text.setSelectionRange(text.value.length, text.value.length);
};

// "Reply" a second time leads to the form that is there.
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt } = event.detail;
  const there = elt.matches(".app-post__acts a") && formUnder(elt.closest("article"));
  if (!there) return;
  event.preventDefault();
  goTo(there.querySelector("textarea"));
});

document.addEventListener("htmx:load", ({ detail: { elt } }) => {
  if (elt.matches("[data-in-place]") && !elt.querySelector(".govuk-error-summary")) goTo(elt.querySelector("textarea"));
  if (!elt.matches("[data-arrived]")) return;
  const article = elt.querySelector("article");
  const before = /app-post--level-(\d)/.exec(elt.previousElementSibling?.className ?? "");
  article.classList.add(`app-post--level-${Math.min(Number(before?.[1] ?? 0) + 1, 3)}`);
  article.tabIndex = -1;
  article.focus();
  if (said) said.textContent = elt.dataset.arrived;
});

document.addEventListener("click", ({ target }) => {
  const form = target.closest("[data-close]")?.closest("[data-in-place]");
  if (!form) return;
  const link = form.previousElementSibling?.querySelector("a[hx-get]");
  form.remove();
  link?.focus();
});

// When the time is over, what stands in the form in which somebody typed last is sent to be kept.
document.addEventListener("input", ({ target }) => {
  const form = target.closest("[data-writing]");
  const idle = document.getElementById("idle");
  if (form && idle) idle.dataset.mainForm = form.id;
});

// The words of a post that were chosen last: writing about them takes the choice away.
let chosen;
document.addEventListener("selectionchange", () => {
  const selection = getSelection();
  if (selection.isCollapsed) return;
  const place = (node) => (node instanceof Element ? node : node?.parentElement)?.closest("[data-of], article[id^=post-]");
  const where = place(selection.anchorNode);
  if (where && where === place(selection.focusNode))
    chosen = { of: where.dataset.of ?? where.id.replace("post-", ""), words: String(selection) };
});
document.addEventListener(
  "click",
  ({ target }) => {
    const { to, passage } = target.closest("button[name=quote]")?.form.elements ?? {};
    if (passage) passage.value = chosen?.of === to.value ? chosen.words : "";
  },
  true,
);

// Once a minute, while the page is in sight, and no longer than a quarter of an hour after it was last used.
const newer = document.querySelector("[data-newer]");
const EVERY = 60_000;
const GIVES_UP_AFTER = 15 * 60_000;
let usedAt = Date.now();
const ask = async () => {
  if (document.hidden || Date.now() - usedAt > GIVES_UP_AFTER) return;
  try {
    const answer = await fetch(newer.dataset.newer, { headers: { "X-Background": "1", "HX-Request": "true" }, redirect: "error" });
    if (answer.status !== 200) return;
    const sentence = await answer.text();
    if (newer.dataset.sentence === sentence) return;
    newer.dataset.sentence = sentence;
    newer.replaceChildren(...new DOMParser().parseFromString(sentence, "text/html").body.childNodes);
  } catch {
    // No connection: asked again in a minute.
  }
};
if (newer) {
  for (const kind of ["input", "keydown", "pointerdown"]) addEventListener(kind, () => (usedAt = Date.now()));
  setInterval(ask, EVERY);
}
