// Keeps one page on the phone, the one on which a visit is logged without a signal, with its style and scripts.
// Nothing else is ever kept: no list, no place page, no answer of the server.
"use strict";

const KEPT = "gandan-offline";
const PAGE = "%PAGE%";
const LIFE = Number("%DAYS%") * 24 * 3600 * 1000;
const KEPT_AT = "X-Kept-At";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// What was asked to be kept before the phone was told to forget is not put back afterwards.
let times = 0;

// The files a page asks for, read from the page itself: what asks for it to be kept may be of an older release.
const partsOf = (text) => [...text.matchAll(/<(?:link|script)\b[^>]*?\s(?:href|src)="([^"]+)"/g)]
  .filter(([tag]) => /^<script|rel="(?:stylesheet|icon)"/.test(tag))
  .map(([, address]) => new URL(address, self.location.origin).href);

// All of one release or nothing: the earlier copy stays whole until the new one is there with every part.
const keep = async () => {
  const begun = times;
  const page = await fetch(PAGE, { redirect: "manual", credentials: "same-origin" });
  // Whoever no longer follows any place is refused, and the phone lets go; an ended session keeps what is there.
  if (page.status === 403 || page.status === 404) return caches.delete(KEPT);
  if (!page.ok || times !== begun) return undefined;
  const parts = partsOf(await page.clone().text());
  const answers = await Promise.all(parts.map((part) => fetch(part)));
  if (!answers.every((answer) => answer.ok) || times !== begun) return undefined;
  const cache = await caches.open(KEPT);
  await Promise.all(parts.map((part, place) => cache.put(part, answers[place])));
  const headers = new Headers(page.headers);
  headers.set(KEPT_AT, String(Date.now()));
  await cache.put(PAGE, new Response(await page.blob(), { status: page.status, headers }));
  const wanted = new Set([...parts, new URL(PAGE, self.location.origin).href]);
  for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request);
  return times === begun ? undefined : caches.delete(KEPT);
};

// A copy that was not made anew for so many days is given up, whichever page is opened and whoever is signed in.
const giveUpOld = async () => {
  const page = await caches.match(PAGE);
  const at = page && (Number(page.headers.get(KEPT_AT)) || Date.parse(page.headers.get("Date") || ""));
  if (at && Date.now() - at >= LIFE) await caches.delete(KEPT);
};

self.addEventListener("message", (event) => {
  const done = () => event.ports[0]?.postMessage("done");
  if (event.data.keep) event.waitUntil(keep().catch(() => undefined).then(done));
  if (event.data.forget) {
    times += 1;
    event.waitUntil(caches.delete(KEPT).then(done));
  }
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (new URL(request.url).origin !== self.location.origin) return;
  const kept = (address) => caches.match(address).then((found) => found || Response.error());
  if (request.mode === "navigate") {
    const old = giveUpOld().catch(() => undefined);
    event.waitUntil(old);
    event.respondWith(fetch(request).catch(() => old.then(() => kept(PAGE))));
  }
  else if (["style", "script", "image", "font"].includes(request.destination)) {
    event.respondWith(fetch(request).catch(() => kept(request)));
  }
});
