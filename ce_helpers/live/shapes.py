"""Parts of rows: bars and where they stood before, bands, arrows, blocks, tracks."""

import numpy as np
from matplotlib.patches import FancyBboxPatch, PathPatch, Polygon, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Bbox, TransformedBbox

from ce_helpers.live.looks import COLORS, QUIET, STRONG
from ce_helpers.live.numbers import short
from ce_helpers.live.panel import AXES, Panel
from ce_helpers.live.values import spot

LEAST_MOVE = 1  # pixels from which a tick of before is seen
FILLS = ["other", "target"]
HOLLOW = {"fc": "none", "ec": COLORS["other"], "lw": 1.5}


def bars(
    panel: Panel, axes, values: str, rows, half: float, *, least=0, mark="target", hollow=False,
    when=(),
) -> None:  # fmt: skip
    """Bars from zero, `half` a height round each row; the marked ones in the target's colour.

    Args:
        panel: where to draw.
        axes: whose x they follow.
        values: the name of one number per row.
        rows: pixels.
        half: pixels.
        least: what is not zero is at least so many pixels long.
        mark: names the marked rows.
        hollow: whether they are outlines.
        when: on what condition they are seen.
    """
    marked = np.atleast_1d(panel.now(mark))
    patches = []
    for c, (value, row) in enumerate(zip(panel.now(values), rows, strict=True)):
        looks = HOLLOW if hollow else {"fc": COLORS[FILLS[c in marked]], "ec": "none"}
        patches.append(_bar(panel, axes.x, value, row, half=half, least=least, **looks))
    panel.part(
        "bars", patches, when, values=values, x=axes.x, rows=list(rows), half=half, least=least,
        mark=mark, colors=None if hollow else [f"var(--ce-{name})" for name in FILLS],
    )  # fmt: skip


def zero_line(panel: Panel, axes) -> None:
    """Where bars begin, as high as the axes."""
    at = axes.x.at(0, panel.values)
    line = panel.line([(at, axes.y.start), (at, axes.y.end)], "quiet", 1.5, zorder=AXES + 0.1)
    line.set_solid_capstyle("projecting")  # so that what is cut off leaves whole pixels
    box = Bbox([[0, axes.y.end], [panel.width, axes.y.start]])
    line.set_clip_box(TransformedBbox(box, panel.pixels))
    panel.place(line, x=spot(0, axes.x))


def outline(panel: Panel, x, value: str, row: float, *, least=0) -> None:
    """A hollow bar: it stands for several classes and is none of its own."""
    bar = _bar(panel, x, panel.now(value), row, half=6, least=least, **HOLLOW)
    panel.part("bars", bar, values=[value], x=x, rows=[row], half=6, least=least)


def _bar(panel: Panel, x, value: float, row: float, *, half, least, **looks) -> Rectangle:
    zero, end = (x.at(v, panel.values) for v in (0, value))
    end = max(end, zero + least) if least and value > 0 else end
    return panel.add(Rectangle((zero, row - half), end - zero, 2 * half, **looks))


def befores(panel: Panel, x, values: str, rows, half: float) -> None:
    """A tick in each row where its bar stood before this move."""
    old = panel.now(f"before.{values}")
    drawn = [x.at(value, panel.values) for value in old]
    marks = [
        panel.line([(at, row - half), (at, row + half)], "quiet", 2)
        for at, row in zip(drawn, rows, strict=True)
    ]
    panel.part("marks", marks, values=f"before.{values}", unlike=values, x=x, drawn=drawn)
    now = [x.at(value, panel.values) for value in panel.now(values)]
    panel.hidden += [
        mark for mark, a, b in zip(marks, drawn, now, strict=True) if abs(a - b) < LEAST_MOVE
    ]


def band(panel: Panel, y, half: float, when=()) -> None:
    """The target's row, the whole width."""
    at = panel.at(y) - half
    shape = f"round,pad=0,rounding_size={min(4, half)}"
    patch = FancyBboxPatch((0, at), panel.width, 2 * half, boxstyle=shape, ec="none")
    patch.set_facecolor(COLORS["band"])
    panel.add(patch, 1)
    panel.place(patch, y=y, when=when)


def arrow(panel: Panel, tail, head, y: float) -> None:
    """A shaft, and a head where there is room for one; parts.js has the same rule."""
    a, b = panel.at(tail), panel.at(head)
    way = -1 if b < a else 1
    points, codes = [(a, y), (b, y)], [Path.MOVETO, Path.LINETO]
    if abs(b - a) > 9:
        points += [(b - 6 * way, y - 4), (b, y), (b - 6 * way, y + 4)]
        codes += [Path.MOVETO, Path.LINETO, Path.LINETO]
    path = PathPatch(Path(points, codes), fc="none", ec=COLORS["ink"], lw=2)
    panel.part("arrow", panel.add(path), tail=tail, head=head, y=y)


def fat_arrows(panel: Panel, x, tails: str, heads: str, rows) -> None:
    """An arrow a row, filled: a small square where it is too short; parts.js has the same rule."""
    pairs = zip(panel.now(tails), panel.now(heads), rows, strict=True)
    drawn = [
        Polygon(_fat(*(x.at(end, panel.values) for end in ends), y), fc=COLORS["ink"], ec="none")
        for *ends, y in pairs
    ]
    for arrow in drawn:
        panel.add(arrow, 13)
    panel.part("arrows", drawn, tails=tails, heads=heads, x=x, rows=list(rows))


def _fat(a: float, b: float, y: float) -> list[tuple[float, float]]:
    length, way = abs(b - a), -1 if b < a else 1
    if length < 1.5:
        return [(a - 2, y - 3), (a + 2, y - 3), (a + 2, y + 3), (a - 2, y + 3)]
    neck, half = b - way * min(16, length), min(10, 2 + length / 2)
    return [(a, y - 3.5), (neck, y - 3.5), (neck, y - half), (b, y), (neck, y + half),
            (neck, y + 3.5), (a, y + 3.5)]  # fmt: skip


def span(panel: Panel, x, ends, y, *, half: float, looks: dict, when=()) -> None:
    """A block between two values of one row."""
    (a, b), at = (panel.at(spot(end, x)) for end in ends), panel.at(y)
    block = Rectangle((a, at - half), b - a, 2 * half, **looks)
    panel.part(
        "span", panel.add(block, 11), when, ends=[spot(end, x) for end in ends], y=y, half=half
    )


def track(panel: Panel, x, value: str, y: float, *, name: str, ticks, filled=False) -> None:
    """A parameter's name, number and thin track; the pill is the browser's."""
    panel.text(0, y + 5, name)
    panel.rich(x.start - 14, y + 5, [((short, value), STRONG)], ha="right")
    panel.line([(x.start, y), (x.end, y)], "track", 4, zorder=10)
    for tick in ticks:
        at = x.at(tick, panel.values)
        panel.line([(at, y - 5), (at, y + 5)], "quiet", 1.5)
        panel.text(at, y + 29, short(tick), QUIET, ha="center")
    if filled:
        looks = {"fc": COLORS["quiet"], "ec": "none"}
        span(panel, x, (0, value), spot(y), half=3, looks=looks)
