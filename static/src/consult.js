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
const say = (sentence) => {
  if (said) said.textContent = sentence;
};

document.addEventListener("htmx:sendError", () => {
  say("We could not reach the service, so this is not saved yet. What you typed is still here. Check the connection and try again.");
});
document.addEventListener("htmx:responseError", () => {
  say("Something went wrong, so this is not saved yet. What you typed is still here. Try again in a minute.");
});
document.addEventListener("htmx:beforeRequest", () => say(""));

// A browser may keep a whole page in memory, with everything typed, and show it after signing out. It must ask again.
addEventListener("pageshow", (event) => {
  if (event.persisted && document.documentElement.hasAttribute("data-private")) {
    document.documentElement.hidden = true;
    location.reload();
  }
});
