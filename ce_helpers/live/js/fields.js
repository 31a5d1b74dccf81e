// A number to type, and what chooses the target: inputs that lie over a panel's texts.
// `hand` is live.js's, as in handles.js.
import { put } from "./parts.js";
import { make } from "./make.js";
import { lay } from "./page_parts.js";
import { short } from "./numbers.js";
import { readNumber } from "./typed.js";

// A number at its column; a click opens it for typing. The SVG shows the digits while it is closed.
export function typed(panel, { number }, y, c, name, hand) {
  const how = { type: "text", autocomplete: "off" }; // a phone's keys for numbers have no minus
  const input = lay(panel, "input", [number - 66, y - 18, 68, 36], "ce-number", how);
  let opened = "";
  const shown = () => String(hand.logits()[c()]);
  input.addEventListener("focus", () => {
    opened = input.value = shown();
    input.select();
  });
  const take = () => { // whether what stands there was taken, or nothing was changed
    if (input.value === opened) return true;
    const [low, high] = [-Infinity, Infinity].map(hand.clamp);
    const { value, refusal } = readNumber(input.value, { low, high });
    if (refusal) hand.refuse(`${refusal} ${name()} stays at ${short(hand.logits()[c()])}.`);
    if (refusal) return false;
    opened = input.value;
    hand.grab();
    hand.move([[`logits.${c()}`, value]]);
    return true;
  };
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") input.value = opened;
    if (event.key === "Enter" && !take()) input.classList.add("bad");
    else if (event.key === "Enter" || event.key === "Escape") input.blur();
  });
  input.addEventListener("blur", () => {
    if (!input.classList.contains("bad")) take();
    input.classList.remove("bad");
    input.value = shown();
  });
  return () => {
    put(input, "aria-label", `logit of ${name()}, exact`);
    if (!input.matches(":focus")) input.value = shown();
  };
}

export function radio(panel, { rows, names: width }, c, name, hand, group) {
  const how = { title: `make ${name} the target` };
  const label = lay(panel, "label", [0, rows[c] - 18, width, 36], "ce-pick", how);
  const input = make("input", "", label, { type: "radio", name: group });
  input.setAttribute("aria-label", `${name} is the target`);
  input.dataset.lmSuppressShortcuts = "true";
  input.addEventListener("change", () => hand.set("target", c));
  input.addEventListener("keydown", (event) => event.stopPropagation());
  return (v) => (input.checked = v.target === c);
}

export function list(panel, names, hand) {
  const select = lay(panel, "select", [0, 88, 84, 36], "ce-number ce-list");
  select.setAttribute("aria-label", "target");
  names.forEach((name, c) => select.append(new Option(name, c)));
  select.addEventListener("change", () => hand.set("target", Number(select.value)));
  return (v) => (select.value = v.target);
}
