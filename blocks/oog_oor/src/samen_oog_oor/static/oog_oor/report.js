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
  alert.hidden = !(await self.oogStore.all()).some((entry) => entry.state !== "sent");
}

waiting().catch(() => {});
