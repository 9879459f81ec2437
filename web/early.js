// Looks after the prerendered page until the browser program has arrived.
//
// Prerendered elements that do not work yet carry data-early. A press on one is
// kept, as a count on the element itself; the program reads it when it takes the
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

// Where the browser refuses storage, as it may to a frame, even naming it throws.
// go-app looks through it at its start without expecting that, and would stop the
// program; so there is one that holds nothing and takes nothing.
for (const name of ["localStorage", "sessionStorage"]) {
  try {
    void window[name];
  } catch {
    const nothing = {
      length: 0,
      key: () => null,
      getItem: () => null,
      removeItem() {},
      clear() {},
      setItem() {
        throw new DOMException("This browser keeps nothing for this page.", "SecurityError");
      },
    };
    // As a prototype: its keys are not those of something stored.
    Object.defineProperty(window, name, { value: Object.create(nothing), configurable: true });
  }
}

// go-app writes an attribute whose value is "true" without it, which ARIA takes
// for "undefined". (The program sets attributes whole.)
document.addEventListener("DOMContentLoaded", () => {
  for (const bare of document.querySelectorAll('[aria-pressed=""]')) {
    bare.setAttribute("aria-pressed", "true");
  }
});

// A link may end in a percent sign that means nothing: what it began was cut off,
// or never was an encoding. The program's router cannot read such an address and
// would stop; here it is written out, on arrival and whenever one is opened later.
function readable() {
  const whole = location.href.replace(/%(?![0-9a-f]{2})/gi, "%25");
  if (whole !== location.href) {
    history.replaceState(history.state, "", whole);
  }
}
readable();
window.addEventListener("popstate", readable);
