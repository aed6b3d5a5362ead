const said = document.getElementById("status-message");
const formUnder = (article) =>
  article?.nextElementSibling?.matches("[data-in-place]") ? article.nextElementSibling : undefined;
const goTo = (text) => {
  text.focus();
  text.setSelectionRange(text.value.length, text.value.length);
};
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
document.addEventListener("input", ({ target }) => {
  const form = target.closest("[data-writing]");
  const idle = document.getElementById("idle");
  if (form && idle) idle.dataset.mainForm = form.id;
});
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
  }
};
if (newer) {
  for (const kind of ["input", "keydown", "pointerdown"]) addEventListener(kind, () => (usedAt = Date.now()));
  setInterval(ask, EVERY);
}
