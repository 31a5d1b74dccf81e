// An element with a class, at the end of its parent.
export function make(tag, className, parent, properties = {}) {
  const made = Object.assign(document.createElement(tag), { className, ...properties });
  return parent.appendChild(made);
}
