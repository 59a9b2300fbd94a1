/* Reporting with a browser that can do more: one's own place, and reporting without internet. */
"use strict";

function locating() {
  const button = document.getElementById("oog-locate");
  const told = document.getElementById("oog-located");
  if (!button || !told || !("geolocation" in navigator)) {
    return;
  }
  button.parentElement.hidden = false;
  button.addEventListener("click", () => {
    told.textContent = button.dataset.busy;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        document.getElementById("f-lat").value = coords.latitude.toFixed(6);
        document.getElementById("f-lon").value = coords.longitude.toFixed(6);
        told.textContent = button.dataset.found.replace("{n}", Math.max(1, Math.round(coords.accuracy)));
      },
      () => {
        told.textContent = button.dataset.refused;
      },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  });
}

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

locating();
waiting().catch(() => {});
