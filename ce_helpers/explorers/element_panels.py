"""All elements of a call: a table with one column each, or a map of their losses."""

from itertools import pairwise

import numpy as np
from matplotlib.colors import ListedColormap, to_hex
from matplotlib.patches import Polygon, Rectangle

from ce_helpers.explorers.cross_entropy_state import ExplorerState
from ce_helpers.explorers.map_panels import (
    CLASS_COLORS,
    RAMP,
    RAMP_MIDDLE,
    Grid,
    chip,
    class_color,
    mixed,
    norm,
    pixel_map,
    ramp_colors,
)  # fmt: skip
from ce_helpers.live.looks import COLORS, INK, QUIET, STRONG, TARGET, fitting
from ce_helpers.live.numbers import computed, percent, short
from ce_helpers.live.panel import Panel
from ce_helpers.live.points import bullseye
from ce_helpers.live.values import Places, Power, spot

WIDTH, WIDE, EVEN = 448, 848, 416
NAMES, GAP, CELL, HEAD = 64, 10, 32, 56
MOST_BESIDE = 4  # elements whose table is as narrow as the panel below it
MAP_TOP, MAP_HEIGHT, MOST_PITCH = 28, 400, 48
BINS = 42
GAMMA = 0.5
CELLS = ("cell.0", "cell.1")
LOSS_TICKS = (0, 0.1, 0.5, 1, 2, 4, 8, 20, 50, 100)


class ElementTable:
    """One column per element: its logits with bars of p at their feet, its target, its loss.

    Args:
        names: of the classes, cut to fit.
        labels: of the samples, and of the positions within one.
        values: what it is drawn for.
    """

    def __init__(self, names: list[str], labels: tuple[list[str], list[str]], values: dict) -> None:
        (self.samples, self.positions), self.values = labels, values
        self.names = [fitting(name, NAMES - 6) for name in names]
        count = len(self.samples) * len(self.positions)
        self.width = WIDTH if count <= MOST_BESIDE else WIDE
        gaps = GAP * (len(self.samples) - 1 if len(self.positions) > 1 else 0)
        self.cell = min(94, (self.width - NAMES - gaps - 4) / count)
        self.lefts = [
            NAMES + k * self.cell + GAP * (k // len(self.positions)) * bool(gaps)
            for k in range(count)
        ]
        self.head = HEAD if len(self.positions) > 1 else HEAD - 26
        self.foot = self.head + CELL * len(names)
        self.panels = [self.table()]

    def handles(self) -> dict:
        """Where a hand chooses an element."""
        box = [self.cell, self.foot + 32 - self.head + 26]
        return {"panel": "elements", "lefts": self.lefts, "top": self.head - 26, "box": box}

    def table(self) -> Panel:
        """All elements, and which one is chosen."""
        panel = Panel("elements", self.width, self.foot + 54, self.values)
        self.labels(panel)
        self.cells(panel)
        names, y = self.names, self.foot + 22
        for c, name in enumerate(names):
            panel.text(0, self.head + CELL * c + 21, name)
        panel.text(0, y, "loss", TARGET)
        middles = [(left + self.cell / 2, y) for left in self.lefts]
        panel.texts(middles, values="losses", format=computed, ha="center")
        # the chosen element: a frame, and a tip that points from below
        lefts = Places(tuple(self.lefts))
        frame = Rectangle(
            (self.at(lefts) - 2, self.head - 28), self.cell + 4, self.foot - self.head + 62,
            fc="none", ec=COLORS["ink"], lw=2.5,
        )  # fmt: skip
        panel.place(panel.add(frame, 15), x=spot("element", lefts))
        middle = Places(tuple(x for x, _ in middles))
        tip = np.array([(-8, 49), (0, 40), (8, 49)]) + np.array([self.at(middle), self.foot])
        panel.place(panel.add(Polygon(tip, fc=COLORS["ink"], ec="none")), spot("element", middle))
        return panel

    def at(self, places: Places) -> float:
        """Where the chosen element lies."""
        return places.at(self.values["element"], self.values)

    def labels(self, panel: Panel) -> None:
        """Which sample and which position a column is."""
        size = len(self.positions)
        for n, sample in enumerate(self.samples):
            left, right = self.lefts[n * size], self.lefts[n * size + size - 1] + self.cell
            if size > 1:
                panel.text((left + right) / 2, 18, sample, STRONG, ha="center")
            for d, label in enumerate(self.positions if size > 1 else [sample]):
                x = self.lefts[n * size + d] + self.cell / 2
                panel.text(x, self.head - 10, label, QUIET, ha="center")

    def cells(self, panel: Panel) -> None:
        """Frames, logits, and a bar of p at each cell's foot."""
        num_classes, full = len(self.names), self.cell - 6
        corners = [(left, self.head + CELL * c) for left in self.lefts for c in range(num_classes)]
        for left, top in corners:
            cell = Rectangle((left, top), self.cell, CELL, fc="none", ec=COLORS["grid"], lw=1)
            panel.add(cell, 9)
        panel.texts(
            [(left + self.cell / 2 + 4, top + 19) for left, top in corners], values="cell_logits",
            format=short, ha="center", mark="cell_targets",
        )  # fmt: skip
        bars = []
        for k, ((left, top), p) in enumerate(zip(corners, panel.now("cell_probs"), strict=True)):
            color = COLORS["target" if k in panel.now("cell_targets") else "other"]
            bar = Rectangle((left + 3, top + 25), max(full * p, 1.5), 5, fc=color, ec="none")
            bars.append(panel.add(bar))
        panel.part(
            "feet", bars, values="cell_probs", mark="cell_targets", full=full, least=1.5,
            corners=[[left + 3, top + 25] for left, top in corners],
            colors=["var(--ce-other)", "var(--ce-target)"],
        )  # fmt: skip
        rows = Places(tuple(self.head + CELL * c + 13 for c in range(num_classes)))
        if self.cell >= 80:
            for e, left in enumerate(self.lefts):
                bullseye(panel, spot(left + 18), spot(f"targets.{e}", rows), 6.5)


class LossMap:
    """Every element's loss as a pixel, and its target class; legends that carry the numbers.

    Args:
        state: whose losses and targets it shows, of the selected sample.
        names: of the classes.
        values: what it is drawn for.
    """

    def __init__(self, state: ExplorerState, names: list[str], values: dict) -> None:
        self.names, self.values = names, values
        self.losses, _ = state.map()
        self.rows, self.columns = self.losses.shape
        self.targets = state.target.view(-1).numpy().reshape(-1, self.rows, self.columns)
        self.targets = self.targets[state.element // self.losses.size]
        pitch = min((EVEN - 12) / self.columns, MAP_HEIGHT / self.rows, MOST_PITCH)
        left = 6 + (EVEN - 12 - pitch * self.columns) / 2
        self.grid = Grid(left, MAP_TOP, pitch, self.rows, self.columns)
        self.bottom = self.grid.bottom
        self.legend = Power(8, 404, values["map_most"], GAMMA)
        self.panels = [self.loss_map(), self.target_map()]

    def handles(self) -> dict:
        """Where the pixels lie."""
        return {
            "panels": ["losses", "targets"], "rows": self.rows, "columns": self.columns,
            "box": self.grid.box,
            "ramp": list(RAMP), "middle": RAMP_MIDDLE, "scale": self.legend.spec(),
            "colors": [class_color(c) for c in range(len(self.names))],
        }  # fmt: skip

    def loss_map(self) -> Panel:
        """The losses; the ramp below carries a histogram of all and a caret for the chosen one."""
        panel = Panel("losses", EVEN, self.bottom + 104, self.values)
        panel.text(0, 18, "loss of each element", STRONG, size=17)
        ramp = ramp_colors()
        pixel_map(panel, self.grid, self.losses, CELLS, cmap=ramp, norm=norm(self.legend))
        y, scale = self.bottom + 64, self.legend
        edges = np.linspace(scale.start, scale.end, BINS + 1)
        for k, (a, b) in enumerate(pairwise(edges)):
            share = (k + 0.5) / BINS
            color = to_hex(ramp(share))
            panel.add(Rectangle((a, y), b - a + 0.5, 14, fc=color, ec="none"))
            panel.mixes[color] = mixed(share)
        heights = histogram(self.losses, scale)
        bars = [
            panel.add(Rectangle((a + 1, y - 2 - h), b - a - 2, h, fc=COLORS["quiet"], ec="none"))
            for a, b, h in zip(edges[:-1], edges[1:], heights, strict=True)
        ]
        panel.part(
            "histogram", bars, values="map", scale=scale, bins=BINS,
            lefts=[a + 1 for a in edges[:-1]], width=edges[1] - edges[0] - 2, y=y - 2,
        )  # fmt: skip
        frame = Rectangle((scale.start, y), scale.end - scale.start, 14, fc="none")
        frame.set(ec=COLORS["quiet"], lw=1)
        panel.add(frame)
        last = -100.0
        for tick in (*(t for t in LOSS_TICKS if t < scale.high), scale.high):
            x = scale.at(tick, {})
            words = short(tick) + ("+" if tick == scale.high else "")
            if x - last >= 28 or tick == scale.high:
                panel.line([(x, y + 14), (x, y + 18)], "quiet", 1.5)
                panel.text(x, y + 38, words, QUIET, ha="center" if x < 390 else "right")
                last = x
        guess = scale.at(np.log(len(self.names)), {})
        panel.line([(guess, y - 50), (guess, y + 14)], "ink", 1, dashes=(7, 4))
        words, right = f"blind guess, ln {len(self.names)}", guess < 250
        panel.text(
            guess + (5 if right else -5), y - 37, words, QUIET, ha="left" if right else "right"
        )
        x = panel.at(spot("loss", scale))
        caret = Polygon([(x - 7, y + 25), (x, y + 15), (x + 7, y + 25)], fc=COLORS["ink"])
        caret.set(ec=COLORS["paper"], lw=1.5)
        panel.place(panel.add(caret, 15), x=spot("loss", scale))
        return panel

    def target_map(self) -> Panel:
        """The classes; the legend has each one's letter, name and share."""
        panel = Panel("targets", EVEN, self.bottom + 104, self.values)
        panel.text(0, 18, "target class", STRONG, size=17)
        colors = [class_color(c) for c in range(len(self.names))]
        how = {"cmap": ListedColormap(colors), "vmin": -0.5, "vmax": len(colors) - 0.5}
        pixel_map(panel, self.grid, self.targets, CELLS, **how)
        count, per_row = len(self.names), 3
        for k, c in enumerate(range(count) if count <= len(CLASS_COLORS) else ()):
            x, y = 136 * (k % per_row), self.bottom + 14 + 26 * (k // per_row)
            chip(panel, x + 1, y, c, self.names[c])
            name = [(f"{fitting(self.names[c], 64)} ", INK), ((percent, f"shares.{c}"), INK)]
            panel.rich(x + 30, y + 15, name, ha="left")
            line = panel.line([(x + 30, y + 20), (x + 112, y + 20)], "ink", 3)
            panel.part("show", line, [("target", "is", c)])
        return panel


def histogram(losses: np.ndarray, scale: Power) -> list[float]:
    """Heights of bars, up to 30 pixels; what is there is seen."""
    shares = (np.clip(losses, 0, scale.high) / scale.high) ** scale.gamma
    bins = np.minimum((shares * BINS).astype(int), BINS - 1)
    counts = np.bincount(bins.ravel(), minlength=BINS)
    return [float(max(2, 30 * n / counts.max())) if n else 0.0 for n in counts]
