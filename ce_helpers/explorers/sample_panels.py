"""One element's panels: logits over the loss as softplus(s), p over the same loss as −log p.

Each curve stands under the panel that it reads. Where softmax runs twice, softmax(p) stands in the
last one's place; where steps are not named yet, the loss stands beside the logits, and no more. The
panels on the right are drawn as wide as those on the left: beside them their first pixels are
cropped, and on a phone these hold the class names.
"""

import numpy as np
from matplotlib.patches import Circle, Polygon

from ce_helpers.explorers.cross_entropy_state import MOST_ROWS
from ce_helpers.live.looks import (
    COLORS,
    INK,
    OTHERS,
    QUIET,
    STRONG,
    SYMBOL,
    TARGET,
    advance_bold,
    fitting,
)
from ce_helpers.live.numbers import computed, near, rare, short, term, text, two
from ce_helpers.live.panel import Panel
from ce_helpers.live.points import beside, bullseye, dots, goal, ring, triangle
from ce_helpers.live.shapes import arrow, band, bars, befores, outline, zero_line
from ce_helpers.live.values import Places, spot

WIDTH, CROP = 448, 64
P = (176, 436)  # of p: its bars, and the curve below them
LOSS, LOSS_BESIDE = (46, 434), (110, 436)  # of s: below the logits, or beside them
TOP, BOTTOM = 42, 180  # of both curves
ROWS = 52  # where the first row begins
ROW, MANY_ROWS = 36, 340  # a row's height, and that of all rows if there are many
NAMES, MOST_EXTRA = 58, 70  # a name's width, and how much wider its column may become
QUARTERS = ((0, "0"), (0.25, "¼"), (0.5, "½"), (0.75, "¾"), (1, "1"))


def softplus(s_low, s_high, _low, loss_high):
    """The loss over s = others − target."""
    s = np.linspace(s_low, s_high, 121)
    return s, np.minimum(np.logaddexp(0, s), loss_high)


def labels(names: list[str]) -> list[str]:
    """Names of classes, cut to the room before their bars."""
    return [fitting(name, NAMES + MOST_EXTRA) for name in names]


def neg_log(_p_low, _p_high, _low, loss_high):
    """The loss over p, denser where it bends."""
    loss = loss_high * np.linspace(0, 1, 91) ** 1.6
    return np.exp(-loss), loss


class SamplePanels:
    """The panels for one table of values, in `grids`, rows of two.

    Args:
        names: of the classes.
        values: what they are drawn for, limits included.
        asked: words for the loss that the question asks for; none if it asks for none.
        dotted: whether all elements are on the curves, as dots.
        twice: whether softmax runs twice.
        steps: whether p, s and the curve are named.
    """

    def __init__(
        self, names: list[str], values: dict, *, asked: str, dotted: bool, twice: bool, steps: bool
    ) -> None:
        self.values, self.asked, self.dotted = values, asked, dotted
        self.twice, self.steps, self.together = twice, steps, steps and not twice
        self.many = len(names) > MOST_ROWS
        height = MANY_ROWS / len(names) if self.many else ROW
        self.half = 0.4 * height if self.many else 9
        self.band_half = max(0.5 * height, 2) if self.many else 17
        self.rows = [ROWS + height * (c + 0.5) for c in range(len(names))]
        self.row = Places(tuple(self.rows))
        end = ROWS + height * len(names)
        self.others_y, self.all_y = end + 19, end + (53 if self.together else 22)
        self.height = self.all_y + 13
        self.names = labels(names)
        self.extra = max(0, max(map(advance_bold, self.names)) - NAMES)
        self.track = (170 + self.extra, 434)
        if not steps:
            self.grids = [[self.logits(), self.softplus()]]
        elif twice:
            self.grids = [
                [self.logits(), self.probs("probs", "p = softmax(logits)", "first_probs")],
                [self.softplus(), self.probs("twice", "softmax(p)", "probs")],
            ]
        else:
            self.grids = [
                [self.logits(), self.probs("probs", "p = softmax(logits)", "probs")],
                [self.softplus(), self.log_p()],
            ]

    def handles(self) -> dict:
        """Where a hand takes hold."""
        left, right = self.track
        scale = {"start": left, "end": right, "low": "logit_low", "high": "logit_high"}
        return {
            "panel": "logits", "targets": "probs" if self.steps else True, "x": scale,
            "rows": self.rows,
            "all": self.all_y, "number": left - 18, "names": 84 + self.extra,
            "roving": self.many,
        }  # fmt: skip

    # What panels have in common.

    def rules(self, panel: Panel) -> None:
        """Lines above and below the others' row."""
        for y in (self.others_y - 19, self.others_y + 19):
            panel.line([(0, y), (WIDTH, y)], "grid")

    def bar_rows(self, panel: Panel, axes, values: str, least: float = 0) -> None:
        """One bar a class, the target's row, and where bars stood before this move."""
        band(panel, spot("target", self.row), self.band_half)
        bars(panel, axes, values, self.rows, self.half, least=least)
        befores(panel, axes.x, values, self.rows, 13 if not self.many else self.half)

    def columns(self, panel: Panel, places, values: str, format, names) -> None:
        """Names and numbers: of each row, or of the row that the hand is at and of the target."""
        x, number = places
        if not self.many:
            below = [y + 5 for y in self.rows]
            panel.texts([(x, y) for y in below], words=names, mark="target")
            panel.texts(
                [(number, y) for y in below], values=values, format=format, ha="right",
                mark="target",
            )  # fmt: skip
            return
        for y, which, look in ((70, "row", INK), (106, "target", TARGET)):
            if values == "logits":  # beside the numbers of p there is no room for every name
                panel.rich(x, y, [((text, f"{which}_label"), look)], ha="left")
            one = {"logits": f"{which}_logit", "probs": "row_p" if which == "row" else "p"}[values]
            panel.rich(number, y, [((format, one), look)], ha="right")
            start = self.track[0] if values == "logits" else P[0]
            at = np.array([start, self.row.at(panel.now(which), {})])
            tip = np.array([(-9, -5), (-9, 5), (-1, 0)])
            mark = Polygon(at + tip, fc=COLORS[look[0]], ec="none")
            panel.place(panel.add(mark), y=spot(which, self.row))

    # The panels.

    def logits(self) -> Panel:
        """The logits, and the others as one."""
        v, (left, right) = self.values, self.track
        panel = Panel("logits", WIDTH, self.height, v)
        foot = self.height - 22
        axes = panel.axes((left, 50, right, foot), ("logit_low", "logit_high"), (foot, 50))
        panel.text(left, 18, "logits", STRONG, size=17)
        panel.rich(
            right, 18, [("│ before this move", QUIET)], ha="right", when=[("moved", "is", 1)]
        )
        panel.rich(right, 18, [("drag a bar’s end", QUIET)], ha="right", when=[("fresh", "is", 1)])
        panel.text(0, 42, "target", QUIET)
        panel.ticks(axes, "x", 42, right - left)
        zero_line(panel, axes)
        self.bar_rows(panel, axes, "logits")
        if not self.many:
            for y in self.rows:
                panel.add(Circle((12, y), 7, fc="none", ec=COLORS["quiet"], lw=1.5))
            bullseye(panel, spot(12), spot("target", self.row), 7)
        places = (0 if self.many else 26, left - 18)
        self.columns(panel, places, "logits", short, self.names)
        if len(self.names) > 1 and self.together:
            self.others(panel, axes)
        return panel

    def others(self, panel: Panel, axes) -> None:
        """The others as one class, and s from the target's end to theirs."""
        y = self.others_y
        self.rules(panel)
        panel.text(0, y - 2, "others", OTHERS)
        panel.text(0, y + 14, "as one", OTHERS)
        panel.rich(self.track[0] - 18, y + 5, [((two, "others"), OTHERS)], ha="right")
        outline(panel, axes.x, "others", y - 5)
        target, others = spot("target_logit", axes.x), spot("others", axes.x)
        top = spot("target", self.row, self.half + 4)
        panel.path([(target, top), (target, spot(y + 14))], "target")
        arrow(panel, target, others, y + 9)
        beside(panel, "s", [target, others], y + 14, gap=7, most=self.track[1] - 12, look=SYMBOL)

    def probs(self, name: str, title: str, values: str) -> Panel:
        """Probabilities, and that all of them are 1."""
        v = self.values
        panel = Panel(name, WIDTH, self.height, v, crop=CROP)
        foot = self.height - 22
        axes = panel.axes((P[0], 50, P[1], foot), (0, 1), (foot, 50))
        panel.text(P[0], 18, title, STRONG, size=17)
        for p, words in QUARTERS:
            x = axes.x.at(p, v)
            color, width = ("grid", 1) if p else ("quiet", 1.5)
            panel.line([(x, 50), (x, foot)], color, width, zorder=2)
            panel.text(x, 42, words, QUIET, ha="center")
        self.bar_rows(panel, axes, values, least=2)
        if self.together:  # down to its point on the curve
            target = spot("p", axes.x)
            top = spot("target", self.row, self.half + 1)
            panel.path([(target, top), (target, spot(self.height))], "target")
        names = [fitting(name, CROP) for name in self.names]
        self.columns(panel, (0, 162), values, computed, names)
        if not self.many:
            rares = [(P[0] + 12, y + 5) for y in self.rows]
            panel.texts(rares, values=values, format=rare, mark="target", looks=(QUIET, QUIET))
        self.sums(panel, axes)
        return panel

    def sums(self, panel: Panel, axes) -> None:
        """What the others hold together, and that all of them hold 1."""
        if len(self.names) > 1 and self.together:
            self.rules(panel)
            panel.text(0, self.others_y + 5, "others", OTHERS)
            panel.rich(162, self.others_y + 5, [((computed, "others_p"), OTHERS)], ha="right")
            outline(panel, axes.x, "others_p", self.others_y - 5, least=2)
            panel.rich(P[0] + 12, self.others_y + 5, [((rare, "others_p"), QUIET)], ha="left")
        y, middle = self.all_y, sum(P) / 2
        panel.text(162, y + 5, "1", ha="right")
        panel.text(middle, y + 5, "sum of all p", QUIET, ha="center")
        for end, inner in zip(P, (middle - 51, middle + 51), strict=True):
            panel.line([(end, y - 5), (end, y + 5)], "quiet", 2)
            panel.line([(end, y), (inner, y)], "quiet", 2)

    def softplus(self) -> Panel:
        """The loss over s, the distance from the target to the others as one."""
        panel = Panel("softplus", WIDTH, 224, self.values, crop=0 if self.steps else CROP)
        edges, tall = LOSS if self.steps else LOSS_BESIDE, 1.3 * (BOTTOM - TOP)
        left, right = edges
        axes = panel.axes((left, TOP, right, BOTTOM), ("s_low", "loss_high"), (0, "loss_high"))
        title = [("loss", STRONG), *[(" = softplus(s)", QUIET)] * self.steps]
        panel.rich(left, 20, title, ha="left", size=17)
        panel.rich(right, 26, [((computed, "loss"), TARGET)], ha="right", size=28)
        panel.ticks(axes, "y", left - 8, tall)
        panel.ticks(axes, "x", 199, right - left)
        zero = axes.x.at(0, self.values)
        panel.place(panel.line([(zero, TOP), (zero, BOTTOM)], "quiet", 1.5), x=spot(0, axes.x))
        words = "target ahead" if self.steps else "ahead"
        ahead = panel.text(zero - 8, TOP + 13, words, QUIET, ha="right")
        panel.place(ahead, x=spot(0, axes.x, -8))
        behind = panel.text(zero + 8, TOP + 13, "behind", QUIET)
        panel.place(behind, x=spot(0, axes.x, 8), most=right - 102)
        corner = (spot("loss_high", axes.x), spot(TOP))
        panel.path([(spot(0, axes.x), spot(BOTTOM)), corner], "quiet", dashes=(1, 4), zorder=1)
        panel.line([(left, BOTTOM), (right, BOTTOM)], "quiet", 1.5)
        panel.curve(axes, softplus)
        self.points(panel, axes, "s", "distances", edges)
        if not self.steps:
            words = "how far the target lies below the others"
            panel.text((left + right) / 2, 221, words, QUIET, ha="center")
            return panel
        panel.rich(240, 221, [
            ("s", SYMBOL), (" = ", INK), ("others", OTHERS), (" − ", INK), ("target", TARGET),
            (" = ", INK), ((two, "others"), OTHERS), (" − ", INK), ((term, "target_logit"), TARGET),
            (" = ", INK), ((two, "s"), STRONG),
        ])  # fmt: skip
        return panel

    def log_p(self) -> Panel:
        """The same loss over p."""
        panel = Panel("log_p", WIDTH, 224, self.values, crop=CROP)
        axes = panel.axes((P[0], TOP, P[1], BOTTOM), (0, 1), (0, "loss_high"))
        title = [("the same loss", STRONG), (" = −log p", QUIET)]
        panel.rich(P[0], 20, title, ha="left", size=17)
        panel.ticks(axes, "y", 162, 1.3 * (BOTTOM - TOP))
        for p, words in QUARTERS:
            panel.text(axes.x.at(p, self.values), 199, words, QUIET, ha="center")
        panel.line([(P[0], TOP), (P[0], BOTTOM), (P[1], BOTTOM)], "quiet", 1.5)
        panel.curve(axes, neg_log)
        self.points(panel, axes, "p", "ps", P)
        formula = [("−log ", INK), ((near, "p"), TARGET), (" = ", INK)]
        panel.rich(
            sum(P) / 2, 221, [*formula, ((computed, "loss"), STRONG)], when=[("p", "above", 0)]
        )
        rounded = [("p rounds to 0; the loss is ", INK), ((computed, "loss"), STRONG)]
        panel.rich(sum(P) / 2, 221, rounded, when=[("p", "is", 0)])
        return panel

    def points(self, panel: Panel, axes, across: str, all_across: str, edges) -> None:
        """The present point with its guides, the one before, the others', and what is asked."""
        x, y = spot(across, axes.x), spot("loss", axes.y)
        on_s = across == "s"
        goal(panel, axes, edges, words=self.asked if on_s else "")
        if self.dotted:
            mean = spot("mean", axes.y)
            at = panel.at(mean)
            line = panel.line([(edges[0], at), (edges[1], at)], "quiet", 1, dashes=(7, 4))
            panel.place(line, y=mean)
            words = [("mean ", QUIET), ((computed, "mean"), QUIET)]
            if on_s:
                # clear of dots and of "ahead"
                flip = [(BOTTOM - 18, -22), (TOP + 34, -6), (TOP + 14, 16)]
                place = {"spot": {**mean, "plus": 30}, "flip": flip, "ha": "left"}
                panel.rich(edges[0] + 8, 0, words, when=[("asked", "is", 0)], **place)
            dots(panel, axes, all_across, "losses", counted=on_s)
        start = [(x, spot(BOTTOM))] if on_s else [(x, spot(TOP - 10))]
        panel.path([*start, (x, y), (spot(edges[0]), y)], "target")
        before = [("before.s", "apart", "s")]
        ring(panel, spot(f"before.{across}", axes.x), spot("before.loss", axes.y), before)
        triangle(panel, x, y, [("loss", "above", "loss_high")])
        low = ("loss", "below", "loss_high")
        bullseye(panel, x, y, 8, [low, ("s_low", "below", "s")] if on_s else [low])
        if on_s:
            triangle(panel, x, y, [low, ("s_low", "above", "s")], leftwards=True)
