// Takes the links that the system hands to a page of the installed app which is
// open, on the pages that have no program to take them: offline, not found.
"use strict";

if (window.launchQueue) {
  window.launchQueue.setConsumer(({ targetURL }) => {
    if (targetURL && targetURL !== window.location.href) {
      window.location.assign(targetURL);
    }
  });
}
