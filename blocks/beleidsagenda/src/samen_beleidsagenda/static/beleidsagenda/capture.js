// Keeps what is typed during a meeting on this device until the page shows that it arrived. Without it the form works the same.
"use strict";

(() => {
  const place = document.getElementById("vastleggen");
  const form = document.getElementById("form");
  const note = document.getElementById("bewaard");
  if (!place || !form || !note) return;

  const name = `samen-vastleggen-${place.dataset.meeting}`;
  const typed = ["said", "holder_id", "term", "due_date", "made_to", "agenda_item_id", "key"];

  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(name) || "null");
    } catch {
      return null;
    }
  };
  const forget = () => {
    try {
      localStorage.removeItem(name);
    } catch {
      // A browser that keeps nothing has nothing to forget.
    }
  };
  const keep = () => {
    const draft = {};
    for (const field of typed) {
      const input = form.elements.namedItem(field);
      if (input) draft[field] = input.value;
    }
    try {
      if (draft.said.trim()) localStorage.setItem(name, JSON.stringify(draft));
      else forget();
    } catch {
      // A browser that keeps nothing (a private window) still sends the form.
    }
  };

  const draft = read();
  const arrived = (place.dataset.noted || "").split(" ");
  if (draft && arrived.includes(draft.key)) {
    forget();
  } else if (draft && !form.elements.namedItem("said").value) {
    for (const field of typed) {
      const input = form.elements.namedItem(field);
      if (input && typeof draft[field] === "string") input.value = draft[field];
    }
    note.textContent = note.dataset.restored;
  }

  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("submit", (event) => {
    keep();
    if (!navigator.onLine) {
      event.preventDefault();
      note.textContent = note.dataset.offline;
      note.scrollIntoView();
    }
  });
})();
