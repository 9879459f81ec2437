// Behind the page that the service worker shows while the server is away: looks
// whether it is back, and then loads the address that was asked for. Only a reload
// keeps the whole of it; what a link leads to, or a refresh, has no fragment, and
// in the fragment is the invitation.
"use strict";

(() => {
  const OFTEN = 5000; // ms between two looks
  const outcome = document.getElementById("outcome");
  let looking = null; // the look that is under way

  async function ask() {
    try {
      const answer = await fetch("/healthz", { cache: "no-store", redirect: "manual" });
      // A network that wants a sign-in first answers in the server's place; the
      // page that it sends instead is what the person has to see.
      if (answer.ok || answer.type === "opaqueredirect") {
        window.location.reload();
        return true;
      }
    } catch {
      // Nobody is there.
    }
    return false;
  }

  // look reports whether somebody answered; the page is then on its way.
  function look() {
    looking ??= ask().finally(() => (looking = null));
    return looking;
  }

  document.getElementById("again").addEventListener("click", async () => {
    outcome.textContent = outcome.dataset.trying;
    if (!(await look())) {
      outcome.textContent = outcome.dataset.noAnswer;
    }
  });
  window.addEventListener("online", look);
  document.addEventListener("visibilitychange", () => document.hidden || look());
  setInterval(look, OFTEN);
})();
