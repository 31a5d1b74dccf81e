// A linear model of points in the plane, trained by gradient descent in float32, as
// training_state.py does with torch. The names are those of its values().
import { f32, logSumExp, softmax } from "./softmax.js";

const CLASSES = 3;

// The logits of points given as xs and ys: a row of three each.
function logitsOf({ weight, bias }, xs, ys) {
  const sum = (x, y, c) => x * weight[c] + y * weight[CLASSES + c];
  return xs.map((x, i) => bias.map((b, c) => f32(f32(sum(x, ys[i], c)) + b)));
}

// −log softmax, smoothed: the target keeps 1 − ε, and ε is spread over all classes.
function lossOf(z, own, smoothing) {
  const log = logSumExp(z);
  const mean = z.reduce((a, one) => a + (log - one) / CLASSES, 0);
  return (1 - smoothing) * (log - z[own]) + smoothing * mean;
}

const mean = (terms) => terms.reduce((a, b) => a + b, 0) / terms.length;

function stepped(model, { xs, ys, target, smoothing, decay }) {
  const slope = { weight: [0, 0, 0, 0, 0, 0], bias: [0, 0, 0] };
  logitsOf(model, xs, ys).forEach((z, i) => softmax(z).forEach((p, c) => {
    const asked = smoothing / CLASSES + (c === target[i] ? 1 - smoothing : 0);
    const pull = (p - asked) / xs.length;
    slope.weight[c] += pull * xs[i];
    slope.weight[CLASSES + c] += pull * ys[i];
    slope.bias[c] += pull;
  }));
  const moved = (name) => model[name].map((w, k) => f32(w - f32(slope[name][k] + decay * w)));
  return { weight: moved("weight"), bias: moved("bias") };
}

// The part of a polygon where ax + by + c > 0.
function clipped(polygon, a, b, c) {
  const heights = polygon.map(([x, y]) => a * x + b * y + c);
  return polygon.flatMap(([x, y], k) => {
    const next = (k + 1) % polygon.length, height = heights[k], found = height > 0 ? [[x, y]] : [];
    if (height > 0 !== heights[next] > 0) {
      const share = height / (height - heights[next]);
      found.push([x + share * (polygon[next][0] - x), y + share * (polygon[next][1] - y)]);
    }
    return found;
  });
}

// Where each class has the largest logit.
function regions({ weight, bias }, corners) {
  const by = (own, other) => [weight[own] - weight[other],
    weight[CLASSES + own] - weight[CLASSES + other], bias[own] - bias[other]];
  return bias.map((_, own) => bias.reduce((polygon, _b, other) =>
    (other === own ? polygon : clipped(polygon, ...by(own, other))), corners));
}

const CURVES = ["kept", "mean_curve", "accuracy_curve", "size_curve", "unseen_curve"];

export function training(at, _, { constants }, past) {
  const { target, kept_steps, most_steps, scales, decays, smoothings } = constants;
  const { first_weight, unseen, corners } = constants;
  const { first_scale, weight_decay, smoothing } = at;
  const settings = { first_scale, weight_decay, smoothing };
  const isOther = Object.keys(settings).some((name) => settings[name] !== past[name]);
  const xs = at.xs.map(f32), ys = at.ys.map(f32);
  const steps = isOther && !past.isReset ? 0 : Math.min(at.steps, most_steps);
  const decay = decays[weight_decay];
  const how = { xs, ys, target, smoothing: smoothings[smoothing], decay };
  const isFresh = isOther || past.isReset || steps < past.steps;
  const isMoved = xs.some((x, i) => x !== past.xs[i] || ys[i] !== past.ys[i]);
  let model = { weight: past.weight, bias: past.bias }, now = past.steps;
  let { stays, is_dragged } = past, curves = CURVES.map((name) => [...past[name]]);
  let losses, wrong;

  function note(stay) {
    const logits = logitsOf(model, xs, ys), best = logits.map((z) => z.indexOf(Math.max(...z)));
    losses = logits.map((z, i) => lossOf(z, target[i], 0));
    wrong = best.map((c, i) => Number(c !== target[i]));
    const costs = (of, points, asked, by) =>
      mean(logitsOf(of, points.xs, points.ys).map((z, i) => lossOf(z, asked[i], by)));
    const found = [now + 1, costs(model, how, target, how.smoothing), 1 - mean(wrong),
      Math.max(...logits.flat().map(Math.abs)),
      unseen ? costs(model, unseen, unseen.target, 0) : 0];
    curves.forEach((curve, k) => {
      if (!stays) curve.pop();
      curve.push(found[k]);
    });
    stays = stay;
  }
  if (isFresh) {
    const weight = first_weight.map((w) => f32(scales[first_scale] * f32(w)));
    model = { weight, bias: [0, 0, 0] };
    now = 0;
    curves = CURVES.map(() => []);
    [stays, is_dragged] = [true, false];
    note(true);
  } else if (isMoved) {
    stays ||= !is_dragged;
    note(false);
    is_dragged = true;
  }
  if (steps > now) [stays, is_dragged] = [stays || is_dragged, false];
  while (steps > now) {
    const stop = Math.min(steps, kept_steps.find((step) => step > now));
    for (; now < stop; now++) model = stepped(model, how);
    note(kept_steps.includes(stop));
  }
  if (!losses) [stays, losses, wrong] = [past.stays, past.losses, past.wrong];
  const largest = losses.indexOf(Math.max(...losses)), total = losses.reduce((a, b) => a + b, 0);
  const last = Object.fromEntries(CURVES.map((name, k) => [name, curves[k]]));
  return {
    xs, ys, ...settings, decay, steps: now, now: now + 1, ...model, losses, wrong,
    wrong_count: wrong.reduce((a, b) => a + b, 0), largest,
    largest_x: xs[largest], largest_y: ys[largest], largest_loss: losses[largest],
    largest_p: Math.exp(-losses[largest]), largest_class: "ABC"[target[largest]],
    share: total ? (100 * losses[largest]) / total : 0, loss: curves[1].at(-1),
    accuracy: curves[2].at(-1), size: curves[3].at(-1), unseen: curves[4].at(-1), ...last,
    stays, is_dragged, regions: regions(model, corners), is_full: now >= most_steps,
  };
}
