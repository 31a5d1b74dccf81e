"""The ledger's picture: a table above and below the line, and columns high as losses."""

import torch
from matplotlib.patches import Rectangle

from ce_helpers.explorers.ledger_state import LedgerState
from ce_helpers.formatting import tensor_literal
from ce_helpers.live.limits import Limit
from ce_helpers.live.numbers import computed, short, whole
from ce_helpers.live.panel import COLORS, INK, QUIET, STRONG, TARGET, Panel, fitting, sentence
from ce_helpers.live.picture import LivePicture
from ce_helpers.live.shapes import areas, track
from ce_helpers.live.values import Scale, spot

LEFT, RIGHT = 400, 432
LARGEST_WEIGHT = 3.0
FIRST, ROW = 66, 33  # rows of the table
COLUMNS = {"loss": 160, "weight": 222, "above": 306, "below": 388}  # right edges
X, TOP = (44, 320), 40  # of the columns
TRACK = Scale(160, 380, 0.0, LARGEST_WEIGHT)
WEIGHTS = (0, 1, 2, 3)
LOSS = (1, 2, 4, 8, 20, 50, 100, 200, 500, 1000, 2500)
WIDE = (2, 5, 10, 15, 20, 25)
MEAN, SUM, NONE = (("reduction", "is", k) for k in range(3))
SMOOTH = ("smoothing", "above", 0)
LEVEL, EMPTY = ("has_level", "is", 1), ("denominator", "is", 0)
FULL = ("denominator", "above", 0)
SENTENCES = [
    ((MEAN, EMPTY), "Nothing stands above and nothing below the line, so the mean is "
     "{loss:computed:target}."),
    ((MEAN, FULL), "A sample of weight w is w wide: it counts w times above the line and below it. "
     "The blue settles at {loss:computed:target}."),
    ((MEAN, FULL, ("ignore", "above", 0)), " An ignored target is in neither."),
    ((SUM,), "The sum is all that stands above the line, {loss:computed:target}; no weight divides "
     "it."),
    ((NONE,), "One loss per element, its weight multiplied in; nothing is added or divided."),
    ((SMOOTH,), " Smoothing adds each other class’s share, with that class’s weight; below stands "
     "only the target’s weight."),
]  # fmt: skip


class LedgerPicture(LivePicture):
    """A table, columns, and the weights.

    Args:
        state: what is shown first; it is read and not kept.
        seen: what a view has of its own.
    """

    def __init__(self, state: LedgerState, **seen) -> None:
        limits = [
            Limit("loss_high", (("tops", 1.15),), LOSS),
            Limit("width_high", (("denominator", 1),), WIDE, least=2 * len(state.target)),
        ]
        constants = {"log_probs": state.log_probs.tolist(), "targets": state.target.tolist()}
        super().__init__(state.values(), constants, limits, **seen)
        self.names = [fitting(name, 58) for name in state.class_names]
        self.targets = constants["targets"]
        self.foot = FIRST + ROW * len(self.targets)  # where the sums stand
        self.height = max(300, self.foot + 70)
        self.grids = [[self.table(), self.columns()], [self.weights(), self.legend()]]
        self.words = [sentence(template, when) for when, template in SENTENCES]
        self.lines = [sentence(template, when) for when, template in lines(state)]
        self.hands = {
            "sliders": [
                {"name": f"weights.{c}", "label": f"weight {name}", "panel": "weights",
                 "x": TRACK, "y": self.at_weight(c), "stride": 0.1, "quiet": True}
                for c, name in enumerate(state.class_names)
            ]
        }  # fmt: skip

    def at_weight(self, c: int) -> float:
        """The y of a weight's track."""
        return 20 + 42 * c

    def table(self) -> Panel:
        """Who stands above the line and who below it, in fixed columns."""
        panel, rows = Panel("table", LEFT, self.height, self.values), range(len(self.targets))
        panel.rich(0, 18, [("ledger", STRONG), (" above ÷ below the line", QUIET)], ha="left",
                   size=17)  # fmt: skip
        for name, x in COLUMNS.items():
            panel.text(x, 42, name, QUIET, ha="right")
        panel.text(0, 42, "sample", QUIET)
        ys = [FIRST + ROW * n for n in rows]
        out = {"mark": "ignored", "looks": (INK, QUIET)}
        bold = {"mark": "ignored", "looks": (STRONG, QUIET)}
        at = {name: [(x, y + 5) for y in ys] for name, x in COLUMNS.items()}
        panel.texts([(8, y + 5) for y in ys], words=[str(n) for n in rows], **out)
        named = [self.names[y] for y in self.targets]
        panel.texts([(28, y + 5) for y in ys], words=named, **out)
        panel.texts(at["loss"], values="own", format=computed, ha="right", **out)
        panel.texts(at["weight"], values="own_weights", ha="right", **out)
        panel.texts(at["above"], values="above", format=computed, ha="right", **bold)
        panel.texts(at["below"], values="below", ha="right", **bold)
        for n, y in enumerate(ys):
            panel.line([(0, y + 16), (388, y + 16)], "grid")
            struck = panel.line([(4, y), (388, y)], "quiet", 1.5, zorder=14)
            panel.part("show", struck, [(f"out.{n}", "is", 1)])
        panel.line([(232, self.foot - 17), (388, self.foot - 17)], "quiet", 2)
        y = self.foot + 8
        panel.text(0, y, "sum", QUIET)
        panel.rich(306, y, [((computed, "numerator"), STRONG)], ha="right")
        panel.rich(388, y, [((short, "denominator"), STRONG)], ha="right")
        fraction = [((computed, "numerator"), INK), (" ÷ ", INK), ((short, "denominator"), INK)]
        y = self.foot + 54
        panel.rich(0, y, [("mean = ", INK), *fraction, (" =", INK)], ha="left", when=[MEAN])
        panel.rich(0, y, [("sum of all above =", INK)], ha="left", when=[SUM])
        panel.rich(0, y, [("one loss per element, as above", INK)], ha="left", when=[NONE])
        panel.rich(388, y + 2, [((computed, "loss"), TARGET)], ha="right", size=28,
                   when=[("reduction", "below", 1.5)])  # fmt: skip
        return panel

    def columns(self) -> Panel:
        """A sample is a column: high its loss, wide its weight; the mean is where blue settles."""
        panel, (left, right) = Panel("columns", RIGHT, self.height, self.values), X
        foot = self.height - 50
        axes = panel.axes((left, TOP, right, foot), (0, "width_high"), (0, "loss_high"))
        panel.rich(left, 18, [("loss", STRONG), (" high, weight wide", QUIET)], ha="left", size=17)
        panel.ticks(axes, "y", 36, foot - TOP)
        panel.ticks(axes, "x", foot + 20, right - left)
        panel.line([(left, foot), (right, foot)], "quiet", 1.5)
        panel.text((left + right) / 2, foot + 44, "sum of weights", QUIET, ha="center")
        sides = ("lefts", "rights")
        blue = {"fc": COLORS["other"], "ec": COLORS["paper"], "lw": 1.5}
        areas(panel, axes, sides, ("floors", "highs"), blue)
        hollow = {"fc": "none", "ec": COLORS["other"], "lw": 1.5}
        areas(panel, axes, sides, ("highs", "tops"), hollow)
        spots = [
            (axes.x.at(x, self.values), axes.y.at(y, self.values))
            for x, y in zip(self.values["middles"], self.values["tops"], strict=True)
        ]
        numbers = [
            panel.text(x, y - 5, whole(n), QUIET, ha="center") for n, (x, y) in enumerate(spots)
        ]
        panel.part("dots", numbers, xs="middles", ys="tops", x=axes.x, y=axes.y, drawn=spots,
                   seen="wide")  # fmt: skip
        panel.hidden += [
            number for number, seen in zip(numbers, self.values["wide"], strict=True) if not seen
        ]
        ends = spot(left), spot(right + 4)
        solid = {"dashes": None, "zorder": 14}
        was = spot("before.level", axes.y)
        old = [("before.has_level", "is", 1), ("before.level", "not", "level")]
        panel.path([(ends[0], was), (ends[1], was)], "quiet", when=old, **solid)
        level = spot("level", axes.y)
        panel.path([(ends[0], level), (ends[1], level)], "target", width=3, when=[LEVEL], **solid)
        for words, plus in (([((computed, "level"), TARGET)], 5), ([("mean of all", QUIET)], 22)):
            at = {**level, "plus": plus}
            panel.rich(right + 10, 0, words, ha="left", spot=at, when=[LEVEL])
        return panel

    def weights(self) -> Panel:
        """One track a class; a bird counts as often as its weight says."""
        last = len(self.names) - 1
        panel = Panel("weights", LEFT, self.at_weight(last) + 42, self.values)
        for c, name in enumerate(self.names):
            y = self.at_weight(c)
            ticks = WEIGHTS if c == last else ()
            track(panel, TRACK, f"weights.{c}", y, name=f"weight {name}", ticks=ticks, filled=True)
        return panel

    def legend(self) -> Panel:
        """What blue, hollow and grey are."""
        panel = Panel("legend", RIGHT, 104, self.values)
        blue = {"fc": COLORS["other"], "ec": "none"}
        hollow = {"fc": "none", "ec": COLORS["other"], "lw": 1.5}
        shares = (("the target’s share of the loss", blue),
                  ("the other classes’ shares: all weights enter", hollow))  # fmt: skip
        for k, (words, looks) in enumerate(shares):
            panel.add(Rectangle((X[0], 12 + 28 * k), 18, 14, **looks))
            panel.text(X[0] + 26, 25 + 28 * k, words)
        panel.line([(X[0], 75), (X[0] + 18, 75)], "quiet", 1.5)
        panel.text(X[0] + 26, 81, "the mean before this move")
        return panel


def lines(state: LedgerState) -> list[tuple]:
    """`code` and `summary` of the state, as sentences that the browser fills."""
    dtype = state.logits.dtype
    kind = "" if dtype == torch.float32 else f", dtype={dtype}"
    start, end = map(tensor_literal, (state.logits, state.target))
    return [
        ((), f"torch.nn.functional.cross_entropy({start}, {end}, weight=torch.tensor("
         f"[{{weights:floats}}]{kind}), ignore_index={{ignore_index:whole}}, "
         "reduction='{reduction_name:text}', label_smoothing={label_smoothing:real})\n"),
        ((), "losses = {above:numbers}   weights = {below:numbers}{ignored_told:text}\n"),
        ((NONE,), "loss = one per element"),
        ((SUM,), "loss = sum of the losses = {loss:printed}"),
        ((MEAN,), "loss = {numerator:printed} ÷ {denominator:printed} = {loss:printed}   "
         "(the losses' plain average: {plain_mean:printed})"),
    ]  # fmt: skip
