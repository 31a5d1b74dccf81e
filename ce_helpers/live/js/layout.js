// What a view looks like: question, buttons, panels, words, lines for errors, code.
import { make, openPanel } from "./page_parts.js";
import { holds, put, written } from "./parts.js";

export function build(root, spec, prefix, act) {
  if (spec.question) make("p", "ce-question", root, { textContent: spec.question });
  const tools = make("div", "ce-tools", root);
  const button = (textContent, onclick, name = "") =>
    make("button", name, tools, { type: "button", textContent, onclick });
  for (const load of spec.loads) button(load.caption, () => act.load(load));
  const enter = button("Presenter", () => change(true), "ce-enter");
  const leave = button("Leave (Esc)", () => change(false), "ce-leave");
  const change = (on) => {
    act.present(on);
    (on ? leave : enter).focus();
  };
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !root.classList.contains("ce-presenting")) return;
    event.stopPropagation();
    change(false);
  });
  const frame = make("div", "ce-frame", root), panels = {};
  for (const grid of spec.grids) {
    const isEven = grid.length === 2 && grid.every(({ crop }) => !crop);
    const kind = isEven ? " ce-even" : grid.length === 1 ? " ce-single" : "";
    const box = make("div", `ce-grid${kind}`, frame);
    for (const panel of grid) panels[panel.name] = openPanel(box, panel, prefix, spec.steps);
  }
  // beside a table there is room for the words
  const table = frame.querySelector(".ce-single:not(:has(.ce-broad))");
  const said = make("p", "ce-words", table ?? root);
  const error = make("p", "ce-error", root), silence = make("p", "ce-silence", root);
  const code = make("pre", "ce-code", root);
  said.setAttribute("role", "status");
  // in the Presenter a table or a map stands beside the rest, if it is no wider than its half
  const heights = spec.grids.map((grid) => Math.max(...grid.map(({ size }) => size[1])) + 8);
  const isSided = spec.grids.length > 2 && spec.grids[0].every(({ size }) => size[0] <= 448);
  const sum = heights.slice(Number(isSided)).reduce((a, b) => a + b, 0);
  root.classList.toggle("ce-sided", isSided);
  root.style.setProperty("--tall", isSided ? Math.max(sum, heights[0]) : sum);
  const crop = () => {
    const isWide = frame.clientWidth > 700;
    root.classList.toggle("ce-wide", isWide);
    for (const panel of Object.values(panels)) panel.crop(isWide);
  };
  crop();
  const spans = spec.words.map(({ pieces }) => pieces.map(({ look }) => {
    const span = make("span", "", said);
    span.style.cssText = `color:${look.fill};font-weight:${look["font-weight"]}`;
    return span;
  }));
  const refusal = make("span", "ce-refused", said);
  return {
    panels, code, silence, crop, moves: Object.values(panels).map(({ move }) => move),
    say(refused, v) {
      spec.words.forEach(({ when, pieces }, i) => {
        const isSaid = !refused && holds(when, v);
        pieces.forEach((piece, k) => put(spans[i][k], "text", isSaid ? written(piece, v) : ""));
      });
      put(refusal, "text", refused);
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
