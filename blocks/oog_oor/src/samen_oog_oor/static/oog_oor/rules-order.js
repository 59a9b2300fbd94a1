/* Alt with an arrow on a rule moves it; the buttons "Omhoog" and "Omlaag" do the same without. */
"use strict";

(() => {
  const list = document.querySelector("[data-rules]");
  if (!list) return;
  const moves = { ArrowUp: "up", ArrowDown: "down" };

  list.addEventListener("keydown", (event) => {
    const direction = event.altKey ? moves[event.key] : undefined;
    const rule = event.target.closest("li");
    if (!direction || !rule) return;
    event.preventDefault();
    rule.querySelector(`input[name="direction"][value="${direction}"]`)?.form.requestSubmit();
  });

  const moved = document.getElementById(location.hash.slice(1));
  if (moved && list.contains(moved)) moved.querySelector("a")?.focus();
})();
