// Parameters that a hand moves along a track, and images whose pixels it takes.
// `hand` is live.js's, as in handles.js.
import { along, put, read } from "./parts.js";
import { draw, lay, placeOf } from "./page_parts.js";
import { channels, paint, ramp, walked } from "./elements.js";
import { PILL, dressed, dragged, exact, follow, keyed, range } from "./handles.js";
import { short } from "./numbers.js";

// A pill on each track; `x` says where a value lies, `stride` is a key's. A track that runs down
// has `y` for its scale and `x` for its place. `stops` are those of a pointer. A slider of whole
// numbers from 1 may name where on the scale each of its `places` lies.
export function sliders(panels, specs, controls, hand) {
  const follows = specs.map((spec) => {
    const { name, label, panel: on, x, y, stride, down, quiet, places } = spec;
    const panel = panels[on], scale = down ? y : x;
    const count = places && hand.values()[places].length;
    const [low, high] = count ? [1, count] : [scale.low, scale.high];
    const stops = count ? Array.from({ length: count }, (_, k) => k + 1) : spec.stops;
    const table = () => ({ ...hand.values(), ...hand.limits() });
    const lies = (value, v) => along(scale, places ? v[places][value - 1] : value, v);
    const group = draw(panel, `ce-handle ce-parameter${quiet ? " quiet" : ""}`, PILL);
    const length = scale.end - scale.start + 28;
    const input = range(panel, down ? [x - 17, scale.start - 14, 34, length] : [scale.start - 14, y - 17, length, 34], label);
    if (down) input.classList.add("ce-down");
    const round = (value) => exact(Math.round(value / stride) * stride);
    const set = {
      ends: [low, high],
      to: (value) => hand.move([[name, Math.min(Math.max(stops?.includes(value) ? value : round(value), low), high)]]),
      by: (by) => set.to(controls[name].get() + Math.round(10 * by) * stride), // PageUp is ten strides
    };
    const held = stops
      ? stopped(panel, input, (stop) => lies(stop, table()), stops, set.to) : input;
    dressed(input, group);
    if (held !== input) dressed(held, group);
    dragged(held, group, hand);
    keyed(input, group, hand, set);
    input.addEventListener("input", () => set.to(Number(input.value)));
    return (v) => {
      const value = read(name, v), at = lies(value, v);
      put(group, "transform", down ? `translate(${x} ${at}) rotate(90)` : `translate(${at} ${y})`);
      follow(input, low, high, value, `${label} ${short(value)}`);
    };
  });
  return (v) => follows.forEach((one) => one(v));
}

// A field over the input takes the pointer: a native range has no logarithms, and its places no
// widths of their own.
function stopped(panel, input, lies, stops, to) {
  const box = [...["x", "y", "w", "h"].map((side) => Number(input.style.getPropertyValue(`--${side}`)))];
  const field = lay(panel, "div", box, "ce-field");
  const drag = (event) => {
    const { x } = placeOf(panel, event), apart = (stop) => Math.abs(lies(stop) - x);
    // of equals the last
    to(stops.reduce((best, stop) => (apart(stop) <= apart(best) ? stop : best)));
  };
  field.addEventListener("pointerdown", (event) => {
    field.setPointerCapture(event.pointerId);
    input.focus({ preventScroll: true });
    event.preventDefault();
    setTimeout(() => drag(event)); // after the handle is taken
  });
  field.addEventListener("pointermove", (event) => event.buttons && drag(event));
  return field;
}

// Arrays that stand still, painted behind panels; colours are listed, or a ramp of the theme's.
export function images(panels, { rows, columns, box, names: [row, column], each }, hand) {
  const cell = () => [row, column].map((name) => hand.values()[name]);
  const painted = each.map(({ panel: name, array, entry = 0, of = 1, scale, colors, ...spec }) => {
    const panel = panels[name];
    const canvas = lay(panel, "canvas", box, "ce-map", { width: columns, height: rows });
    panel.box.prepend(canvas);
    walked(panel, { rows, columns, box }, `${name}: arrow keys walk from pixel to pixel`, cell,
      (r, c) => hand.move([[row, r], [column, c]]));
    const context = canvas.getContext("2d"), values = hand.array(array);
    return () => {
      const table = colors ? colors.map(channels) : ramp(hand.color, spec);
      paint(context, (k) => {
        const share = Math.min(Math.max((values[of * k + entry] - scale.low) / (scale.high - scale.low), 0), 1);
        return table[Math.round(share ** scale.gamma * (table.length - 1))];
      });
    };
  });
  let theme = "";
  return () => {
    if (theme === hand.theme()) return;
    theme = hand.theme();
    painted.forEach((one) => one());
  };
}

// Columns of a table that are pressed: each is a row and a column of the cursor.
export function cells(panels, { panel: name, lefts, box, top, positions, names: [row, column] }, hand) {
  const panel = panels[name];
  lefts.forEach((left, e) => {
    const field = lay(panel, "div", [left, top, ...box], "ce-row");
    field.addEventListener("click", () =>
      hand.move([[row, Math.floor(e / positions)], [column, e % positions]]));
  });
}
