// What torch would answer, in float32, for the time until it does; and the curves of pictures.
// The names are those of each state's values().
import { short } from "./numbers.js";
import * as trainings from "./training.js";

export const training = trainings.training;

const f32 = Math.fround;

// torch adds a last dimension in lanes: fewer numbers than lanes one after another, else lane by
// lane, then the lanes in halves. An inner dimension is added one after another.
function sum(terms, lanes) {
  if (terms.length < lanes) return terms.reduce((a, b) => f32(a + b));
  let lane = terms.slice(0, lanes);
  terms.slice(lanes).forEach((term, k) => (lane[k % lanes] = f32(lane[k % lanes] + term)));
  while (lane.length > 1) {
    const half = lane.length / 2;
    lane = lane.slice(0, half).map((a, k) => f32(a + lane[k + half]));
  }
  return lane[0];
}

// The others as one class: the log of their sum of exp. No answer of torch's, so in float64.
function others(logits, target) {
  let most = -Infinity;
  logits.forEach((z, c) => (most = c === target ? most : Math.max(most, z)));
  if (most === -Infinity) return most;
  return most + Math.log(logits.reduce((a, z, c) => (c === target ? a : a + Math.exp(z - most)), 0));
}

export function sample(logits, target, { lanes, inner }) {
  const z = logits.map(f32), most = Math.max(...z);
  const exps = z.map((x) => f32(Math.exp(f32(x - most))));
  const total = sum(exps, lanes);
  const probs = exps.map((e) => f32(e / total));
  const own = inner ? exps.reduce((a, b) => f32(a + b)) : total; // the loss's order of adding
  const apart = others(z, target);
  return {
    logits: z, target, probs, p: probs[target], target_logit: z[target], others: apart,
    others_p: probs.reduce((a, p, c) => (c === target ? a : a + p), 0), s: apart - z[target],
    loss: f32(f32(Math.log(own)) - f32(z[target] - most)),
    log_probs: z.map((x) => f32(f32(x - most) - f32(Math.log(total)))),
    best: z.indexOf(most),
  };
}

// The selected element of a call of any shape. `tensors` holds all of them and is written to.
export function crossEntropy({ logits, target, element }, tensors, fixed) {
  const { sizes } = fixed, num_classes = logits.length;
  const found = sample(logits, target, { lanes: fixed.lanes, inner: sizes.length > 1 && fixed.inner });
  tensors.logits.set(found.logits, element * num_classes);
  tensors.targets[element] = target;
  tensors.losses[element] = found.loss;
  found.element = element;
  found.index = indices(element, sizes);
  if (tensors.losses.length > 1) Object.assign(found, summary(tensors, found, num_classes, fixed));
  return found;
}

export function indices(element, sizes) {
  const found = [];
  for (const size of [...sizes].reverse()) {
    found.unshift(element % size);
    element = Math.floor(element / size);
  }
  return found;
}

// What stands beside one element: the mean, and a table's cells or a map's shares.
function summary({ logits, targets, losses }, { loss, element }, num_classes, { hands, ...fixed }) {
  let total = 0, smaller = 0;
  for (const other of losses) {
    total += other;
    if (other < loss) smaller++;
  }
  const count = losses.length;
  const found = { sum: total, mean: total / count, smaller: (100 * smaller) / count };
  if (hands.elements) {
    const columns = Array.from({ length: count }, (_, e) =>
      sample([...logits.subarray(e * num_classes, (e + 1) * num_classes)], targets[e], fixed));
    Object.assign(found, {
      cell_logits: columns.flatMap((one) => one.logits), losses: [...losses],
      cell_probs: columns.flatMap((one) => one.probs), targets: [...targets],
      cell_targets: [...targets].map((target, e) => e * num_classes + target),
      distances: columns.map((one) => one.s), ps: columns.map((one) => one.p),
    });
  } else if (hands.map) {
    const shares = Array(num_classes).fill(0), { columns, rows } = hands.map;
    for (const target of targets) shares[target] += 100 / count;
    const place = element % (rows * columns);
    Object.assign(found, { shares, cell: [Math.floor(place / columns), place % columns] });
  }
  return found;
}

// One sample's loss and its gradient, softmax once or twice, at a temperature; a step from there.
export function gradient({ logits, target, learning_rate, temperature, softmax_first }, _, { lanes, names }, past) {
  const z = logits.map(f32), fixed = { lanes: lanes ?? 16 }, y = z.map((_, c) => Number(c === target));
  const cooled = z.map((x) => f32(x / temperature)), first = sample(cooled, target, fixed);
  const last = softmax_first ? sample(first.probs, target, fixed) : first;
  let slopes = last.log_probs.map((log, c) => f32(f32(Math.exp(log)) - y[c]));
  if (softmax_first) {
    const mean = sum(slopes.map((slope, c) => f32(slope * first.probs[c])), fixed.lanes);
    slopes = slopes.map((slope, c) => f32(f32(slope - mean) * first.probs[c]));
  }
  const gradient = slopes.map((slope) => f32(slope / temperature));
  const stepped = z.map((x, c) => f32(x - f32(f32(learning_rate) * gradient[c])));
  const changes = stepped.map((x, c) => f32(x - z[c]));
  const high = [1, 2, 5, 10].find((rung) => rung >= Math.max(1, 0.999 / temperature) - 1e-9) ?? 10;
  const isRun = past.losses.length > 2, told = isRun ? past.settings_told : past.earlier_told;
  const earlier = isRun ? past.losses : past.earlier;
  return {
    logits: z, target, target_name: names[target], learning_rate, temperature, softmax_first,
    first_probs: first.probs, probs: last.probs, p: last.p, one_hot: y,
    difference: last.probs.map((p, c) => f32(f32(p - y[c]) / temperature)),
    gradient, slope: gradient[target], gradient_low: -high, gradient_high: high,
    tails: z, heads: stepped.map((x, c) => (Number.isFinite(x) ? x : z[c])),
    changes, change: changes[target], stepped,
    loss: last.loss, losses: [last.loss], steps: 0, past: [], is_full: false,
    earlier, earlier_steps: Math.max(0, earlier.length - 1), earlier_told: told,
    settings_told: `${softmax_first ? "twice" : "once"}, rate ${short(learning_rate)}${temperature === 1 ? "" : `, T ${short(temperature)}`}`,
  };
}

// Steps along the gradient from where `past` stands, as many as there is room for.
export function descend(at, _, fixed, past, count) {
  const { most_steps } = fixed.constants;
  for (let k = 0; k < count && past.steps < most_steps; k++) {
    if (!past.stepped.every(Number.isFinite)) break; // torch says why
    const found = gradient({ ...at, logits: past.stepped }, _, fixed, past);
    const { earlier, earlier_steps, earlier_told } = past, steps = past.steps + 1;
    past = {
      ...found, earlier, earlier_steps, earlier_told, steps, losses: [...past.losses, found.loss],
      past: [past.loss, ...past.past], is_full: steps === most_steps,
    };
  }
  return past;
}

// A batch's ledger: `log_probs` and `targets` stand still.
export function ledger({ weights, reduction, ignore, smoothing }, _, { constants: { log_probs, targets }, choices }) {
  const label_smoothing = [0, 0.1, 0.2][smoothing], num_classes = weights.length, w = weights.map(f32);
  const ignored = targets.flatMap((y, n) => (ignore - 1 === y ? [n] : [])), isOut = (n) => ignored.includes(n);
  const own = targets.map((y, n) => -log_probs[n][y]), add = (all) => all.reduce((a, b) => f32(a + b), 0);
  const smooth = log_probs.map((logs) => add(logs.map((log, c) => f32(-log * w[c]))));
  const above = targets.map((y, n) => (isOut(n) ? 0 : label_smoothing === 0 ? f32(w[y] * own[n])
    : f32(f32(f32(1 - label_smoothing) * f32(w[y] * own[n])) + f32(smooth[n] * f32(label_smoothing / num_classes)))));
  const below = targets.map((y, n) => (isOut(n) ? 0 : w[y]));
  let total = 0;
  const rights = below.map((weight) => (total += weight)), numerator = add(above), denominator = add(below);
  const loss = reduction === 2 ? 0 : reduction === 1 ? numerator : f32(numerator / denominator);
  const has_level = Number(reduction === 0 && total > 0);
  return {
    weights, reduction, ignore, smoothing, label_smoothing, ignore_index: ignore ? ignore - 1 : -100,
    reduction_name: choices[0].options[reduction], own, own_weights: targets.map((y) => weights[y]), above, below,
    ignored, out: targets.map((_, n) => Number(isOut(n))), lefts: [0, ...rights.slice(0, -1)], rights,
    ignored_told: ignored.length ? `   ignored: ${ignored.map((n) => `n = ${n}`).join(", ")}` : "",
    middles: rights.map((right, n) => right - below[n] / 2), floors: below.map(() => 0),
    highs: below.map((b, n) => (b ? own[n] * (1 - label_smoothing + label_smoothing / num_classes) : 0)),
    tops: below.map((b, n) => (b ? above[n] / b : 0)), wide: below.map((b) => b >= 0.5),
    numerator, denominator, plain_mean: f32(numerator / targets.length), loss, level: has_level ? loss : 0, has_level,
  };
}

// Torch's answers that were sent ahead: of each array the entry where the controls stand.
export function lookup(at, arrays, { ahead }) {
  const found = { ...at };
  for (const [name, { of, each, words }] of Object.entries(ahead.arrays)) {
    const place = of.reduce((sum, axis) => sum * ahead.axes[axis][1] + at[axis] - ahead.axes[axis][0], 0);
    const entry = (k) => (words ? words[arrays[name][k]] : arrays[name][k]);
    found[name] = each ? Array.from({ length: each }, (_, k) => entry(place * each + k)) : entry(place);
  }
  return found;
}

// Curves, within the limits of x and of y.
export function softplus(low, high, _, most) {
  const xs = Array.from({ length: 121 }, (_, k) => low + ((high - low) * k) / 120);
  return [xs, xs.map((s) => Math.min(Math.max(s, 0) + Math.log1p(Math.exp(-Math.abs(s))), most))];
}

export function neg_log(_low, _high, _, most) {
  const ys = Array.from({ length: 91 }, (_, k) => most * (k / 90) ** 1.6); // denser where it bends
  return [ys.map((loss) => Math.exp(-loss)), ys];
}
