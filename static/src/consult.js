/**
 * Every page works without this file. It starts the GOV.UK components, also in what htmx brings later, says aloud and on the
 * screen when a request of htmx failed, and keeps a page of somebody who has left from coming back by the Back button.
 */
import { initAll } from "../vendor/govuk-frontend/govuk-frontend.min.js";

initAll();

// htmx notes the path of each page in the browser's storage, where a shared computer must keep nothing.
try {
  sessionStorage.removeItem("htmx-current-path-for-history");
} catch {
  // A browser that forbids storage has nothing to remove.
}

document.addEventListener("htmx:load", (event) => {
  const arrived = event.detail.elt;
  if (arrived === document.body) return;
  initAll({
    // The parent, because a component may be the very element that arrived.
    scope: arrived.parentElement ?? arrived,
    onError: (error) => {
      if (error.name !== "InitError") console.error(error);
    },
  });
});

const said = document.getElementById("status-message");
// In another language than English the page brings the sentences.
const say = (sentence) => {
  if (said) said.textContent = sentence;
};

document.addEventListener("htmx:sendError", () => {
  say(
    said?.dataset.unreachable ??
      "We could not reach the service, so this is not saved yet. What you typed is still here. Check the connection and try again.",
  );
});
document.addEventListener("htmx:responseError", () => {
  say(
    said?.dataset.failed ??
      "Something went wrong, so this is not saved yet. What you typed is still here. Try again in a minute.",
  );
});
document.addEventListener("htmx:beforeRequest", () => say(""));

// A page on a shared computer closes after a quarter of an hour without use. The server ends the session in any case; here the person is
// told two minutes before and may stay, and at the end the screen is cleared and what stands in the form is sent to be kept.
const tabs = "BroadcastChannel" in globalThis ? new BroadcastChannel("consult") : undefined;

const watchIdle = (idle) => {
  const { lasts, closesIn, warnBefore, stayUrl } = idle.dataset;
  const notice = idle.querySelector("[tabindex]");
  const sentences = [...notice.querySelectorAll("[data-from]")];
  const [leave] = idle.getElementsByTagName("form");
  let endsAt = Date.now() + Number(closesIn) * 1000;
  let askedAt = Date.now();
  let isUsed = false;
  let cameFrom;

  const close = () => {
    clearInterval(ticking);
    document.documentElement.hidden = true;
    const typedIn = document.getElementById(idle.dataset.mainForm);
    // A field may be called "action" or "submit", and would stand in the way of the form's own.
    typedIn?.setAttribute("action", leave.getAttribute("action"));
    HTMLFormElement.prototype.submit.call(typedIn ?? leave);
  };

  const show = (seconds) => {
    const wasHidden = notice.hidden;
    notice.hidden = seconds > Number(warnBefore);
    const due = sentences.filter((sentence) => seconds <= Number(sentence.dataset.from)).pop();
    for (const sentence of sentences) sentence.hidden = sentence !== due;
    if (wasHidden && !notice.hidden) {
      cameFrom = document.activeElement;
      notice.focus();
    } else if (!wasHidden && notice.hidden) cameFrom?.focus?.();
  };

  const goOn = () => {
    endsAt = Date.now() + Number(lasts) * 1000;
    show(Number(lasts));
  };

  const stay = async () => {
    isUsed = false;
    askedAt = Date.now();
    try {
      const answer = await fetch(stayUrl, { method: "POST", body: new URLSearchParams(new FormData(leave)) });
      if (!answer.ok) return close();
      goOn();
      tabs?.postMessage("used");
    } catch {
      // No connection: the time goes on, as it does on the server.
    }
  };

  const tick = () => {
    const left = (endsAt - Date.now()) / 1000;
    if (left <= 0) return close();
    // Typing a long answer is use too, of which the server knows only if it is told.
    if (isUsed && Date.now() - askedAt > 120_000) stay();
    show(left);
  };

  const ticking = setInterval(tick, 1000);
  for (const kind of ["input", "keydown", "pointerdown"]) addEventListener(kind, () => (isUsed = true));
  notice.querySelector("button").addEventListener("click", stay);
  // After sleep no timer has run in time.
  document.addEventListener("visibilitychange", () => document.hidden || tick());
  if (!tabs) return;
  // Another page of this browser was used, or left: the session is one and the same.
  tabs.onmessage = ({ data }) => (data === "left" ? close() : goOn());
  tabs.postMessage("used");
};

const idle = document.getElementById("idle");
if (idle) watchIdle(idle);
if (document.querySelector('link[href="/finished.css"]')) tabs?.postMessage("left");

// A browser may keep a whole page in memory, with everything typed, and show it after signing out. It must ask again.
addEventListener("pageshow", (event) => {
  if (event.persisted && document.documentElement.hasAttribute("data-private")) {
    document.documentElement.hidden = true;
    location.reload();
  }
});
