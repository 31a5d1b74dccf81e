// What is said to an answer, and how far a reader got: from a question's description alone, that
// `Question.described()` gives. `events` is all that was done: { given: "20 - 9" }, { hint: 0 },
// { shown: true }.
import { revived } from "./numbers.js";
import { readNumber } from "./typed.js";

const isNear = (a, b, tolerance) => Object.is(a, b) || (Number.isFinite(a) && Number.isFinite(b)
  && Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b)));

// What is said to one answer: { refusal } to what is none, else { verdict, words }.
export function judged(question, given) {
  const { choices, mistakes, accepted } = question;
  if (choices.length && !choices.includes(given)) return { refusal: question.choose };
  const { value, refusal } = choices.length ? { value: given } : readNumber(given);
  if (refusal) return { refusal };
  const fits = ({ answer, tolerance }) =>
    choices.length ? answer === value : isNear(value, revived(answer), tolerance);
  if (fits(accepted)) return { verdict: "right", words: question.reason };
  const known = mistakes.find(fits);
  if (known) return { verdict: "wrong", words: known.hint };
  const isOdd = question.whole && !Number.isInteger(value);
  return { verdict: "wrong", words: isOdd ? question.whole : question.other };
}

// How far a reader got, in lines that are read one after another. The first guess is noted and not
// judged until there is something beside it; a right one is not told before the end.
export function told(question, events) {
  const tries = events.filter(({ given }) => given !== undefined);
  const verdicts = tries.map(({ given }) => judged(question, given).verdict);
  const isShown = events.some(({ shown }) => shown);
  const isDone = isShown || verdicts.lastIndexOf("right") > 0;
  const lines = events.map((event) => {
    if (event.shown)
      return { label: "answer", strong: `${question.shown}. `, words: question.reason };
    if (event.hint !== undefined)
      return { label: `hint ${event.hint + 1}`, words: question.hints[event.hint] };
    const k = tries.indexOf(event), verdict = verdicts[k], label = k ? "" : "guess";
    const isOpen = !k && !isDone && (tries.length === 1 || verdict === "right");
    if (isOpen) return { label, given: event.given, words: question.noted };
    const isLast = k && k === tries.length - 1;
    const words = verdict === "right" && !isLast ? "" : judged(question, event.given).words;
    return { label, given: event.given, verdict, words };
  });
  const ended = verdicts.includes("right") ? "right" : "shown";
  const going = ["open", "guessed", "wrong"][Math.min(tries.length, 2)];
  return { lines, status: isDone ? ended : going, isDone };
}
