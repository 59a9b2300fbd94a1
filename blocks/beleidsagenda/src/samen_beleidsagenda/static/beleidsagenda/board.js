// Dragging on the planning board: dropping a card on a month opens the form that moves it, with that month filled in.
// Without this file the same form opens from the card itself.
(() => {
  let dragged = null;
  for (const card of document.querySelectorAll("[data-move]")) {
    card.draggable = true;
    card.addEventListener("dragstart", (event) => {
      dragged = card;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", card.querySelector("a").textContent);
    });
    card.addEventListener("dragend", () => {
      dragged = null;
    });
  }
  for (const month of document.querySelectorAll("[data-period]")) {
    const over = (on) => month.classList.toggle("agenda-board__month--over", on);
    const takes = () => dragged !== null && !month.contains(dragged);
    month.addEventListener("dragover", (event) => {
      if (takes()) {
        event.preventDefault();
        over(true);
      }
    });
    month.addEventListener("dragleave", () => over(false));
    month.addEventListener("drop", (event) => {
      over(false);
      if (takes()) {
        event.preventDefault();
        window.location.assign(`${dragged.dataset.move}?periode=${encodeURIComponent(month.dataset.period)}`);
      }
    });
  }
})();
