// The loader around the browser program: shows true progress while it loads,
// and says so, instead of leaving a frozen page, if it cannot load or stops.
// go-app writes the percentage (or the error) into #app-wasm-loader-label.
"use strict";

(() => {
  const loader = document.getElementById("app-wasm-loader");
  const label = document.getElementById("app-wasm-loader-label");
  if (!loader || !label) {
    return;
  }
  loader.setAttribute("role", "progressbar");
  loader.setAttribute("aria-label", "Loading Overtime");

  // say puts a sentence and a button in the place of the loader.
  function say(sentence) {
    if (document.getElementById("app-trouble")) {
      return;
    }
    const box = document.createElement("div");
    box.id = "app-trouble";
    box.setAttribute("role", "alert");
    const text = document.createElement("p");
    text.textContent = sentence;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Reload";
    button.addEventListener("click", () => window.location.reload());
    box.append(text, button);
    document.body.append(box);
    loader.remove();
  }

  function show() {
    const percent = /(\d+)\s*%/.exec(label.innerText);
    if (!percent) {
      say("Overtime could not be loaded. Check your connection, then reload the page.");
      return;
    }
    loader.style.setProperty("--progress", percent[1] + "%");
    loader.setAttribute("aria-valuenow", percent[1]);
  }

  show();
  new MutationObserver(show).observe(label, { childList: true, characterData: true, subtree: true });

  // The program runs for as long as the page is open: if it returns, it broke.
  let leaving = false;
  window.addEventListener("pagehide", () => (leaving = true));
  window.addEventListener("pageshow", () => (leaving = false));
  const run = Go.prototype.run;
  Go.prototype.run = function (instance) {
    const stopped = () => leaving || say("Something went wrong in this tab. Reload the page to come back; the meeting goes on.");
    const running = run.call(this, instance);
    running.then(stopped, stopped);
    return running;
  };
})();
