// An explorer on a page without a kernel: models that only keep their fields. No `send`, so the
// preview stands. `state` is what LiveExplorer.page_state() gave.
import live from "./live.js";

function kept(fields) {
  const listeners = {};
  return {
    get: (name) => fields[name],
    set(name, value) {
      if (fields[name] === value) return;
      fields[name] = value;
      for (const listener of listeners[`change:${name}`] ?? []) listener();
    },
    on: (event, listener) => (listeners[event] ??= []).push(listener),
    off() {},
  };
}

const decoded = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

async function unpacked(packed) {
  if (packed instanceof Uint8Array) return packed;
  const { gzip, step } = packed;
  const stream = new Blob([decoded(gzip)]).stream().pipeThrough(new DecompressionStream("gzip"));
  const data = new Uint8Array(await new Response(stream).arrayBuffer());
  if (!step) return data;
  const values = Float32Array.from(new Int16Array(data.buffer), (count) => count * step);
  return new Uint8Array(values.buffer);
}

export async function open(state, el) {
  const { controls: first, ...tensors } = state.start, start = { controls: first };
  for (const [name, packed] of Object.entries(tensors)) start[name] = await unpacked(packed);
  const models = {}, controls = {};
  for (const [name, value] of Object.entries(state.answer.controls)) {
    models[name] = kept({ [state.traits[name]]: value });
    controls[name] = `IPY_MODEL_${name}`;
  }
  const manager = { get_model: (id) => models[id] };
  const model = { ...kept({ ...state, start, controls, error: "" }), widget_manager: manager };
  await live.render({ model, el });
  return { ...models, view: model };
}
