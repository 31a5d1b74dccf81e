// An element with a class, at the end of its parent.
export function make(tag, className, parent, properties = {}) {
  return parent.appendChild(Object.assign(document.createElement(tag), { className, ...properties }));
}
