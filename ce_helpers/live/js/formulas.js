// What torch would answer, in float32, for the time until it does; and the curves of pictures.
// The names are those of each state's values().
import { short } from "./numbers.js";
import * as sequences from "./sequence.js";
import { f32, sum } from "./softmax.js";
import * as trainings from "./training.js";

export const sequence = sequences.sequence;
export const training = trainings.training;

const LARGEST_LEAD = 12;

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

// One element; with `twice` the softmax of its logits stands in their place.
function element_of(logits, target, { twice, ...how }) {
  const once = sample(logits, target, how), { probs, p, best } = once;
  if (!twice) return once;
  return { ...sample(probs, target, how), logits: once.logits, first_probs: probs, first_p: p, best };
}

// The selected element of a call of any shape. `tensors` holds all of them and is written to.
export function crossEntropy({ logits, target, element }, tensors, fixed) {
  const { sizes } = fixed, num_classes = logits.length;
  const inner = sizes.length > 1 && fixed.inner;
  const found = element_of(logits, target, { ...fixed, inner });
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

// What stands beside one element: the mean, all dots, and a table's cells or a map's shares.
function summary({ logits, targets, losses }, { loss, element }, num_classes, { hands, dotted, ...fixed }) {
  let total = 0, smaller = 0;
  for (const other of losses) {
    total += other;
    if (other < loss) smaller++;
  }
  const count = losses.length;
  const found = { sum: total, mean: total / count, smaller: (100 * smaller) / count };
  const columns = Array.from({ length: dotted ? count : 0 }, (_, e) =>
    element_of([...logits.subarray(e * num_classes, (e + 1) * num_classes)], targets[e], fixed));
  if (dotted) Object.assign(found, {
    losses: [...losses], distances: columns.map((one) => one.s), ps: columns.map((one) => one.p),
  });
  if (hands.elements) {
    Object.assign(found, {
      cell_logits: columns.flatMap((one) => one.logits),
      cell_probs: columns.flatMap((one) => one.probs), targets: [...targets],
      cell_targets: [...targets].map((target, e) => e * num_classes + target),
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

// One loss and its class's share of all losses, mixed by label smoothing as torch mixes them.
const smoothedLoss = (own, all, smoothing, num_classes) =>
  smoothing ? f32(f32(f32(1 - smoothing) * own) + f32(all * f32(smoothing / num_classes))) : own;

// A batch's ledger: `log_probs` and `targets` stand still. One-hot rows (`form` 1) are
// probabilities: nothing is ignored, and each adds 1 below the line.
export function ledger(at, _, { constants, choices }) {
  const { weights, form, reduction, ignore, label_smoothing: smoothing, cut } = at;
  const { log_probs, targets, positions, num_samples } = constants, num_classes = weights.length;
  const w = weights.map(f32), add = (all) => all.reduce((a, b) => f32(a + b), 0);
  const ignore_index = ignore && !form ? ignore - 1 : -100;
  const out = targets.map((y) => Number(y === ignore_index));
  const ignored = [...out.keys()].filter((n) => out[n]);
  const own = targets.map((y, n) => -log_probs[n][y]), own_weights = targets.map((y) => weights[y]);
  const above = targets.map((y, n) => {
    const loss = f32(w[y] * own[n]), all = add(log_probs[n].map((log, c) => f32(-log * w[c])));
    if (out[n]) return 0;
    return smoothedLoss(loss, all, smoothing, num_classes);
  });
  const below = targets.map((y, n) => (out[n] ? 0 : form ? 1 : w[y]));
  let total = 0;
  const rights = below.map((weight) => (total += weight));
  const edges = rights.filter((_, n) => n % positions === positions - 1), cut_at = edges[cut - 1];
  const reduced = (from, to) => {
    const sum = add(above.slice(from, to)), under = add(below.slice(from, to));
    return reduction ? sum : under ? f32(sum / under) : NaN; // torch adds 0 ÷ 0 to the smoothing's part
  };
  const numerator = add(above), loss = reduction === 2 ? 0 : reduced(0), split = cut * positions;
  const has_level = Number(reduction === 0 && total > 0), is_cut = Number(cut < num_samples);
  const first = reduced(0, split), second = reduced(split);
  const of_parts = reduction ? first + second : (first + second) / 2;
  const share = 1 - smoothing + smoothing / num_classes;
  return {
    ...at, ignore_index, reduction_name: choices[1].options[reduction], own, own_weights,
    above, below, ignored, out, lefts: [0, ...rights.slice(0, -1)], rights,
    ignored_told: ignored.length ? `   ignored elements: ${ignored.join(", ")}` : "",
    middles: rights.map((right, n) => right - below[n] / 2), floors: below.map(() => 0),
    highs: below.map((b, n) => (b ? (own[n] * own_weights[n] * share) / b : 0)),
    tops: below.map((b, n) => (b ? above[n] / b : 0)), wide: below.map((b) => b >= 0.5),
    numerator, denominator: add(below), loss, level: has_level ? loss : 0, has_level,
    over_samples: numerator / num_samples, edges, cut_at, is_cut,
    both_count: Number(has_level && is_cut && cut_at > 0 && cut_at < total), first, second,
    of_parts, all_higher: Number(reduction < 2 && loss >= of_parts * (1 - 1e-6)),
  };
}

// A smoothed target against a lead. The entropy and the divergence are in float64, as torch's are.
export function smoothing({ lead, label_smoothing }, _, { constants: { num_classes }, lanes }) {
  const others = Array(num_classes - 1).fill(0), share = label_smoothing / num_classes;
  const found = sample([lead, ...others], 0, { lanes: lanes ?? 16 });
  const q = [1 - label_smoothing + share, ...others.map(() => share)];
  const total = Math.log(Math.exp(found.logits[0]) + num_classes - 1);
  const entropy = q.reduce((sum, p) => (p ? sum - p * Math.log(p) : sum), 0);
  const gap = q.reduce((sum, p, c) =>
    (p ? sum + p * (Math.log(p) - found.logits[c] + total) : sum), 0);
  const all = sum(found.log_probs.map((log) => -log), lanes ?? 16);
  const best = share ? Math.log(q[0] / share) : Infinity;
  const has_best = Number(best <= LARGEST_LEAD);
  return {
    lead, label_smoothing, target: 0, logits: found.logits, q, probs: found.probs,
    loss: smoothedLoss(found.loss, all, label_smoothing, num_classes),
    entropy, block: [entropy], gap: Math.max(gap, 0), best, has_best,
    is_far: Number(has_best && Math.abs(lead - best) > 2.4),
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

// The loss over the lead of a smoothed target, as far as it is not above `most`.
export function smoothed(low, high, _, most, smoothing, num_classes) {
  const kept = 1 - smoothing + smoothing / num_classes, xs = [], ys = [];
  const put = (x, y) => (xs.push(x), ys.push(y));
  let before;
  for (let k = 0; k <= 140; k++) {
    const x = low + ((high - low) * k) / 140;
    const y = Math.log(Math.exp(x) + num_classes - 1) - kept * x;
    if (before && before[1] <= most !== y <= most) {
      const share = (most - before[1]) / (y - before[1]);
      put(before[0] + share * (x - before[0]), most);
    }
    if (y <= most) put(x, y);
    before = [x, y];
  }
  return [xs, ys];
}
