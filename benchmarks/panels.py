"""The three panels as a plain matplotlib figure, for the ways of drawing that people use today.

It is copied beside the notebooks of the benchmark. The panels show what the explorer's show: bars
with numbers for logits and probs, the curve −log p with the present point.
"""

from functools import lru_cache

import numpy as np
import torch
from ipywidgets import FloatSlider
from matplotlib.axes import Axes
from matplotlib.figure import Figure

SIZE = (8.48, 3.0)  # inches of 100 CSS pixels, as the explorer
CLASS_NAMES = ("class 0", "class 1", "class 2", "class 3")
LOGITS = (4.0, 3.0, 2.0, 10.0)
TARGET = 3
COLORS = ("#7fa6c9", "#7fa6c9", "#7fa6c9", "#c04a00")
TITLES = ("logits", "probs = softmax(logits)", "loss = −log(p of target)")


def logit_sliders() -> list[FloatSlider]:
    """Four sliders, as the explorer's."""
    return [
        FloatSlider(value, min=-20, max=20, step=0.1, description=name)
        for name, value in zip(CLASS_NAMES, LOGITS, strict=True)
    ]


@lru_cache(maxsize=1)
def probs_and_loss(logits: tuple[float, ...]) -> tuple[list[float], float]:
    """What torch computes; once for one move, however many artists ask."""
    row = torch.tensor([logits])  # (1, 4)
    loss = torch.nn.functional.cross_entropy(row, torch.tensor([TARGET]))
    return torch.softmax(row, dim=1)[0].tolist(), loss.item()


def set_up(figure: Figure) -> list[Axes]:
    """Adds three axes with titles, fixed limits and what stands still."""
    axes = list(figure.subplots(1, 3))
    figure.subplots_adjust(left=0.13, right=0.98, bottom=0.1, top=0.88, wspace=0.16)
    for panel, title in zip(axes, TITLES, strict=True):
        panel.set_title(title, fontsize=11)
        panel.spines[["top", "right"]].set_visible(False)
    for panel in axes[:2]:
        panel.set_ylim(3.6, -0.6)
        panel.set_yticks([])
        panel.grid(axis="x")
    axes[0].set_yticks(range(4), CLASS_NAMES)
    axes[0].set_xlim(-21, 28)
    axes[1].set_xlim(0, 1.4)
    axes[2].set_xlim(-0.02, 1.02)
    axes[2].set_ylim(0, 20.6)
    p = np.geomspace(1e-9, 1, 260)
    axes[2].plot(p, -np.log(p), color="#5b6b79")
    return axes


class Panels:
    """The artists that move, made once and then updated.

    Args:
        figure: an empty figure, from `pyplot` or not.
    """

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        axes = set_up(figure)
        bar_axes = axes[:2]
        self.bars = [
            panel.barh(range(4), [0.0] * 4, color=COLORS, height=0.72) for panel in bar_axes
        ]
        self.numbers = [
            [panel.text(0, row, "", va="center") for row in range(4)] for panel in bar_axes
        ]
        (self.guides,) = axes[2].plot([], [], color="#c04a00", linestyle="--")
        (self.point,) = axes[2].plot([], [], "o", color="#c04a00", markersize=10, clip_on=False)
        self.text = axes[2].text(
            0.97, 0.9, "", transform=axes[2].transAxes, ha="right", va="top", fontweight="bold"
        )

    def update(self, *logits: float) -> None:
        """Shows four logits."""
        probs, loss = probs_and_loss(logits)
        for bars, numbers, values in zip(self.bars, self.numbers, (logits, probs), strict=True):
            for bar, number, value in zip(bars, numbers, values, strict=True):
                bar.set_width(value)
                number.set_x(max(value, 0) + 0.02)
                number.set_text(f"{value:.4g}")
        p = probs[TARGET]
        self.guides.set_data([p, p, 0], [0, loss, loss])
        self.point.set_data([p], [loss])
        self.text.set_text(f"p = {p:.4f}\nloss = {loss:.4f}")
