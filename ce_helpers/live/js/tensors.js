// Whole tensors in the browser, element by element, so that any element is shown without asking.
// Views of one model share them.
import { float, literal } from "./numbers.js";

const shared = new WeakMap();

const bytes = (view) =>
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice().buffer;
const read = ({ logits, targets, losses }) => ({
  logits: new Float32Array(bytes(logits)),
  targets: new Uint8Array(bytes(targets)),
  losses: new Float32Array(bytes(losses)),
});
const TYPES = {
  float32: Float32Array, float64: Float64Array, uint16: Uint16Array, int32: Int32Array,
};
const sentAhead = (data, { arrays }) => Object.fromEntries(
  Object.entries(arrays).map(([name, { type }]) => [name, new TYPES[type](bytes(data[name]))]));

export function tensorsOf(model, { sizes, hands, code, ahead }) {
  const still = { refresh() {}, restart() {} };
  if (ahead) return { store: sentAhead(model.get("start"), ahead), ...still };
  if (!sizes) return { store: {}, ...still }; // the table holds everything
  if (!shared.has(model)) {
    const store = { version: 0 };
    const present = model.get("present");
    Object.assign(store, read(present?.logits ? present : model.get("start")));
    shared.set(model, store);
  }
  const store = shared.get(model), count = store.losses.length;
  const num_classes = store.logits.length / count;
  return {
    store,
    replace(logits, targets) { // a preset; its losses are computed by the caller
      store.logits.set(logits);
      store.targets.set(targets);
      store.version++;
    },
    restart: () => Object.assign(store, read(model.get("start")), { version: store.version + 1 }),
    refresh() {
      const present = model.get("present");
      if (present?.logits) Object.assign(store, read(present), { version: store.version + 1 });
    },
    element: (e) => ({
      logits: [...store.logits.subarray(e * num_classes, (e + 1) * num_classes)],
      target: store.targets[e],
    }),
    // the losses and targets that a map shows: of the selected sample
    map(element) {
      const size = hands.map.rows * hands.map.columns, first = Math.floor(element / size) * size;
      const part = (all) => all.subarray(first, first + size);
      return { first, losses: part(store.losses), targets: part(store.targets) };
    },
    // a line that gives the present loss, of a long tensor the selected element's
    code(element) {
      const target = (values, shape) => `torch.tensor(${literal(values, shape, String)})`;
      const logits = (values, shape) =>
        `torch.tensor(${literal(values, shape, float)}${code.dtype})`;
      const given = (values, shape) => (code.softmax === undefined ? logits(values, shape)
        : `torch.softmax(${logits(values, shape)}, dim=${code.softmax})`);
      const one = this.element(element);
      const call = code.whole
        ? `${given(ordered(), code.logits)}, ${target([...store.targets], code.target)}`
        : `${given(one.logits, [num_classes])}, ${target([one.target], [])}`;
      return `F.cross_entropy(${call}, reduction="none")`;
    },
  };
  function ordered() { // (N, C, positions) from (N, positions, C)
    const samples = sizes[0], positions = count / samples;
    return Array.from({ length: samples * num_classes * positions }, (_, k) => {
      const n = Math.floor(k / (num_classes * positions));
      const c = Math.floor(k / positions) % num_classes;
      return store.logits[(n * positions + (k % positions)) * num_classes + c];
    });
  }
}
