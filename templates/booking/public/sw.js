// Shows the offline page when there is no network, and does nothing else: no page of a person is ever kept.
"use strict";
const OFFLINE = "{% url 'offline' %}";
const KEPT = [OFFLINE{% for address in kept %}, "{{ address }}"{% endfor %}];
const NAME = "offline:{{ version }}:" + KEPT.join();
const LEFT_ALONE = /^\/(admin|api|desk|screen)\//;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(KEPT)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const tidy = caches.keys().then((names) =>
    Promise.all(names.filter((name) => name.startsWith("offline:") && name !== NAME).map((name) => caches.delete(name)))
  );
  // The page is asked for while the worker starts, so that the worker costs no time.
  const preload = self.registration.navigationPreload ? self.registration.navigationPreload.enable() : null;
  event.waitUntil(Promise.all([tidy, preload]));
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const address = new URL(request.url);
  if (request.mode === "navigate" && !LEFT_ALONE.test(address.pathname)) {
    event.respondWith(
      Promise.resolve(event.preloadResponse)
        .then((response) => response || fetch(request))
        .catch(() => caches.match(OFFLINE))
    );
  } else if (address.origin === self.location.origin && KEPT.includes(address.pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(request)));
  }
});
