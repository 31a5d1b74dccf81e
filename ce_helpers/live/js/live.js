// Joins a picture to its controls: a preview at once, torch's answer when nothing was told since.
import { channel } from "./channel.js";
import { controlsOf, present } from "./controls.js";
import * as formulas from "./formulas.js";
import { heldBy } from "./hands.js";
import { initialize } from "./hearing.js";
import { fitted, grown } from "./limits.js";
import { revived, shortest } from "./numbers.js";
import { build } from "./layout.js";
import { make } from "./make.js";
import { goingOn, run } from "./motion.js";
import { put } from "./parts.js";
import { tensorsOf } from "./tensors.js";
import { read } from "./values.js";

const EASE = 250, TRAVEL = 320; // ms
const SILENT = "torch is busy or gone: these numbers are the browser’s. " +
  "If it stays so, restart the kernel and run the cell again.";

async function render({ model, el, signal }) {
  const spec = model.get("picture");
  const { names = [], labels = [], constants, limits: rules, hands } = spec;
  const controls = await controlsOf(model);
  // each model has a module of its own, so none can count
  const prefix = `ce${Math.floor(Math.random() * 1e9)}-`;
  const root = make("div", "ce", el);
  const page = build(root, spec, prefix, {
    load, canStep: Boolean(model.send || spec.preview),
    choose: (name, value) => hand.pick(name, value),
  });
  const tensors = tensorsOf(model, spec);
  const fixed = { ...spec, inner: tensors.store.losses?.length > spec.sizes?.[0] };

  // The state: controls are the models', values torch's or the preview's, limits this view's.
  const answered = () => Object.fromEntries(
    Object.entries(model.get("answer").values).map(([name, value]) => [name, revived(value)]));
  let values = answered(), limits, goal, before = null, refused = "", isHeld = false;
  let journey = null, isUsed = false, row = values.target, byOurHand = false, isForeign = false;
  let kept = [], stopEasing = () => {}, stopTravel = () => {};

  const now = () => present(controls);

  function show() {
    const earlier = before ?? values;
    const moved = Number(values.logits?.some((z, c) => z !== earlier.logits[c]) ?? false);
    isUsed ||= moved;
    const v = { ...constants, ...values, ...limits, moved, fresh: Number(!isUsed) };
    if (hands.sample) Object.assign(v, {
      row, target_name: names[values.target], best_name: names[values.best],
      row_label: labels[row], target_label: labels[values.target],
      row_logit: values.logits[row], row_p: values.probs[row],
    });
    for (const name in earlier) v[`before.${name}`] = earlier[name];
    if (hands.map) v.map = tensors.map(v.element).losses;
    for (const move of page.moves) move(v);
    follow(v);
    page.say(refused, v);
    if (spec.code) put(page.code, "text", tensors.code(v.element));
  }

  // No limit moves while a bar is held; at rest they ease to what is needed.
  function ease(to) {
    if (goal && Object.keys(to).every((name) => to[name] === goal[name])) return;
    const from = limits;
    goal = to;
    stopEasing();
    stopEasing = run(from ? EASE : 0, (share, isEnd) => {
      const between = (name) => [name, from[name] + (to[name] - from[name]) * share];
      limits = isEnd ? to : Object.fromEntries(Object.keys(to).map(between));
      show();
    });
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
    const known = () => ({ // where the browser cannot compute
      target_logit: at.logits[at.target], index: formulas.indices(at.element, spec.sizes),
    });
    values = formula ? formula(at, tensors.store, fixed, values)
      : { ...values, ...at, ...(hands.sample && known()) };
    // controls that a formula sets: a training that begins again is at step 0
    write((spec.follows ?? []).map((name) => [name, read(name, values)]));
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
      if (on) kept = Object.entries(controls).map(([name, control]) => [name, control.get()]);
      else rest();
    },
    undo() { // what a finger took that scrolls the page after all
      const taken = kept.filter(([name, value]) => controls[name].get() !== value);
      if (taken.length) hand.move(taken);
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
  const running = goingOn(() => values.is_full);
  function load({ key, logits, targets, controls: moved, steps, adds, runs, share }) {
    const set = (name) => (value) => hand.move([[name, value]]);
    if (runs) return running.toggle(controls[runs], share, set(runs));
    running.stop();
    if (adds) return set(adds)(controls[adds].get() + 1);
    refused = "";
    if (steps) return step(key, steps);
    before = null;
    if (logits) {
      const at = now().element;
      tensors.replace(logits.flat(), targets);
      const compute = formulas[spec.preview];
      targets.forEach((_, element) => // for its loss
        compute?.({ ...tensors.element(element), element }, tensors.store, fixed));
      write(loaded(at));
    } else {
      tensors.restart();
      write(Object.entries(moved ?? model.get("start").controls));
      values = { ...values, isReset: true }; // for formulas that go on from what was
    }
    preview();
    fit();
    took("load", { load: key });
  }
  // Steps of a descent; where the browser cannot take them, the kernel's answer brings them.
  function step(key, count) {
    values = journey ?? values;
    before = { ...values };
    if (spec.preview) {
      const found = formulas.descend(now(), tensors.store, fixed, values, count);
      write(found.logits.map((z, c) => [`logits.${c}`, Number(shortest(z))]));
      travel(found);
    }
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
    if (journey && journey.steps === found.steps) return void (journey = found); // on its way
    values = journey ?? values;
    if (found.steps > values.steps) return travel(found);
    journey = null;
    values = found;
    if (hands.sample) tensors.store.losses[values.element] = values.loss;
    show();
    rest();
  }
  // After a step, bars travel to their new values; all else waits until they are there.
  function travel(to) {
    const from = values;
    journey = to;
    stopTravel();
    stopTravel = run(TRAVEL, (share, isEnd) => {
      if (!journey) return; // something else moved meanwhile
      const between = from.logits.map((z, c) => z + (journey.logits[c] - z) * share);
      values = isEnd ? journey : { ...from, logits: between };
      if (isEnd) journey = null;
      show();
      if (isEnd) rest();
    });
  }

  const called = (e) =>
    formulas.indices(e, spec.sizes).map((k, d) => `${spec.dims[d]} ${k}`).join(", ");
  const follow = heldBy(page.panels, hands, { controls, hand, names, called, prefix });
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
  const stopAll = () => [stopEasing, stopTravel, running.stop].forEach((stop) => stop());
  signal?.addEventListener("abort", stopAll);
  page.watch(signal, () => limits && show());
  fit();
}

export default { initialize, render };
