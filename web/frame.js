// Takes the hand of the page around us, before the browser program has come.
//
// That page connects once, by a window message with a port; all else is said
// over the port, which keeps what comes until somebody listens. The program
// picks it up as window.overtimeHost and decides by the origin whether to use
// it (internal/browser/host.go): here everything is taken from the parent
// alone, and nothing is told but that we are there.
"use strict";

(() => {
  if (window.parent === window) {
    return;
  }
  function connect(event) {
    const { source, data, ports, origin } = event;
    if (source !== window.parent || !data || data.overtime !== "connect" || ports.length !== 1) {
      return;
    }
    window.removeEventListener("message", connect);
    window.overtimeHost = { origin, port: ports[0], version: data.version };
    ports[0].postMessage('{"here":1}');
    window.dispatchEvent(new Event("overtime-host"));
  }
  window.addEventListener("message", connect);
})();
