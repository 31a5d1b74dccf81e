// All that a hand takes in a picture, by its name in the picture's `hands`. Returns what lets the
// controls over the panels follow the values.
import { columns, maps } from "./elements.js";
import { handles } from "./handles.js";
import { heat, letters } from "./letters.js";
import { points, toggles } from "./points.js";
import { cells, images, sliders } from "./sliders.js";

export function heldBy(panels, hands, { controls, hand, names, called, prefix }) {
  const follows = [sliders(panels, hands.sliders ?? [], controls, hand)];
  const add = (spec, open) => spec && follows.push(open(spec));
  if (hands.letters) letters(panels, hands.letters, hand);
  if (hands.cells) cells(panels, hands.cells, hand);
  add(hands.images, (spec) => images(panels, spec, hand));
  add(hands.sample ?? hands.bars, (spec) => handles(panels, spec, names, hand, `${prefix}target`));
  add(hands.elements, (spec) => columns(panels, spec, called, hand, `${prefix}element`));
  add(hands.map, (spec) => maps(panels, spec, hand));
  add(hands.heat, (spec) => heat(panels, spec, hand));
  add(hands.points, (spec) => points(panels, spec, hand));
  add(hands.toggles, (specs) => toggles(panels, specs, hand, controls));
  return (v) => follows.forEach((follow) => follow(v));
}
