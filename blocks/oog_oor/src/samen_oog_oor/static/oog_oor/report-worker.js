/* The worker of reporting: shows the kept page when there is no internet, and sends what waits once there is.
   self.OOG says what is kept: name, kept, offline, scope, send. */
"use strict";

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(self.OOG.name);
      // As a visitor sees it: what is kept on a device names nobody.
      await Promise.all(
        self.OOG.kept.map(async (address) => {
          const answer = await fetch(address, { credentials: "omit", cache: "no-cache" });
          if (!answer.ok) {
            throw new Error(`${address}: ${answer.status}`);
          }
          await cache.put(address, answer);
        }),
      );
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const start = self.OOG.name.slice(0, self.OOG.name.lastIndexOf("-") + 1);
      const names = await caches.keys();
      await Promise.all(names.filter((name) => name.startsWith(start) && name !== self.OOG.name).map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

async function navigate(request) {
  const typed = request.method === "POST" ? request.clone() : null;
  try {
    return await fetch(request);
  } catch {
    if (typed) {
      const fields = [...(await typed.formData()).entries()].filter(([, value]) => !(value instanceof File) || value.size);
      await self.oogStore.keepDraft(fields);
      return Response.redirect(self.OOG.offline, 303);
    }
    const cache = await caches.open(self.OOG.name);
    return (await cache.match(self.OOG.offline)) || Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) {
    return;
  }
  if (request.mode === "navigate") {
    event.respondWith(navigate(request));
  } else if (request.method === "GET" && self.OOG.kept.includes(address.pathname)) {
    event.respondWith(
      (async () => {
        const cache = await caches.open(self.OOG.name);
        return (await cache.match(address.pathname)) || fetch(request);
      })(),
    );
  }
});

self.addEventListener("sync", (event) => {
  if (event.tag === "oog-send") {
    event.waitUntil(
      (async () => {
        if (!(await self.oogStore.flush(self.OOG.send))) {
          throw new Error("still waiting");
        }
      })(),
    );
  }
});
