/* One's own place, for who lets the browser tell it. */
"use strict";

(() => {
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
        // The drawing is of another point now, and what was ticked there would take this one away.
        document.getElementById("oog-chosen")?.remove();
        told.textContent = button.dataset.found.replace("%n%", Math.max(1, Math.round(coords.accuracy)));
      },
      () => {
        told.textContent = button.dataset.refused;
      },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  });
})();
