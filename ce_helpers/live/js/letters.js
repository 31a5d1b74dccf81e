// A text whose letters are chosen, and a table painted from values. `hand` is live.js's.
import { put } from "./parts.js";
import { channels, paint, walked } from "./elements.js";
import { lay } from "./page_parts.js";

// Rows of letters, pressed or walked by arrow keys; the first letter has nothing before it.
export function letters(panels, specs, hand) {
  for (const { panel: name, per, count, box } of specs) {
    const rows = Math.ceil(count / per), place = () => hand.values().place;
    const cell = () => [Math.floor(place() / per), place() % per];
    const choose = (row, column) =>
      hand.set("place", Math.min(Math.max(row * per + column, 1), count - 1));
    const label = "letters of the text: arrow keys walk from letter to letter";
    walked(panels[name], { rows, columns: per, box }, label, cell, choose);
  }
}

// The softmax of each row of a table, by its root: what is rare is seen as well.
export function heat(panels, { panel: name, values, side, box, colors: [low, high] }, hand) {
  const canvas = lay(panels[name], "canvas", box, "ce-map", { width: side, height: side });
  panels[name].box.prepend(canvas);
  const context = canvas.getContext("2d");
  let painted = "", shown = null;
  return (v) => {
    if (shown === v[values] && painted === hand.theme()) return;
    [shown, painted] = [v[values], hand.theme()];
    const [paper, ink] = [low, high].map((color) => channels(hand.color(color)));
    const sums = Array.from({ length: side }, (_, row) => {
      const z = shown.slice(row * side, (row + 1) * side), most = Math.max(...z);
      return [most, z.reduce((a, one) => a + Math.exp(one - most), 0)];
    });
    paint(context, (k) => {
      const [most, sum] = sums[Math.floor(k / side)];
      const share = Math.sqrt(Math.exp(shown[k] - most) / sum);
      return paper.map((one, channel) => Math.round(one + (ink[channel] - one) * share));
    });
    put(canvas, "aria-hidden", "true");
  };
}
