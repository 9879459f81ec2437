// The service worker, version {{.Version}}.
//
// It does two things: it shows a page of our own when the server cannot be
// reached, and it brings the tab back when a notification is pressed. It keeps
// nothing else, so it never shows a page or runs a program from yesterday;
// that they load at once is the work of immutable addresses and the browser's
// own cache. Requests other than opening a page pass it by untouched, the API
// and the WebSocket among them. What portals open, the frames in their pages and
// the script that makes them, only ever comes from the server: if it is away, the
// portal's page says so.
"use strict";

const cacheName = "overtime-{{.Version}}";
const offlinePage = "/web/offline.html";
const kept = [offlinePage, "/web/offline.js", "/web/launched.js", "/app.css", "/web/icons/icon.svg"];

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(cacheName).then((cache) => cache.addAll(kept)).then(() => self.skipWaiting())
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const names = await caches.keys();
      await Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name)));
      if (self.registration.navigationPreload) {
        await self.registration.navigationPreload.enable();
      }
      await self.clients.claim();
    })()
  );
});

const forPortals = /^\/embed\/|^\/(v\/[^/]*\/)?embed\.js$/;

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (request.mode === "navigate") {
    event.respondWith(forPortals.test(url.pathname) ? fromServer(event) : openPage(event));
    return;
  }
  // What the offline page needs, and only while the server is away.
  if (request.method === "GET" && url.origin === self.location.origin && kept.includes(url.pathname)) {
    event.respondWith(fetch(request).catch(() => keptOrError(url.pathname)));
  }
});

// fromServer takes the answer that the browser asked for while the worker
// started; to leave it alone would ask twice.
async function fromServer(event) {
  return (await event.preloadResponse) || fetch(event.request);
}

// openPage asks the server, and only if that fails shows our own page.
async function openPage(event) {
  try {
    return await fromServer(event);
  } catch {
    return keptOrError(offlinePage);
  }
}

async function keptOrError(path) {
  const cache = await caches.open(cacheName);
  return (await cache.match(path)) || Response.error();
}

// A pressed notification brings a tab of ours to the front, not a portal's.
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(
    (async () => {
      const tabs = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
      for (const tab of tabs) {
        if ("focus" in tab && tab.frameType !== "nested") {
          return tab.focus();
        }
      }
      return self.clients.openWindow("/");
    })()
  );
});
