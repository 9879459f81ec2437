// Keeps what a translator did to the page from cutting the program off from it.
//
// A translator, the browser's or an extension's, takes texts out of the page and
// puts <font> elements with its own in their place. go-app keeps the texts that it
// made: it would go on writing to what nobody sees, and stop the program when it
// takes one away that is not where it was. So each text that was taken out is
// remembered with what stands for it, and comes back to its place before anything
// is done with it. What was written anew a translator may then translate anew.
"use strict";

(() => {
  const standIns = new WeakMap(); // by the text that was taken out

  new MutationObserver((records) => {
    for (const { removedNodes, addedNodes, previousSibling, nextSibling } of records) {
      const standIn = [...addedNodes, previousSibling, nextSibling].find((node) => node && node.nodeName === "FONT");
      for (const text of removedNodes) {
        if (text.nodeType === Node.TEXT_NODE && standIn && !text.isConnected) {
          standIns.set(text, standIn);
        }
      }
    }
  }).observe(document, { childList: true, subtree: true });

  function bringBack(node) {
    const standIn = standIns.get(node);
    if (standIn) {
      standIns.delete(node);
      standIn.replaceWith(node); // nothing happens if that is gone as well
    }
  }

  const { get, set } = Object.getOwnPropertyDescriptor(Node.prototype, "nodeValue");
  Object.defineProperty(Text.prototype, "nodeValue", {
    get,
    set(value) {
      bringBack(this);
      set.call(this, value);
    },
    configurable: true,
  });
  for (const name of ["removeChild", "replaceChild", "insertBefore"]) {
    const original = Node.prototype[name];
    Node.prototype[name] = function (...nodes) {
      nodes.forEach(bringBack);
      return original.apply(this, nodes);
    };
  }
})();
