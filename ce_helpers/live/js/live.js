// Joins a picture to its controls: a preview at once, torch's answer when nothing was told since.
import { channel } from "./channel.js";
import { columns, maps } from "./elements.js";
import * as formulas from "./formulas.js";
import { handles } from "./handles.js";
import { fitted, grown } from "./limits.js";
import { shortest } from "./numbers.js";
import { build } from "./layout.js";
import { make } from "./page_parts.js";
import { put } from "./parts.js";
import { tensorsOf } from "./tensors.js";

const EASE = 250; // ms
const SILENT = "torch is busy or gone: these numbers are the browser’s. " +
  "If it stays so, restart the kernel and run the cell again.";
const still = matchMedia("(prefers-reduced-motion: reduce)");
const WORDS = { inf: Infinity, "-inf": -Infinity, nan: NaN };
const revived = (thing) => { // JSON has no inf
  if (Array.isArray(thing)) return thing.map(revived);
  return typeof thing === "string" ? (WORDS[thing] ?? thing) : thing;
};
let views = 0;

async function render({ model, el, signal }) {
  const spec = model.get("picture"), { names, constants, limits: rules, hands } = spec;
  const controls = await opened(model);
  const prefix = `ce${views++}-`;
  const root = make("div", "ce", el);
  const page = build(root, spec, prefix, { load, present });
  const tensors = tensorsOf(model, spec);
  const fixed = { ...spec, inner: tensors.store.losses.length > spec.sizes[0] };

  // The state: controls are the models', values torch's or the preview's, limits this view's.
  let values = answered(), limits, goal, before = null, refused = "", isHeld = false;
  let isUsed = false, row = values.target, byOurHand = false, isForeign = false, frameAsked = 0;

  function answered() {
    const found = {};
    const sent = Object.entries(model.get("answer").values);
    for (const [name, value] of sent) found[name] = revived(value);
    return found;
  }
  const now = () => ({
    logits: names.map((_, c) => controls[`logits.${c}`].get()),
    target: controls.target.get(), element: controls.element.get(),
  });

  function show() {
    const earlier = before ?? values;
    const moved = Number(values.logits.some((z, c) => z !== earlier.logits[c]));
    isUsed ||= moved;
    const v = {
      ...constants, ...values, ...limits, row, moved, fresh: Number(!isUsed),
      target_name: names[values.target], best_name: names[values.best],
      row_name: names[row], row_logit: values.logits[row], row_p: values.probs[row],
    };
    for (const name in earlier) v[`before.${name}`] = earlier[name];
    if (hands.map) v.map = tensors.map(v.element).losses;
    for (const move of page.moves) move(v);
    for (const follow of follows) follow(v);
    page.say(refused, v);
    put(page.code, "text", tensors.code(v.element));
  }

  // No limit moves while a bar is held; at rest they ease to what is needed.
  function ease(to) {
    if (goal && Object.keys(to).every((name) => to[name] === goal[name])) return;
    const from = limits, start = performance.now();
    goal = to;
    cancelAnimationFrame(frameAsked);
    const step = (time) => {
      const isEnd = !from || still.matches || document.hidden || time - start >= EASE;
      const k = Math.max(0, (time - start) / EASE), share = k * k * (3 - 2 * k);
      const between = (name) => [name, from[name] + (to[name] - from[name]) * share];
      limits = isEnd ? to : Object.fromEntries(Object.keys(to).map(between));
      if (!isEnd) frameAsked = requestAnimationFrame(step);
      show();
    };
    step(start);
  }
  const table = () => ({ ...constants, ...values });
  const fit = () => ease(fitted(rules, table()));
  const rest = () => isHeld || ease(grown(rules, goal, table()));

  // Moves: by this hand, or by anything else that holds the same models.
  function write(pairs) {
    byOurHand = true;
    for (const [name, value] of pairs) controls[name].set(value);
    byOurHand = false;
  }
  function preview() {
    const at = now(), formula = formulas[spec.preview];
    const index = formulas.indices(at.element, spec.sizes);
    values = formula ? formula(at, tensors.store, fixed)
      : { ...values, ...at, index, target_logit: at.logits[at.target] };
    show();
  }
  const way = model.send && channel((message) => model.send(message), (isSilent) =>
    put(page.silence, "text", isSilent ? SILENT : ""));
  function took(kind, message) {
    way?.tell(kind, message);
  }
  const hand = {
    logits: () => now().logits, limits: () => goal, values: () => values, row: () => row,
    isFresh: () => before === null, // nothing moved since a preset, Reset or another target
    clamp: (z) => Math.min(Math.max(z, -spec.bound), spec.bound),
    grab: () => (before = { ...values }),
    hold(on) {
      isHeld = on;
      if (!on) rest();
    },
    move(pairs) {
      refused = "";
      write(pairs);
      preview();
      rest();
      took("move", { controls: Object.fromEntries(pairs) });
    },
    set(name, value) { // another target or element: nothing stood before it
      if (controls[name].get() === value) return;
      refused = "";
      before = null;
      write([[name, value], ...(name === "element" ? loaded(value) : [])]);
      preview();
      if (name === "element") rest();
      else fit();
      took(name, { controls: { [name]: value } });
    },
    choose(c) {
      row = c;
      show();
    },
    refuse(words) {
      refused = words;
      show();
    },
    map: () => tensors.map(values.element), first: () => tensors.map(values.element).first,
    version: () => `${tensors.store.version} ${tensors.map(values.element).first}`,
    theme: () => page.color("paper"), color: page.color,
  };
  const loaded = (element) => {
    const { logits, target } = tensors.element(element);
    return [["target", target], ...logits.map((z, c) => [`logits.${c}`, Number(shortest(z))])];
  };
  function load({ key, logits, targets }) {
    refused = "";
    before = null;
    const at = logits ? now().element : model.get("start").controls.element;
    if (logits) {
      tensors.replace(logits.flat(), targets);
      const compute = formulas[spec.preview];
      targets.forEach((_, element) => // for its loss
        compute?.({ ...tensors.element(element), element }, tensors.store, fixed));
    } else tensors.restart();
    write([["element", at], ...loaded(at)]);
    preview();
    fit();
    took("load", { load: key });
  }
  // a script, a link or another view moved a control
  function heard(name) {
    if (byOurHand) return;
    isForeign = true;
    before = null;
    if (name === "element") write(loaded(controls.element.get()));
    preview();
    rest();
  }
  // torch's answer, never an older one than what is shown; controls follow what it took
  function settle() {
    const answer = model.get("answer");
    const isApart = ([name, value]) => controls[name].get() !== value;
    const apart = Object.entries(answer.controls).filter(isApart);
    if (!(way?.settles(answer.n) ?? true) || (isForeign && apart.length)) return;
    isForeign = false;
    write(apart);
    values = answered();
    tensors.store.losses[values.element] = values.loss;
    show();
    rest();
  }
  function present(on) {
    if (on) root.popover = "manual"; // the browser's top layer, whatever holds the cell
    root.classList.toggle("ce-presenting", on);
    if (on) root.showPopover();
    else root.removeAttribute("popover");
    page.crop();
  }

  const labels = (e) =>
    formulas.indices(e, spec.sizes).map((k, d) => `${spec.dims[d]} ${k}`).join(", ");
  const follows = [handles(page.panels, hands.sample, names, hand, `${prefix}target`)];
  if (hands.elements)
    follows.push(columns(page.panels, hands.elements, labels, hand, `${prefix}element`));
  if (hands.map) follows.push(maps(page.panels, hands.map, hand));
  const listen = (other, event, heardOf) => { // anywidget takes off its own model's listeners alone
    other.on(event, heardOf);
    signal?.addEventListener("abort", () => other.off(event, heardOf));
  };
  for (const [name, control] of Object.entries(controls))
    listen(control.model, `change:${control.trait}`, () => heard(name));
  listen(model, "change:answer", settle);
  listen(model, "change:present", () => tensors.refresh());
  listen(model, "change:error", () => page.fail(model.get("error")));
  page.fail(model.get("error"));
  signal?.addEventListener("abort", () => cancelAnimationFrame(frameAsked));
  page.watch(signal, () => limits && show());
  fit();
}

async function opened(model) {
  const found = {};
  for (const [name, id] of Object.entries(model.get("controls"))) {
    const other = await model.widget_manager.get_model(id.slice("IPY_MODEL_".length));
    const trait = other.get("index") === undefined ? "value" : "index";
    const get = () => other.get(trait), set = (value) => other.set(trait, value);
    found[name] = { model: other, trait, get, set };
  }
  return found;
}

export default { render };
