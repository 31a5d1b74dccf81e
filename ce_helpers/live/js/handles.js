// What a hand takes in a panel of bars: their ends, all together, a number to type, the target.
// Native inputs lie over the panel (name, keys and focus are theirs); their look is in its SVG.
// `hand` is live.js's: logits(), limits(), isFresh(), grab(), hold(on), undo(), move(changes),
// set(name, value), choose(row), refuse(words), clamp(value).
import { put } from "./parts.js";
import { along } from "./values.js";
import { list, radio, typed } from "./fields.js";
import { draw, lay, placeOf, pulled } from "./page_parts.js";
import { computed, short } from "./numbers.js";

const KEYS = {
  ArrowRight: 0.1, ArrowUp: 0.1, ArrowLeft: -0.1, ArrowDown: -0.1, PageUp: 1, PageDown: -1,
};
const BURST = 1500; // ms; presses within it are one move
const snap = (value) => Math.round(value * 10) / 10;
export const exact = (value) => Number(value.toFixed(6)); // 0.1 + 0.2 is 0.3 to a hand
export const PILL = `<rect class="halo" x="-9" y="-16" width="18" height="32" rx="9"/>
  <rect class="pill" x="-5" y="-12" width="10" height="24" rx="5"/>
  <path d="M-11-5l-5 5 5 5"/><path d="M11-5l5 5-5 5"/>`;

// all logits by the same amount; p stands still
function shift(hand, by) {
  const z = hand.logits(), fits = hand.clamp(Math.max(...z) + by) - Math.max(...z);
  const least = hand.clamp(Math.min(...z) + by) - Math.min(...z);
  const most = by > 0 ? Math.min(by, fits) : Math.max(by, least);
  hand.move(z.map((value, c) => [`logits.${c}`, exact(value + most)]));
  return most;
}

// Hover, keyboard focus and drag become classes of the group that draws an input's look.
export function dressed(input, group) {
  const mark = (event, name, test) =>
    input.addEventListener(event, () => group.classList.toggle(name, test()));
  mark("pointerenter", "hover", () => true);
  mark("pointerleave", "hover", () => false);
  mark("focus", "focus", () => input.matches(":focus-visible"));
  mark("blur", "focus", () => false);
}

export function dragged(input, group, hand) {
  input.addEventListener("pointerdown", () => {
    group.classList.add("drag");
    group.classList.remove("focus");
    hand.grab();
    hand.hold(true);
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"])
    input.addEventListener(end, () => {
      if (!group.classList.contains("drag")) return;
      if (end === "pointercancel") hand.undo();
      group.classList.remove("drag");
      hand.hold(false);
    });
}

// `set` moves to a value, by an amount, and knows its ends if they are no logits'; `walk` takes up
// and down where these choose a row.
export function keyed(input, group, hand, set, walk) {
  let burst = 0;
  input.addEventListener("keydown", (event) => {
    const by = KEYS[event.key], isEdge = event.key === "Home" || event.key === "End";
    if (by === undefined && !isEdge) return;
    event.preventDefault();
    event.stopPropagation();
    group.classList.add("focus");
    if (walk && event.key === "ArrowUp") return walk(-1);
    if (walk && event.key === "ArrowDown") return walk(1);
    if (event.timeStamp > burst || hand.isFresh()) hand.grab();
    burst = event.timeStamp + BURST;
    const { logit_low, logit_high } = hand.limits();
    const [low, high] = set.ends ?? [logit_low, logit_high];
    if (isEdge) set.to(event.key === "Home" ? low : high);
    else set.by(by, event.shiftKey);
  });
}

export function range(panel, box, label = "") {
  const input = lay(panel, "input", box, "ce-range", { type: "range", step: "any" });
  input.setAttribute("aria-label", label);
  return input;
}

const called = (name, isTarget) => `logit of ${name}${isTarget ? ", target" : ""}`;

export function follow(input, low, high, value, words) {
  put(input, "min", low);
  put(input, "max", high);
  if (Number(input.value) !== value) input.value = value;
  put(input, "aria-valuetext", words);
}

const mover = (hand, c) => ({
  to: (value) => hand.move([[`logits.${c()}`, hand.clamp(value)]]),
  by(by, all) {
    if (all) shift(hand, by);
    else this.to(exact(hand.logits()[c()] + by));
  },
});

function pill(group, { x, rows }, c, v) {
  const z = v.logits[c], [outward, inward] = group.querySelectorAll("path");
  put(group, "transform", `translate(${along(x, z, v)} ${rows[c]})`);
  group.classList.toggle("on", c === v.target);
  put(outward, "visibility", z <= v.logit_low ? "hidden" : "inherit"); // no way beyond the limit
  put(inward, "visibility", z >= v.logit_high ? "hidden" : "inherit");
}

function barEnd(panel, spec, c, name, hand) {
  const { x, rows } = spec, group = draw(panel, "ce-handle", PILL);
  const input = range(panel, [x.start - 14, rows[c] - 18, x.end - x.start + 28, 36]);
  const set = mover(hand, () => c);
  dressed(input, group);
  dragged(input, group, hand);
  keyed(input, group, hand, set);
  input.addEventListener("input", () => set.to(snap(Number(input.value))));
  return (v) => {
    pill(group, spec, c, v);
    put(input, "aria-label", called(name, c === v.target));
    follow(input, v.logit_low, v.logit_high, v.logits[c], short(v.logits[c]));
    if (spec.named) put(input, "aria-label", `logit of ${v[spec.named][c]}`);
    put(input, "title", `${spec.named ? v[spec.named][c] : name}: logit ${short(v.logits[c])}, p ${computed(v.probs[c])}`);
  };
}

// One handle where rows are low: up and down choose the row, a pointer takes the nearest.
function roving(panel, spec, names, hand) {
  const { x, rows } = spec, group = draw(panel, "ce-handle", PILL);
  const height = rows.at(-1) - rows[0];
  const area = [x.start - 14, rows[0] - 14, x.end - x.start + 28, height + 28];
  const input = range(panel, [x.start - 14, rows[0] - 18, x.end - x.start + 28, 36]);
  const field = lay(panel, "div", area, "ce-field");
  let row = 0, place = 0;
  const set = mover(hand, () => row);
  const walk = (by) => hand.choose(Math.min(Math.max(row + by, 0), rows.length - 1));
  const nearest = (y) => {
    const distances = rows.map((at) => Math.abs(at - y));
    return distances.indexOf(Math.min(...distances));
  };
  dressed(field, group);
  dressed(input, group);
  dragged(field, group, hand);
  keyed(input, group, hand, set, walk);
  input.addEventListener("input", () => set.to(snap(Number(input.value))));
  const drag = (event) => {
    const { logit_low: low, logit_high: high } = hand.limits(), at = placeOf(panel, event).x;
    const share = Math.min(Math.max((at - x.start) / (x.end - x.start), 0), 1);
    set.to(snap(low + (high - low) * share));
  };
  pulled(field, (event) => {
    hand.choose(nearest(placeOf(panel, event).y));
    input.focus({ preventScroll: true });
  }, drag);
  field.addEventListener("pointermove", (event) => {
    if (event.buttons) return;
    const c = (place = nearest(placeOf(panel, event).y));
    field.title = `${names[c]}: logit ${short(hand.logits()[c])}`;
  });
  return (v) => {
    row = v.row;
    pill(group, spec, row, v);
    input.style.setProperty("--y", rows[row] - 18);
    put(input, "aria-label", called(names[row], row === v.target));
    follow(input, v.logit_low, v.logit_high, v.logits[row], short(v.logits[row]));
  };
}

// One block from the lowest to the highest logit, with a tick for each.
function allEnds(panel, { x, all, number }, names, hand) {
  draw(panel, "", `<text x="0" y="${all + 5}">move all</text>`);
  const sumAt = `<text x="${number}" y="${all + 5}" text-anchor="end"/>`;
  const moved = draw(panel, "", sumAt).firstChild;
  const group = draw(panel, "ce-handle ce-block", `
    <rect class="halo" y="${all - 14}" height="28" rx="9"/>
    <rect class="body" y="${all - 10}" height="20" rx="6"/>
    ${names.map(() => `<path class="rug"/>`).join("")}<path class="way"/>`);
  const [halo, body] = group.querySelectorAll("rect"), rug = group.querySelectorAll(".rug");
  const box = [x.start - 8, all - 18, x.end - x.start + 16, 36];
  const input = range(panel, box, "all logits together");
  const middle = (z) => (Math.min(...z) + Math.max(...z)) / 2;
  let sum = 0;
  const add = (by) => (sum = exact(sum + shift(hand, by)));
  dressed(input, group);
  dragged(input, group, hand);
  keyed(input, group, hand, { to: (edge) => drag(edge), by: add });
  for (const event of ["pointerdown", "focus"]) input.addEventListener(event, () => (sum = 0));
  function drag(value) { // keeps every bar within the limits
    const z = hand.logits(), { logit_low, logit_high } = hand.limits();
    const least = logit_low - Math.min(...z), most = logit_high - Math.max(...z);
    add(snap(Math.min(Math.max(value - middle(z), least), most)));
  }
  input.addEventListener("input", () => drag(Number(input.value)));
  return (v) => {
    const at = v.logits.map((z) => along(x, z, v));
    const left = Math.min(...at) - 8, right = Math.max(...at) + 8;
    const low = Math.min(...v.logits), high = Math.max(...v.logits), half = (high - low) / 2;
    for (const [node, room] of [[body, 0], [halo, 4]]) {
      put(node, "x", left - room);
      put(node, "width", right - left + 2 * room);
    }
    at.forEach((place, c) => {
      put(rug[c], "d", `M${place} ${all - 6}v12`);
      rug[c].classList.toggle("on", c === v.target);
    });
    put(group.lastChild, "d", `M${left - 6} ${all - 5}l-5 5 5 5M${right + 6} ${all - 5}l5 5-5 5`);
    input.style.setProperty("--thumb", right - left);
    const words = `from ${short(low)} to ${short(high)}`;
    follow(input, v.logit_low + half, v.logit_high - half, middle(v.logits), words);
    put(moved, "text", sum && input.matches(":focus") ? (sum > 0 ? "+" : "") + short(sum) : "");
  };
}

// All controls over the bars, and presses on the rows beside. Returns what lets them follow.
// `targets` is the panel with those rows, or true where no panel has them: then radios are all.
export function handles(panels, spec, names, hand, group) {
  const logits = panels[spec.panel], probs = panels[spec.targets], { rows } = spec;
  const each = (one) => names.map((name, c) => one(c, name));
  const follows = spec.roving
    ? [list(logits, names, hand),
      typed(logits, spec, 65, () => hand.row(), () => names[hand.row()], hand),
      roving(logits, spec, names, hand)]
    : [...(spec.targets ? each((c, name) => radio(logits, spec, c, name, hand, group)) : []),
      ...each((c, name) => typed(logits, spec, rows[c], () => c, () => name, hand)),
      ...each((c, name) => barEnd(logits, spec, c, name, hand))];
  if (spec.all) follows.push(allEnds(logits, spec, names, hand));
  if (probs) presses(probs, rows, names, hand);
  return (v) => follows.forEach((one) => one(v));
}

// A press on a row of probabilities makes its class the target.
function presses(probs, rows, names, hand) {
  const half = (rows[1] - rows[0]) / 2 || 18, tall = rows.at(-1) - rows[0] + 2 * half;
  const field = lay(probs, "div", [0, rows[0] - half, 448, tall], "ce-row");
  const rowOf = (event) => {
    const row = Math.floor((placeOf(probs, event).y - rows[0] + half) / (2 * half));
    return Math.min(Math.max(row, 0), names.length - 1);
  };
  field.addEventListener("click", (event) => hand.set("target", rowOf(event)));
  field.addEventListener("pointermove", (event) => {
    const c = rowOf(event), { probs: p } = hand.values();
    const numbers = `logit ${short(hand.logits()[c])}, p ${computed(p[c])}`;
    field.title = `${names[c]}: ${numbers}; press to make it the target`;
  });
}
