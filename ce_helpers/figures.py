"""Matplotlib figures, built once and then updated: logits → softmax → −log p.

Limits are fixed, so that motion means change. The target class has one colour everywhere and a
word beside it, since colour alone does not reach every reader. Everything that moves is marked
as animated; `live_figure.LiveFigure` draws it.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.text import Text

from ce_helpers.cell_map import CellMap
from ce_helpers.formatting import format_number
from ce_helpers.style import FONT_SIZE, GRID, INK, OTHER_COLOR, QUIET, TARGET_BAND, TARGET_COLOR

# in inches of 100 CSS pixels: on a screen 1280 wide JupyterLab leaves this to an output
FIGURE_WIDTH, FIGURE_HEIGHT = 8.48, 3.0
MOST_LABELLED_CLASSES = 10
LOSS_LIMIT = 20.0  # nats
DARKEST_LOSS = 10.0  # nats; in the map, unless there are larger ones at the start
NUMBER_WIDTH = 0.63  # inches, of a bold 0.1234
# titles, relative widths, and inches after each panel: one element alone, or beside every loss
ALONE = (
    ("logits", "probs = softmax(logits)", "loss = −log(p of target)"),
    (1, 1, 1),
    (0.2, 0.5, 0.12),
)
WITH_MAP = (
    ("logits", "softmax", "−log p", "every loss"),
    (1.3, 1.4, 1.2, 1.7),
    (0.2, 0.45, 0.55, 0.2),
)


class ClassBars:
    """Horizontal bars, one row per class, as a single artist; numbers up to 10 classes.

    Args:
        axes: where to draw; row 0 is at the top.
        num_classes: C.
        format_value: writes the number at a bar's end.
        limit: bars end at ± this; without it, at the panel's edges.
    """

    def __init__(
        self, axes: Axes, num_classes: int, format_value, limit: float | None = None
    ) -> None:
        self.axes = axes
        self.limit = limit
        self.format_value = format_value
        self.band = axes.axhspan(-0.5, 0.5, color=TARGET_BAND, zorder=2.6, animated=True)
        self.bars = PolyCollection([], zorder=2.7, animated=True)
        axes.add_collection(self.bars, autolim=False)
        labelled = range(num_classes if num_classes <= MOST_LABELLED_CLASSES else 0)
        self.numbers = [
            axes.text(0, row, "", va="center", color=INK, zorder=2.8, animated=True)
            for row in labelled
        ]
        axes.axvline(0, color=QUIET, linewidth=1, zorder=2.9, animated=True)

    def update(
        self, values: np.ndarray, target: int | None, beyond: np.ndarray | float = 0.0
    ) -> None:
        """Shows `values`, of shape (C), with the target's row marked, if there is one.

        Numbers stand to the right of their bars, of 0 and of `beyond`, a number or shape (C).
        """
        low, high = self.axes.get_xlim()
        ends = (low, high) if self.limit is None else (-self.limit, self.limit)
        drawn = np.clip(np.nan_to_num(values.astype(float), nan=0.0), *ends)
        rows = np.arange(len(values))
        x = np.stack([0 * drawn, drawn, drawn, 0 * drawn], axis=1)
        y = rows[:, None] + np.array([-0.36, -0.36, 0.36, 0.36])
        self.bars.set_verts(np.stack([x, y], axis=2))
        self.bars.set_facecolor([TARGET_COLOR if row == target else OTHER_COLOR for row in rows])
        self.band.set_y(-2 if target is None else target - 0.5)  # -2 lies outside
        places = np.maximum(np.maximum(drawn, 0), beyond) + 0.015 * (high - low)
        for row, number in enumerate(self.numbers):
            number.set_x(places[row])
            number.set_text(self.format_value(values[row]))
            number.set_fontweight("bold" if row == target else "normal")


class LossCurve:
    """The curve −log p with the present point on it; above the limit the point turns into an arrow.

    Args:
        axes: where to draw.
        with_p: also write the probability; needs a panel that is two inches wide.
    """

    def __init__(self, axes: Axes, *, with_p: bool) -> None:
        self.with_p = with_p
        p = np.concatenate([np.geomspace(1e-9, 0.01, 60), np.linspace(0.011, 1, 200)])
        axes.plot(p, -np.log(p), color=QUIET, linewidth=1.8)
        (self.guides,) = axes.plot(
            [], [], color=TARGET_COLOR, linewidth=1.2, linestyle=(0, (4, 3)), animated=True
        )
        (self.point,) = axes.plot(
            [], [], color=TARGET_COLOR, markersize=10, clip_on=False, zorder=5, animated=True
        )
        self.text = axes.text(
            0.97, 0.9, "", transform=axes.transAxes, ha="right", va="top", color=TARGET_COLOR,
            fontsize=FONT_SIZE + 2, fontweight="bold", linespacing=1.5, animated=True,
        )  # fmt: skip

    def update(self, p: float, loss: float) -> None:
        """Moves the point to probability `p` and `loss` (in nats)."""
        drawn = min(loss, LOSS_LIMIT)
        self.guides.set_data([p, p, 0], [0, drawn, drawn])
        self.point.set_data([p], [drawn])
        self.point.set_marker("o" if loss <= LOSS_LIMIT else "^")
        number = format_number(loss)
        self.text.set_text(
            f"p = {format_number(p)}\nloss = {number}" if self.with_p else f"loss\n{number}"
        )


class CrossEntropyFigure:
    """One element's way from logits to loss, read from left to right; beside it every loss.

    Args:
        class_names: one name per class, at least one.
        map_shape: rows and columns of the panel with every element's loss; None leaves it out.
    """

    def __init__(self, class_names: list[str], map_shape: tuple[int, int] | None = None) -> None:
        self.figure = Figure(figsize=(FIGURE_WIDTH, FIGURE_HEIGHT), facecolor="white")
        left = 0.7 + 0.075 * max(map(len, class_names))
        titles, widths, gaps = ALONE if map_shape is None else WITH_MAP
        axes = [add_axes(self.figure, *edges) for edges in panel_edges(left, widths, gaps)]
        for panel, title in zip(axes, titles, strict=True):
            panel.set_title(title)
        self.logits_axes, self.probs_axes, self.loss_axes = axes[:3]
        self._set_up_bar_axes(class_names)
        self._set_up_loss_axes()
        self.target_word = add_target_word(self.logits_axes, left)
        self.logit_bars = ClassBars(self.logits_axes, len(class_names), _short)
        self.prob_bars = ClassBars(self.probs_axes, len(class_names), format_number)
        self.loss_curve = LossCurve(self.loss_axes, with_p=map_shape is None)
        self.loss_map = None if map_shape is None else CellMap(axes[3], *map_shape)

    def _set_up_bar_axes(self, class_names: list[str]) -> None:
        for axes in (self.logits_axes, self.probs_axes):
            axes.set_ylim(len(class_names) - 0.4, -0.6)
            axes.set_yticks([])
            axes.spines["left"].set_visible(False)
        if len(class_names) <= MOST_LABELLED_CLASSES:
            self.logits_axes.set_yticks(range(len(class_names)), class_names, color=INK)
        keep_room(self.probs_axes, 0, 1)
        self.probs_axes.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])

    def _set_up_loss_axes(self) -> None:
        self.loss_axes.grid(visible=False)
        self.loss_axes.set_xlim(-0.02, 1.02)
        self.loss_axes.set_ylim(0, LOSS_LIMIT * 1.03)
        self.loss_axes.set_xticks([0, 0.5, 1], ["0", "p", "1"])
        self.loss_axes.set_yticks([0, 5, 10, 15, 20])

    def set_limits(self, logits_limit: float, losses) -> None:
        """Sets the logits' limits to ±`logits_limit`, and what loss is the map's darkest."""
        set_logits_limit(self.logits_axes, logits_limit)
        if self.loss_map is not None:
            self.loss_map.set_limits(0, max(DARKEST_LOSS, float(losses.max())))

    def update(self, logits: np.ndarray, probs: np.ndarray, target: int, loss: float) -> None:
        """Shows one element.

        Shape:
            logits, probs: (C).

        Args:
            logits: no unit.
            probs: softmax of the logits.
            target: the class index.
            loss: in nats.
        """
        self.logit_bars.update(logits, target)
        self.prob_bars.update(probs, target)
        self.target_word.set_y(target)
        self.loss_curve.update(float(probs[target]), float(loss))


def add_axes(
    figure: Figure, left: float, right: float, bottom: float = 0.3, top: float = 0.36
) -> Axes:
    """Adds a plain axes from `left` to `right`, `bottom` and `top` kept free; all in inches."""
    width, height = figure.get_size_inches()
    axes = figure.add_axes(
        (left / width, bottom / height, (right - left) / width, 1 - (bottom + top) / height)
    )
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(QUIET)
    axes.tick_params(colors=QUIET, labelsize=FONT_SIZE, length=0, pad=5)
    axes.grid(color=GRID)
    axes.set_axisbelow(True)
    axes.title.set(fontsize=FONT_SIZE + 1, color=INK)
    return axes


def add_target_word(axes: Axes, left: float) -> Text:
    """Adds the word "target" at the left edge of a figure whose first panel starts at `left`."""
    return axes.text(
        (0.08 - left) / _inches_wide(axes), 0, "target", transform=axes.get_yaxis_transform(),
        va="center", color=TARGET_COLOR, fontweight="bold", clip_on=False, animated=True,
    )  # fmt: skip


def keep_room(axes: Axes, low: float, high: float, room: float = NUMBER_WIDTH) -> None:
    """Sets limits with `room`, in inches, for a number beside a bar that ends at `high`."""
    width = _inches_wide(axes)
    axes.set_xlim(low, low + (high - low) * width / (width - room))


def set_logits_limit(axes: Axes, limit: float) -> None:
    """Sets a panel of logits to ±`limit`."""
    keep_room(axes, -1.05 * limit, limit)
    axes.set_xticks([-limit, 0, limit], [f"−{limit:g}", "0", f"{limit:g}"])


def panel_edges(left: float, widths, gaps) -> list[tuple[float, float]]:
    """Where each panel starts and ends, in inches; `widths` are relative, `gaps` are inches."""
    room = FIGURE_WIDTH - left - sum(gaps)
    edges = []
    for width, gap in zip(widths, gaps, strict=True):
        right = left + room * width / sum(widths)
        edges.append((left, right))
        left = right + gap
    return edges


def _inches_wide(axes: Axes) -> float:
    return axes.get_position().width * FIGURE_WIDTH


def _short(logit: float) -> str:
    return f"{logit:.4g}"
