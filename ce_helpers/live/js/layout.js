// What a view looks like: question, buttons, panels, words, lines for errors, code.
import { make } from "./make.js";
import { openPanel } from "./page_parts.js";
import { put, written } from "./parts.js";
import { holds } from "./values.js";

const CALM = 500; // ms without a change until a screen reader says the words

export function build(root, spec, prefix, act) {
  if (spec.question) make("p", "ce-question", root, { textContent: spec.question });
  const tools = make("div", "ce-tools", root);
  const button = (textContent, onclick, name = "") => {
    const made = make("button", name, tools, { type: "button", textContent, onclick });
    made.setAttribute("aria-label", textContent.replace(/^[^\p{L}\d−]+/u, "")); // no signs
    return made;
  };
  const loads = spec.loads.map((load) => [button(load.caption, () => act.load(load)), load]);
  const presenter = button("Presenter", () => change(!isPresenting()), "ce-presenter");
  const isPresenting = () => root.classList.contains("ce-presenting");
  const choices = (spec.choices ?? []).map((choice) => choiceOf(choice, act));
  tools.append(...choices.filter(({ above }) => !above).map(({ box }) => box));
  const change = (on) => {
    if (on) root.popover = "manual"; // the browser's top layer, whatever holds the cell
    root.classList.toggle("ce-presenting", on);
    if (on) root.showPopover();
    else root.removeAttribute("popover");
    crop();
    presenter.setAttribute("aria-pressed", on);
    presenter.focus();
  };
  presenter.setAttribute("aria-pressed", false);
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isPresenting()) return;
    event.stopPropagation();
    change(false);
  });
  const frame = make("div", "ce-frame", root), panels = {};
  for (const grid of spec.grids) {
    const on = grid[0].layout ? ` ce-on-${grid[0].layout}` : "";
    const box = make("div", `ce-grid${on}${grid.length === 1 ? " ce-single" : ""}`, frame);
    const columns = grid.map(({ size, crop }) => `minmax(0, ${size[0] - crop}fr)`).join(" ");
    if (grid.length > 1) box.style.setProperty("--columns", columns);
    for (const panel of grid) panels[panel.name] = openPanel(box, panel, prefix, spec.steps);
    for (const { above, box: buttons } of choices) if (above === grid[0].name) box.before(buttons);
  }
  // beside a table there is room for the words
  const table = frame.querySelector(".ce-single:not(:has(.ce-broad), .ce-on-narrow)");
  const said = make("p", "ce-words", table ?? root);
  const error = make("p", "ce-error", root), silence = make("p", "ce-silence", root);
  const code = make("pre", "ce-code", root, { role: "group", ariaLabel: "the same in PyTorch" });
  const heard = make("p", "ce-unseen", root, { role: "status" });
  silence.role = "status";
  // in the Presenter a table or a map stands beside the rest, if it is no wider than its half
  const wide = spec.grids.filter(([{ layout }]) => layout !== "narrow");
  const heights = wide.map((grid) => Math.max(...grid.map(({ size }) => size[1])) + 8);
  const isSided = wide.length > 2 && wide[0].every(({ size }) => size[0] <= 448);
  const sum = heights.slice(Number(isSided)).reduce((a, b) => a + b, 0);
  root.classList.toggle("ce-sided", isSided);
  root.style.setProperty("--tall", isSided ? Math.max(sum, heights[0]) : sum);
  const crop = () => {
    const isWide = frame.clientWidth > 700;
    root.classList.toggle("ce-wide", isWide);
    for (const panel of Object.values(panels)) panel.crop(isWide);
  };
  crop();
  const opened = (place, sentences) => sentences.map(({ pieces, unseen }) =>
    pieces.map(({ look }) => {
      const span = make("span", unseen ? "ce-unseen" : "", place);
      span.style.cssText = `color:${look.fill};font-weight:${look["font-weight"]}`;
      return span;
    }));
  const say = (spans, sentences, v, isSaid) => sentences.forEach(({ when, pieces }, i) => {
    const on = isSaid && holds(when, v);
    pieces.forEach((piece, k) => put(spans[i][k], "text", on ? written(piece, v) : ""));
  });
  const spans = opened(said, spec.words), lines = opened(code, spec.lines);
  const refusal = make("span", "ce-refused", said);
  let calm = 0, spoken;
  // A move changes the words many times; they are heard once, when they stand.
  const calmed = () => {
    put(code, "tabindex", code.scrollHeight > code.clientHeight ? 0 : -1); // scrolled by keys
    const words = said.textContent.replace(/\s+/g, " ").trim();
    if (spoken !== undefined && spoken !== words) heard.textContent = words;
    spoken = words;
  };
  return {
    panels, code, silence, moves: Object.values(panels).map(({ move }) => move),
    say(refused, v) {
      say(spans, spec.words, v, !refused);
      say(lines, spec.lines, v, true);
      for (const { follow } of choices) follow(v);
      for (const [made, { until }] of loads)
        if (until) put(made, "disabled", !act.canStep || v[until]);
      put(refusal, "text", refused);
      clearTimeout(calm);
      calm = setTimeout(calmed, CALM);
    },
    fail(words) {
      put(error, "text", words);
      if (words) error.setAttribute("role", "alert");
      else error.removeAttribute("role");
    },
    color: (name) => getComputedStyle(root).getPropertyValue(`--ce-${name}`).trim(),
    watch(signal, changed) {
      const size = new ResizeObserver(crop), theme = new MutationObserver(changed);
      size.observe(frame);
      for (const node of [document.body, document.documentElement])
        theme.observe(node, { attributeFilter: ["data-jp-theme-light", "data-theme", "class"] });
      signal?.addEventListener("abort", () => [size, theme].forEach((one) => one.disconnect()));
    },
  };
}

// A row of buttons of which one is on: the entries of one control.
function choiceOf({ name, label, options, above }, act) {
  if (!options) return boxOf(name, label, act);
  const box = make("div", "ce-choice", document.createDocumentFragment());
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", label);
  make("span", "", box, { textContent: label });
  const buttons = options.map((textContent, k) =>
    make("button", "", box, { type: "button", textContent, onclick: () => act.choose(name, k) }));
  const follow = (v) =>
    buttons.forEach((button, k) => put(button, "aria-pressed", String(v[name] === k)));
  return { box, above, follow };
}

// A box to tick.
function boxOf(name, label, act) {
  const box = make("label", "ce-box", document.createDocumentFragment());
  const onchange = () => act.choose(name, input.checked);
  const input = make("input", "", box, { type: "checkbox", onchange });
  box.append(label);
  input.dataset.lmSuppressShortcuts = "true";
  return { box, follow: (v) => (input.checked = v[name]) };
}
