// A table of logits, one row for each letter, read along a text; as sequence_state.py does with
// torch. The names are those of its values().
import { f32, logSumExp, softmax } from "./softmax.js";

// How much of its colour a place has; what is worse than a blind guess leaps out.
const shade = (loss, blind, full) =>
  loss <= blind ? (full * loss) / blind : Math.min(1, 0.92 + 0.08 * (loss / blind - 1));

// The target and the others with the largest logits, by size; of equal ones the earlier first.
function chosen(row, target, count) {
  const order = (a, b) => row[b] - row[a] || a - b;
  const others = row.map((_, c) => c).filter((c) => c !== target).sort(order);
  return [target, ...others.slice(0, count - 1)].sort(order);
}

export function sequence(at, _, { constants }, past) {
  const { tables, ids, letters, full, shown } = constants, size = letters.length;
  const isOther = at.model !== past.model || past.isReset;
  const table = isOther ? tables[at.model].map(f32) : [...past.table];
  const before = ids[at.place - 1], target = ids[at.place];
  const rowOf = (letter) => table.slice(letter * size, (letter + 1) * size);
  let { rows } = past;
  if (isOther || at.place !== past.place) rows = chosen(rowOf(before), target, shown);
  else rows.forEach((c, k) => (table[before * size + c] = f32(at.logits[k])));
  const row = rowOf(before), probs = softmax(row), blind = Math.log(size);
  const sums = letters.map((_letter, letter) => logSumExp(rowOf(letter)));
  const losses = ids.slice(1).map((y, k) => f32(sums[ids[k]] - table[ids[k] * size + y]));
  const total = losses.reduce((a, b) => a + b, 0), mean = f32(total / losses.length);
  const rest = row.map((_z, c) => c).filter((c) => !rows.includes(c));
  const same = ids.slice(0, -1).map((letter) => Number(letter === before));
  return {
    model: at.model, place: at.place, table, rows, names: rows.map((c) => letters[c]),
    target: rows.indexOf(target), target_letter: letters[target], target_index: target,
    before, before_letter: letters[before], logits: rows.map((c) => row[c]),
    probs: rows.map((c) => f32(probs[c])), others: logSumExp(rest.map((c) => row[c])),
    others_p: rest.reduce((a, c) => a + probs[c], 0), p: f32(probs[target]),
    losses, loss: losses[at.place - 1], share: total ? (100 * losses[at.place - 1]) / total : 0,
    mean, perplexity: Math.exp(mean), bits: mean / Math.LN2,
    shades: [0, ...losses.map((loss) => shade(loss, blind, full))],
    dark: losses.flatMap((loss, k) => (loss > blind ? [k + 1] : [])),
    same: [0, ...same], same_count: same.reduce((a, b) => a + b, 0),
  };
}
