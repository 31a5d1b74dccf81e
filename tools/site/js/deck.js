// Slides: keys of a handle stay with it, those of a clicker always turn the slide.
/* global Reveal */
import { start } from "./site.js";

const TURNS = { PageDown: "next", PageUp: "prev" };
const CONTROLS = "input, select, button, summary, [tabindex]";

addEventListener("keydown", (event) => {
  const held = event.target.closest?.(".slides :is(" + CONTROLS + ")");
  if (TURNS[event.key]) {
    event.preventDefault();
    event.stopImmediatePropagation();
    Reveal[TURNS[event.key]]();
  } else if (held && event.key === "Escape") {
    event.stopImmediatePropagation();
    held.blur();
  }
}, { capture: true });

// what a control has taken is not reveal's: its arrows, and the keys that press it
document.querySelector(".slides").addEventListener("keydown", (event) => {
  if (event.target.closest(CONTROLS)) event.stopPropagation();
});

// a picture takes the room that is left, as the Presenter gives it
function present(explorer) {
  explorer.classList.add("ce-presenting");
  const question = explorer.querySelector(".ce-question")?.offsetHeight ?? 0;
  const above = explorer.closest(".part").offsetTop + question;
  explorer.style.setProperty("--above", `${above}px`);
}

// code follows the room that the slide leaves: beside what it prints, then smaller, then all is
function fit(slide) {
  const isFull = () => slide.scrollHeight > slide.clientHeight + 1;
  if (!isFull()) return;
  slide.classList.add("beside");
  for (let size = 23; size >= 16 && isFull(); size--) slide.style.setProperty("--code", `${size}px`);
  for (let size = 26; size >= 23 && isFull(); size--) slide.style.fontSize = `${size}px`;
}

await Reveal.initialize({
  width: 1280, height: 720, margin: 0, center: false, hash: true, slideNumber: "c/t",
  transition: "none", hideInactiveCursor: false,
});
fit(Reveal.getCurrentSlide());
Reveal.on("slidechanged", ({ currentSlide }) => fit(currentSlide));
Reveal.on("fragmentshown", ({ fragment }) => fragment.scrollIntoView({ block: "nearest" }));
start(present);
