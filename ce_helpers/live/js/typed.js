// Reads a number as people type it: 1.39, 1,39, 3/8, ln 4, -log(0.25), 2^-23, 25 %, inf. Explorers
// and questions read with it alone. What can be read in two ways is refused, with how to write it.
import { short } from "./numbers.js";

const LONGEST = 60; // characters; also keeps brackets from nesting too deep
const TOKEN = /\s*(?:((?:\d+(?:[.,]\d+|\.)?|[.,]\d+)(?:e[+-]?\d+)?)|([a-z]+)|(.))/gsu;
const SIGNS = {
  "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/",
  "√": "sqrt", "**": "^",
};
const SIGN = /\*\*|[−–—‐‑×·⋅÷√]/g;
const FUNCTIONS = { ln: Math.log, log: Math.log, exp: Math.exp, sqrt: Math.sqrt };
const CONSTANTS = { e: Math.E, pi: Math.PI };
const ALONE = { inf: Infinity, infinity: Infinity, "∞": Infinity, nan: NaN };

class Refusal extends Error {}
const refuse = (words) => {
  throw new Refusal(words);
};

// What was typed as { value }, or as { refusal }: a sentence that says why it is none, or why it
// is outside `range`, { low, high }. `log` is the natural log; nats may stand behind.
export function readNumber(text, range) {
  const typed = text.trim();
  try {
    const value = read(typed);
    if (range && !(value >= range.low && value <= range.high))
      refuse(`“${typed}” is out of range: from ${short(range.low)} to ${short(range.high)}.`);
    return { value };
  } catch (reason) {
    if (!(reason instanceof Refusal)) throw reason;
    return { refusal: reason.message };
  }
}

function read(typed) {
  if (!typed) refuse("Nothing is typed yet. Type a number, for example 0.25, 3/8 or ln 2.");
  if (typed.length > LONGEST) refuse(`That is longer than ${LONGEST} characters. Type one number.`);
  const text = typed.toLowerCase().replace(SIGN, (sign) => SIGNS[sign])
    .replace(/(?<=[\d)∞]|inf|infinity)\s*nats?$/, "");
  for (const digits of text.match(/[\d.,]+/g) ?? []) {
    if (digits.replace(/\d/g, "").length > 1)
      refuse(`“${digits}” has more than one comma or point. Write one number, as 4096.5.`);
    if (/^[1-9]\d{0,2},\d{3}$/.test(digits)) {
      const ways = [".", ""].map((sign) => digits.replace(",", sign));
      refuse(`“${digits}” can be read in two ways. Write ${ways.join(" or ")}.`);
    }
  }
  const [, minus, word] = text.match(/^([+-]?)\s*(\S+)$/) ?? [];
  if (Object.hasOwn(ALONE, word ?? "")) return minus === "-" ? -ALONE[word] : ALONE[word];
  return new Reader(typed, text).all();
}

// A value that was computed from finite ones; `parts`: it is 0 only if one of them is.
function computed(value, ...parts) {
  if (Number.isNaN(value)) refuse("The root of a negative number is no number here.");
  if (!Number.isFinite(value)) refuse("That number is too large to compute. Type a smaller one.");
  if (value === 0 && parts.length && parts.every(Boolean))
    refuse("That number is too small to compute: it becomes 0.");
  return value;
}

// Sums of products of powers, one token at a time.
class Reader {
  constructor(typed, text) {
    this.typed = typed;
    this.tokens = [...text.matchAll(TOKEN)].map(([all, number, name, sign]) =>
      ({ all, number, name, sign }));
  }

  get sign() {
    return this.tokens[0]?.sign;
  }

  all() {
    const value = this.sum();
    if (this.tokens.length) this.fail();
    return value;
  }

  fail() {
    refuse(`No number can be read from “${this.typed}”. ` +
      "Type one, for example 0.25, 3/8, 1e-3 or ln 2.");
  }

  sum() {
    let value = this.product();
    while (this.sign === "+" || this.sign === "-") {
      const isPlus = this.tokens.shift().sign === "+", other = this.product();
      value = computed(isPlus ? value + other : value - other);
    }
    return value;
  }

  product() {
    let value = this.signed();
    while (this.sign === "*" || this.sign === "/") {
      const isTimes = this.tokens.shift().sign === "*", other = this.signed();
      if (!isTimes && other === 0) refuse("That divides by 0. If you mean infinity, type inf.");
      value = isTimes ? computed(value * other, value, other) : computed(value / other, value);
    }
    return value;
  }

  // A power after any number of signs; -2^2 is -4 and 2^-1 is 0.5.
  signed() {
    if (this.sign === "-" || this.sign === "+")
      return this.tokens.shift().sign === "-" ? -this.signed() : this.signed();
    const base = this.atom();
    if (this.sign !== "^") return base;
    this.tokens.shift();
    const exponent = this.signed();
    if (base === 0 && exponent < 0) refuse("That divides by 0. If you mean infinity, type inf.");
    return computed(base ** exponent, base);
  }

  atom() {
    const { number, name, sign } = this.tokens.shift() ?? {};
    let value;
    if (number) {
      value = Number(number.replace(",", "."));
      computed(value, /[1-9]/.test(number.split("e")[0]));
    } else if (sign === "(") {
      value = this.sum();
      if (this.tokens.shift()?.sign !== ")") this.fail();
    } else if (Object.hasOwn(FUNCTIONS, name ?? "")) value = this.call(name);
    else if (Object.hasOwn(CONSTANTS, name ?? "")) value = CONSTANTS[name];
    else this.fail();
    if (this.sign !== "%") return value;
    this.tokens.shift();
    return computed(value / 100, value);
  }

  // The function of a bracket or of one number: `ln 1/10` may mean two things.
  call(name) {
    const isBracket = this.sign === "(", before = [...this.tokens], argument = this.atom();
    const taken = before.slice(0, before.length - this.tokens.length);
    const inside = taken.map(({ all }) => all).join("").trim();
    if (!isBracket && ["*", "/", "^"].includes(this.sign))
      refuse(`“${this.typed}” can be read in two ways. Write ` +
        `${name}(${inside}${this.sign}…) or ${name}(${inside})${this.sign}….`);
    const isLog = FUNCTIONS[name] === Math.log;
    if (isLog && argument === 0) refuse("The log of 0 is infinite: type inf or -inf for that.");
    if (isLog && argument < 0) refuse("The log of a negative number is no number.");
    return computed(FUNCTIONS[name](argument), ...(name === "exp" ? [true] : []));
  }
}
