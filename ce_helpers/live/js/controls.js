// The models of an explorer's controls: what scripts, links and all views of it share.
export async function controlsOf(model) {
  const found = {};
  for (const [name, id] of Object.entries(model.get("controls"))) {
    const other = await model.widget_manager.get_model(id.slice("IPY_MODEL_".length));
    const trait = other.get("index") === undefined ? "value" : "index";
    const get = () => other.get(trait), set = (value) => other.set(trait, value);
    found[name] = { model: other, trait, get, set };
  }
  return found;
}

// What they hold now; `logits.2` is the entry 2 of `logits`.
export function present(controls) {
  const at = {};
  for (const [name, control] of Object.entries(controls)) {
    const [of, entry] = name.split(".");
    if (entry === undefined) at[of] = control.get();
    else (at[of] ??= [])[entry] = control.get();
  }
  return at;
}
