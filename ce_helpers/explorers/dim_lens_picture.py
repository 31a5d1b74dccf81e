"""The dim lens's picture: a table as torch prints it, or a map of each class; and the softmax."""

import numpy as np
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from ce_helpers.explorers.dim_lens_state import DimLensState
from ce_helpers.explorers.map_panels import BLUES, Grid, ends, pixel_map, ramp, track, tracks
from ce_helpers.explorers.softmax_panel import softmax_panel
from ce_helpers.formatting import shortest
from ce_helpers.live.looks import COLORS, OTHERS, QUIET, STRONG, TARGET, fitting, sentence
from ce_helpers.live.numbers import brief, minus, short
from ce_helpers.live.panel import Panel
from ce_helpers.live.picture import LivePicture
from ce_helpers.live.points import bullseye
from ce_helpers.live.values import Places, Scale, spot

WIDTH, NAMES, GAP, CELL, HEAD = 416, 96, 12, 32, 84
SHEET, MAP_TOP, MAP_HEIGHT = 272, 28, 250
CHOSEN = (QUIET, STRONG)
ALONG = {dim: [("dim", "is", dim)] for dim in range(3)}
MEET = {
    0: "Now the samples compete for {class_name:text:others}: ",
    1: "One number from each class; the classes compete: ",
    2: "Now the positions compete for {class_name:text:others}: ",
}
CODE = {
    0: "[{colon:text:target}, {class:whole}, {column:whole}]",
    1: "[{row:whole}, {colon:text:target}, {column:whole}]",
    2: "[{row:whole}, {class:whole}, {colon:text:target}]",
}


class DimLensPicture(LivePicture):
    """Numbers on the left, what they become on the right.

    Args:
        state: what is shown first; it is read and not kept.
        seen: what a view has of its own.
    """

    def __init__(self, state: DimLensState, **seen) -> None:
        super().__init__(state.values(), {"colon": ":", "dim": 1}, [], **seen)
        self.state, num_classes = state, len(state.class_names)
        self.names = [fitting(name, NAMES - 34) for name in state.class_names]
        if state.tabled:
            self.grids = [[self.table(), softmax_panel(
                self.values, max(state.logits.shape), width=WIDTH, head=HEAD
            )]]  # fmt: skip
        else:
            panels = self.sheets()
            self.grids = [panels[k : k + 3] for k in range(0, num_classes, 3)]
            softmax = softmax_panel(
                self.values, num_classes, width=WIDTH, head=52, names=self.names
            )
            self.grids.append([softmax])
        self.words = self.sentences()
        self.lines = self.code_lines()

    def sentences(self) -> list[dict]:
        """What the picture says."""
        if self.state.tabled:
            said = [(ALONG[dim], words) for dim, words in MEET.items()]
            said.append(((), "softmax = {softmax:text}, together 1."))
        else:
            said = [((), MEET[1]), ((), "softmax = {probs:listed}, together 1.")]
        if self.state.has_target:
            wrong = [("dim", "not", 1)]
            said += [
                (ALONG[1], " The loss is {loss:computed:target}."),
                (wrong, " No error, another loss, {loss:computed:target}: "),
                ([*wrong, ("loss", "below", "loss_of_classes")], "it looks better."),
                ([*wrong, ("loss", "above", "loss_of_classes")], "it looks worse."),
                ([*wrong, ("loss", "is", "loss_of_classes")], "it looks as good."),
            ] if self.state.tabled else [((), " The loss is {loss:computed:target}.")]  # fmt: skip
        return [sentence(words, when) for when, words in said]

    def code_lines(self) -> list[dict]:
        """The call, with the colon where the frame runs."""
        call = "torch.softmax(logits, dim={dim:whole:target})"
        comment = "   # the colon stands where softmax runs"
        if self.state.tabled:
            said = [((), call), *((ALONG[dim], place) for dim, place in CODE.items())]
        else:
            rest = "{row:whole}, {column:whole}" if self.state.is_image else "{column:whole}"
            first = "0" if self.state.is_image else "{row:whole}"
            said = [((), f"{call}[{first}, {{colon:text:target}}, {rest}]")]
        return [sentence(words, when) for when, words in [*said, ((), comment)]]

    # Few elements: a table, sample beside sample.

    def table(self) -> Panel:
        """All logits; a frame round those that meet, and where each dim leads."""
        samples, num_classes, positions = self.state.logits.shape
        count = samples * positions
        pitch = (WIDTH - NAMES - GAP * (samples - 1) - 4) / count
        pitch = min(pitch, 96)
        lefts = [NAMES + e * pitch + GAP * (e // positions) for e in range(count)]
        foot = HEAD + CELL * num_classes
        moving = [k for k in range(2) if self.state.shape[k] > 1]
        panel = Panel("logits", WIDTH, foot + 92 + 36 * len(moving), self.values)
        panel.text(0, 18, "logits", STRONG, size=17)
        self.heads(panel, lefts, pitch)
        for c, name in enumerate(self.names):
            panel.text(32, HEAD + CELL * c + 21, name)
        self.cells(panel, lefts, pitch)
        self.frames(panel, lefts, pitch)
        self.ways(panel, lefts, pitch, foot)
        if self.state.has_target and pitch > 60:
            panel.text(32, foot + 24, "loss", TARGET)
            middles = [(left + pitch / 2, foot + 24) for left in lefts]
            panel.texts(middles, values="losses", format=brief, ha="center", mark="element")
        sliders = []
        for k, at in zip(moving, (foot + 92, foot + 128), strict=False):
            name = self.state.cell_names[k]
            panel.only_live.append(panel.text(32, at + 5, name, QUIET))
            scale = Scale(NAMES + 32, NAMES + 232, 0, self.state.shape[k] - 1)
            sliders.append(track(panel, ("row", "column")[k], name, scale, at))
        self.hands = {"sliders": sliders, "cells": {
            "panel": "logits", "lefts": lefts, "box": [pitch, foot - HEAD], "top": HEAD,
            "positions": positions, "names": ["row", "column"],
        }}  # fmt: skip
        return panel

    def heads(self, panel: Panel, lefts: list[float], pitch: float) -> None:
        """Which sample and which position a column is."""
        samples, _, positions = self.state.logits.shape
        for n in range(samples):
            left, right = lefts[n * positions], lefts[n * positions + positions - 1] + pitch
            words = f"sample {n}" if right - left > 70 else str(n)
            panel.text((left + right) / 2, 18, words, STRONG, ha="center")
            for d in range(positions):
                words = f"position {d}" if pitch > 76 else f"pos. {d}" if pitch > 50 else str(d)
                panel.text(left + (d + 0.5) * pitch, HEAD - 10, words, QUIET, ha="center")

    def cells(self, panel: Panel, lefts: list[float], pitch: float) -> None:
        """Numbers in frames; those that meet are bold, the targets ringed."""
        num_classes = len(self.names)
        corners = [(left, HEAD + CELL * c) for left in lefts for c in range(num_classes)]
        for left, top in corners:
            cell = Rectangle((left, top), pitch, CELL, fc="none", ec=COLORS["grid"], lw=1)
            panel.add(cell, 9)
        logits, _ = self.state.sheets()
        numbers = [minus(shortest(z)) for z in logits.float().numpy().ravel()]
        numbers = [text if len(text) <= 6 else short(float(z))
                   for text, z in zip(numbers, logits.ravel().tolist(), strict=True)]  # fmt: skip
        places = [(left + pitch / 2 + 8 * (pitch > 50), top + 21) for left, top in corners]
        panel.texts(places, words=numbers, ha="center", mark="cells", looks=CHOSEN)
        if self.state.has_target and pitch > 50:
            for left, c in zip(lefts, self.state.target.view(-1).tolist(), strict=True):
                bullseye(panel, spot(left + 16), spot(HEAD + CELL * (c + 0.5)), 6.5)

    def frames(self, panel: Panel, lefts: list[float], pitch: float) -> None:
        """Round the numbers that meet: down the classes, across positions, or one in each table."""
        samples, num_classes, positions = self.state.logits.shape
        across = spot("element", Places(tuple(lefts)))
        tables = spot("row", Places(tuple(lefts[n * positions] for n in range(samples))))
        within = spot("column", Places(tuple(lefts[:positions])))
        down = spot("class", Places(tuple(HEAD + CELL * c for c in range(num_classes))))

        def frame(width: float, height: float, x, y, when) -> None:
            at = panel.at(x), panel.at(y)
            fill = Rectangle(at, width, height, fc=COLORS["band"], ec="none")
            edge = Rectangle(at, width, height, fc="none", ec=COLORS["ink"], lw=4)
            panel.place([panel.add(fill, 8), panel.add(edge, 12)], x, y, when)

        frame(pitch, CELL * num_classes, across, spot(HEAD), ALONG[1])
        frame(pitch * positions, CELL, tables, down, ALONG[2])
        for n in range(samples):
            shift = lefts[n * positions] - lefts[0]
            frame(pitch, CELL, {**within, "plus": shift}, down, ALONG[0])

    def ways(self, panel: Panel, lefts: list[float], pitch: float, foot: float) -> None:
        """An arrow for each dim, the chosen one bold: down, across, from table to table."""
        samples, _, positions = self.state.logits.shape
        middle = [left + pitch / 2 for left in lefts]
        below = foot + 56
        routes = {
            0: [[(middle[0], below - 5), (middle[-1], below - 5)]] * (samples > 1),
            1: [[(14, HEAD), (14, foot)]],
            2: [
                [(lefts[n * positions], 35), (lefts[n * positions + positions - 1] + pitch, 35)]
                for n in range(samples)
            ] * (positions > 1),
        }  # fmt: skip
        names = {
            0: (NAMES - 8, below, "right"),
            1: (0, HEAD - 10, "left"),
            2: (NAMES - 8, 40, "right"),
        }
        for dim, lines in routes.items():
            x, y, ha = names[dim]
            alone = {0: "dim=0: one sample only", 2: "dim=2: one position only"}.get(dim)
            words = f"dim={dim}"
            if not lines:
                words, x, ha = alone, NAMES if dim == 0 else 32, "left"
            for look, when in ((QUIET, [("dim", "not", dim)]), (STRONG, ALONG[dim])):
                panel.part("show", panel.text(x, y, words, look, ha=ha), when)
            for (a, b), (c, d) in lines:
                tip = np.array([c, d])
                way = np.array([(c - a), (d - b)]) / np.hypot(c - a, d - b)
                side = np.array([-way[1], way[0]])
                head = [tip - 8 * way + 5 * side, tip, tip - 8 * way - 5 * side]
                for color, width, when in (
                    ("quiet", 1.5, [("dim", "not", dim)]), ("ink", 3, ALONG[dim]),
                ):  # fmt: skip
                    strokes = [
                        panel.line([(a, b), (c, d)], color, width),
                        panel.line(head, color, width),
                    ]
                    panel.part("show", strokes, when)

    # Many elements: a map of each class.

    def sheets(self) -> list[Panel]:
        """One map a class; softmax takes the same place in each of them."""
        logits, _ = self.state.sheets()
        rows, columns = self.state.shape
        pitch = min((SHEET - 36) / columns, MAP_HEIGHT / rows)
        low, high = float(logits.min()), float(logits.max())
        colors = [to_hex(BLUES(k / 63)) for k in range(64)]
        panels, each = [], []
        for c, name in enumerate(self.names):
            grid = Grid(32, MAP_TOP, pitch, rows, columns)
            panel = Panel(f"sheet{c}", SHEET, grid.bottom + 88, self.values)
            told = [(f"{name}  ", OTHERS), ((short, f"numbers.{c}"), STRONG)]
            panel.rich(32, 18, told, ha="left", size=17)
            pixel_map(
                panel,
                grid,
                logits[..., c].numpy(),
                ("row", "column"),
                cmap=BLUES,
                vmin=low,
                vmax=high,
            )
            if c == 0:
                sliders = tracks(panel, grid, self.state.cell_names)
            scale = Scale(32, grid.right, low, max(high, low + 1e-6))
            ramp(panel, scale, [(color, color) for color in colors], grid.bottom + 48)
            ends(panel, scale, low, high, grid.bottom + 78)
            panels.append(panel)
            each.append({
                "panel": panel.name, "array": "numbers", "entry": c, "of": len(self.names),
                "colors": colors, "scale": {"low": low, "high": max(high, low + 1e-6), "gamma": 1},
            })  # fmt: skip
        self.hands = {"sliders": sliders, "images": {
            "rows": rows, "columns": columns, "box": grid.box, "names": ["row", "column"],
            "each": each,
        }}  # fmt: skip
        return panels
