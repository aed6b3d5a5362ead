// What only pages of staff need, so that residents do not wait for it.

// Views of a summary are to be equally long: what the server counts on saving is counted here while one types.
const measure = (writing) => {
  const apart = Number(writing.dataset.lengths);
  const views = [...writing.querySelectorAll("[data-view]")];
  const words = (view) =>
    [...view.querySelectorAll("textarea")].reduce(
      (sum, { value }) => sum + (value.match(/[\p{L}\p{N}]+(?:[’'-][\p{L}\p{N}]+)*/gu)?.length ?? 0),
      0,
    );
  const tell = () => {
    const counts = views.map(words);
    const total = counts.reduce((sum, n) => sum + n, 0);
    const low = Math.ceil((total * (100 - apart)) / (100 * views.length));
    const high = Math.floor((total * (100 + apart)) / (100 * views.length));
    for (const [at, view] of views.entries()) {
      const told = view.querySelector("[data-count]");
      const n = counts[at];
      const sentence = low <= n && n <= high ? told.dataset.fits : told.dataset.apart;
      told.textContent = sentence.replace("{n}", n).replace("{low}", low).replace("{high}", high);
    }
  };
  writing.addEventListener("input", tell);
};
const writing = document.querySelector("[data-lengths]");
if (writing) measure(writing);

// Somebody who codes hundreds of texts ticks boxes by the keys that stand beside them. The keys work only while one of the boxes has the
// focus, so that they take no key from a note or from a reader of the screen; Enter there sends the form, as it always does.
for (const boxes of document.querySelectorAll("[data-number-keys]")) {
  boxes.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const box = boxes.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!box) return;
    event.preventDefault();
    box.click();
    box.focus();
  });
  if (!document.querySelector(".govuk-error-summary")) boxes.querySelector("input")?.focus({ preventScroll: true });
}
