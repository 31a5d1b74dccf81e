"""The ledger's picture: a table above and below the line, and columns high as losses."""

import torch
from matplotlib.patches import Rectangle

from ce_helpers.explorers.ledger_state import LedgerState
from ce_helpers.formatting import tensor_literal
from ce_helpers.live.limits import Limit
from ce_helpers.live.looks import COLORS, INK, QUIET, STRONG, TARGET, fitting, sentence
from ce_helpers.live.numbers import computed, short, whole
from ce_helpers.live.panel import Panel
from ce_helpers.live.picture import LivePicture
from ce_helpers.live.points import areas
from ce_helpers.live.shapes import track
from ce_helpers.live.values import Scale, spot

LEFT, RIGHT = 400, 432
LARGEST_WEIGHT, LARGEST_SMOOTHING = 3.0, 0.5
FIRST, ROW = 66, 33  # rows of the table
COLUMNS = {"loss": 160, "weight": 222, "above": 306, "below": 388}  # right edges
X, TOP = (44, 320), 40  # of the columns
LABEL = X[1] + 10  # beside a level
TRACK = Scale(160, 380, 0.0, LARGEST_WEIGHT)
SMOOTHING = Scale(204, 400, 0.0, LARGEST_SMOOTHING)
WEIGHTS, SMOOTHINGS = (0, 1, 2, 3), (0, 0.1, 0.5)
LOSS = (1, 2, 4, 8, 20, 50, 100, 200, 500, 1000, 2500)
WIDE = (2, 5, 10, 15, 20, 25)
MEAN, SUM, NONE = (("reduction", "is", k) for k in range(3))
INDICES, ROWS = (("form", "is", k) for k in range(2))
SMOOTH = ("label_smoothing", "above", 0)
LEVEL, EMPTY = ("has_level", "is", 1), ("denominator", "is", 0)
FULL = ("denominator", "above", 0)
WHOLE, CUT, BOTH = ("is_cut", "is", 0), ("is_cut", "is", 1), ("both_count", "is", 1)
SENTENCES = [
    ((MEAN, EMPTY), "Nothing stands above and nothing below the line, so the mean is "
     "{loss:computed:target}."),
    ((MEAN, FULL, INDICES, WHOLE), "A sample of weight w is w wide: it counts w times above the "
     "line and below it. The blue settles at {loss:computed:target}."),
    ((MEAN, ROWS, WHOLE), "One-hot rows are probabilities: the weights enter above the line, but "
     "each row adds 1 below it. The same blue on a floor of {denominator:short}: "
     "{loss:computed:target}."),
    ((MEAN, CUT, BOTH), "Each batch has its own level, {first:computed} and {second:computed}. "
     "Their mean, {of_parts:computed:strong}, forgets how wide they are; the mean of all is "
     "{loss:computed:target}."),
    ((MEAN, FULL, CUT, ("both_count", "is", 0)), "In one of the two batches nothing counts: its "
     "mean is nan, and so is the mean of means. The mean of all is {loss:computed:target}."),
    ((MEAN, FULL, INDICES, ("ignore", "above", 0)), " An ignored target is in neither."),
    ((ROWS, ("ignore", "above", 0)), " Rows know no ignore_index, so nothing is ignored."),
    ((SUM,), "The sum is all that stands above the line, {loss:computed:target}; nothing divides "
     "it."),
    ((SUM, CUT), " The two batches’ sums, {first:computed} and {second:computed}, add up to it."),
    ((NONE,), "One loss per element, its weight multiplied in; nothing is added or divided."),
    ((SMOOTH,), " Smoothing adds each other class’s share above the line, with that class’s "
     "weight; nothing below it."),
]  # fmt: skip
POSITIONS = (
    (MEAN, FULL, INDICES, WHOLE), " The mean divides by all that counts, not by N = "
    "{num_samples:whole}: that would give {over_samples:computed}."
)  # fmt: skip


class LedgerPicture(LivePicture):
    """A table, columns, and the weights.

    Args:
        state: what is shown first; it is read and not kept.
        seen: what a view has of its own.
    """

    def __init__(self, state: LedgerState, **seen) -> None:
        limits = [
            Limit("loss_high", (("tops", 1.15),), LOSS),
            Limit("width_high", (("denominator", 1),), WIDE, least=2 * len(state.classes)),
        ]
        self.targets, self.positions = state.classes, state.positions
        constants = {
            "log_probs": state.log_probs.tolist(), "targets": self.targets,
            "num_samples": state.num_samples, "positions": self.positions,
        }  # fmt: skip
        super().__init__(state.values(), constants, limits, **seen)
        self.names = [fitting(name, 58) for name in state.class_names]
        self.foot = FIRST + ROW * len(self.targets)  # where the sums stand
        self.height = max(300, self.foot + 70)
        self.grids = [[self.table(), self.columns()], [self.weights(), self.legend()]]
        said = [*SENTENCES, POSITIONS] if state.target.ndim > 1 else SENTENCES
        self.words = [sentence(template, when) for when, template in said]
        self.lines = [sentence(template, when) for when, template in lines(state)]
        self.hands = {
            "sliders": [
                {"name": f"weights.{c}", "label": f"weight {name}", "panel": "weights",
                 "x": TRACK, "y": self.at_weight(c), "stride": 0.1, "quiet": True}
                for c, name in enumerate(state.class_names)
            ] + [
                {"name": "label_smoothing", "label": "label_smoothing", "panel": "legend",
                 "x": SMOOTHING, "y": self.at_weight(0), "stride": 0.01, "quiet": True},
                {"name": "cut", "label": "samples before the cut", "panel": "columns",
                 "x": Scale(*X, 0, "width_high"), "y": self.height - 50, "stride": 1,
                 "places": "edges", "quiet": True},
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
        ys = [FIRST + ROW * n for n in rows]
        elements = [divmod(n, self.positions) for n in rows]
        if self.positions > 1:
            head, labels, left = "element", [f"{n}, {d}" for n, d in elements], 46
        else:
            head, labels, left = "sample", [str(n) for n in rows], 28
        panel.text(0, 42, head, QUIET)
        out = {"mark": "ignored", "looks": (INK, QUIET)}
        bold = {"mark": "ignored", "looks": (STRONG, QUIET)}
        at = {name: [(x, y + 5) for y in ys] for name, x in COLUMNS.items()}
        panel.texts([(8, y + 5) for y in ys], words=labels, **out)
        named = [self.names[y] for y in self.targets]
        panel.texts([(left, y + 5) for y in ys], words=named, **out)
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
        counted = f"sum: {len(rows)} elements, N = {self.values['num_samples']}"
        panel.text(0, y, counted if self.positions > 1 else "sum", QUIET)
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
        panel.ticks(axes, "x", foot + 27, right - left)
        panel.line([(left, foot), (right, foot)], "quiet", 1.5)
        panel.text((left + right) / 2, foot + 46, "below the line  ┃ drag to cut", QUIET,
                   ha="center")  # fmt: skip
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
        self.levels(panel, axes, foot)
        return panel

    def levels(self, panel: Panel, axes, foot: float) -> None:
        """The mean, the mean before this move, and those of the two sides of a cut."""
        ends = spot(X[0]), spot(X[1] + 4)
        solid = {"dashes": None, "zorder": 14}
        was, old = spot("before.level", axes.y), ("before.level", "not", "level")
        panel.path([(ends[0], was), (ends[1], was)], "quiet",
                   when=[("before.has_level", "is", 1), old], **solid)  # fmt: skip
        cut, end = (spot(name, axes.x) for name in ("cut_at", "denominator"))
        panel.path([(cut, spot(TOP)), (cut, spot(foot))], "ink", when=[BOTH], **solid)
        for name, sides in (("first", (spot(0, axes.x), cut)), ("second", (cut, end))):
            at = spot(name, axes.y)
            panel.path([(x, at) for x in sides], "ink", width=3, when=[BOTH], **solid)
        level, means = (spot(name, axes.y) for name in ("level", "of_parts"))
        panel.path([(ends[0], means), (ends[1], means)], "ink", dashes=(6, 4), when=[BOTH],
                   zorder=14)  # fmt: skip
        panel.path([(ends[0], level), (ends[1], level)], "target", width=3, when=[LEVEL], **solid)
        # of two labels the higher stands above its line, the lower below: so they never meet
        higher, lower = ("all_higher", "is", 1), ("all_higher", "is", 0)
        of_all, of_means = ("level", TARGET, "mean of all"), ("of_parts", STRONG, "of the means")
        for (name, look, words), plus, when in (
            (of_all, (5, 22), [LEVEL, ("both_count", "is", 0)]),
            (of_all, (-22, -5), [LEVEL, BOTH, higher]),
            (of_all, (15, 32), [LEVEL, BOTH, lower]),
            (of_means, (-22, -5), [BOTH, lower]),
            (of_means, (15, 32), [BOTH, higher]),
        ):
            for by, line in zip(plus, ([((computed, name), look)], [(words, QUIET)]), strict=True):
                at = spot(name, axes.y, by)
                panel.rich(LABEL, 0, line, ha="left", spot=at, when=when)

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
        """The smoothing, and what blue, hollow, grey and black are."""
        panel = Panel("legend", RIGHT, 176, self.values)
        track(panel, SMOOTHING, "label_smoothing", self.at_weight(0), name="label_smoothing",
              ticks=SMOOTHINGS, filled=True)  # fmt: skip
        blue = {"fc": COLORS["other"], "ec": "none"}
        hollow = {"fc": "none", "ec": COLORS["other"], "lw": 1.5}
        shares = (("the target’s share of the loss", blue),
                  ("the other classes’ shares: all weights enter", hollow))  # fmt: skip
        left, top = X[0] - 40, 72
        for k, (words, looks) in enumerate(shares):
            panel.add(Rectangle((left, top + 27 * k), 18, 14, **looks))
            panel.text(left + 26, top + 13 + 27 * k, words)
        for k, (words, color, width, dashes) in enumerate(
            (("the mean before this move", "quiet", 1.5, None),
             ("the mean of two batches’ means", "ink", 1.5, (6, 4)))
        ):  # fmt: skip
            y = top + 62 + 27 * k
            panel.line([(left, y), (left + 18, y)], color, width, dashes=dashes)
            panel.text(left + 26, y + 5, words)
        return panel


def lines(state: LedgerState) -> list[tuple]:
    """`code` and `summary` of the state, as sentences that the browser fills."""
    dtype = state.logits.dtype
    kind = "" if dtype == torch.float32 else f", dtype={dtype}"
    indices, rows = state.target_code()
    both = "the two batches alone: {first:printed} and {second:printed}, "
    return [
        ((), f"torch.nn.functional.cross_entropy({tensor_literal(state.logits)}, "),
        ((INDICES,), indices),
        ((ROWS,), rows),
        ((), f", weight=torch.tensor([{{weights:floats}}]{kind}), "
         "ignore_index={ignore_index:whole}, reduction='{reduction_name:text}', "
         "label_smoothing={label_smoothing:real})\n"),
        ((), "losses = {above:numbers}   below the line = {below:numbers}{ignored_told:text}\n"),
        ((NONE,), "loss = one per element"),
        ((SUM,), "loss = sum of the losses = {loss:printed}"),
        ((MEAN,), "loss = {numerator:printed} ÷ {denominator:printed} = {loss:printed}"),
        ((MEAN, CUT), f"\n{both}the mean of these {{of_parts:printed}}"),
        ((SUM, CUT), f"\n{both}their sum {{of_parts:printed}}"),
    ]  # fmt: skip
