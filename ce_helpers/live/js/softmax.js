// Sums of exp: in float64, where torch's own differ in the last digit at most, and in torch's order.
export const f32 = Math.fround;

export function logSumExp(z) {
  const most = Math.max(...z);
  return most + Math.log(z.reduce((a, one) => a + Math.exp(one - most), 0));
}

export function softmax(z) {
  const most = Math.max(...z), exps = z.map((one) => Math.exp(one - most));
  const total = exps.reduce((a, b) => a + b);
  return exps.map((one) => one / total);
}

// torch adds a last dimension in lanes: fewer numbers than lanes one after another, else lane by
// lane, then the lanes in halves. An inner dimension is added one after another.
export function sum(terms, lanes) {
  if (terms.length < lanes) return terms.reduce((a, b) => f32(a + b));
  let lane = terms.slice(0, lanes);
  terms.slice(lanes).forEach((term, k) => (lane[k % lanes] = f32(lane[k % lanes] + term)));
  while (lane.length > 1) {
    const half = lane.length / 2;
    lane = lane.slice(0, half).map((a, k) => f32(a + lane[k + half]));
  }
  return lane[0];
}
