// The loader around the browser program: shows true progress while it loads,
// and says so, instead of leaving a frozen page, if it cannot load or stops: what
// the browser lacks is not blamed on the line.
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

  // say puts a sentence and a button in the place of the loader, and tells a page
  // around this one.
  function say(code, sentence) {
    if (document.getElementById("app-trouble")) {
      return;
    }
    const tell = () =>
      window.overtimeHost.port.postMessage(JSON.stringify({ event: "trouble", detail: { code, message: sentence } }));
    // The page around connects when this one has loaded, which may be later.
    window.overtimeHost ? tell() : window.addEventListener("overtime-host", tell, { once: true });
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

  // why is a code and a sentence about an error that kept the program from starting.
  function why(error) {
    if (/memory/i.test(error)) {
      return ["no_memory", "This device has too little memory left for Overtime. Close other tabs and programs, then reload the page."];
    }
    if (/CompileError|LinkError|SyntaxError/.test(error)) {
      return ["old_browser", "This browser is too old to run Overtime. Update it, or open this page in another browser."];
    }
    return ["not_loaded", "Overtime could not be loaded. Check your connection, then reload the page."];
  }

  function show() {
    const percent = /(\d+)\s*%/.exec(label.innerText);
    if (!percent) {
      say(...why(label.innerText));
      return;
    }
    loader.style.setProperty("--progress", percent[1] + "%");
    loader.setAttribute("aria-valuenow", percent[1]);
  }

  if (typeof WebAssembly === "undefined") {
    say(
      "no_webassembly",
      "This browser cannot run Overtime: it has no WebAssembly, or a setting or lockdown mode turns it off. " +
        "Turn it on for this page, or open it in another browser.",
    );
    return;
  }
  show();
  new MutationObserver(show).observe(label, { childList: true, characterData: true, subtree: true });

  // The program runs for as long as the page is open: if it returns, it broke.
  let leaving = false;
  window.addEventListener("pagehide", () => (leaving = true));
  window.addEventListener("pageshow", () => (leaving = false));
  const run = Go.prototype.run;
  Go.prototype.run = function (instance) {
    const stopped = () => leaving || say("stopped", "Something went wrong in this tab. Reload the page to come back; the meeting goes on.");
    const running = run.call(this, instance);
    running.then(stopped, stopped);
    return running;
  };
})();
