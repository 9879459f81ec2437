// Keeps what is pressed before the browser program has arrived.
//
// Prerendered elements that do not work yet carry data-early. A press on one is
// counted on the element itself; the program reads the count when it takes the
// page over, and does then what was asked for (components/ui/early.go). What is
// typed and chosen needs no script: inputs keep it by themselves.
"use strict";

document.addEventListener(
  "click",
  (event) => {
    const pressed = event.target instanceof Element && event.target.closest("[data-early]");
    if (pressed) {
      pressed.dataset.pressed = String(Number(pressed.dataset.pressed || 0) + 1);
    }
  },
  true,
);
