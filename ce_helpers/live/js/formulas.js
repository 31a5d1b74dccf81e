// What torch would answer, in float32, for the time until it does; and the curves of pictures.
// The names are those of each state's values().
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

function sample(logits, target, { lanes, inner }) {
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
  const found = { mean: total / count, smaller: (100 * smaller) / count };
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

// Curves, within the limits of x and of y.
export function softplus(low, high, _, most) {
  const xs = Array.from({ length: 121 }, (_, k) => low + ((high - low) * k) / 120);
  return [xs, xs.map((s) => Math.min(Math.max(s, 0) + Math.log1p(Math.exp(-Math.abs(s))), most))];
}

export function neg_log(_low, _high, _, most) {
  const ys = Array.from({ length: 91 }, (_, k) => most * (k / 90) ** 1.6); // denser where it bends
  return [ys.map((loss) => Math.exp(-loss)), ys];
}
