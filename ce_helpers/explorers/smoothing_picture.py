"""The smoothing explorer's picture: q beside p, and the loss over the target's lead."""

import numpy as np
from matplotlib.patches import Rectangle

from ce_helpers.explorers.smoothing_state import LEADS, MOST_SMOOTHING, SmoothingState
from ce_helpers.live.limits import Limit
from ce_helpers.live.looks import COLORS, INK, QUIET, STRONG, TARGET, fitting, sentence
from ce_helpers.live.numbers import computed, rounded, short
from ce_helpers.live.panel import Panel
from ce_helpers.live.picture import LivePicture
from ce_helpers.live.points import areas, bullseye, ring
from ce_helpers.live.shapes import band, bars, track
from ce_helpers.live.values import Places, Scale, spot

LEFT, RIGHT = 400, 432
FIRST, ROW = 70, 36
P = (194, 386)  # where p is 0 and 1
LOSS = (44, 418)  # the curve's axis
TRACK = Scale(*P, 0.0, MOST_SMOOTHING)
SMOOTHINGS = (0, 0.1, 0.5)
LIMITS = [Limit("loss_high", (("loss", 1.15),), (2, 4, 8, 20))]
SMOOTH = ("label_smoothing", "above", 0)
HERE, AWAY = ("lead", "near", "best"), ("lead", "apart", "best")
SENTENCES = [
    ((("label_smoothing", "is", 0),), "Without smoothing the loss falls for ever: a larger lead is "
     "always better."),
    ((SMOOTH, HERE), "Here p = q as near as a hand gets. The loss is all entropy, "
     "{entropy:computed:target}: no model gets below it, and a larger lead costs more again."),
    ((SMOOTH, AWAY), "The loss {loss:computed:target} is the entropy of q, {entropy:computed}, and "
     "{gap:computed} because p is "),
    ((SMOOTH, AWAY, ("lead", "above", "best")), "surer than"),
    ((SMOOTH, AWAY, ("best", "above", "lead")), "not yet as sure as"),
    ((SMOOTH, AWAY), " q."),
    ((SMOOTH,), " It is lowest at a lead of ln({q.0:short} / {q.1:short}) = {best:computed}."),
]  # fmt: skip
LINES = [
    "torch.nn.functional.cross_entropy(torch.tensor([[{logits:floats}]]), torch.tensor([0]), "
    "label_smoothing={label_smoothing:real})\n",
    "q = {q:numbers}   p = {probs:numbers}\n",
    "loss = {loss:printed} = {entropy:printed}, the entropy of q, + {gap:printed} because p is "
    "not q",
]


class SmoothingPicture(LivePicture):
    """Two panels: what is asked and what the model says, and the loss over the lead.

    Args:
        state: what is shown first; it is read and not kept.
        seen: what a view has of its own.
    """

    def __init__(self, state: SmoothingState, **seen) -> None:
        constants = {
            "num_classes": state.num_classes,
            "ends": [[end] for end in LEADS], "foot": [0.0],  # of the block
        }  # fmt: skip
        super().__init__(state.values(), constants, LIMITS, **seen)
        self.names = [fitting(name, 60) for name in state.class_names]
        self.rows = [FIRST + ROW * c for c in range(state.num_classes)]
        self.foot = self.rows[-1] + 24
        self.height = self.foot + 94
        self.lead = Scale(*LOSS, *LEADS)
        self.grids = [[self.shares(), self.losses()]]
        self.words = [sentence(template, when) for when, template in SENTENCES]
        self.lines = [sentence(template) for template in LINES]
        named = "lead of the target’s logit", "label_smoothing"
        self.hands = {
            "sliders": [
                {"name": "lead", "label": named[0], "panel": "losses", "x": self.lead,
                 "y": self.height - 60, "stride": 0.1},
                {"name": named[1], "label": named[1], "panel": "shares", "x": TRACK,
                 "y": self.foot + 34, "stride": 0.01, "quiet": True},
            ]
        }  # fmt: skip

    def shares(self) -> Panel:
        """Q as frames round the bars of p, and the smoothing."""
        panel, (left, right) = Panel("shares", LEFT, self.height, self.values), P
        panel.rich(left, 18, [("p", STRONG), (" ┆ asked: q", QUIET)], ha="left", size=17)
        axes = panel.axes((left, 50, right, self.foot), (0, 1), (self.foot, 50))
        for p, words in ((0, "0"), (0.5, "½"), (1, "1")):
            x = axes.x.at(p, self.values)
            color, width = ("grid", 1) if p else ("quiet", 1.5)
            panel.line([(x, 50), (x, self.foot)], color, width, zorder=2)
            panel.text(x, 42, words, QUIET, ha="center")
        band(panel, spot("target", Places(tuple(self.rows))), 17)
        columns = {"q": 118, "probs": 182}
        for (value, x), write in zip(columns.items(), (short, rounded), strict=True):
            panel.text(x, 42, value[0], QUIET, ha="right")
            at = [(x, y + 5) for y in self.rows]
            panel.texts(at, values=value, format=write, ha="right", mark="target")
        panel.texts([(0, y + 5) for y in self.rows], words=self.names, mark="target")
        bars(panel, axes, "probs", self.rows, 9, least=2)
        frames = [
            panel.add(Rectangle((left, y - 13), axes.x.at(q, self.values) - left, 26, fc="none"))
            for q, y in zip(self.values["q"], self.rows, strict=True)
        ]
        for frame in frames:
            frame.set(ec=COLORS["ink"], lw=1.5, linestyle=(0, (4, 2.67)), zorder=14)
        panel.part("bars", frames, values="q", x=axes.x, rows=self.rows, half=13, least=0)
        track(panel, TRACK, "label_smoothing", self.foot + 34, name="label_smoothing",
              ticks=SMOOTHINGS, filled=True)  # fmt: skip
        return panel

    def losses(self) -> Panel:
        """The loss at each lead; below it the entropy of q, which is always paid."""
        panel, (left, right) = Panel("losses", RIGHT, self.height, self.values), LOSS
        top, foot = 76, self.height - 60
        axes = panel.axes((left, top, right, foot), LEADS, (0, "loss_high"))
        gray = {"fc": COLORS["grid"], "ec": "none"}
        areas(panel, axes, ("ends.0", "ends.1"), ("foot", "block"), gray, zorder=2)
        panel.ticks(axes, "y", 36, foot - top)
        panel.ticks(axes, "x", foot + 28, right - left)
        panel.line([(left, foot), (right, foot)], "quiet", 1.5)
        panel.text((left + right) / 2, self.height - 4,
                   "lead of the target’s logit over the others", QUIET, ha="center")  # fmt: skip
        panel.rich(left, 18, [("loss", STRONG)], ha="left", size=17)
        panel.rich(left + 48, 18, [("┄ without smoothing", QUIET)], ha="left", when=[SMOOTH])
        panel.rich(right, 24, [((computed, "loss"), TARGET)], ha="right", size=28)
        sum_ = [("entropy of q ", INK), ((computed, "entropy"), STRONG), (" + ", INK),
                ((computed, "gap"), TARGET), (" because p ≠ q", INK)]  # fmt: skip
        panel.rich(left, 50, sum_, ha="left", when=[SMOOTH])
        panel.curve(axes, smoothed, of=(0, "num_classes"), color="quiet", width=1.5,
                    dashes=(2, 3), when=[SMOOTH])  # fmt: skip
        panel.curve(axes, smoothed, of=("label_smoothing", "num_classes"))
        best, entropy = spot("best", axes.x), spot("entropy", axes.y)
        seen = ("has_best", "is", 1)
        panel.path([(best, spot(foot)), (best, entropy)], "ink", when=[SMOOTH, seen])
        lowest = panel.text(panel.at(best), panel.at(entropy) - 12, "lowest", STRONG, ha="center")
        panel.place(lowest, x=best, y=entropy, when=[("is_far", "is", 1)])
        lead, loss = spot("lead", axes.x), spot("loss", axes.y)
        panel.path([(lead, spot(foot)), (lead, loss)], "target")
        panel.path([(lead, entropy), (lead, loss)], "target", width=3, dashes=None)
        moved = [("before.loss", "not", "loss")]
        ring(panel, spot("before.lead", axes.x), spot("before.loss", axes.y), moved)
        bullseye(panel, lead, loss, 8)
        return panel


def smoothed(low, high, _, most, smoothing, num_classes) -> tuple[list[float], list[float]]:
    """The loss over the lead of a target that is smoothed so, as far as it is not above `most`."""
    xs = np.linspace(low, high, 141)
    ys = np.log(np.exp(xs) + num_classes - 1) - (1 - smoothing + smoothing / num_classes) * xs
    points = list(zip(xs.tolist(), ys.tolist(), strict=True))
    found: list[tuple[float, float]] = []
    for (x0, y0), (x, y) in zip([points[0], *points], points, strict=False):
        if (y0 <= most) != (y <= most):
            found.append((x0 + (x - x0) * (most - y0) / (y - y0), most))
        if y <= most:
            found.append((x, y))
    return [x for x, _ in found], [y for _, y in found]
