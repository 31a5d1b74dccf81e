// anywidget (0.9.17 to 0.11) gives up a model that took more than two seconds to load, as on a slow
// computer: it is shown, but all that its kernel says is dropped. So a loaded model listens itself.
export function initialize({ model }) {
  // only an event brings the model itself; what is set for it is never sent by itself
  model.on("change:hears", (itself) => {
    const { _handle_comm_msg: take } = Object.getPrototypeOf(itself.constructor.prototype);
    itself.comm?.on_msg(take.bind(itself)); // no comm: a page without a kernel
  });
  model.set("hears", true);
}
