/* Drawing boxes by pointer: each becomes a line of four percentages in the field, which says the same without this. */
"use strict";

(() => {
  const figure = document.querySelector("[data-boxes]");
  const field = figure && document.getElementById(figure.dataset.boxes);
  const drawn = figure?.querySelector("svg");
  if (!field || !drawn) return;
  let start = null;

  const lines = () => field.value.split("\n").map((line) => (line.match(/\d+(?:[.,]\d+)?/g) ?? []).map((part) => Number(part.replace(",", "."))));
  const within = (value) => Math.min(100, Math.max(0, value));

  function point(event) {
    const box = drawn.getBoundingClientRect();
    return [within(((event.clientX - box.left) / box.width) * 100), within(((event.clientY - box.top) / box.height) * 100)];
  }

  function between([x, y], [toX, toY]) {
    return [Math.min(x, toX), Math.min(y, toY), Math.abs(toX - x), Math.abs(toY - y)].map((part) => Math.round(part * 10) / 10);
  }

  function draw(extra) {
    const boxes = lines().filter((box) => box.length === 4);
    if (extra) boxes.push(extra);
    drawn.replaceChildren(
      ...boxes.map((box) => {
        const rectangle = document.createElementNS("http://www.w3.org/2000/svg", "rect");
        ["x", "y", "width", "height"].forEach((name, index) => rectangle.setAttribute(name, box[index]));
        return rectangle;
      }),
    );
  }

  drawn.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    start = point(event);
    drawn.setPointerCapture(event.pointerId);
  });
  drawn.addEventListener("pointermove", (event) => {
    if (start) draw(between(start, point(event)));
  });
  drawn.addEventListener("pointerup", (event) => {
    if (!start) return;
    const box = between(start, point(event));
    start = null;
    if (box[2] >= 0.5 && box[3] >= 0.5) field.value = [field.value.trim(), box.join(" ")].filter(Boolean).join("\n");
    draw();
  });
  drawn.addEventListener("pointercancel", () => {
    start = null;
    draw();
  });
  field.addEventListener("input", () => draw());

  figure.classList.add("oog-boxes--drawing");
  document.querySelector("[data-boxes-help]")?.removeAttribute("hidden");
  draw();
})();
