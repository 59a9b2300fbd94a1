/* Dragging the points of an agenda to another place. Without it the buttons "Omhoog" and "Omlaag" do the same. */
"use strict";

(() => {
  const list = document.querySelector("[data-agenda-order]");
  const form = document.querySelector("[data-agenda-order-form]");
  if (!list || !form) return;
  let dragged = null;

  const clear = () => {
    for (const point of list.children) point.classList.remove("agenda-point--target", "agenda-point--dragged");
  };
  const fits = (point) => point && point !== dragged && point.dataset.parent === dragged.dataset.parent;

  for (const point of list.children) {
    point.draggable = true;
    point.addEventListener("dragstart", (event) => {
      dragged = point;
      point.classList.add("agenda-point--dragged");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", point.dataset.id);
    });
    point.addEventListener("dragend", () => {
      dragged = null;
      clear();
    });
    point.addEventListener("dragover", (event) => {
      if (!dragged || !fits(point)) return;
      event.preventDefault();
      clear();
      dragged.classList.add("agenda-point--dragged");
      point.classList.add("agenda-point--target");
    });
    point.addEventListener("drop", (event) => {
      if (!dragged || !fits(point)) return;
      event.preventDefault();
      const all = [...list.children];
      if (all.indexOf(dragged) < all.indexOf(point)) point.after(dragged);
      else point.before(dragged);
      send();
    });
  }

  function send() {
    for (const point of list.children) {
      const input = document.createElement("input");
      input.type = "hidden";
      input.name = "order";
      input.value = point.dataset.id;
      form.append(input);
    }
    form.submit();
  }
})();
