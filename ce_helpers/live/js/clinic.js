// The error clinic's cards, one at a time: a call to judge, then what torch says to it, written by
// Python beforehand. `judged`: what a reader took each card's call for; a kernel keeps it.
import { initialize } from "./hearing.js";
import { make } from "./make.js";

export function deck(el, cards, outcomes, judged = {}, keep = () => {}) {
  const root = make("div", "ce ce-ask ce-deck", el);
  const asked = make("p", "ce-asked", root), code = make("pre", "ce-call", root);
  const choice = make("div", "ce-choice ce-tools", root);
  choice.setAttribute("role", "group");
  choice.setAttribute("aria-label", "This call");
  make("span", "", choice, { textContent: "This call" });
  const button = (place, textContent, onclick) =>
    make("button", "", place, { type: "button", textContent, onclick });
  const buttons = outcomes.map((outcome) => button(choice, outcome, () => judge(outcome)));
  const said = make("p", "", root, { role: "status" }), told = make("div", "ce-said", root);
  const tools = make("div", "ce-tools", root);
  const turns = [["← Previous card", -1], ["Next card →", 1]].map(([caption, step]) => {
    const made = button(tools, caption, () => turn(step));
    made.setAttribute("aria-label", caption.replace(/[←→]/, "").trim());
    return made;
  });
  const count = make("span", "ce-count", tools);
  count.setAttribute("role", "status");
  let index = 0;

  const isOff = (k) => turns[k].getAttribute("aria-disabled") === "true";
  function turn(step) {
    if (isOff(Number(step > 0))) return;
    index += step;
    draw();
  }
  function judge(outcome) {
    judged = { ...judged, [cards[index].key]: outcome };
    draw();
    keep(judged);
  }
  function draw() {
    const card = cards[index], chosen = judged[card.key];
    asked.textContent = `Card ${index + 1} of ${cards.length}. Wanted: ${card.wish}`;
    code.textContent = card.code;
    outcomes.forEach((outcome, k) =>
      buttons[k].setAttribute("aria-pressed", String(outcome === chosen)));
    root.classList.toggle("ce-done", chosen === card.outcome);
    said.textContent = chosen ? card.said[outcomes.indexOf(chosen)] : "";
    told.innerHTML = chosen ? card.html : "";
    turns.forEach((made, k) =>
      made.setAttribute("aria-disabled", String(k ? index === cards.length - 1 : !index)));
  }
  draw();
  return {
    restore(others) {
      judged = others;
      draw();
    },
    count: (words) => (count.textContent = words),
  };
}

function render({ model, el }) {
  let isOwn = false; // or another view of the same deck
  const keep = (judged) => {
    isOwn = true;
    model.set("judged", judged);
    isOwn = false;
    model.save_changes();
  };
  const cards = deck(el, model.get("cards"), model.get("outcomes"), model.get("judged"), keep);
  const heard = () => isOwn || cards.restore(model.get("judged"));
  const counted = () => cards.count(model.get("progress"));
  model.on("change:judged", heard);
  model.on("change:progress", counted);
  counted();
  return () => {
    model.off("change:judged", heard);
    model.off("change:progress", counted);
  };
}

export default { initialize, render };
