// The desk of Oog & Oor. On the list: one tick for the whole page. On the board: dropping a card on a column opens the form that moves it,
// with that state filled in. Without this file every case is ticked by itself and moves by the little form on its card.
(() => {
  const list = document.querySelector("[data-choose-all]");
  if (list) {
    const ticks = [...list.querySelectorAll("input[type=checkbox]")];
    const label = document.createElement("label");
    label.className = "samen-choice oog-work__all";
    const all = document.createElement("input");
    all.type = "checkbox";
    const text = document.createElement("span");
    text.textContent = list.dataset.chooseAll;
    label.append(all, text);
    list.before(label);
    const show = () => {
      const number = ticks.filter((tick) => tick.checked).length;
      all.checked = number === ticks.length;
      all.indeterminate = number > 0 && number < ticks.length;
    };
    all.addEventListener("change", () => {
      for (const tick of ticks) {
        tick.checked = all.checked;
      }
    });
    list.addEventListener("change", show);
    show();
  }
  const board = document.querySelector("[data-move]");
  if (!board) {
    return;
  }
  let dragged = null;
  for (const card of board.querySelectorAll("[data-number]")) {
    card.draggable = true;
    card.addEventListener("dragstart", (event) => {
      dragged = card;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", card.dataset.number);
    });
    card.addEventListener("dragend", () => {
      dragged = null;
    });
  }
  for (const column of board.querySelectorAll("[data-state]")) {
    const over = (on) => column.classList.toggle("oog-board__column--over", on);
    const takes = () => dragged !== null && dragged.dataset.to.split(" ").includes(column.dataset.state);
    column.addEventListener("dragover", (event) => {
      if (takes()) {
        event.preventDefault();
        over(true);
      }
    });
    column.addEventListener("dragleave", () => over(false));
    column.addEventListener("drop", (event) => {
      over(false);
      if (takes()) {
        event.preventDefault();
        const query = new URLSearchParams({ zaak: dragged.dataset.number, naar: column.dataset.state });
        window.location.assign(`${board.dataset.move}?${query}`);
      }
    });
  }
})();
