// Whether everyone can use what is seen: pure functions of a root, each returns what it finds
// wrong, in words. An expression: its value has the functions.
(() => {
  const STOPS = "button, input, select, textarea, a[href], summary, [tabindex='0']";
  const LEAST = 24, SLACK = 1; // pixels

  const styleOf = (node) => getComputedStyle(node);
  const isSeen = (node) => node.checkVisibility({ visibilityProperty: true })
    && node.getBoundingClientRect().width > 1 && !node.closest(".ce-unseen, .ce-presenting .ce-words");
  const stops = (root) => [...root.querySelectorAll(STOPS)].filter((node) => isSeen(node) && !node.disabled);
  const boxOf = (node) => node.getBoundingClientRect();
  const target = (node) => node.closest("label") ?? node; // what a finger may press
  const labelled = (node) => document.getElementById(node.getAttribute("aria-labelledby"))?.textContent;
  const nameOf = (node) => (node.ariaLabel || labelled(node) || node.labels?.[0]?.textContent || node.textContent).trim();
  const told = (node) => `${node.localName}.${node.className} “${nameOf(node).slice(0, 40)}”`;
  const arePoints = (...nodes) => nodes.every((node) => node.classList.contains("ce-point"));
  const meets = (a, b, by = SLACK) => a.left < b.right - by && b.left < a.right - by
    && a.top < b.bottom - by && b.top < a.bottom - by;

  // Each control is large enough for a finger, a track is longer than its handle, and none lie on
  // another. A list that a range lies over, and a frame round its own controls, are no pair; points of
  // a plane stand where their data lie.
  function controls(root) {
    const found = [], all = stops(root).map((node) => [node, boxOf(target(node))]);
    for (const [node, { width, height }] of all) {
      if (Math.min(width, height) < LEAST - 0.1) found.push(`${told(node)}: ${width} × ${height}`);
      if (node.type === "range" && Math.max(width, height) < 3 * LEAST) found.push(`${told(node)}: no track`);
    }
    all.forEach(([a, one], k) => {
      for (const [b, other] of all.slice(k + 1))
        if (!a.contains(b) && !arePoints(a, b) && meets(one, other)) found.push(`${told(a)} lies on ${told(b)}`);
    });
    return found;
  }

  const textNodes = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) {
      const { parentElement: parent, textContent: text } = walker.currentNode;
      if (text.trim() && isSeen(parent) && !parent.closest("select")) found.push(walker.currentNode);
    }
    return found;
  };
  const linesOf = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()].filter(({ width }) => width > 0.5);
  };
  // A box that scrolls in itself shows the rest on demand.
  const scrolls = (node) => /auto|scroll/.test(styleOf(node).overflowX) || /auto|scroll/.test(styleOf(node).overflowY);

  // No text leaves its button, its panel or the widget.
  function texts(root) {
    const found = [];
    for (const node of textNodes(root)) {
      const panel = node.parentElement.closest(".ce-panel");
      let box = node.parentElement.closest("button, label, .ce-panel, .ce");
      for (let up = node.parentElement; up && box && !panel; up = up === box ? null : up.parentElement)
        if (scrolls(up)) box = null;
      if (!box) continue;
      const frame = boxOf(box), room = panel ? 9 : SLACK; // the end of an axis may stand out a little
      for (const line of linesOf(node)) {
        if (panel && line.right < frame.left + SLACK) continue; // cropped names
        const isOut = line.left < frame.left - 2 || line.right > frame.right + room
          || line.top < frame.top - room || line.bottom > frame.bottom + room;
        if (isOut) found.push(`“${node.textContent.slice(0, 40)}” leaves ${box.className || box.localName}`);
      }
    }
    return found;
  }

  // Nothing is wider than the room that the page gives it, but for what scrolls in itself; the page
  // is what its window scrolls.
  function widths(root) {
    const found = [], cuts = (up) => up === document.documentElement || styleOf(up).overflowX !== "visible";
    for (let up = root; up; up = up.parentElement)
      if (up.scrollWidth > up.clientWidth + SLACK && cuts(up) && up.clientWidth)
        found.push(`${up.className || up.localName}: ${up.scrollWidth} in ${up.clientWidth}`);
    return found;
  }

  // Colours as a screen shows them, whatever CSS calls them.
  const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true }), known = {};
  function rgba(color) {
    if (!known[color]) {
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = color;
      pen.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
      known[color] = [r, g, b, a / 255];
    }
    return known[color];
  }
  const over = ([r, g, b, a], under) => [r, g, b].map((one, k) => a * one + (1 - a) * under[k]);
  function ratio(a, b) {
    const light = (color) => color.slice(0, 3)
      .map((one) => (one /= 255) <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
      .reduce((sum, one, k) => sum + one * [0.2126, 0.7152, 0.0722][k], 0);
    const [low, high] = [light(a), light(b)].sort((one, other) => one - other);
    return (high + 0.05) / (low + 0.05);
  }
  function ground(node) { // what HTML paints behind a node
    const layers = [];
    for (let up = node; up; up = up.parentElement) {
      layers.push(rgba(styleOf(up).backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255]);
  }

  const SHAPES = "path, rect, circle";
  const shapesOf = (svg) => [...svg.querySelectorAll(SHAPES)]
    .filter((shape) => !shape.closest("clipPath, defs") && styleOf(shape).visibility !== "hidden"
      && Number(styleOf(shape).opacity) > 0);
  const paint = (color) => (color === "none" || color.startsWith("url") ? null : rgba(color));
  const filled = new WeakMap(); // by the list of a drawing's shapes
  const inside = (shape, x, y) =>
    shape.isPointInFill(new DOMPoint(x, y).matrixTransform(shape.getScreenCTM().inverse()));
  // what lies behind a place of a drawing, of all that was drawn before `node`
  function behind(svg, shapes, node, x, y) {
    let color = ground(svg.parentElement);
    for (const { shape, fill, box } of fillsOf(shapes)) {
      if (shape === node || !(shape.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING)) break;
      const isNear = x >= box.left - 1 && x <= box.right + 1 && y >= box.top - 1 && y <= box.bottom + 1;
      if (isNear && inside(shape, x, y)) color = over(fill, color);
    }
    return color;
  }
  function filling(shape) { // a tint is a colour with an opacity
    const { fill, opacity } = styleOf(shape), [r, g, b, a] = paint(fill) ?? [];
    return a && [r, g, b, a * Number(opacity)];
  }
  // each drawing's filled shapes are measured once an audit
  function fillsOf(shapes) {
    if (!filled.has(shapes))
      filled.set(shapes, shapes.map((shape) => ({ shape, fill: filling(shape), box: boxOf(shape) }))
        .filter(({ fill }) => fill));
    return filled.get(shapes);
  }

  // Text is read at 4.5 : 1 on what lies behind it.
  function reads(root) {
    const found = [], drawn = new Map();
    for (const node of textNodes(root)) {
      const parent = node.parentElement, svg = parent.closest("svg"), style = styleOf(parent);
      const color = rgba(svg ? style.fill : style.color);
      if (!color[3] || parent.closest(":disabled")) continue;
      if (svg && !drawn.has(svg)) drawn.set(svg, shapesOf(svg));
      for (const { left, right, top, bottom } of linesOf(node)) {
        const places = [left + 2, (left + right) / 2, right - 2];
        const grounds = svg ? places.map((x) => behind(svg, drawn.get(svg), node, x, (top + bottom) / 2)) : [ground(parent)];
        const worst = Math.min(...grounds.map((one) => ratio(over(color, one), one)));
        if (worst < 4.5) found.push(`“${node.textContent.slice(0, 40)}” ${worst.toFixed(2)} : 1`);
      }
    }
    return found;
  }

  // Parts are seen at 3 : 1. Grid, band and paper are decoration: what they tell is written as well.
  // The patches of a colour scale are exempt, for a scale needs light colours too, if a frame that is
  // seen surrounds them.
  // an area without extent, such as a share of 0: its outline lies on another's edge
  function isEmpty(shape) {
    const { width, height } = boxOf(shape), isClosed = /z\s*$/i.test(shape.getAttribute("d") ?? "");
    return isClosed && Math.min(width, height) < 0.5;
  }

  function parts(root) {
    const found = [], probe = styleOf(root.querySelector(".ce"));
    const named = (names) => names.map((name) => String(rgba(probe.getPropertyValue(`--ce-${name}`))));
    const decoration = named(["grid", "band", "paper", "button"]);
    const palette = named(["ink", "quiet", "target", "other", "otherink", "track", "focus", "error"]);
    for (const svg of root.querySelectorAll("svg")) {
      if (!isSeen(svg)) continue;
      const shapes = shapesOf(svg), page = ground(svg.parentElement);
      const frames = shapes.filter((shape) => {
        const stroke = paint(styleOf(shape).stroke);
        return styleOf(shape).fill === "none" && stroke && ratio(stroke, page) >= 3;
      }).map(boxOf);
      for (const shape of shapes) {
        const style = styleOf(shape), fill = paint(style.fill), stroke = paint(style.stroke);
        const colors = [fill, stroke].filter((color) => color?.[3] && !decoration.includes(String(color)));
        if (!colors.length || !shape.getTotalLength() || isEmpty(shape)) continue;
        const length = shape.getTotalLength(), matrix = shape.getScreenCTM();
        // a line may cross bars, and an outline is seen from either side
        const sides = style.fill === "none" ? [[0, 0], [2, 2], [-2, -2]] : [[0, 0]];
        const best = Math.max(...[0, 0.3, 0.5, 0.7, 1].flatMap((share) => {
          const { x, y } = shape.getPointAtLength(share * length).matrixTransform(matrix);
          return sides.flatMap(([across, down]) => {
            const under = behind(svg, shapes, shape, x + across, y + down);
            return colors.map((color) => ratio(over(color, under), under));
          });
        }));
        const box = boxOf(shape), isScale = !palette.includes(String(colors[0]));
        const isFramed = frames.some((frame) => frame.left < box.left + 2 && frame.right > box.right - 2
          && frame.top < box.top + 2 && frame.bottom > box.bottom - 2);
        if (best < 3 && !(isScale && isFramed))
          found.push(`${shape.closest("[id], [class]")?.outerHTML.slice(0, 60)} ${style.fill} ${style.stroke} ${best.toFixed(2)} : 1`);
      }
    }
    return found;
  }

  // Focus is seen at 3 : 1, and looks alike wherever it is. A key was pressed before.
  function focus(root) {
    const found = [], looks = new Set();
    for (const node of stops(root)) {
      node.focus({ preventScroll: true, focusVisible: true });
      const worn = [node, node.closest("label")].filter(Boolean).map(styleOf)
        .find(({ outlineStyle, outlineWidth }) => outlineStyle === "solid" && parseFloat(outlineWidth));
      const halo = node.closest(".ce-panel")?.querySelector(".focus .halo");
      const color = worn ? worn.outlineColor : halo && styleOf(halo).stroke;
      if (!color) found.push(`${told(node)}: focus is not seen`);
      else looks.add(`${worn?.outlineWidth ?? styleOf(halo).strokeWidth} ${color}`);
      if (color && ratio(rgba(color), ground(node.closest(".ce-panel") ?? node.parentElement)) < 3)
        found.push(`${told(node)}: focus ${color}`);
      node.blur();
    }
    return looks.size > 1 ? [...found, `focus has ${looks.size} looks: ${[...looks].join(", ")}`] : found;
  }

  // In forced colours grounds are alike, so what is pressed or typed into is seen by its border.
  function edges(root) {
    if (!matchMedia("(forced-colors: active)").matches) return [];
    return stops(root).filter((node) => /button|input|select/.test(node.localName) && !node.closest(".ce-panel"))
      .filter((node) => node.type !== "radio" && node.type !== "checkbox")
      .map((node) => [node, ground(node.parentElement), styleOf(node)])
      .filter(([, under, { borderTopWidth, borderTopColor }]) =>
        !parseFloat(borderTopWidth) || ratio(over(rgba(borderTopColor), under), under) < 3)
      .map(([node, , { borderTopColor }]) => `${told(node)}: border ${borderTopColor}`);
  }

  // No stop of the Tab key is nameless; what scrolls by itself is one as well.
  function names(root) {
    const scrolling = [...root.querySelectorAll("*")].filter((node) => isSeen(node) && scrolls(node)
      && (node.scrollWidth > node.clientWidth + SLACK || node.scrollHeight > node.clientHeight + SLACK)
      && !node.querySelector(STOPS));
    const found = [...stops(root), ...scrolling].filter((node) => !nameOf(node)).map(told);
    const seen = new Set();
    for (const node of stops(root)) { // two controls of one explorer have two names
      const group = node.closest("[role=group]")?.ariaLabel ?? "";
      const key = `${group} ${node.type} ${nameOf(node)}`.trim();
      if (seen.has(key)) found.push(`two are called ${key}`);
      seen.add(key);
    }
    return found;
  }

  // A region is there before it speaks, or what it says is not heard.
  function regions(root) {
    return [...root.querySelectorAll("[role=status]")].filter((node) => !node.checkVisibility()).map(told);
  }

  return { controls, texts, widths, reads, parts, focus, edges, names, regions };
})()
