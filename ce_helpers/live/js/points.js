// Points of a plane that a hand drags, or moves by arrow keys. `hand` is live.js's.
import { put } from "./parts.js";
import { along } from "./values.js";
import { make } from "./make.js";
import { lay, placeOf } from "./page_parts.js";
import { short } from "./numbers.js";

const SIDE = 28; // pixels that take a finger
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const TURNS = { PageDown: 1, PageUp: -1 };
const KEYS = "points: arrow keys move one, page down and page up go to another";
const snap = (value) => Number((Math.round(value * 20) / 20).toFixed(2)); // a drag's stride is 0.05

// The value at a pixel, within the scale's ends.
function valueAt({ start, end, low, high }, pixel) {
  const share = Math.min(Math.max((pixel - start) / (end - start), 0), 1);
  return low + (high - low) * share;
}

// All are one stop of the Tab key, at the point that was moved last.
export function points(panels, { panel: name, x, y, names }, hand) {
  const panel = panels[name], box = make("div", "", panel.box, { role: "group", ariaLabel: KEYS });
  const fields = names.map(() =>
    lay({ box }, "button", [0, 0, SIDE, SIDE], "ce-point", { type: "button", tabIndex: -1 }));
  fields[0].tabIndex = 0;
  const follows = names.map((label, i) => {
    const field = fields[i];
    field.addEventListener("focus", () => {
      for (const one of fields) one.tabIndex = one === field ? 0 : -1;
    });
    const to = (left, up) => hand.move([[`xs.${i}`, left], [`ys.${i}`, up]]);
    const end = () => hand.hold(false);
    field.addEventListener("pointerdown", (event) => {
      field.setPointerCapture(event.pointerId);
      hand.grab();
      hand.hold(true);
    });
    field.addEventListener("pointermove", (event) => {
      if (!event.buttons) return;
      const at = placeOf(panel, event);
      to(snap(valueAt(x, at.x)), snap(valueAt(y, at.y)));
    });
    for (const event of ["pointerup", "pointercancel"]) field.addEventListener(event, end);
    field.addEventListener("keydown", (event) => {
      const way = WAYS[event.key], turn = TURNS[event.key], stride = event.shiftKey ? 1 : 0.1;
      if (!way && !turn) return;
      event.preventDefault();
      event.stopPropagation();
      if (turn) return fields.at((i + turn) % fields.length).focus();
      const { xs, ys } = hand.values();
      const within = (value, { low, high }) =>
        Number(Math.min(Math.max(value, low), high).toFixed(4));
      to(within(xs[i] + stride * way[0], x), within(ys[i] + stride * way[1], y));
    });
    return (v) => {
      field.style.setProperty("--x", along(x, v.xs[i], v));
      field.style.setProperty("--y", along(y, v.ys[i], v));
      const words = `${label} at (${short(v.xs[i])}, ${short(v.ys[i])})`;
      put(field, "aria-label", v.wrong[i] ? `${words}, in a wrong region` : words);
      put(field, "title", `${words}: loss ${short(v.losses[i])}`);
    };
  });
  return (v) => follows.forEach((one) => one(v));
}

// Areas that are switched on and off: each is a control of its own.
export function toggles(panels, specs, hand, controls) {
  const follows = specs.map(({ panel: on, name, label, told, box }) => {
    const field = lay(panels[on], "button", box, "ce-toggle", { type: "button" });
    field.addEventListener("click", () => hand.pick(name, !controls[name].get()));
    return () => {
      const isOn = controls[name].get();
      put(field, "aria-pressed", String(isOn));
      put(field, "aria-label", isOn ? `${label}: ${told}` : label);
    };
  });
  return () => follows.forEach((one) => one());
}
