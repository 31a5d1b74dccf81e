"""Three panels as a plain matplotlib figure, for what people use today; copied to the notebooks."""

import numpy as np
import torch
from ipywidgets import FloatSlider
from matplotlib.figure import Figure

SIZE = (8.48, 3.0)  # inches of 100 CSS pixels
NAMES, LOGITS, TARGET = [f"class {c}" for c in range(4)], (4.0, 3.0, 2.0, 10.0), 3
COLORS = ("#7fa6c9", "#7fa6c9", "#7fa6c9", "#c04a00")


def logit_sliders(moved=None) -> list[FloatSlider]:
    """Four sliders, as the explorer's; each calls what it is given when it has moved."""
    sliders = [
        FloatSlider(value, min=-20, max=20, step=0.1, description=name)
        for name, value in zip(NAMES, LOGITS, strict=True)
    ]
    for slider in sliders if moved else ():
        slider.observe(moved, "value")
    return sliders


class Panels:
    """Bars with numbers for logits and probs, the curve −log p; made once and then updated."""

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        *panels, curve = figure.subplots(1, 3)
        figure.subplots_adjust(left=0.13, right=0.98, bottom=0.1, top=0.88, wspace=0.16)
        for panel, limits in zip(panels, ((-21, 28), (0, 1.4)), strict=True):
            panel.set(xlim=limits, ylim=(3.6, -0.6), yticks=[])
            panel.grid(axis="x")
        panels[0].set(title="logits", yticks=range(4), yticklabels=NAMES)
        panels[1].set(title="probs = softmax(logits)")
        curve.set(xlim=(-0.02, 1.02), ylim=(0, 20.6), title="loss = −log(p of target)")
        p = np.geomspace(1e-9, 1, 260)
        curve.plot(p, -np.log(p), color="#5b6b79")
        self.bars = [panel.barh(range(4), [0.0] * 4, color=COLORS) for panel in panels]
        self.numbers = [[panel.text(0, c, "", va="center") for c in range(4)] for panel in panels]
        (self.guides,) = curve.plot([], [], "--", color=COLORS[TARGET])
        (self.point,) = curve.plot([], [], "o", color=COLORS[TARGET], clip_on=False)
        self.text = curve.text(0.4, 18, "", va="top", fontweight="bold")

    def update(self, *logits: float) -> None:
        """Shows four logits, and what torch computes from them."""
        row = torch.tensor([logits])  # (1, 4)
        loss = torch.nn.functional.cross_entropy(row, torch.tensor([TARGET])).item()
        probs = torch.softmax(row, dim=1)[0].tolist()
        for bars, numbers, values in zip(self.bars, self.numbers, (logits, probs), strict=True):
            for bar, number, value in zip(bars, numbers, values, strict=True):
                bar.set_width(value)
                number.set(x=max(value, 0) + 0.02, text=f"{value:.4g}")
        p = probs[TARGET]
        self.guides.set_data([p, p, 0], [0, loss, loss])
        self.point.set_data([p], [loss])
        self.text.set_text(f"p = {p:.4f}\nloss = {loss:.4f}")
