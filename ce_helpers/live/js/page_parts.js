// What a view is built of: elements, panels, and what lies over a panel, measured in its pixels.
import { make } from "./make.js";
import { bind } from "./parts.js";

// One panel: matplotlib's SVG in a box. Returns the box, the svg, and what moves its parts.
export function openPanel(parent, spec, prefix, steps) {
  const box = make("div", `ce-panel ce-${spec.name}${spec.size[0] > 448 ? " ce-broad" : ""}`, parent);
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
  for (const [name, value] of Object.entries({ x, y, w, h })) element.style.setProperty(`--${name}`, value);
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

// Where an event lies, in the panel's pixels.
export function placeOf(panel, event) {
  return new DOMPoint(event.clientX, event.clientY).matrixTransform(panel.svg.getScreenCTM().inverse());
}
