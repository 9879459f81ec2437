// Gives up a place in a meeting for a frame that a portal took out of its page:
// that one was gone at once. Comes to the place with the secret that the frame
// left in this tab's storage, and leaves it.
"use strict";

(() => {
  const asked = new URLSearchParams(window.location.hash.slice(1));
  const room = asked.get("room");
  const key = `overtime.slot.${asked.get("slot")}.overtime.resume.${room}`;
  let secret = null;
  try {
    secret = sessionStorage.getItem(key);
  } catch {
    // Nothing is kept here, so nothing leads to the place.
  }
  // The page around sees that this one is done when it goes elsewhere.
  const done = () => window.location.replace("about:blank");
  if (!secret || window.parent === window) {
    done();
    return;
  }
  // forget takes away what leads back to the place: in this tab, and in this browser.
  function forget() {
    sessionStorage.removeItem(key);
    try {
      if (localStorage.getItem("overtime.again") === `${room} ${secret}`) {
        localStorage.removeItem("overtime.again");
      }
    } catch {
      // This one is refused: it holds nothing.
    }
  }

  const socket = new WebSocket(window.location.origin.replace(/^http/, "ws") + "/ws");
  const say = (id, type, data) => socket.send(JSON.stringify({ type, id, data }));
  socket.addEventListener("open", () => say("1", "hello", { room, resume: secret }));
  socket.addEventListener("close", done);
  socket.addEventListener("message", (event) => {
    const said = JSON.parse(event.data);
    if (said.type === "welcome") {
      forget(); // whoever comes again comes anew
      say("2", "session.leave", {});
    }
  });
})();
