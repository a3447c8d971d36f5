// The service worker. It keeps files that pages are made of, and one page for when there is no line; it keeps no other page, nothing of a person and
// nothing of the pages on which nobody is known. It sends what waits when the line is back, and shows push messages. The server writes before it which
// files there are: self.shell = { page, first, files }.
import { sendQueued } from "./lib/outbox.mjs";

const KEPT = "jagawarga-files", { page, first, files } = self.shell;
const nobodys = /^\/(anonim|lacak)(\/|$)/;

self.addEventListener("install", (event) => event.waitUntil(prepare()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));

// What is kept already is not fetched again: names carry a hash of what they name. The page is.
async function prepare() {
  const kept = await caches.open(KEPT);
  await Promise.all(first.map(async (file) => { if (!(await kept.match(file, { ignoreVary: true }))) await kept.add(file); }));
  await kept.add(new Request(page, { cache: "reload", credentials: "omit" }));
  await self.skipWaiting();
}

async function tidy() {
  const kept = await caches.open(KEPT);
  for (const { url } of await kept.keys()) {
    const { pathname } = new URL(url);
    if (pathname !== page && !files.includes(pathname)) await kept.delete(url, { ignoreVary: true });
  }
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (files.includes(pathname)) event.respondWith(file(request));
  else if (request.mode === "navigate" && !nobodys.test(pathname)) event.respondWith(fetch(request).catch(offline));
});

async function file(request) {
  const kept = await caches.open(KEPT).catch(() => null); // a device without room
  const found = await kept?.match(request, { ignoreVary: true });
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) kept?.put(request, answer.clone()).catch(() => {});
  return answer;
}

const offline = async () => (await caches.match(page, { ignoreVary: true })) || Response.error();

self.addEventListener("sync", (event) => { if (event.tag === "antrean") event.waitUntil(sendQueued()); });

self.addEventListener("push", (event) => {
  const { title, body, tag, url } = event.data?.json() || {};
  if (body) event.waitUntil(self.registration.showNotification(title, { body, tag, icon: self.shell.icon, data: { url } }));
});

// A tap opens the page that the message is about; where that is open already, it is only turned to.
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const told = new URL(event.notification.data?.url || "/saya/kabar", location.origin), to = location.origin + told.pathname;
  event.waitUntil(self.clients.matchAll({ type: "window" }).then((open) => {
    const there = open.find((client) => client.url === to);
    return there ? there.focus() : self.clients.openWindow(to);
  }));
});
