"""Maps of pixels in panels: where they lie, the chosen one's frame, a hand's tracks beside them."""

from dataclasses import dataclass

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, PowerNorm
from matplotlib.patches import Polygon, Rectangle

from ce_helpers.live.looks import COLORS, QUIET, STRONG
from ce_helpers.live.numbers import short
from ce_helpers.live.panel import Panel
from ce_helpers.live.values import Places, Power, Scale, spot

# Okabe and Ito's, and what tells apart a few more; beside each stands a letter
CLASS_COLORS = (
    "#56b4e9", "#009e73", "#c879a6", "#e69f00", "#f0e442", "#0072b2", "#d55e00", "#b0b0b0",
    "#8c6bb1",
)  # fmt: skip
RAMP = ("paper", "target", "ink")  # of a loss, light to dark; the middle one at 0.7
RAMP_MIDDLE = 0.7


@dataclass(frozen=True)
class Grid:
    """Pixels of one size, in pixels of a panel."""

    left: float
    top: float
    pitch: float
    rows: int
    columns: int

    @property
    def across(self) -> Places:
        """Where columns lie."""
        return Places(tuple(self.left + self.pitch * (k + 0.5) for k in range(self.columns)))

    @property
    def down(self) -> Places:
        """Where rows lie."""
        return Places(tuple(self.top + self.pitch * (k + 0.5) for k in range(self.rows)))

    @property
    def bottom(self) -> float:
        """Where the map ends."""
        return self.top + self.pitch * self.rows

    @property
    def right(self) -> float:
        """Where its lines end."""
        return self.left + self.pitch * self.columns

    @property
    def box(self) -> list[float]:
        """Left, top, width, height."""
        return [self.left, self.top, self.right - self.left, self.bottom - self.top]


def pixel_map(panel: Panel, grid: Grid, pixels, cell: tuple[str, str], **how) -> None:
    """The pixels, and a frame round the one at `cell`; the browser paints its own."""
    panel.image((grid.left, grid.top, grid.right, grid.bottom), pixels, **how)
    left, top, width, height = grid.box  # else a corner without a loss is no part of the map
    edge = Rectangle((left, top), width, height, fc="none", ec=COLORS["quiet"], lw=1)
    panel.add(edge, 14)
    side = max(grid.pitch, 6) + 4
    x, y = spot(cell[1], grid.across), spot(cell[0], grid.down)
    frames = [
        Rectangle((panel.at(x) - side / 2 - d, panel.at(y) - side / 2 - d), side + 2 * d,
                  side + 2 * d, fc="none", ec=COLORS[color], lw=2)
        for d, color in ((2, "paper"), (-2, "paper"), (0, "ink"))
    ]  # fmt: skip
    panel.place([panel.add(frame, 15) for frame in frames], x, y)


def track(
    panel: Panel, name: str, label: str, scale: Scale, at: float, *, down=False, thick=36
) -> dict:
    """The track of a parameter; returns what the browser needs for its pill."""
    ends = [(at, scale.start), (at, scale.end)] if down else [(scale.start, at), (scale.end, at)]
    line = panel.line(ends, "track", 4, zorder=5)
    line.set_solid_capstyle("round")
    panel.only_live.append(line)
    x, y = (at, scale) if down else (scale, at)
    return {"name": name, "label": label, "panel": panel.name, "x": x, "y": y, "stride": 1,
            "down": down, "thick": thick}  # fmt: skip


def tracks(panel: Panel, grid: Grid, names: tuple[str, str]) -> list[dict]:
    """Tracks below and left of a map, for its columns and its rows; none where there is one.

    A finger takes them without taking the other's end at the corner.
    """
    across, down = grid.across.pixels, grid.down.pixels
    found = []
    if grid.columns > 1:
        scale = Scale(across[0], across[-1], 0, grid.columns - 1)
        found.append(track(panel, "column", names[1], scale, grid.bottom + 29, thick=30))
    if grid.rows > 1:
        scale = Scale(down[0], down[-1], 0, grid.rows - 1)
        found.insert(0, track(panel, "row", names[0], scale, grid.left - 17, down=True, thick=30))
    return found


BLUES = LinearSegmentedColormap.from_list("blues", ["#dfe9f2", "#5c89b2", "#12293d"])


def ramp_colors() -> LinearSegmentedColormap:
    """The loss's colours on paper."""
    stops = list(zip((0, RAMP_MIDDLE, 1), (COLORS[name] for name in RAMP), strict=True))
    return LinearSegmentedColormap.from_list("loss", stops)


def ramp(panel: Panel, scale, colors: list[tuple[str, str]], y: float) -> None:
    """A bar of colours along a scale.

    Args:
        panel: where to draw.
        scale: its ends are pixels.
        colors: from low to high, each as drawn and as CSS.
        y: its upper edge.
    """
    edges = np.linspace(scale.start, scale.end, len(colors) + 1)
    for (color, css), a, b in zip(colors, edges[:-1], edges[1:], strict=True):
        panel.add(Rectangle((a, y), b - a + 0.5, 12, fc=color, ec="none"), 8)
        panel.mixes[color] = css
    frame = Rectangle((scale.start, y), scale.end - scale.start, 12, fc="none", lw=1)
    frame.set_edgecolor(COLORS["quiet"])
    panel.add(frame, 9)


def caret(panel: Panel, value: str, scale, y: float) -> None:
    """Points from below at where a value lies."""
    x = panel.at(spot(value, scale))
    mark = Polygon([(x - 7, y + 10), (x, y), (x + 7, y + 10)], fc=COLORS["ink"], lw=1.5)
    mark.set_edgecolor(COLORS["paper"])
    panel.place(panel.add(mark, 15), x=spot(value, scale))


def ends(panel: Panel, scale, low: float, high: float, y: float) -> None:
    """What the ends of a legend stand for."""
    panel.text(scale.start, y, short(low), QUIET)
    panel.text(scale.end, y, short(high), QUIET, ha="right")


def norm(scale: Power) -> PowerNorm:
    """The same scale for colours."""
    return PowerNorm(scale.gamma, 0, scale.high)


def mixed(share: float) -> str:
    """The ramp's colour in CSS, so that it follows the theme."""
    low, middle, high = (f"var(--ce-{name})" for name in RAMP)
    if share < RAMP_MIDDLE:
        return f"color-mix(in srgb, {middle} {100 * share / RAMP_MIDDLE:.1f}%, {low})"
    part = 100 * (share - RAMP_MIDDLE) / (1 - RAMP_MIDDLE)
    return f"color-mix(in srgb, {high} {part:.1f}%, {middle})"


def class_color(c: int) -> str:
    """The colour of a class, whatever it is seen on."""
    return CLASS_COLORS[c % len(CLASS_COLORS)]


def chip(panel: Panel, x: float, y: float, c: int, name: str) -> None:
    """A class's colour with its letter."""
    box = Rectangle((x, y), 22, 20, fc=class_color(c), ec=COLORS["ink"], lw=1)
    panel.add(box)
    letter = panel.text(x + 11, y + 15, name[:1].upper(), STRONG, ha="center")
    letter.set_color("#111111")
