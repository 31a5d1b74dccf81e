// One call of cross_entropy, checked and computed as torch does, in float32.
import { sample } from "../../../ce_helpers/live/js/formulas.js";

export const MOST = 1000; // numbers in the logits
const f32 = Math.fround;
const size = (shape) => shape.reduce((a, b) => a * b, 1);
export const shown = (shape) => `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;

// Throws an Error whose message says what is wrong and what is expected.
export function checked({ logits, target, weight, label_smoothing, ignore_index, reduction }) {
  const { shape } = logits;
  if (!shape.length)
    throw new Error("logits is one number: write one for each class, such as [4, 3, 2, 10].");
  if (size(shape) > MOST)
    throw new Error(`logits holds ${size(shape)} numbers; this page takes up to ${MOST}.`);
  if (!logits.values.every(Number.isFinite))
    throw new Error("logits holds inf or nan. Notebook 05 tells what becomes of them.");
  const num_classes = shape[shape.length === 1 ? 0 : 1];
  const expected = shape.length === 1 ? [] : [shape[0], ...shape.slice(2)];
  const is_soft = String(target.shape) === String(shape); // torch, too, goes by the shape alone
  const is_one = shape.length === 1 && String(target.shape) === "1";
  if (!is_soft && !is_one && String(target.shape) !== String(expected))
    throw new Error(`target has shape ${shown(target.shape)}; logits of shape ${shown(shape)} ` +
      `need ${shown(expected)} for class indices, or ${shown(shape)} for a share of each class.`);
  if (is_soft && ignore_index >= 0)
    throw new Error("ignore_index is a class index; a target of shares has none to ignore.");
  for (const y of is_soft ? [] : target.values)
    if (y !== ignore_index && !(Number.isInteger(y) && y >= 0 && y < num_classes))
      throw new Error(`target holds ${y}; expected a class from 0 to ${num_classes - 1}, or ` +
        `${ignore_index} to ignore.`);
  if (is_soft && !target.values.every((q) => q >= 0 && q <= 1))
    throw new Error("target holds a share that is not between 0 and 1.");
  if (weight && String(weight.shape) !== String([num_classes]))
    throw new Error(`weight has shape ${shown(weight.shape)}; expected ${shown([num_classes])}, ` +
      "one for each class.");
  if (!(label_smoothing >= 0 && label_smoothing <= 1))
    throw new Error(`label_smoothing is ${label_smoothing}; expected a number from 0 to 1.`);
  if (!Number.isInteger(ignore_index)) throw new Error("ignore_index must be a whole number.");
  return { logits, target, weight, label_smoothing, ignore_index, reduction, num_classes, is_soft };
}

// The logits of one element: class c of it lies `inner` numbers after class c − 1.
export function placesOf({ logits: { shape }, num_classes }, element) {
  const inner = size(shape.slice(2)), sample = Math.floor(element / inner);
  const start = sample * num_classes * inner + (element % inner);
  return Array.from({ length: num_classes }, (_, c) => start + c * inner);
}

// Each element's loss as it counts, and what `reduction` makes of them. `target` is the class whose
// p a picture shows: of soft targets the one with the largest share.
export function computed(call, lanes) {
  const { logits, target, weight, label_smoothing, ignore_index, reduction } = call;
  const { num_classes, is_soft } = call;
  const w = weight ? weight.values.map(f32) : Array(num_classes).fill(1);
  const count = logits.values.length / num_classes;
  const elements = Array.from({ length: count }, (_, element) => {
    const places = placesOf(call, element);
    const shares = is_soft && places.map((at) => target.values[at]);
    const y = is_soft ? shares.indexOf(Math.max(...shares)) : target.values[element];
    if (!is_soft && y === ignore_index) return { target: y, ignored: true, weight: 0, counts: 0 };
    const { loss, p, log_probs } = sample(places.map((at) => logits.values[at]), y, { lanes });
    const summed = (of) =>
      log_probs.reduce((sum, log, c) => f32(sum - f32(log * f32(w[c] * of(c)))), 0);
    const own = is_soft ? summed((c) => shares[c]) : f32(w[y] * loss);
    const even = label_smoothing === 0 ? 0 : (label_smoothing / num_classes) * summed(() => 1);
    const counts = f32(f32((1 - label_smoothing) * own) + f32(even));
    return { target: y, loss, p, weight: is_soft ? 1 : w[y], counts };
  });
  const add = (name) => f32(elements.reduce((sum, one) => sum + one[name], 0));
  const numerator = add("counts"), denominator = add("weight");
  const loss = { mean: f32(numerator / denominator), sum: numerator }[reduction];
  return { elements, numerator, denominator, loss };
}
