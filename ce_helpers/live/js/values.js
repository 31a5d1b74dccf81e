// Reading the flat table of values, and where a value lies. values.py is the twin.
const APART = 0.05; // two numbers less apart look alike

export function read(what, v) {
  if (typeof what !== "string" || what in v) return typeof what === "string" ? v[what] : what;
  const cut = what.lastIndexOf(".");
  return v[what.slice(0, cut)]?.[what.slice(cut + 1)];
}

const tests = {
  above: (a, b) => a > b,
  below: (a, b) => a <= b,
  apart: (a, b) => a !== b && !(Math.abs(a - b) < APART),
  near: (a, b) => a === b || Math.abs(a - b) < APART,
  is: (a, b) => a === b,
  not: (a, b) => a !== b,
};
export const holds = (when, v) =>
  !when || when.every(([a, test, b]) => tests[test](read(a, v), read(b, v)));

// The pixel of a value; beyond the limits it lies on them.
export function along(scale, value, v) {
  const { start, end, places, gamma, high, log } = scale;
  if (places) return places[value];
  if (gamma) return start + (end - start) * (Math.min(Math.max(value, 0), high) / high) ** gamma;
  let low = read(scale.low, v), most = read(high, v);
  let at = Math.min(value > low ? value : low, most); // nan lies low
  if (log) [low, at, most] = [low, at, most].map(Math.log10);
  return start + ((end - start) * (at - low)) / (most - low);
}

export function pixel({ value, scale, plus }, v) {
  return (scale ? along(scale, read(value, v), v) : read(value, v)) + plus;
}
