// Joins a picture to its controls: a preview at once, torch's answer when nothing was told since.
import { channel } from "./channel.js";
import { columns, maps } from "./elements.js";
import * as formulas from "./formulas.js";
import { handles } from "./handles.js";
import { fitted, grown } from "./limits.js";
import { revived, shortest } from "./numbers.js";
import { build } from "./layout.js";
import { cells, images, sliders } from "./sliders.js";
import { make } from "./make.js";
import { put } from "./parts.js";
import { tensorsOf } from "./tensors.js";

const EASE = 250, TRAVEL = 320; // ms
const SILENT = "torch is busy or gone: these numbers are the browser’s. " +
  "If it stays so, restart the kernel and run the cell again.";
const still = matchMedia("(prefers-reduced-motion: reduce)");

async function render({ model, el, signal }) {
  const spec = model.get("picture"), { names = [], constants, limits: rules, hands } = spec;
  const controls = await opened(model);
  const prefix = `ce${Math.floor(Math.random() * 1e9)}-`; // each model has a module of its own: no count
  const root = make("div", "ce", el);
  const page = build(root, spec, prefix, { load, present, canAsk: Boolean(model.send), choose: (name, value) => hand.pick(name, value) });
  const tensors = tensorsOf(model, spec);
  const fixed = { ...spec, inner: tensors.store.losses?.length > spec.sizes?.[0] };

  // The state: controls are the models', values torch's or the preview's, limits this view's.
  let values = answered(), limits, goal, before = null, refused = "", isHeld = false;
  let journey = null, isUsed = false, row = values.target, byOurHand = false, isForeign = false, frameAsked = 0;

  function answered() {
    const found = {};
    const sent = Object.entries(model.get("answer").values);
    for (const [name, value] of sent) found[name] = revived(value);
    return found;
  }
  const now = () => { // `logits.2` is the entry 2 of `logits`
    const at = {};
    for (const [name, control] of Object.entries(controls)) {
      const [of, entry] = name.split(".");
      if (entry === undefined) at[of] = control.get();
      else (at[of] ??= [])[entry] = control.get();
    }
    return at;
  };

  function show() {
    const earlier = before ?? values;
    const moved = Number(values.logits?.some((z, c) => z !== earlier.logits[c]) ?? false);
    isUsed ||= moved;
    const v = { ...constants, ...values, ...limits, moved, fresh: Number(!isUsed) };
    if (hands.sample) Object.assign(v, {
      row, target_name: names[values.target], best_name: names[values.best],
      row_name: names[row], row_logit: values.logits[row], row_p: values.probs[row],
    });
    for (const name in earlier) v[`before.${name}`] = earlier[name];
    if (hands.map) v.map = tensors.map(v.element).losses;
    for (const move of page.moves) move(v);
    for (const follow of follows) follow(v);
    page.say(refused, v);
    if (spec.code) put(page.code, "text", tensors.code(v.element));
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
    journey = null;
    values = formula ? formula(at, tensors.store, fixed, values)
      : { ...values, ...at, ...(hands.sample && { target_logit: at.logits[at.target], index: formulas.indices(at.element, spec.sizes) }) };
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
    pick(name, value) { // a button or a box
      hand.grab();
      hand.move([[name, value]]);
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
    array: (name) => tensors.store[name],
    map: () => tensors.map(values.element), first: () => tensors.map(values.element).first,
    version: () => `${tensors.store.version} ${tensors.map(values.element).first}`,
    theme: () => page.color("paper"), color: page.color,
  };
  const loaded = (element) => {
    const { logits, target } = tensors.element(element);
    return [["target", target], ...logits.map((z, c) => [`logits.${c}`, Number(shortest(z))])];
  };
  function load({ key, logits, targets, asks }) {
    refused = "";
    before = asks ? { ...values } : null;
    if (asks) return took("load", { load: key }); // the kernel's alone
    if (logits) {
      const at = now().element;
      tensors.replace(logits.flat(), targets);
      const compute = formulas[spec.preview];
      targets.forEach((_, element) => // for its loss
        compute?.({ ...tensors.element(element), element }, tensors.store, fixed));
      write(loaded(at));
    } else {
      tensors.restart();
      write(Object.entries(model.get("start").controls));
    }
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
    const found = answered();
    if (journey) values = journey;
    if (found.steps > values.steps && !still.matches && !document.hidden) return travel(found);
    journey = null;
    values = found;
    if (hands.sample) tensors.store.losses[values.element] = values.loss;
    show();
    rest();
  }
  // After a step, bars travel to their new values; all else waits until they are there.
  function travel(to) {
    const from = values, start = performance.now(), name = spec.travels;
    journey = to;
    const step = (time) => {
      if (journey !== to) return;
      const k = Math.min(Math.max(time - start, 0) / TRAVEL, 1), share = k * k * (3 - 2 * k);
      if (k === 1) journey = null;
      values = k === 1 ? to : { ...from, [name]: from[name].map((z, c) => z + (to[name][c] - z) * share) };
      show();
      if (k === 1) rest();
      else requestAnimationFrame(step);
    };
    step(start);
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
  const follows = [sliders(page.panels, hands.sliders ?? [], controls, hand)];
  if (hands.cells) cells(page.panels, hands.cells, hand);
  if (hands.images) follows.push(images(page.panels, hands.images, hand));
  const bars = hands.sample ?? hands.bars;
  if (bars) follows.push(handles(page.panels, bars, names, hand, `${prefix}target`));
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
