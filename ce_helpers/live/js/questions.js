// A question to commit to, as a card. All that stands on it follows from what the reader did, so it
// needs no kernel; one only keeps that. verdicts.js says what is said.
import { initialize } from "./hearing.js";
import { make } from "./make.js";
import { judged, told } from "./verdicts.js";

const WORDS = { right: "Right.", wrong: "Not yet." }, SIGNS = { right: "✓", wrong: "✗" };

// Text with `code` between backticks; a line break stays one.
function write(place, text) {
  place.replaceChildren(...text.split("`").flatMap((part, k) => {
    if (k % 2) return [Object.assign(document.createElement("code"), { textContent: part })];
    return part.split("\n").flatMap((line, n) => n ? [document.createElement("br"), line] : [line]);
  }));
}

const minus = (given) => given.trim().replace(/^-/, "−");

// A card in `el`. `keep(answered)` is told after each event; `restore(events)` shows others.
export function ask(el, question, events = [], keep = () => {}) {
  const id = `ce-ask-${Math.random().toString(36).slice(2)}`, { choices, hints } = question;
  const root = make("div", "ce ce-ask", el);
  root.setAttribute("role", "group");
  root.setAttribute("aria-labelledby", id);
  write(make("p", "ce-asked", root, { id }), question.text);
  const options = choices.length ? optionsOf(root, id, choices, keyed) : [];
  const tools = make("div", "ce-tools", root);
  const field = choices.length ? null : fieldOf(tools, id, keyed);
  const button = (place, textContent, onclick) =>
    make("button", "", place, { type: "button", textContent, onclick });
  const check = button(tools, "", guess), hint = button(tools, "", giveHint);
  const answer = button(tools, "Show answer", reveal);
  check.classList.add("ce-main");
  const refused = make("p", "ce-refused", root, { id: `${id}-refused` });
  const list = make("dl", "ce-told", root);
  const again = button(make("div", "ce-tools", root), "Ask me again", start);
  const said = make("p", "ce-unseen", root);
  said.setAttribute("role", "status");

  function keyed(event) { // or JupyterLab takes the key
    event.stopPropagation();
    if (event.key !== "Enter") return;
    event.preventDefault();
    guess();
  }
  const given = () => field?.value ?? choices[options.findIndex(({ input }) => input.checked)];
  const isOff = (control) => control.getAttribute("aria-disabled") === "true";

  function guess() {
    if (tools.hidden) return;
    const { refusal } = judged(question, given());
    refuse(refusal ?? "");
    if (!refusal) add({ given: given() });
  }
  function giveHint() {
    const count = events.filter((event) => event.hint !== undefined).length;
    if (!isOff(hint)) add({ hint: count });
  }
  function reveal() {
    if (isOff(answer)) refuse("First a guess: it stays beside the answer.");
    else add({ shown: true });
  }
  function start() {
    events = [];
    for (const { input } of options) input.checked = false;
    changed();
    (field ?? options[0].input).focus();
  }
  function refuse(words) {
    refused.textContent = words;
    if (words) said.textContent = words;
    field?.setAttribute("aria-invalid", String(Boolean(words)));
  }
  function add(event) {
    events = [...events, event];
    if (field && event.given !== undefined) field.value = "";
    const { lines, isDone } = changed(), { verdict, strong, words } = lines.at(-1);
    said.textContent = [WORDS[verdict] ?? strong, words].join(" ").trim().replaceAll("`", "");
    if (isDone) again.focus();
  }
  function changed() {
    const found = draw();
    keep({ events, lines: found.lines, status: found.status });
    return found;
  }
  function draw() {
    const { lines, status, isDone } = told(question, events);
    const count = events.filter((event) => event.hint !== undefined).length;
    const isFirst = status === "open";
    refuse("");
    root.classList.toggle("ce-done", isDone);
    tools.hidden = isDone;
    again.hidden = !isDone;
    check.textContent = isFirst ? "Commit" : "Check";
    if (field) field.placeholder = isFirst ? "your guess" : "again";
    const next = `Hint ${count + 1} of ${hints.length}`;
    hint.textContent = count < hints.length ? next : "No more hints";
    hint.hidden = !hints.length;
    // not `disabled`, or the focus falls to the page
    hint.setAttribute("aria-disabled", String(count >= hints.length));
    answer.setAttribute("aria-disabled", String(isFirst));
    for (const option of options) {
      const own = lines.filter(({ given: text }) => text === option.text);
      option.show(own, isDone);
    }
    list.replaceChildren();
    for (const line of lines) if (!options.length || line.given === undefined) entry(list, line);
    return { lines, status, isDone };
  }
  function restore(others) {
    events = others;
    const last = events.findLast((event) => event.given !== undefined)?.given;
    for (const { text, input } of options) input.checked = text === last;
    draw();
  }
  restore(events);
  return { restore };
}

function mark(place, verdict) {
  if (!verdict) return;
  const sign = make("span", `ce-${verdict}`, place, { textContent: ` ${SIGNS[verdict]}` });
  sign.setAttribute("role", "img");
  sign.setAttribute("aria-label", WORDS[verdict]);
}

function entry(list, { label, given, verdict, strong, words }) {
  const kind = given === undefined && label !== "answer" ? "ce-quiet" : "";
  const name = make("dt", kind, list);
  name.textContent = [label, given && minus(given)].filter(Boolean).join(" ");
  mark(name, verdict);
  const place = make("dd", kind, list);
  write(place, words);
  place.prepend(Object.assign(document.createElement("b"), { textContent: strong ?? "" }));
}

function fieldOf(tools, id, keyed) {
  const how = { type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: false };
  const field = make("input", "ce-answer", tools, how);
  field.setAttribute("aria-labelledby", id);
  field.setAttribute("aria-describedby", `${id}-refused`);
  field.dataset.lmSuppressShortcuts = "true";
  field.addEventListener("keydown", keyed);
  return field;
}

// Radio buttons of one group; what is said to a choice stands beside it.
function optionsOf(root, id, choices, keyed) {
  const box = make("div", "ce-options", root);
  box.setAttribute("role", "radiogroup");
  box.setAttribute("aria-labelledby", id);
  return choices.map((text, k) => {
    const label = make("label", "ce-option", box);
    const input = make("input", "", label, { type: "radio", name: id, id: `${id}-${k}` });
    write(make("span", "", label, { id: `${id}-text-${k}` }), text);
    const note = make("small", "", label, { id: `${id}-note-${k}` });
    input.setAttribute("aria-labelledby", `${id}-text-${k}`);
    input.setAttribute("aria-describedby", `${id}-note-${k}`);
    input.dataset.lmSuppressShortcuts = "true";
    input.addEventListener("keydown", keyed);
    const show = (lines, isDone) => {
      const { verdict, words } = lines.at(-1) ?? { words: "" };
      note.textContent = lines[0]?.label ? `your guess${verdict ? "" : ":"}` : "";
      mark(note, verdict);
      write(make("span", "", note), words && ` ${words}`);
      input.disabled = isDone && !input.checked;
    };
    return { text, input, show };
  });
}

function render({ model, el }) {
  let isOwn = false; // or another view of the same question
  const keep = (answered) => {
    isOwn = true;
    model.set("answered", answered);
    isOwn = false;
    model.save_changes();
  };
  const card = ask(el, model.get("question"), model.get("answered").events, keep);
  const heard = () => isOwn || card.restore(model.get("answered").events);
  model.on("change:answered", heard);
  return () => model.off("change:answered", heard);
}

export default { initialize, render };
