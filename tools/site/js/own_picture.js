// The picture of one element of any call. matplotlib has drawn one for each number of classes up
// to ten; of more classes it shows the largest, the target, and the rest as one, whose logit is
// their log Σ exp: neither p nor the loss of the others changes by that.
import { crossEntropy } from "../../../ce_helpers/live/js/formulas.js";
import { open } from "../../../ce_helpers/live/js/page.js";

const MOST_ROWS = 10, BOUND = 1000;
let drawn = null;

async function pictures() {
  const text = document.getElementById("pictures").textContent;
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text()); // one text a picture
}

const bytesOf = (array) => new Uint8Array(array.buffer);
const logSumExp = (z) => {
  const most = Math.max(...z);
  return most + Math.log(z.reduce((sum, x) => sum + Math.exp(x - most), 0));
};

// Which classes have a row: all, or the largest and the target; then those that are one row.
export function rowsOf(logits, target) {
  const all = logits.map((_, c) => c);
  if (logits.length <= MOST_ROWS) return { kept: all, rest: [] };
  const by_size = all.filter((c) => c !== target).sort((a, b) => logits[b] - logits[a]);
  const kept = [target, ...by_size.slice(0, MOST_ROWS - 2)].sort((a, b) => a - b);
  return { kept, rest: by_size.slice(MOST_ROWS - 2) };
}

// Opens it in `el`. `moved(logits, target)` hears of each move, with all classes.
export async function openPicture(el, given, target, moved) {
  drawn ??= await pictures();
  const { kept, rest } = rowsOf(given, target), names = kept.map((c) => `class ${c}`);
  let logits = kept.map((c) => given[c]), text = drawn[kept.length - 1];
  if (rest.length) {
    const one = logSumExp(rest.map((c) => given[c]));
    text = drawn.at(-1);
    logits = [...logits, Number(one.toFixed(4))];
    names.splice(0, names.length, ...kept.map((c) => `#${c}`), "rest");
    names.forEach((name, row) => (text = text.replaceAll(`№${row}`, name)));
  }
  const state = filled(JSON.parse(text), logits, kept.indexOf(target));
  el.replaceChildren();
  const models = await open(state, el);
  const shift = rest.length && logits.at(-1);
  const tell = () => {
    const row = models.target.get("index");
    if (row >= kept.length) return models.target.set("index", kept.indexOf(target)); // no one class
    const all = [...given];
    kept.forEach((c, row) => (all[c] = models[`logits.${row}`].get("value")));
    const by = rest.length ? models[`logits.${kept.length}`].get("value") - shift : 0;
    for (const c of rest) all[c] = given[c] + by;
    moved(all, (target = kept[row]));
  };
  for (const [name, model] of Object.entries(models))
    if (name !== "view") model.on(name === "target" ? "change:index" : "change:value", tell);
}

function filled(state, logits, target) {
  const { picture, start, answer } = state;
  const store = {
    logits: Float32Array.from(logits), targets: Uint8Array.of(target), losses: new Float32Array(1),
  };
  answer.controls = { element: 0, target };
  logits.forEach((z, c) => (answer.controls[`logits.${c}`] = z));
  answer.values = crossEntropy({ logits, target, element: 0 }, store, picture);
  const { loss, s } = answer.values, least = Math.min(...logits), most = Math.max(...logits);
  Object.assign(picture.constants, {
    logits_least: least, logits_most: most, loss_most: loss, s_least: Number.isFinite(s) ? s : 0,
  });
  picture.bound = Math.max(BOUND, -least, most);
  picture.loads = picture.loads.filter(({ key }) => key === "reset");
  for (const [name, array] of Object.entries(store)) start[name] = bytesOf(array);
  start.controls = answer.controls;
  return state;
}
