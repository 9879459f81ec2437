// The loader around the browser program: shows true progress while it loads,
// and says so, instead of leaving a frozen page, if it cannot load or stops: what
// the browser lacks is not blamed on the line.
// go-app writes the percentage (or the error) into #app-wasm-loader-label. What is
// said stands in the attributes of #app-wasm-loader, in the page's language.
"use strict";

(() => {
  const loader = document.getElementById("app-wasm-loader");
  const label = document.getElementById("app-wasm-loader-label");
  if (!loader || !label) {
    return;
  }
  loader.setAttribute("role", "progressbar");
  loader.setAttribute("aria-label", loader.dataset.label);
  const words = loader.dataset;

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
    button.textContent = words.reload;
    button.addEventListener("click", () => window.location.reload());
    box.append(text, button);
    document.body.append(box);
    loader.remove();
  }

  // why is a code and a sentence about an error that kept the program from starting.
  function why(error) {
    if (/memory/i.test(error)) {
      return ["no_memory", words.noMemory];
    }
    if (/CompileError|LinkError|SyntaxError/.test(error)) {
      return ["old_browser", words.oldBrowser];
    }
    return ["not_loaded", words.notLoaded];
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
    say("no_webassembly", words.noWebassembly);
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
    const stopped = () => leaving || say("stopped", words.stopped);
    const running = run.call(this, instance);
    running.then(stopped, stopped);
    return running;
  };
})();
