// Keeps the desk's page on the device, so that it opens without the network. No answer of the API is ever kept here.
"use strict";
const PAGE = "{% url 'desk' %}";
const KEPT = [{% for address in kept %}{% if not forloop.first %}, {% endif %}"{{ address }}"{% endfor %}];
const LATER = [{% for address in later %}{% if not forloop.first %}, {% endif %}"{{ address }}"{% endfor %}];
const NAME = "desk:{{ version }}";

// Past the browser's own cache: a page of before must not get into the cache of now.
const fresh = (address) => new Request(address, { cache: "reload" });

async function keepAll() {
  const cache = await caches.open(NAME);
  await cache.addAll(KEPT.map(fresh));
}

// The reader of codes is large: it comes when the page is there, and whenever it is still missing.
async function keepLater() {
  const cache = await caches.open(NAME);
  for (const address of LATER) {
    if (!(await cache.match(address))) {
      await cache.add(address).catch(() => {});
    }
  }
}

async function tidy() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("desk:") && name !== NAME).map((name) => caches.delete(name)));
}

async function answer(request, kept) {
  const cache = await caches.open(NAME);
  return (await cache.match(kept, { ignoreVary: true })) || fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(keepAll()));

self.addEventListener("activate", (event) => {
  event.waitUntil(tidy().then(() => self.clients.claim()));
  keepLater();
});

// The page says when a new version may take its place: not in the middle of a shift's work.
self.addEventListener("message", (event) => {
  if (event.data === "take over") {
    self.skipWaiting();
  } else if (event.data === "keep the reader") {
    event.waitUntil(keepLater());
  }
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) {
    return;
  }
  if (request.mode === "navigate" && address.pathname === PAGE) {
    event.respondWith(answer(request, PAGE));
  } else if (KEPT.includes(address.pathname) || LATER.includes(address.pathname)) {
    event.respondWith(answer(request, address.pathname));
  }
});
