// A call of the reader's own: what is pasted, what comes out, and the address that carries it.
import { make } from "../../../ce_helpers/live/js/make.js";
import { brief, computed as told, short } from "../../../ce_helpers/live/js/numbers.js";
import { checked, computed, placesOf } from "./call.js";
import { openPicture } from "./own_picture.js";
import { readTensor } from "./tensor_text.js";

const NAMES = ["logits", "target", "weight", "label_smoothing", "ignore_index", "reduction"];
const DEFAULTS = { weight: "", label_smoothing: "0", ignore_index: "-100", reduction: "mean" };
const MOST_LISTED = 50;

function read(fields) {
  const text = (name) => fields[name].value;
  const number = (name) => (text(name).trim() ? Number(text(name)) : Number(DEFAULTS[name]));
  return checked({
    logits: readTensor(text("logits"), "logits"), target: readTensor(text("target"), "target"),
    weight: text("weight").trim() ? readTensor(text("weight"), "weight") : null,
    label_smoothing: number("label_smoothing"), ignore_index: number("ignore_index"),
    reduction: text("reduction"),
  });
}

function write(fields) {
  const state = new URLSearchParams();
  for (const name of NAMES) {
    const value = fields[name].value.trim();
    if (value !== (DEFAULTS[name] ?? null)) state.set(name, value.replace(/\s+/g, " "));
  }
  history.replaceState(null, "", `#${state}`);
}

const nested = (values, [length, ...rest]) => {
  if (length === undefined) return String(values[0]);
  const size = values.length / length;
  const part = (_, k) => nested(values.slice(k * size, (k + 1) * size), rest);
  const parts = Array.from({ length }, part);
  return `[${parts.join(", ")}]`;
};

// How the one number comes about.
function sentence({ reduction, is_soft }, { elements, numerator, denominator, loss }) {
  const count = elements.filter((one) => !one.ignored).length;
  if (reduction === "none") return 'reduction="none" keeps the loss of each element.';
  if (reduction === "sum") return `The sum of ${count} ${count === 1 ? "loss" : "losses"}.`;
  const below = is_soft ? "the number of elements" : "the sum of their targets’ weights";
  return `${told(numerator)} ÷ ${short(denominator)} = ${told(loss)}: the losses as they count, ` +
    `divided by ${below}.`;
}

export function ownCall(form, picture, result) {
  const fields = Object.fromEntries(NAMES.map((name) => [name, form.elements[name]]));
  const refusal = form.querySelector(".refusal");
  const lanes = Number(document.getElementById("pictures").dataset.lanes); // torch's, where built
  let call = null, chosen = 0;

  function calculate() {
    const found = computed(call, lanes);
    result.replaceChildren();
    const line = make("p", "own-loss", result);
    const count = found.elements.length, value = found.loss ?? found.elements[0].counts;
    line.append("cross_entropy(logits, target) = ");
    const isKept = call.reduction === "none" && count > 1;
    make("b", "", line, { textContent: isKept ? `${count} losses` : told(value) });
    make("p", "", result, { textContent: sentence(call, found) });
    if (count > 1) list(found.elements);
  }

  function list(elements) {
    const by_loss = elements.map((one, element) => ({ ...one, element }));
    const isCut = elements.length > MOST_LISTED;
    if (isCut) by_loss.sort((a, b) => b.counts - a.counts);
    const box = make("div", "table own-table", result, { tabIndex: 0 });
    const table = make("table", "", box);
    const caption = `The ${MOST_LISTED} largest of ${elements.length} losses`;
    if (isCut) make("caption", "", table, { textContent: caption });
    const head = make("tr", "", make("thead", "", table)), body = make("tbody", "", table);
    for (const name of ["element", "target", "p", "−log p", "weight", "counts as"])
      make("th", "", head, { textContent: name, scope: "col" });
    for (const one of by_loss.slice(0, MOST_LISTED)) {
      const { element, target, p, loss, weight, counts, ignored = false } = one;
      const row = make("tr", element === chosen ? "chosen" : "", body), cell = make("td", "", row);
      const how = { type: "button", textContent: element, disabled: ignored };
      const pick = make("button", "", cell, how);
      pick.setAttribute("aria-label", `show element ${element}`);
      pick.setAttribute("aria-pressed", String(element === chosen));
      pick.onclick = async () => {
        await show(element);
        result.querySelector("[aria-pressed=true]")?.focus();
      };
      const numbers = ignored ? ["", "", "", "ignored"]
        : [brief(p), told(loss), short(weight), told(counts)];
      for (const text of [target, ...numbers]) make("td", "", row, { textContent: text });
    }
  }

  // a bar was moved: the text above, the sum and the address follow
  function moved(logits, target) {
    const places = placesOf(call, chosen);
    places.forEach((at, c) => (call.logits.values[at] = logits[c]));
    fields.logits.value = nested(call.logits.values, call.logits.shape);
    if (!call.is_soft) call.target.values[chosen] = target;
    if (!call.is_soft) fields.target.value = nested(call.target.values, call.target.shape);
    calculate();
    write(fields);
  }

  async function show(element) {
    chosen = element;
    const { target } = computed(call, lanes).elements[element];
    const logits = placesOf(call, element).map((at) => call.logits.values[at]);
    await openPicture(picture, logits, target, moved);
    calculate();
  }

  async function take() {
    refusal.textContent = "";
    try {
      call = read(fields);
    } catch (error) {
      refusal.textContent = error.message;
      return;
    }
    write(fields);
    const first = computed(call, lanes).elements.findIndex((one) => !one.ignored);
    if (first >= 0) await show(first);
    else calculate();
  }

  function restore() {
    const state = new URLSearchParams(location.hash.slice(1));
    if (!state.has("logits")) return;
    for (const name of NAMES) fields[name].value = state.get(name) ?? DEFAULTS[name] ?? "";
    form.closest("details").open = true;
    take();
  }
  form.onsubmit = (event) => {
    event.preventDefault();
    take();
  };
  addEventListener("hashchange", restore);
  restore();
}
