// Limits of axes, as values; limits.py is the twin and sends rules and ladders.
export function up(value, ladder) {
  const rung = ladder.find((one) => one >= value - 1e-9);
  if (rung !== undefined) return rung;
  if (!Number.isFinite(value)) return ladder.at(-1);
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].find((one) => one * power >= value) * power;
}

const largest = (value, factor) =>
  [value].flat().reduce((most, one) => Math.max(most, factor * one), -Infinity);

// What a state needs: each rung holds everything in its rule's `of`.
export function fitted(rules, values) {
  const found = {};
  for (const { name, of, ladder, least, sign } of rules) {
    const need = of.map(([what, factor]) =>
      largest(what in found ? Math.abs(found[what]) : values[what], factor));
    found[name] = sign * up(Math.max(...need, least), ladder);
  }
  return found;
}

// At rest an axis may grow where a value reaches its edge; it never shrinks.
export function grown(rules, limits, values) {
  const need = fitted(rules, values), found = {};
  for (const { name, of } of rules) {
    const edge = Math.abs(limits[name]);
    const reached = of.some(([what, factor]) =>
      !(what in limits) && largest(values[what], Math.sign(factor)) >= edge);
    const more = reached && Math.abs(need[name]) > edge;
    found[name] = more ? need[name] : limits[name];
  }
  return found;
}

// Round places from low to high, at least 36 pixels apart.
export function ticks(low, high, pixels, steps) {
  const most = pixels / 36;
  const step = steps.find((one) => (high - low) / one <= most) ?? up((high - low) / most, []);
  const places = [];
  for (let k = Math.ceil(low / step - 1e-9); k <= Math.floor(high / step + 1e-9); k++)
    places.push(Number((k * step).toFixed(6)));
  return places;
}
