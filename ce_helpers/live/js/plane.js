// Kinds of parts that lie in a plane: polygons, marks as large as a value, a number beside one.
// parts.js lends what all kinds use.
export const planeKinds = ({ along, pixel, put, read, formats }) => ({
  polygons({ paths, values: name, x, y }, v) {
    const at = (corner) => `${along(x, corner[0], v)} ${along(y, corner[1], v)}`;
    read(name, v).forEach((corners, k) =>
      put(paths[k], "d", corners.length ? `M${corners.map(at).join("L")}z` : "M0 0z"));
  },
  // how much of its colour each has
  tints({ paths, values: name }, v) {
    read(name, v).forEach((share, k) => put(paths[k], "opacity", share));
  },
  // each was drawn at its place in `drawn`, as large as `radii` says; points.py has the rule
  sized({ nodes, paths, xs, ys, values: name, x, y, drawn, radii, marked, widths }, v) {
    const sizes = read(name, v), places = [read(xs, v), read(ys, v)], isMarked = read(marked, v);
    nodes.forEach((node, k) => {
      const [left, top] = [along(x, places[0][k], v), along(y, places[1][k], v)];
      const [x0, y0] = drawn[k];
      const grown = Math.min(30, 3.5 + 9 * Math.sqrt(sizes[k])) / radii[k];
      put(node, "transform", `translate(${left} ${top}) scale(${grown}) translate(${-x0} ${-y0})`);
      put(paths[k], "vector-effect", "non-scaling-stroke");
      put(paths[k], "stroke-width", widths[isMarked[k]]);
    });
  },
  // a word that moves with a spot
  named({ texts: [node], value, x, y }, v) {
    put(node, "text", read(value, v));
    put(node, "x", pixel(x, v));
    put(node, "y", pixel(y, v));
  },
  // a number right of a spot, or left of it beyond `most`
  told({ texts: [node], value, format, x, y, gap, most }, v) {
    const at = along(x.scale, read(x.value, v), v), isRight = at < most;
    put(node, "text", formats[format](read(value, v)));
    put(node, "x", at + (isRight ? gap : -gap));
    put(node, "y", along(y.scale, read(y.value, v), v) + y.plus);
    put(node, "text-anchor", isRight ? "start" : "end");
    put(node, "paint-order", "stroke"); // it is read over a mark as well
    put(node, "stroke", "var(--ce-paper)");
    put(node, "stroke-width", 4);
  },
});
