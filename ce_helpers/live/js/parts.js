// Moves the parts of a panel: each declares which values it follows. Nothing here knows an
// explorer. `v` maps names to values; values.py and panel.py say how parts are declared.
import * as formats from "./numbers.js";
import { ticks } from "./limits.js";
import * as formulas from "./formulas.js";
import { planeKinds } from "./plane.js";
import { along, holds, pixel, read } from "./values.js";

export const written = ({ text, format, value }, v) => text ?? formats[format](read(value, v));

// matplotlib writes these as style, which wins over an attribute
const STYLED = new Set([
  "fill", "font-style", "font-weight", "opacity", "paint-order", "stroke", "stroke-width", "text-anchor",
  "vector-effect", "visibility", "white-space",
]);

// Touches the page only where something changed.
export function put(node, name, value) {
  const kept = (node.kept ??= {});
  if (kept[name] === value) return;
  kept[name] = value;
  if (name === "text") node.textContent = value;
  else if (name === "disabled") node.disabled = value;
  else if (STYLED.has(name)) node.style.setProperty(name, value);
  else node.setAttribute(name, value);
}
const dress = (node, look) => Object.entries(look).forEach(([name, value]) => put(node, name, value));
const show = (node, on) => put(node, "visibility", on ? "inherit" : "hidden");
const route = (points) => "M" + points.map(([x, y]) => `${x} ${y}`).join("L");
const marks = (mark, v) => (mark === undefined ? [] : [read(mark, v)].flat());
const values = (names, v) => (typeof names === "string" ? read(names, v) : names.map((n) => read(n, v)));
const spots = ({ xs, ys, x, y }, v) =>
  read(xs, v).map((value, e) => [along(x, value, v), along(y, read(ys, v)[e], v)]);

const kinds = {
  place({ nodes, x, y, drawn, most }, v) {
    const to = [x ? pixel(x, v) : 0, y ? pixel(y, v) : 0];
    for (const node of nodes) {
      put(node, "transform", `translate(${to[0] - drawn[0]} ${to[1] - drawn[1]})`);
      if (most !== undefined) show(node, to[0] <= most);
    }
  },
  bars({ paths, values: names, x, rows, half, least, mark, colors }, v) {
    const zero = along(x, 0, v), marked = marks(mark, v);
    values(names, v).forEach((value, c) => {
      const end = along(x, value, v), to = least && value > 0 ? Math.max(end, zero + least) : end;
      put(paths[c], "d", `M${zero} ${rows[c] - half}H${to}V${rows[c] + half}H${zero}z`);
      if (colors) put(paths[c], "fill", colors[Number(marked.includes(c))]);
    });
  },
  feet({ paths, values: name, corners, full, least, mark, colors }, v) {
    const marked = marks(mark, v);
    read(name, v).forEach((p, k) => {
      const [x, y] = corners[k];
      put(paths[k], "d", `M${x} ${y}h${Math.max(full * p, least)}v5H${x}z`);
      put(paths[k], "fill", colors[Number(marked.includes(k))]);
    });
  },
  // ticks beside bars, seen where they are a pixel from the bar's end
  marks({ nodes, values: name, unlike, x, drawn }, v) {
    const now = read(unlike, v);
    read(name, v).forEach((value, c) => {
      const at = along(x, value, v);
      put(nodes[c], "transform", `translate(${at - drawn[c]} 0)`);
      show(nodes[c], Math.abs(at - along(x, now[c], v)) >= 1);
    });
  },
  texts({ texts, values: name, format, mark, looks }, v) {
    const marked = marks(mark, v), found = name && read(name, v);
    texts.forEach((node, c) => {
      if (found) put(node, "text", formats[format](found[c]));
      if (looks) dress(node, looks[Number(marked.includes(c))]);
    });
  },
  rich({ texts: [node], spans, pieces, y, flip }, v) {
    pieces.forEach((piece, k) => put(spans[k], "text", written(piece, v)));
    if (!y) return;
    const line = pixel({ ...y, plus: 0 }, v);
    put(node, "y", line + (flip.find(([edge]) => line > edge)?.[1] ?? y.plus));
  },
  curve(part, v) {
    const { paths: [node], x, y, function: name, of } = part;
    const ends = [x.low, x.high, y.low, y.high, ...of].map((end) => read(end, v));
    if (String(part.ends) === String(ends)) return;
    part.ends = ends;
    const [xs, ys] = formulas[name](...ends);
    put(node, "d", route(xs.map((value, k) => [along(x, value, v), along(y, ys[k], v)])));
  },
  path({ paths: [node], points }, v) {
    put(node, "d", route(points.map(([x, y]) => [pixel(x, v), pixel(y, v)])));
  },
  // a shaft, and a head where there is room for one; shapes.py has the same rule
  arrow({ paths: [node], tail, head, y }, v) {
    const a = pixel(tail, v), b = pixel(head, v), way = b < a ? -6 : 6;
    const tip = Math.abs(b - a) > 9 ? `M${b - way} ${y - 4}L${b} ${y}L${b - way} ${y + 4}` : "";
    put(node, "d", `M${a} ${y}H${b}${tip}`);
  },
  // the same filled, one a row; a small square where it is too short
  arrows({ paths, tails, heads, x, rows }, v) {
    const ends = read(heads, v);
    read(tails, v).forEach((tail, c) => {
      const a = along(x, tail, v), b = along(x, ends[c], v), y = rows[c], length = Math.abs(b - a), way = b < a ? -1 : 1;
      const neck = b - way * Math.min(16, length), half = Math.min(10, 2 + length / 2);
      put(paths[c], "d", length < 1.5 ? `M${a - 2} ${y - 3}h4v6h-4z`
        : `M${a} ${y - 3.5}H${neck}V${y - half}L${b} ${y}L${neck} ${y + half}V${y + 3.5}H${a}z`);
    });
  },
  span({ paths: [node], ends, y, half }, v) {
    const [a, b] = ends.map((end) => pixel(end, v)), at = pixel(y, v);
    put(node, "d", `M${a} ${at - half}H${b}V${at + half}H${a}z`);
  },
  areas({ paths, sides, ends, x, y }, v) {
    const [lefts, rights, lows, highs] = [...sides, ...ends].map((name) => read(name, v));
    lefts.forEach((left, n) => {
      const [low, high] = [lows[n], highs[n]].map((value) => along(y, value, v));
      put(paths[n], "d", `M${along(x, left, v)} ${high}H${along(x, rights[n], v)}V${low}H${along(x, left, v)}z`);
    });
  },
  trail({ paths: [node], values: name, xs, x, y }, v) {
    const places = xs && read(xs, v), at = (k) => along(x, places?.[k] ?? k, v);
    put(node, "d", route(read(name, v).map((value, k) => [at(k), along(y, value, v)])));
  },
  trail_dots({ nodes, values: name, x, y, drawn }, v) {
    const found = read(name, v);
    nodes.forEach((node, k) => {
      show(node, k < found.length);
      if (k >= found.length) return;
      put(node, "transform", `translate(${along(x, k, v) - drawn[k][0]} ${along(y, found[k], v) - drawn[k][1]})`);
    });
  },
  // a text right of all its spots, or left of them where there is no room
  beside({ texts: [node], spots: at, gap, most }, v) {
    const places = at.map((spot) => pixel(spot, v)), right = Math.max(...places) < most;
    put(node, "x", right ? Math.max(...places) + gap : Math.min(...places) - gap);
    put(node, "text-anchor", right ? "start" : "end");
  },
  dots(part, v) {
    const seen = part.seen && read(part.seen, v);
    spots(part, v).forEach(([x, y], e) => {
      const [x0, y0] = part.drawn[e];
      if (seen) show(part.nodes[e], seen[e]);
      put(part.nodes[e], "transform", `translate(${x - x0} ${y - y0})`);
    });
  },
  // how many coincide, beside the first of them, where no other such number stands
  counts(part, v) {
    const at = spots(part, v), stood = [];
    const near = (a, b, x, y) => Math.abs(a[0] - b[0]) < x && Math.abs(a[1] - b[1]) < y;
    part.texts.forEach((node, e) => {
      const count = at.filter((other) => near(at[e], other, 4, 4)).length;
      const isShown = count > 1 && !stood.some((other) => near(at[e], other, 26, 14));
      if (isShown) stood.push(at[e]);
      put(node, "text", formats.times(isShown ? count : 0));
      put(node, "x", at[e][0] + 11);
      put(node, "y", at[e][1] - 6);
    });
  },
  histogram({ paths, values: name, scale, bins, lefts, width, y }, v) {
    const counts = Array(bins).fill(0);
    for (const value of read(name, v)) {
      const share = (Math.min(Math.max(value, 0), scale.high) / scale.high) ** scale.gamma;
      counts[Math.min(Math.floor(share * bins), bins - 1)]++;
    }
    const most = Math.max(...counts);
    paths.forEach((node, k) => {
      const height = counts[k] ? Math.max(2, (30 * counts[k]) / most) : 0;
      put(node, "d", `M${lefts[k]} ${y}h${width}v${-height}H${lefts[k]}z`);
    });
  },
  // grid lines and labels: copies of the one pair that was drawn first
  ticks(part, v) {
    const { pairs, axis, scale, pixels, drawn, steps } = part;
    const low = read(scale.low, v), high = read(scale.high, v);
    if (part.low === low && part.high === high) return;
    Object.assign(part, { low, high });
    const places = ticks(low, high, pixels, steps);
    while (pairs.length < places.length) pairs.push(pairs[0].map(copied));
    pairs.forEach((pair, k) => {
      const isUsed = k < places.length, by = isUsed ? along(scale, places[k], v) - drawn : 0;
      for (const node of pair) {
        show(node, isUsed);
        put(node, "transform", axis === "x" ? `translate(${by} 0)` : `translate(0 ${by})`);
      }
      if (isUsed) put(pair[1].querySelector("text"), "text", formats.short(places[k]));
    });
  },
  show() {},
  ...planeKinds({ along, pixel, put, read, formats }),
};

function copied(node) {
  const copy = node.cloneNode(true);
  copy.removeAttribute("id");
  node.after(copy); // as far behind bars and points
  return copy;
}

// matplotlib set the pieces side by side in its own font; one text holds them in the page's
function spelled(part) {
  const [node, ...rest] = part.texts;
  rest.forEach((text) => text.closest("g").remove());
  node.textContent = "";
  node.setAttribute("x", part.x);
  dress(node, { "text-anchor": part.anchor, "white-space": "pre" });
  const spans = part.pieces.map(({ look }) => {
    const span = node.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "tspan"));
    dress(span, look);
    return span;
  });
  return { nodes: part.nodes.slice(0, 1), spans };
}

// Finds the parts in a panel's SVG. Returns a function that moves them to a table of values.
export function bind(svg, { name, parts }, prefix, steps) {
  for (const text of svg.querySelectorAll("text")) text.removeAttribute("transform"); // rotate(-0 …)
  for (const spare of svg.querySelectorAll(`[id^="${prefix}spare-${name}-"]`)) spare.remove();
  const bound = parts.map((part) => {
    const nodes = part.gids.map((gid) => svg.querySelector(`[id="${prefix}${gid}"]`));
    const inner = (tag) => nodes.map((node) => node.querySelector(tag)).filter(Boolean);
    const one = { ...part, nodes, paths: inner("path"), texts: inner("text"), pairs: [nodes], steps };
    return part.kind === "rich" ? { ...one, ...spelled(one) } : one;
  });
  return (v) => {
    for (const part of bound) {
      const isShown = holds(part.when, v);
      if (part.when) for (const node of part.nodes) show(node, isShown);
      if (isShown) kinds[part.kind](part, v);
    }
  };
}
