"""The gradient's picture: logits and one step, p against y, the gradient, the loss at each step."""

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ce_helpers.figures import (
    FIGURE_WIDTH,
    ClassBars,
    add_axes,
    add_target_word,
    keep_room,
    panel_edges,
    set_logits_limit,
)
from ce_helpers.formatting import format_number
from ce_helpers.style import FONT_SIZE, INK, PAPER, TARGET_COLOR

FIGURE_HEIGHT = 2.6  # inches
GRADIENT_LIMIT = 1.0  # p − y lies between −1 and 1
LONG_NUMBER_WIDTH = 0.95  # inches, of a bold 1.2345e-05: a small p stands right of the frame
TITLES = ("logits, one step →", "p (frame: y)", "gradient on logits", "loss at each step")
WIDTHS, GAPS = (1.8, 1.65, 1.75, 1.4), (0.15, 0.2, 0.5, 0.1)  # relative; inches after each panel


class StepArrows:
    """An arrow on each logit's bar, from where it ends to where one step takes it.

    Args:
        axes: the panel with the logits.
        num_classes: C.
    """

    def __init__(self, axes: Axes, num_classes: int) -> None:
        zeros = np.zeros(num_classes)
        self.arrows = axes.quiver(
            zeros, np.arange(num_classes), zeros, zeros, angles="xy", scale_units="xy", scale=1,
            units="inches", width=0.03, headwidth=4, headlength=4.5, headaxislength=4,
            color=INK, edgecolor=PAPER, linewidth=0.6, zorder=3, animated=True,
        )  # fmt: skip

    def update(self, starts: np.ndarray, ends: np.ndarray, limit: float) -> np.ndarray:
        """Draws from `starts` to `ends`, both (C), up to ±`limit`; returns the right end of each.

        What stands beside an arrow keeps clear of that end.
        """
        ends = np.where(np.isfinite(ends), ends, starts)  # no arrow where there is no step
        starts, ends = (np.clip(x, -limit, limit) for x in (starts, ends))
        self.arrows.set_offsets(np.stack([starts, np.arange(len(starts))], axis=1))
        self.arrows.set_UVC(ends - starts, 0 * starts)
        return np.maximum(starts, ends) + 0.05 * limit


class DescentLine:
    """The loss at the start and after each step, point by point.

    Args:
        axes: where to draw.
        most_steps: how many steps fit.
    """

    def __init__(self, axes: Axes, most_steps: int) -> None:
        self.axes = axes
        self.limit = 0.0
        axes.set_xlim(-0.05 * most_steps, 1.05 * most_steps)
        axes.set_xticks([0, most_steps / 2, most_steps], ["0", "step", f"{most_steps}"])
        looks = {"color": TARGET_COLOR, "clip_on": False, "animated": True}
        (self.line,) = axes.plot([], [], "o-", markersize=4, linewidth=1.2, **looks)
        (self.present,) = axes.plot([], [], markersize=9, zorder=5, **looks)
        self.number = axes.text(
            0.97, 0.98, "", transform=axes.transAxes, ha="right", va="top", color=TARGET_COLOR,
            fontsize=FONT_SIZE + 2, fontweight="bold", animated=True,
        )  # fmt: skip

    def set_limit(self, first_loss: float) -> bool:
        """Sets the limit that holds the first loss of a descent; whether it is another one."""
        limit = loss_limit(first_loss)
        if limit == self.limit:
            return False
        self.limit = limit
        self.axes.set_ylim(0, 1.3 * limit)  # the number stands above
        ticks = [0, limit / 2, limit]
        self.axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
        return True

    def update(self, losses: list[float]) -> None:
        """Shows the losses (in nats), the present one last; above the limit it is an arrow."""
        drawn = np.minimum(losses, self.limit)
        self.line.set_data(np.arange(len(losses)), drawn)
        self.present.set_data([len(losses) - 1], drawn[-1:])
        self.present.set_marker("^" if losses[-1] > self.limit else "o")
        self.number.set_text(format_number(losses[-1]))


class GradientFigure:
    """One sample's way from p − y to a step and a smaller loss, read from left to right.

    Args:
        class_names: one name per class, at least one.
        most_steps: how many steps fit.
    """

    def __init__(self, class_names: list[str], most_steps: int) -> None:
        self.figure = Figure(figsize=(FIGURE_WIDTH, FIGURE_HEIGHT), facecolor="white")
        num_classes = len(class_names)
        left = 0.7 + 0.075 * max(map(len, class_names))
        panels = [add_axes(self.figure, *edges) for edges in panel_edges(left, WIDTHS, GAPS)]
        for axes, title in zip(panels, TITLES, strict=True):
            axes.set_title(title)
        self.logits_axes, self.probs_axes, self.gradient_axes, self.loss_axes = panels
        for axes in panels[:3]:
            axes.set_ylim(num_classes - 0.4, -0.6)
            axes.set_yticks([])
            axes.spines["left"].set_visible(False)
        self.logits_axes.set_yticks(range(num_classes), class_names, color=INK)
        self.logits_axes.grid(visible=False, axis="y")
        keep_room(self.probs_axes, 0, 1, LONG_NUMBER_WIDTH)
        self.probs_axes.set_xticks([0, 1], ["0", "1"])
        keep_room(self.gradient_axes, -1.05 * GRADIENT_LIMIT, GRADIENT_LIMIT)
        self.gradient_axes.set_xticks([-1, 0, 1], ["−1", "0", "1"])
        self.logits_limit = 0.0

        self.target_word = add_target_word(self.logits_axes, left)
        self.logit_bars = ClassBars(self.logits_axes, num_classes, "{:.4g}".format)
        self.step_arrows = StepArrows(self.logits_axes, num_classes)
        self.prob_bars = ClassBars(self.probs_axes, num_classes, format_number)
        # y is 1 for the target and 0 for the rest: a bar that is still to be filled
        self.target_frame = self.probs_axes.add_patch(
            Rectangle(
                (0, 0), 1, 0.72, fill=False, edgecolor=TARGET_COLOR, linewidth=1.4, zorder=3,
                animated=True,
            )
        )  # fmt: skip
        self.gradient_bars = ClassBars(
            self.gradient_axes, num_classes, format_number, GRADIENT_LIMIT
        )
        # where a bar would be longer than the panel, at temperatures below 1
        self.beyond_limit = [
            self.gradient_axes.plot(
                [], [], marker, color=INK, markersize=9, markeredgecolor=PAPER, linestyle="",
                clip_on=False, zorder=4, animated=True,
            )[0]
            for marker in "<>"
        ]  # fmt: skip
        self.descent = DescentLine(self.loss_axes, most_steps)

    def set_limits(self, logits_limit: float, first_loss: float) -> bool:
        """Makes room for logits of ±`logits_limit` and a descent from `first_loss` (in nats).

        Returns whether a limit is another one, so that the whole figure is to be drawn.
        """
        is_new = self.descent.set_limit(first_loss) or logits_limit != self.logits_limit
        self.logits_limit = logits_limit
        set_logits_limit(self.logits_axes, logits_limit)
        return is_new

    def update(
        self, logits: np.ndarray, stepped: np.ndarray, probs: np.ndarray, gradient: np.ndarray,
        *, target: int, losses: list[float],
    ) -> None:  # fmt: skip
        """Shows one state.

        Shape:
            logits, stepped, probs, gradient: (C).

        Args:
            logits: no unit.
            stepped: the logits after one step more.
            probs: what the loss takes the log of.
            gradient: of the loss with respect to the logits.
            target: the class index.
            losses: in nats, from the start to the present.
        """
        beyond = self.step_arrows.update(logits, stepped, self.logits_limit)
        self.logit_bars.update(logits, target, beyond)
        self.target_word.set_y(target)
        one_hot = np.arange(len(probs)) == target
        self.prob_bars.update(probs, target, one_hot)
        self.target_frame.set_y(target - 0.36)
        self.gradient_bars.update(gradient, target, 1.1 * (gradient > GRADIENT_LIMIT))
        for marker, sign in zip(self.beyond_limit, (-1, 1), strict=True):
            rows = np.flatnonzero(sign * gradient > GRADIENT_LIMIT)
            marker.set_data(np.full(len(rows), sign * GRADIENT_LIMIT), rows)
        self.descent.update(losses)


def loss_limit(first_loss: float) -> float:
    """The first of 1, 2, 3, 5, 10, 20, 30, 50, … nats that holds this loss.

    Example:
        >>> loss_limit(0.0037), loss_limit(1.7436), loss_limit(16.0)
        (1.0, 2.0, 20.0)
    """
    if not 1 < first_loss < math.inf:
        return 1.0
    power = 10.0 ** math.floor(math.log10(first_loss))
    return next(power * digit for digit in (1, 2, 3, 5, 10) if power * digit >= first_loss)
