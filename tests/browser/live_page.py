"""An explorer on a page without a kernel, and what matplotlib itself draws for its state."""

import base64
import json
import random
from functools import cache

import torch

from ce_helpers import CrossEntropyExplorer
from ce_helpers.explorers.cross_entropy_picture import CrossEntropyPicture
from ce_helpers.explorers.cross_entropy_state import ExplorerState
from ce_helpers.live.modules import module, style
from ce_helpers.live.numbers import FORMATS
from ce_helpers.live.picture import LivePicture
from ce_helpers.live.values import holds, read

NEAR = 0.5  # pixels
KEPT = {}  # each browser's page: a new one costs five times as much as another address

# Every visible shape and text of panels, in the panels' pixels, with its colours. Handles are the
# browser's own. A line of several pieces is one text: its edge is where it is anchored.
SEEN = """
(root, joined) => [...root.querySelectorAll("svg")].filter((svg) => svg.clientWidth).map((svg) => {
  const screen = svg.getScreenCTM().inverse();
  const isSeen = (node) => getComputedStyle(node).visibility !== "hidden"
    && !node.closest(".ce-handle, clipPath, defs");
  const corners = (node) => {
    const box = node.getBBox(), matrix = screen.multiply(node.getScreenCTM());
    const at = (x, y) => new DOMPoint(x, y).matrixTransform(matrix);
    const [a, b] = [at(box.x, box.y), at(box.x + box.width, box.y + box.height)];
    return [a.x, a.y, b.x, b.y];
  };
  const route = (node) => { // a bar by its corners and its outline, a line by points along it
    const matrix = screen.multiply(node.getScreenCTM()), length = node.getTotalLength();
    const { a, b, c, d } = matrix, grown = Math.sqrt(Math.abs(a * d - b * c));
    if (getComputedStyle(node).fill !== "none") return [...corners(node), grown * length];
    return [0, 1, 2, 3, 4, 5, 6, 7, 8].flatMap((k) => {
      const at = node.getPointAtLength((length * k) / 8).matrixTransform(matrix);
      return [at.x, at.y];
    });
  };
  const look = (node) => {
    const { fill: drawn, opacity, stroke, strokeWidth, strokeDasharray } = getComputedStyle(node);
    const fill = drawn.replace(/#ce\\d+-/, "#"); // a pattern's name in this view
    const share = Number(opacity).toFixed(2);
    return stroke === "none" ? [fill, share] : [fill, share, stroke, strokeWidth, strokeDasharray];
  };
  const shapes = [...svg.querySelectorAll("path")].filter(isSeen)
    .map((node) => ["path", look(node).join(" "), ...route(node)]);
  const texts = [], lines = {};
  for (const node of svg.querySelectorAll("text")) {
    if (!isSeen(node) || !node.textContent.trim() || node.textContent === "move all") continue;
    if (node.closest("g[id]") === null) continue; // drawn by the browser's hands
    const gid = node.closest("g[id]").id.replace(/^ce\\d+-/, "").replace(/-\\d+$/, "");
    const [left, , right] = corners(node), y = Number(node.getAttribute("y"));
    const baseline = new DOMPoint(0, y).matrixTransform(screen.multiply(node.getScreenCTM())).y;
    const spans = [...node.querySelectorAll("tspan")];
    const parts = spans.length ? spans : [node];
    const words = parts.map((one) => one.textContent), looks = parts.map((one, k) => {
      const { fill, fontWeight, fontStyle } = getComputedStyle(one);
      return [words[k], fill, fontWeight, fontStyle].join(" ");
    });
    if (joined.includes(gid) || spans.length) {
      const line = (lines[gid] ??= { words: "", looks: [], left: 1e9, right: -1e9, baseline });
      line.words += words.join("");
      line.looks.push(...looks.filter((_, k) => words[k].trim()));
      line.left = Math.min(line.left, left);
      line.right = Math.max(line.right, right);
    } else texts.push(["text", looks.join(), left, right, baseline]);
  }
  for (const { looks, left, right, baseline } of Object.values(lines))
    texts.push(["line", looks.join("|"), left, right, baseline]);
  return [...shapes, ...texts];
})
"""

OVERLAPS = """
(root) => [...root.querySelectorAll(".ce-panel")].flatMap((panel) => {
  const frame = panel.getBoundingClientRect(), found = [];
  const boxes = [...panel.querySelectorAll("text")]
    .filter((text) => text.textContent.trim() && getComputedStyle(text).visibility !== "hidden")
    .map((text) => {
      const box = text.getBoundingClientRect(), blank = box.height * 0.22; // above and below digits
      return [text.textContent, box.left, box.top + blank, box.right, box.bottom - blank];
    })
    .filter(([, , , right]) => right > frame.left + 1); // cropped names
  boxes.forEach((a, k) => {
    if (a[1] < frame.left - 2 || a[3] > frame.right + 8) found.push(["outside", a[0]]);
    const meet = (b, low, high) => a[low] < b[high] - 0.5 && b[low] < a[high] - 0.5;
    for (const b of boxes.slice(k + 1))
      if (meet(b, 1, 3) && meet(b, 2, 4)) found.push([a[0], b[0]]);
  });
  return found;
})
"""

TEXTS = """(root) => Object.fromEntries([...(root ?? document).querySelectorAll("svg g[id]")]
  .filter((group) => group.querySelector(":scope > text, :scope > g > text"))
  .map((group) => [group.id.replace(/^ce\\d+-/, ""),
    getComputedStyle(group).visibility === "hidden" ? "" : group.textContent.trim()]))"""


@cache
def state_of(make, kind: str) -> dict:
    """What a page needs of an explorer that stays as it was made; drawing it takes longest."""
    return make(kind).page_state()


def write_page(folder, explorer, theme="light"):
    """Writes a page with an explorer alone, or with what `state_of` gave.

    Its models are `window.models`.
    """
    state = explorer if isinstance(explorer, dict) else explorer.page_state()
    state = json.dumps(state).replace("</", "<\\/")
    code = base64.b64encode(module("page.js").encode()).decode()
    path = folder / f"page-{random.randrange(10**9)}.html"
    path.write_text(f"""<!doctype html><meta charset="utf-8"><html data-theme="{theme}">
<meta name="viewport" content="width=device-width"><style>{style()}body {{ margin: 8px }}</style>
<div id="here"></div><script type="application/json" id="state">{state}</script>
<script type="module">
import {{ open }} from "data:text/javascript;base64,{code}";
const state = window.state = JSON.parse(document.getElementById("state").textContent);
window.models = await open(state, document.getElementById("here"));
</script>""")
    return path


def open_page(browser, folder, explorer, *, width=900, theme="light"):
    """Opens such a page, in the place of the one before; what it raises is in `page.errors`."""
    page = KEPT.get(browser)
    if page is None or page.is_closed():
        page = KEPT[browser] = browser.new_page(reduced_motion="reduce")
        page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.errors = []
    page.mouse.move(0, 0)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(write_page(folder, explorer, theme).as_uri())
    page.wait_for_function("window.models && document.querySelector('.ce-code').textContent")
    return page


def set_models(page, values: dict) -> None:
    """Moves controls as a script does."""
    page.evaluate(
        """(values) => { for (const [name, value] of Object.entries(values)) {
             const model = window.models[name];
             model.set(model.get("index") === undefined ? "value" : "index", value); } }""",
        values,
    )


def refit(page, names, target: int) -> None:
    """Makes another class the target and this one again: limits fit, nothing stood before."""
    for c in ((target + 1) % len(names), target):
        page.evaluate(
            """([name, c]) => {
              const radio = document.querySelector(`[aria-label="${name} is the target"]`);
              if (radio) return radio.click();
              const list = document.querySelector("select.ce-list");
              list.value = c;
              list.dispatchEvent(new Event("change"));
            }""",
            [names[c], c],
        )


def drawn_by_matplotlib(page, picture: LivePicture, hidden: str = "narrow") -> list:
    """What matplotlib draws for a state, seen through the same page; one layout is hidden there."""
    panels = [panel for grid in picture.grids for panel in grid if panel.layout != hidden]
    hidden = [artist.get_gid() for panel in panels for artist in panel.hidden]
    joined = [
        part["gids"][0].rsplit("-", 1)[0]
        for panel in panels for part in panel.parts if part["kind"] == "rich"
    ]  # fmt: skip
    seen = page.evaluate(  # as text: Playwright is slow with objects
        f"""([svgs, hidden, joined]) => {{
          const root = document.createElement("div");
          root.className = "ce";
          root.style.position = "absolute";
          const boxes = svgs.map((svg) => `<div class="ce-panel">${{svg}}</div>`);
          root.innerHTML = boxes.join("");
          document.body.append(root);
          for (const svg of root.querySelectorAll("svg")) {{
            svg.style.width = svg.getAttribute("width").replace("pt", "px");
            svg.style.maxWidth = "none";
          }}
          for (const gid of hidden)
            root.querySelector(`[id="${{gid}}"]`).style.visibility = "hidden";
          const seen = ({SEEN})(root, joined);
          root.remove();
          return JSON.stringify(seen);
        }}""",
        [[panel.svg() for panel in panels], hidden, joined],
    )
    return json.loads(seen)


def drawn_in_the_browser(page) -> list:
    """What the browser has moved there."""
    seen = page.evaluate(f"JSON.stringify(({SEEN})(document.querySelector('.ce'), []))")
    return json.loads(seen)


def differences(ours: list, theirs: list) -> list:
    """What has no counterpart on the other side, of the same look and within `NEAR` pixels."""
    found = []
    for k, (a, b) in enumerate(zip(ours, theirs, strict=True)):
        for side, one, other in (("browser", a, b), ("matplotlib", b, a)):
            left = list(other)
            for thing in one:
                match = next((twin for twin in left if alike(thing, twin)), None)
                if match is None:
                    found.append((side, k, thing))
                else:
                    left.remove(match)
    return found


def alike(a: list, b: list) -> bool:
    """Whether two things have one look and lie in one place; a text, at the end it is anchored."""
    if a[:2] != b[:2]:
        return False
    if a[0] == "path":
        if len(a) != len(b):
            return False
        return all(abs(p - q) <= NEAR for p, q in zip(a[2:], b[2:], strict=True))
    (left, right, line), (other_left, other_right, other_line) = a[2:], b[2:]
    room = NEAR if a[0] == "text" else 2.0  # matplotlib measures pieces in its own font
    ends = (left - other_left, right - other_right, (left + right - other_left - other_right) / 2)
    return abs(line - other_line) <= NEAR and min(map(abs, ends)) <= room


def expected_texts(picture: LivePicture, values: dict) -> dict[str, str]:
    """What each moving text must say for these values, by its gid."""
    found = {}
    for panel in (panel for grid in picture.grids for panel in grid):
        for part in panel.parts:
            if not holds(part["when"] or (), values):
                continue
            if part["kind"] == "texts" and part["values"]:
                texts = [FORMATS[part["format"]](value) for value in read(part["values"], values)]
                found |= dict(zip(part["gids"], texts, strict=True))
            if part["kind"] == "rich":
                pieces = [
                    piece.get("text") or FORMATS[piece["format"]](read(piece["value"], values))
                    for piece in part["pieces"]
                ]
                found[part["gids"][0]] = "".join(pieces).strip()
    return found


def states(num_classes: int, count: int, seed: int):
    """Logits with ties, ±20, 0 and ties of rounding; a target."""
    dice = random.Random(seed)
    for _ in range(count):
        spread = dice.choice([0.5, 3, 8, 20])
        digits = dice.choice([1, 1, 4])
        logits = [round(dice.uniform(-spread, spread), digits) for _ in range(num_classes)]
        if dice.random() < 0.1:
            logits = logits[:1] * num_classes
        if dice.random() < 0.2:
            logits[dice.randrange(num_classes)] = dice.choice([0.0, -0.0, 20.0, -20.0, 0.03125])
        yield logits, dice.randrange(num_classes)


def make(kind: str) -> CrossEntropyExplorer:
    """One explorer of each shape."""
    generator = torch.Generator().manual_seed(0)

    def logits(*shape):
        return (3 * torch.randn(shape, generator=generator)).round(decimals=1)

    def target(num_classes, *shape):
        return torch.randint(num_classes, shape, generator=generator)

    return {
        "alone": lambda: CrossEntropyExplorer(logits(4), target(4)),
        "single": lambda: CrossEntropyExplorer(
            [[4.0, 3.0, 2.0, 10.0]], [3], question="Where is the loss 16?", asked=16, room=[26]
        ),
        "ten": lambda: CrossEntropyExplorer(logits(1, 10), target(10, 1)),
        "hundred": lambda: CrossEntropyExplorer(logits(1, 100), target(100, 1)),
        "batch": lambda: CrossEntropyExplorer(logits(5, 3), target(3, 5)),
        "positions": lambda: CrossEntropyExplorer(logits(2, 4, 2), target(4, 2, 2)),
        "inner": lambda: CrossEntropyExplorer(logits(1, 20, 3), target(20, 1, 3)),
        "map": lambda: CrossEntropyExplorer(
            logits(1, 3, 24, 30), target(3, 1, 24, 30), class_names=["sky", "tree", "road"]
        ),
        "dots": lambda: CrossEntropyExplorer(logits(1, 3, 4, 5), target(3, 1, 4, 5)),
        "loss": lambda: CrossEntropyExplorer(logits(1, 4), target(4, 1), steps=False),
        "twice": lambda: CrossEntropyExplorer(logits(1, 4), target(4, 1), softmax_first=True),
    }[kind]()


SHAPES = (
    "alone", "single", "ten", "hundred", "batch", "positions", "inner", "map", "dots", "loss",
    "twice",
)  # fmt: skip


def twin(explorer: CrossEntropyExplorer, **seen) -> CrossEntropyPicture:
    """matplotlib's picture of the explorer's present state in the explorer's own room."""
    return explorer.picture(**{"fresh": 1, **seen})


def put(state: ExplorerState, element: int, logits: list[float], target: int) -> None:
    """Writes one element of a state."""
    state.set("element", element)
    for c, value in enumerate(logits):
        state.selected_logits[c] = value
    state.set("target", target)
