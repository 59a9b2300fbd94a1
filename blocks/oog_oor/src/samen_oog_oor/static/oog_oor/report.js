/* Reporting with a browser that can also do it without internet. */
"use strict";

async function waiting() {
  const alert = document.getElementById("oog-wacht");
  const link = document.getElementById("oog-offline");
  if (!alert || !("serviceWorker" in navigator) || !("indexedDB" in window)) {
    return;
  }
  if (link) {
    link.hidden = false;
    navigator.serviceWorker.register(alert.dataset.worker, { scope: alert.dataset.scope }).catch(() => {
      link.hidden = true;
    });
  }
  // Not every browser sends it by itself when there is internet again.
  if (navigator.onLine) {
    await self.oogStore.flush(alert.dataset.send);
  }
  const entries = await self.oogStore.all();
  alert.hidden = !entries.some((entry) => entry.state !== "sent");
  document.getElementById("oog-verstuurd").hidden = !entries.some((entry) => entry.state === "sent" && !entry.seen);
}

waiting().catch(() => {});
