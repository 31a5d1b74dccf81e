// How numbers are written. numbers.py is the twin: the same names, digit for digit.
const minus = (text) => (text[0] === "-" ? "−" + text.slice(1) : text);

// toFixed rounds a tie up, Python to the even digit. 60 decimals show a float32 exactly.
function fixed(value, decimals) {
  const zeros = decimals ? "." + "0".repeat(decimals) : "";
  if (Math.abs(value) >= 1e21) return BigInt(value).toString() + zeros;
  const text = value.toFixed(decimals);
  const twice = Math.abs(value) * 2 * 10 ** decimals;
  if (Math.abs(twice - Math.round(twice)) > 1e-6) return text; // far from any tie
  const all = value.toFixed(60);
  const cut = all.length - 60 + decimals;
  if (!/^50*$/.test(all.slice(cut))) return text;
  const kept = all.slice(0, cut).replace(/\.$/, "");
  return Number(kept.at(-1)) % 2 ? text : kept;
}

function plain(value, decimals) {
  const text = fixed(value, decimals);
  const bare = text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  return bare === "-0" ? "0" : bare;
}

// Python rounds a tie to even here as well, and writes at least two digits of an exponent.
function scientific(value, decimals) {
  let text = value.toExponential(decimals);
  const [digits, rest] = value.toExponential(Math.min(100, decimals + 40)).split("e");
  const cut = digits.length - 40;
  if (/^50*$/.test(digits.slice(cut)) && Number(digits[cut - 1]) % 2 === 0)
    text = `${digits.slice(0, cut)}e${rest}`;
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}

const word = (value) => (value > 0 ? "inf" : value < 0 ? "−inf" : "nan");

export function computed(value) {
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return word(value);
  const usual = Math.abs(value) >= 1e-3 && Math.abs(value) < 1e5;
  return minus(usual ? fixed(value, 4) : scientific(value, 4));
}

export function brief(value) {
  const text = computed(value);
  return text.includes("e") ? minus(scientific(value, 1)) : text;
}

export function short(value) {
  if (!Number.isFinite(value)) return word(value);
  for (const decimals of [4, 3, 2, 1, 0]) {
    const text = plain(value, decimals);
    if (text.length <= 6 && (Number(text) || !value)) return minus(text);
  }
  return minus(scientific(value, 0));
}

export const two = (value) => (Number.isFinite(value) ? minus(plain(value, 2)) : word(value));
export const term = (value) => (value < 0 ? `(${short(value)})` : short(value));

export function rounded(value) {
  const size = Math.abs(value);
  if (!value || !Number.isFinite(value)) return value === 0 ? "0" : word(value);
  if (size < 0.00095) return minus(scientific(value, 0));
  return minus(fixed(value, size < 0.005 || (size > 0.99 && size < 1) ? 4 : 2));
}

export const signed = (value) => (value > 0 ? "+" : "") + rounded(value);

// as Python prints them, for what is code or was one
export const printed = (value) => computed(value).replace("−", "-");
export const real = (value) => (Number.isInteger(value) ? value.toFixed(1) : String(value));

// Numbers that stand together: if one must be scientific, so is each below 0.01.
function together(values) {
  const texts = values.map(computed), isSmall = (value) => value && Math.abs(value) < 0.01;
  if (!texts.some((text) => text.includes("e-"))) return texts;
  return values.map((value, k) => (isSmall(value) ? minus(scientific(value, 4)) : texts[k]));
}

export function numbers(values) {
  const shown = together(values.slice(0, 10)).join(", ").replaceAll("−", "-");
  return values.length <= 10 ? `[${shown}]` : `[${shown}, … ${values.length} numbers]`;
}

export const floats = (values) => values.map(float).join(", ");
export const integers = (values) => values.map((value) => Math.trunc(value)).join(", ");

export function near(p) {
  if (p === 1) return "1";
  if (p < 0.9999) return computed(p);
  for (let decimals = 4; decimals < 9; decimals++)
    if (fixed(p, decimals)[0] === "0") return fixed(p, decimals);
  return "1";
}

export function rare(p) {
  if (!(p > 0 && p < 0.01)) return "";
  let n = 1 / p;
  if (n < 999999.5) return `1 in ${String(Math.floor(n + 0.5)).replace(/(?!^)(?=\d{3}$)/, ",")}`;
  if (n >= 1e12) {
    const power = String(Math.floor(Math.log10(n) + 0.5));
    return "1 in 10" + power.replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]);
  }
  const unit = n < 1e9 ? "million" : "billion";
  n /= n < 1e9 ? 1e6 : 1e9;
  return `1 in ${fixed(n, n < 9.995 ? 2 : n < 99.95 ? 1 : 0)} ${unit}`;
}

export const apart = (value) => (Number.isFinite(value) ? fixed(Math.abs(value), 2) : "inf");
export const whole = (value) => String(Math.trunc(value));
export const times = (count) => (count > 1 ? `×${count}` : "");
export const percent = (value) => (value > 0 && value < 1 ? "< 1%" : `${Math.floor(value)}%`);
export const text = (value) => String(value);

// JSON has no inf: such numbers travel as words.
const WORDS = { inf: Infinity, "-inf": -Infinity, nan: NaN };
export function revived(thing) {
  if (Array.isArray(thing)) return thing.map(revived);
  return typeof thing === "string" ? (WORDS[thing] ?? thing) : thing;
}

// The fewest digits that read back as the same float32.
export function shortest(value) {
  if (value !== Math.fround(value)) return String(value); // a double
  for (let digits = 1; digits <= 9; digits++) {
    const found = Number(value.toPrecision(digits));
    if (Math.fround(found) === value) return String(found);
  }
  return String(value);
}

export const listed = (values) => `[${together(values).join(", ")}]`;
export const row = (values) => `[${values.map((z) => minus(shortest(Math.fround(z)))).join(", ")}]`;

// The expression that makes a tensor again; `write` writes one of its numbers.
export function literal(values, shape, write) {
  if (!shape.length) return write(values[0]);
  const size = values.length / shape[0];
  const rows = Array.from({ length: shape[0] }, (_, k) =>
    literal(values.slice(k * size, (k + 1) * size), shape.slice(1), write));
  return `[${rows.join(", ")}]`;
}

export function float(value) {
  if (Object.is(value, -0)) return "-0.";
  const digits = shortest(value).replace(/e([+-])(\d)$/, "e$10$2").replace("e+", "e");
  return /[.e]/.test(digits) ? digits : `${digits}.`;
}
