"""Parts of a plane: marks of a point, lines and areas through values, a goal."""

import math

import numpy as np
from matplotlib.patches import Circle, Polygon, Rectangle
from matplotlib.transforms import Affine2D

from ce_helpers.live.looks import COLORS, INK, STRONG
from ce_helpers.live.numbers import times
from ce_helpers.live.panel import Panel
from ce_helpers.live.values import spot


def bullseye(panel: Panel, x, y, radius: float, when=()) -> None:
    """The target's mark, known by its shape as well."""
    center = panel.at(x), panel.at(y)
    ring = Circle(center, radius, fc=COLORS["paper"], ec=COLORS["target"], lw=2.5)
    dot = Circle(center, radius / 2, fc=COLORS["target"], ec="none")
    panel.place([panel.add(ring, 14), panel.add(dot, 14)], x, y, when)


def ring(panel: Panel, x, y, when=()) -> None:
    """Where a point stood before this move."""
    circle = Circle((panel.at(x), panel.at(y)), 6, fc="none", ec=COLORS["quiet"], lw=2)
    panel.place(panel.add(circle, 13), x, y, when)


def triangle(panel: Panel, x, y, when=(), *, leftwards=False) -> None:
    """Stands at the edge for a point that lies beyond it."""
    shape = [(6, 8), (6, -8), (-8, 0)] if leftwards else [(-8, 6), (8, 6), (0, -8)]
    at = np.array([panel.at(x), panel.at(y)])
    mark = Polygon(at + np.array(shape), fc=COLORS["target"], ec="none")
    panel.place(panel.add(mark, 14), x, y, when)


def trail(
    panel: Panel, axes, values: str, *, color: str, width: float, when=(), dots=0, xs=None
) -> None:  # fmt: skip
    """A growing history: entry k stands at place k, or at entry k of `xs`.

    `dots` at most so many have one.
    """
    found = panel.now(values)
    places = zip(panel.now(xs) if xs else range(len(found)), found, strict=True)
    points = [(axes.x.at(x, panel.values), axes.y.at(y, panel.values)) for x, y in places]
    line = panel.line(points or [(0, 0)], color, width)
    panel.part("trail", line, when, values=values, x=axes.x, y=axes.y, xs=xs)
    if not dots:
        return
    drawn = [*points, *[points[0]] * (dots - len(points))]
    rings = [Circle(at, 4, fc=COLORS["paper"], ec=COLORS[color], lw=2) for at in drawn]
    for ring in rings:
        panel.add(ring, 12.5)
    panel.part("trail_dots", rings, when, values=values, x=axes.x, y=axes.y, drawn=drawn)
    panel.hidden += rings[len(points) :]


def polygons(panel: Panel, values: str, x, y, colors) -> None:
    """Areas whose corners are values: none is seen where there are none."""
    drawn = []
    for corners, color in zip(panel.now(values), colors, strict=True):
        at = [(x.at(a, panel.values), y.at(b, panel.values)) for a, b in corners]
        drawn.append(panel.add(Polygon(at or [(0, 0)], fc=color, ec="none"), 3))
    panel.part("polygons", drawn, values=values, x=x, y=y)


def tints(panel: Panel, patches: list, values: str) -> None:
    """How much of its colour each patch has: a value from 0 to 1."""
    for patch, share in zip(patches, panel.now(values), strict=True):
        patch.set_alpha(max(share, 0.004))  # at 0 matplotlib would leave its colour out
    panel.part("tints", patches, values=values)


def sized(panel: Panel, marks, places, values: str, *, unit: float, marked: str) -> None:
    """Marks that grow with the root of a value, up to 30 pixels; a marked one has a thick edge.

    Args:
        panel: where to draw.
        marks: one artist for each, where it lies now, drawn with a radius of `unit` pixels.
        places: the name of their xs and its scale, likewise for their ys.
        values: the name of what they grow with.
        unit: pixels.
        marked: the name of 0 or 1 for each.
    """
    widths, ((xs, x), (ys, y)) = (1, 2.5), places
    pairs = zip(panel.now(xs), panel.now(ys), strict=True)
    drawn = [(x.at(a, panel.values), y.at(b, panel.values)) for a, b in pairs]
    numbers = zip(panel.now(values), panel.now(marked), strict=True)
    for artist, (left, top), (value, mark) in zip(marks, drawn, numbers, strict=True):
        grown = _radius(value) / unit
        panel.add(artist, 11)
        there = Affine2D().translate(-left, -top).scale(grown).translate(left, top)
        artist.set(transform=there + panel.pixels, linewidth=widths[mark])
    panel.part(
        "sized", marks, xs=xs, ys=ys, values=values, x=x, y=y, drawn=drawn, marked=marked,
        widths=widths, radii=[_radius(value) for value in panel.now(values)],
    )  # fmt: skip


def _radius(value: float) -> float:
    """Of a mark, in pixels; plane.js has the same rule."""
    return min(30, 3.5 + 9 * math.sqrt(value))


def told(panel: Panel, format, value: str, x, y, *, gap: float, most: float, look) -> None:
    """A number beside a spot: on its right, or on its left beyond `most`."""
    at, top = panel.at(x), panel.at(y)
    text = panel.text(at + gap, top, format(panel.now(value)), look)
    if at >= most:
        text.set(x=at - gap, ha="right")
    panel.part("told", text, value=value, format=format.__name__, x=x, y=y, gap=gap, most=most)


def areas(
    panel: Panel, axes, sides: tuple[str, str], ends: tuple[str, str], looks: dict, *,
    zorder: float = 10,
) -> None:  # fmt: skip
    """Blocks of any width and height: lefts and rights, lows and highs, named."""
    corners = zip(*(panel.now(name) for name in (*sides, *ends)), strict=True)
    blocks = []
    for left, right, low, high in corners:
        (x0, x1), (y0, y1) = (
            [scale.at(value, panel.values) for value in pair]
            for scale, pair in ((axes.x, (left, right)), (axes.y, (low, high)))
        )
        blocks.append(panel.add(Rectangle((x0, y1), x1 - x0, y0 - y1, **looks), zorder))
    panel.part("areas", blocks, sides=sides, ends=ends, x=axes.x, y=axes.y)


def beside(panel: Panel, words: str, spots, y: float, *, gap: float, most: float, look) -> None:
    """Words right of all spots, or left of them where they end beyond `most`."""
    at = [panel.at(spot) for spot in spots]
    text = panel.text(max(at) + gap, y, words, look)
    if max(at) >= most:
        text.set(x=min(at) - gap, ha="right")
    panel.part("beside", text, spots=spots, gap=gap, most=most)


def goal(panel: Panel, axes, edges, *, words: str = "") -> None:
    """The loss that the question asks for, dashed; its words turn when it is reached."""
    at, asked = spot("asked", axes.y), ("asked", "above", 0)
    y = panel.at(at)
    line = panel.line([(edges[0], y), (edges[1], y)], "ink", 1, dashes=(7, 4))
    panel.place(line, y=at, when=[asked])
    place = {"spot": {**at, "plus": 16}, "flip": [(axes.y.start - 24, -6)], "ha": "left"}
    for test, text in (("apart", f"asked: {words}"), ("near", f"✓ {words} reached")):
        if words:
            when = [asked, ("loss", test, "asked")]
            panel.rich(edges[0] + 8, 0, [(text, STRONG)], when=when, **place)


def dots(panel: Panel, axes, xs: str, ys: str, *, counted: bool, seen=None) -> None:
    """A small ring for each element that is `seen`, and if `counted` how many coincide."""
    where = [
        (axes.x.at(x, panel.values), axes.y.at(y, panel.values))
        for x, y in zip(panel.now(xs), panel.now(ys), strict=True)
    ]
    rings = [Circle(at, 6, fc=COLORS["paper"], ec=COLORS["quiet"], lw=1.5) for at in where]
    for circle in rings:
        panel.add(circle, 12.5)
    panel.part("dots", rings, xs=xs, ys=ys, x=axes.x, y=axes.y, drawn=where, seen=seen)
    if seen:
        pairs = zip(rings, panel.now(seen), strict=True)
        panel.hidden += [ring for ring, is_seen in pairs if not is_seen]
    if not counted:
        return
    counts, stood = [], []
    for at in where:
        count = sum(_near(at, other, 4, 4) for other in where)
        is_shown = count > 1 and not any(_near(at, other, 26, 14) for other in stood)
        stood += [at] * is_shown
        counts.append(count * is_shown)
    texts = [
        panel.text(x + 11, y - 6, times(count), INK)
        for (x, y), count in zip(where, counts, strict=True)
    ]
    panel.part("counts", texts, xs=xs, ys=ys, x=axes.x, y=axes.y)


def _near(a, b, x: float, y: float) -> bool:
    return bool(abs(a[0] - b[0]) < x and abs(a[1] - b[1]) < y)
