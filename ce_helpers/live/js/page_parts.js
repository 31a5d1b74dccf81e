// What a view is built of: elements, panels, and what lies over a panel, measured in its pixels.
import { make } from "./make.js";
import { bind } from "./parts.js";

// One panel: matplotlib's SVG in a box. Returns the box, the svg, and what moves its parts.
export function openPanel(parent, spec, prefix, steps) {
  const broad = spec.size[0] > 448 ? " ce-broad" : "";
  const box = make("div", `ce-panel ce-${spec.name}${broad}`, parent);
  box.innerHTML = spec.svg.replace(/(\bid="|url\(#|href="#)/g, `$1${prefix}`);
  const svg = box.querySelector("svg"), [width, height] = spec.size;
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  svg.setAttribute("aria-hidden", "true"); // the words below say what it says
  const crop = (isWide) => {
    const left = isWide ? spec.crop : 0;
    svg.setAttribute("viewBox", `${left} 0 ${width - left} ${height}`);
    const sizes = { left, width: width - left, height };
    for (const [name, value] of Object.entries(sizes)) box.style.setProperty(`--${name}`, value);
  };
  crop(false);
  return { box, svg, spec, crop, move: bind(svg, spec, prefix, steps) };
}

// An element over a panel: x, y, width, height in the panel's pixels.
export function lay(panel, tag, [x, y, w, h], className, properties = {}) {
  const element = make(tag, `ce-lay ${className}`, panel.box, properties);
  for (const [name, value] of Object.entries({ x, y, w, h }))
    element.style.setProperty(`--${name}`, value);
  element.dataset.lmSuppressShortcuts = "true"; // or JupyterLab takes its keys
  return element;
}

// A group in a panel's SVG, above what matplotlib drew.
export function draw(panel, className, markup) {
  const group = document.createElementNS("http://www.w3.org/2000/svg", "g");
  group.setAttribute("class", className);
  group.innerHTML = markup;
  return panel.svg.appendChild(group);
}

// A field that is pulled sideways. A finger that goes upwards scrolls the page, so it has moved
// nothing until it goes sideways, or is lifted where it was.
export function pulled(field, take, drag) {
  let start;
  const isFinger = ({ pointerType }) => pointerType === "touch";
  field.addEventListener("pointerdown", (event) => {
    field.setPointerCapture(event.pointerId);
    event.preventDefault();
    start = event;
    take(event);
    if (!isFinger(event)) drag(event);
  });
  field.addEventListener("pointermove", (event) => {
    if (!event.buttons) return;
    const across = Math.abs(event.clientX - start.clientX);
    if (!isFinger(event) || across >= Math.abs(event.clientY - start.clientY)) drag(event);
  });
  field.addEventListener("pointerup", (event) => isFinger(event) && drag(event));
}

// Where an event lies, in the panel's pixels.
export function placeOf(panel, event) {
  const toPanel = panel.svg.getScreenCTM().inverse();
  return new DOMPoint(event.clientX, event.clientY).matrixTransform(toPanel);
}
