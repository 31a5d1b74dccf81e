// Brings a page to life: still pictures become explorers as they come near, code gets Copy.
import { deck } from "../../../ce_helpers/live/js/clinic.js";
import { ask } from "../../../ce_helpers/live/js/questions.js";
import { open } from "../../../ce_helpers/live/js/page.js";

// An explorer takes the place of its still picture, whose SVG it goes on with.
async function enliven(still) {
  const state = JSON.parse(still.querySelector("script").textContent), { prefix } = still.dataset;
  for (const panel of state.picture.grids.flat()) {
    const drawn = still.querySelector(`[data-name="${panel.name}"] svg`).cloneNode(true);
    for (const painted of drawn.querySelectorAll('[id*="-painted"]')) painted.remove();
    panel.svg = drawn.outerHTML.replaceAll(prefix, "");
  }
  const box = document.createElement("div");
  box.className = "ce-live";
  box.dataset.preventSwipe = "";
  box.style.cssText = `position: absolute; visibility: hidden; width: ${still.offsetWidth}px`;
  still.before(box);
  await open(state, box);
  still.remove();
  box.removeAttribute("style");
  return box.firstChild;
}

// `then` gets each explorer's element.
function enlivenWhenNear(then) {
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      enliven(target).then(then);
    }
  }, { rootMargin: "100%" });
  for (const still of document.querySelectorAll(".ce-still")) near.observe(still);
}

// Questions and the clinic's cards ask and judge by the modules that the notebook uses.
function enlivenQuestions() {
  const draw = {
    ".ask": (box, { question, events }) => ask(box, question, events),
    ".dealt": (box, { cards, outcomes }) => deck(box, cards, outcomes),
  };
  for (const [name, drawn] of Object.entries(draw))
    for (const still of document.querySelectorAll(`${name}:has(> script)`)) {
      const box = document.createElement("div");
      drawn(box, JSON.parse(still.querySelector(":scope > script").textContent));
      still.replaceWith(box);
    }
}

function offerCopies() {
  for (const code of document.querySelectorAll("pre.code")) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: "Copy", className: "copy" });
    button.onclick = async () => {
      await navigator.clipboard.writeText(code.textContent.trimEnd() + "\n");
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 2000);
    };
    const box = document.createElement("div");
    box.className = "code-box";
    code.replaceWith(box);
    box.append(code, button);
  }
}

// A box that scrolls takes the arrow keys.
function reachScrollers() {
  for (const box of document.querySelectorAll("pre, .table, .formula, .shown"))
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
}

// What is folded is on paper too; afterwards it is as it was.
function unfoldOnPaper() {
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const one of folded) one.open = true;
  });
  addEventListener("afterprint", () => folded.forEach((one) => (one.open = false)));
}

// Painted maps follow the reader's preference: the pictures watch this class.
function followTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", () => document.body.classList.toggle("turned"));
}

export function start(then = () => {}) {
  enlivenQuestions();
  enlivenWhenNear(then);
  offerCopies();
  reachScrollers();
  unfoldOnPaper();
  followTheme();
}
