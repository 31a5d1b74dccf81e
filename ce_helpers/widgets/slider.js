// A slider that tells the kernel only what a reader did, never what it was told itself.
//
// The kernel's word is `_set`: [count, value]. A reader's move is `_moved`: [count, value], with the
// count that stood on the slider when it was moved. So the kernel knows which of its own words the
// reader had seen, and leaves out a move that a Reset has overtaken.

const DECIMALS = 6; // what a key or a typed number may leave behind the point

export default {
  render({ model, el, signal }) {
    const label = document.createElement("label");
    const track = document.createElement("input");
    const number = document.createElement("input");
    el.classList.add("ce-slider");
    el.dataset.lmSuppressShortcuts = "true"; // JupyterLab would take the arrow keys
    track.type = "range";
    track.step = "any"; // a value keeps all its digits; `step` is what a key moves it by
    number.type = "text";
    number.inputMode = "decimal";
    el.append(label, track, number);

    const limit = (value) => Math.min(Math.max(value, model.get("min")), model.get("max"));
    const tidy = (value) => Number(value.toFixed(DECIMALS));
    const told = (value) => {
      const text = String(tidy(value));
      return Number.isInteger(model.get("step")) || /[.e]/.test(text) ? text : `${text}.0`;
    };

    // The kernel's word, or what a reader did after it: in this view or in another one.
    const present = () => {
      const [set, moved] = [model.get("_set"), model.get("_moved")];
      return moved[0] === set[0] ? moved[1] : set[1];
    };
    const show = () => {
      const name = model.get("description");
      label.textContent = name;
      label.title = name;
      track.ariaLabel = name;
      number.ariaLabel = `${name}, number`;
      [track.min, track.max] = [model.get("min"), model.get("max")];
      track.value = present();
      track.ariaValueText = told(present());
      number.value = told(present());
      el.style.setProperty("--ce-thumb", model.get("color"));
    };
    const move = (value) => {
      model.set("_moved", [model.get("_set")[0], limit(value)]);
      model.save_changes();
      show(); // also where nothing changed, as for a number that cannot be read
    };

    const snapped = (value) => tidy(Math.round(value / model.get("step")) * model.get("step"));
    const strides = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };
    const listen = (target, type, listener) => target.addEventListener(type, listener, { signal });
    listen(track, "input", () => move(snapped(track.valueAsNumber)));
    listen(track, "keydown", (event) => {
      const ends = { Home: model.get("min"), End: model.get("max") };
      if (event.key in ends) move(ends[event.key]);
      else if (event.key in strides) move(tidy(present() + strides[event.key] * model.get("step")));
      else return;
      event.preventDefault();
    });
    const read = () => {
      const typed = number.value.trim().replace("−", "-").replace(",", ".");
      if (typed !== "" && Number.isFinite(Number(typed))) move(Number(typed));
      else show();
    };
    listen(number, "change", read);
    listen(number, "keydown", (event) => event.key === "Enter" && read());
    const names = ["description", "min", "max", "step", "color", "_set", "_moved"];
    for (const name of names) model.on(`change:${name}`, show);
    listen(signal, "abort", () => names.forEach((name) => model.off(`change:${name}`, show)));
    show();
  },
};
