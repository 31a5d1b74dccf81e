// Parameters that a hand moves along a track, and images whose pixels it takes.
// `hand` is live.js's, as in handles.js.
import { put } from "./parts.js";
import { along, read } from "./values.js";
import { draw, lay, placeOf, pulled } from "./page_parts.js";
import { channels, paint, ramp, walked } from "./elements.js";
import { PILL, dressed, dragged, exact, follow, keyed, range } from "./handles.js";
import { short } from "./numbers.js";

// A pill on each track; `x` says where a value lies, `stride` is a key's. A track that runs down
// has `y` for its scale and `x` for its place. `stops` are those of a pointer. A slider of whole
// numbers from 1 may name where on the scale each of its `places` lies.
export function sliders(panels, specs, controls, hand) {
  const follows = specs.map((spec) => {
    const { name, label, x, y, stride, down, quiet, places, thick = 36, shown = name } = spec;
    const panel = panels[spec.panel], scale = down ? y : x;
    const count = places && hand.values()[places].length;
    const [low, high] = count ? [1, count] : [scale.low, scale.high];
    const stops = count ? Array.from({ length: count }, (_, k) => k + 1) : spec.stops;
    const lies = (value, v) => along(scale, places ? v[places][value - 1] : value, v);
    const group = draw(panel, `ce-handle ce-parameter${quiet ? " quiet" : ""}`, PILL);
    const length = scale.end - scale.start + 28;
    const box = down ? [x - thick / 2, scale.start - 14, thick, length]
      : [scale.start - 14, y - thick / 2, length, thick];
    const input = range(panel, box, label);
    if (down) input.classList.add("ce-down");
    const round = (value) => exact(Math.round(value / stride) * stride);
    const taken = (value) => (stops?.includes(value) ? value : round(value));
    const set = {
      ends: [low, high],
      to: (value) => hand.move([[name, Math.min(Math.max(taken(value), low), high)]]),
      // PageUp is ten strides
      by: (by) => set.to(controls[name].get() + Math.round(10 * by) * stride),
    };
    // a field over the input takes the pointer: a native range has no logarithms, and its places
    // no widths of their own
    const held = stops ? lay(panel, "div", box, "ce-field") : input;
    dressed(input, group);
    if (held !== input) dressed(held, group);
    dragged(held, group, hand);
    if (stops) pulled(held, () => input.focus({ preventScroll: true }), (event) => {
      const pressed = placeOf(panel, event).x, v = { ...hand.values(), ...hand.limits() };
      const apart = (stop) => Math.abs(lies(stop, v) - pressed);
      // of equals the last
      set.to(stops.reduce((best, stop) => (apart(stop) <= apart(best) ? stop : best)));
    });
    keyed(input, group, hand, set);
    input.addEventListener("input", () => set.to(Number(input.value)));
    return (v) => {
      const value = read(name, v), at = lies(value, v);
      put(group, "transform", down ? `translate(${x} ${at}) rotate(90)` : `translate(${at} ${y})`);
      follow(input, low, high, value, short(read(shown, v)));
    };
  });
  return (v) => follows.forEach((one) => one(v));
}

// Arrays that stand still, painted behind panels; colours are listed, or a ramp of the theme's.
export function images(panels, { rows, columns, box, names: [row, column], each }, hand) {
  const cell = () => [row, column].map((name) => hand.values()[name]);
  let first; // of the maps: all have one cursor, so they are one stop of the Tab key
  const painted = each.map(({ panel: name, array, entry = 0, of = 1, scale, colors, ...spec }) => {
    const panel = panels[name];
    const canvas = lay(panel, "canvas", box, "ce-map", { width: columns, height: rows });
    panel.box.prepend(canvas);
    const label = `${name}: arrow keys walk from pixel to pixel`;
    const choose = (r, c) => hand.move([[row, r], [column, c]]);
    const field = walked(panel, { rows, columns, box }, label, cell, choose, first);
    first ??= field;
    const context = canvas.getContext("2d"), values = hand.array(array);
    return () => {
      const table = colors ? colors.map(channels) : ramp(hand.color, spec);
      paint(context, (k) => {
        const at = (values[of * k + entry] - scale.low) / (scale.high - scale.low);
        const share = Math.min(Math.max(at, 0), 1);
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
export function cells(panels, spec, hand) {
  const { lefts, box, top, positions, names: [row, column] } = spec, panel = panels[spec.panel];
  lefts.forEach((left, e) => {
    const field = lay(panel, "div", [left, top, ...box], "ce-row");
    field.addEventListener("click", () =>
      hand.move([[row, Math.floor(e / positions)], [column, e % positions]]));
  });
}
