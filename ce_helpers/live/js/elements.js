// What a hand takes among all elements: a column of the table, or a pixel of a map.
import { make } from "./make.js";
import { lay, placeOf } from "./page_parts.js";

// One radio a column; arrow keys are the browser's own.
export function columns(panels, spec, labels, hand, group) {
  const panel = panels[spec.panel];
  const inputs = spec.lefts.map((left, e) => {
    const label = lay(panel, "label", [left, spec.top, ...spec.box], "ce-pick");
    const input = make("input", "", label, { type: "radio", name: group });
    input.setAttribute("aria-label", labels(e));
    input.dataset.lmSuppressShortcuts = "true";
    input.addEventListener("change", () => hand.set("element", e));
    input.addEventListener("keydown", (event) => event.stopPropagation());
    return input;
  });
  return (v) => (inputs[v.element].checked = true);
}

const WAYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

// A grid that is pressed or walked by arrow keys, ↑ is up; `cell()` is the chosen row and column.
// Grids with one cursor are one stop of the Tab key: a press on another one leads to the `first`.
export function walked(panel, { rows, columns: across, box }, label, cell, choose, first) {
  const field = lay(panel, "div", box, "ce-pixels");
  const clamp = (place, count) => Math.min(Math.max(place, 0), count - 1);
  const take = (row, column) => choose(clamp(row, rows), clamp(column, across));
  if (first) field.setAttribute("aria-hidden", "true");
  else Object.assign(field, { tabIndex: 0, role: "application", ariaLabel: label });
  const press = (event) => {
    const at = placeOf(panel, event);
    const cellAt = (share, count) => Math.floor(share * count);
    take(cellAt((at.y - box[1]) / box[3], rows), cellAt((at.x - box[0]) / box[2], across));
  };
  field.addEventListener("pointerdown", (event) => {
    field.setPointerCapture(event.pointerId);
    event.preventDefault();
    (first ?? field).focus({ preventScroll: true });
    press(event);
  });
  field.addEventListener("pointermove", (event) => event.buttons && press(event));
  field.addEventListener("keydown", (event) => {
    const way = WAYS[event.key], stride = event.shiftKey ? 10 : 1;
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const [row, column] = cell();
    take(row + stride * way[0], column + stride * way[1]);
  });
  return field;
}

// Two canvases behind the panels' SVG: losses by a ramp, targets by the colours of the classes.
export function maps(panels, spec, hand) {
  const { rows, columns: across, box } = spec;
  const choose = (row, column) => hand.set("element", hand.first() + row * across + column);
  const classColors = spec.colors.map(channels);
  const label = "map of elements: arrow keys walk from one to the next";
  let first;
  const contexts = spec.panels.map((name) => {
    const panel = panels[name];
    const canvas = lay(panel, "canvas", box, "ce-map", { width: across, height: rows });
    panel.box.prepend(canvas);
    const field = walked(panel, spec, label, () => hand.values().cell, choose, first);
    first ??= field;
    return canvas.getContext("2d");
  });
  let painted = "", table = [];
  return (v) => {
    const { losses, targets } = hand.map(), present = `${hand.version()} ${hand.theme()}`;
    const place = v.cell[0] * across + v.cell[1];
    if (painted !== present) table = ramp(hand.color, spec);
    const colors = (k) => [table[step(losses[k], spec.scale)], classColors[targets[k]]];
    if (painted !== present) contexts.forEach((context, i) => paint(context, (k) => colors(k)[i]));
    else
      contexts.forEach((context, i) => {
        context.fillStyle = `rgb(${colors(place)[i]})`;
        context.fillRect(v.cell[1], v.cell[0], 1, 1);
      });
    painted = present;
  };
}

function step(loss, { high, gamma }) {
  return Math.round((Math.min(Math.max(loss, 0), high) / high) ** gamma * 255);
}

export function paint(context, color) {
  const { width, height } = context.canvas, image = context.createImageData(width, height);
  for (let k = 0; k < width * height; k++) image.data.set([...color(k), 255], 4 * k);
  context.putImageData(image, 0, 0);
}

export const channels = (hex) => [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));

// 256 colours from paper over the middle one to ink
export function ramp(color, { ramp: names, middle }) {
  const [low, mid, high] = names.map((name) => channels(color(name)));
  const mix = (a, b, share) => a.map((one, k) => Math.round(one + (b[k] - one) * share));
  return Array.from({ length: 256 }, (_, k) => {
    const share = k / 255, rest = (share - middle) / (1 - middle);
    return share < middle ? mix(low, mid, share / middle) : mix(mid, high, rest);
  });
}
