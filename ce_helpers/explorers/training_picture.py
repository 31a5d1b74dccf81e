"""A training's picture: the plane with its points, and the curves of loss, accuracy and logits."""

import math

from matplotlib.patches import Circle, Polygon, Rectangle

from ce_helpers.explorers.map_panels import CLASS_COLORS
from ce_helpers.explorers.plane import CORNERS, REACH
from ce_helpers.explorers.training_state import (
    DECAYS,
    KEPT,
    MOST_STEPS,
    SCALES,
    SMOOTHINGS,
    TrainingState,
)  # fmt: skip
from ce_helpers.live.limits import Limit
from ce_helpers.live.looks import COLORS, QUIET, STRONG, TARGET, sentence
from ce_helpers.live.numbers import computed, rounded, two
from ce_helpers.live.panel import Panel
from ce_helpers.live.picture import LivePicture
from ce_helpers.live.points import bullseye, polygons, ring, sized, told, trail
from ce_helpers.live.values import Scale, spot
from ce_helpers.training import CLASS_NAMES, FIRST_WEIGHT

LEFT, RIGHT, HEIGHT = 384, 448, 404
PLANE = (2, 378)  # pixels of −4.2 and 4.2, both ways
ACROSS = (58, 408)  # of the steps
UNIT = 10  # the radius with which a mark is drawn
TINTS = ("#e3f2fc", "#d6f0e8", "#f6e7ef")  # of the regions; in the browser a mix with the paper
LOSSES = (1.5, 3, 5, 10, 20, 50, 100)
SIZES = (5, 10, 20, 50, 100, 200)
LIMITS = [
    Limit("loss_high", (("mean_curve", 1.05), ("unseen_curve", 1.05)), LOSSES),
    Limit("size_high", (("size_curve", 1.05),), SIZES),
]
SENTENCES = [
    ((), "Step {steps:whole}: the largest point, of class {largest_class:text}, has p = "
     "{largest_p:near}, loss {largest_loss:computed:target}: {share:percent} of the sum. "),
    ((("wrong_count", "is", 0),), "All points lie in their own region."),
    ((("wrong_count", "above", 0),),
     "In a wrong region, ringed: {wrong_count:whole} of {count:whole}."),
]  # fmt: skip


class TrainingPicture(LivePicture):
    """The plane on the left, what each step left behind on the right.

    Args:
        state: what is shown first; it is read and not kept.
        seen: what a view has of its own.
    """

    def __init__(self, state: TrainingState, **seen) -> None:
        self.target = state.target.tolist()
        constants = {
            "target": self.target, "count": len(self.target), "corners": CORNERS,
            "blind": math.log(3),
            "kept_steps": KEPT, "most_steps": MOST_STEPS, "scales": SCALES, "decays": DECAYS,
            "smoothings": SMOOTHINGS, "first_weight": [w for row in FIRST_WEIGHT for w in row],
        }  # fmt: skip
        if state.held_out is not None:
            inputs, target = state.held_out
            xs, ys = inputs.double().mul(100).round().div(100).T.tolist()
            constants["unseen"] = {"xs": xs, "ys": ys, "target": target.tolist()}
        super().__init__(state.values(), constants, LIMITS, **seen)
        self.has_unseen = state.held_out is not None
        self.x, self.y = Scale(*PLANE, -REACH, REACH), Scale(*PLANE[::-1], -REACH, REACH)
        self.grids = [[self.plane(), self.curves()]]
        self.words = [sentence(template, when) for when, template in SENTENCES]
        keyword = ((("smoothing", "is", 1),), ", label_smoothing=0.1")
        self.lines = [sentence(template, when) for when, template in (
            ((), "F.cross_entropy(points @ weight + bias, target"), keyword,
            ((), ")   # lr 1, weight_decay {decay:short}"),
        )]  # fmt: skip
        names = [f"point of class {CLASS_NAMES[c]}" for c in self.target]
        self.hands = {"points": {"panel": "plane", "x": self.x, "y": self.y, "names": names}}

    def plane(self) -> Panel:
        """Regions, points as large as their loss, and the largest one's loss in figures."""
        panel = Panel("plane", LEFT, HEIGHT, self.values)
        low, high = PLANE
        for k, tint in enumerate(TINTS):
            share = f"color-mix(in srgb, {CLASS_COLORS[k]} 18%, var(--ce-paper))"
            panel.mixes[tint] = share
        polygons(panel, "regions", self.x, self.y, TINTS)
        middle = (low + high) / 2
        for ends in ([(low, middle), (high, middle)], [(middle, low), (middle, high)]):
            panel.line(ends, "grid", 1, zorder=4)
        panel.add(Rectangle((low, low), high - low, high - low, fc="none", ec=COLORS["quiet"]), 5)
        at = zip(self.target, self.values["xs"], self.values["ys"], strict=True)
        marks = [mark(c, self.x.at(x, {}), self.y.at(y, {})) for c, x, y in at]
        places = (("xs", self.x), ("ys", self.y))
        sized(panel, marks, places, "losses", unit=UNIT, marked="wrong")
        look = ("target", "bold", "normal")
        told(panel, rounded, "largest_loss", spot("largest_x", self.x),
             spot("largest_y", self.y, 5), gap=34, most=high - 96, look=look)  # fmt: skip
        for k, name in enumerate(CLASS_NAMES):
            chip = mark(k, low + 8 + 46 * k, HEIGHT - 9, 6)
            panel.add(chip, 10)
            panel.text(low + 20 + 46 * k, HEIGHT - 4, name)
        panel.text(high, HEIGHT - 4, "larger: a larger loss", QUIET, ha="right")
        return panel

    def curves(self) -> Panel:
        """Loss, accuracy and the largest logit over the steps, on one axis of steps."""
        panel, (left, right) = Panel("curves", RIGHT, HEIGHT, self.values), ACROSS
        steps = ("kept", 1, MOST_STEPS + 1)
        for top, bottom in ((40, 164), (210, 264), (310, 376)):
            for power in (0, 1, 2, 3, 4):
                at = Scale(left, right, *steps[1:], log=True).at(10**power + (power > 0), {})
                panel.line([(at, top), (at, bottom)], "grid", 1, zorder=2)
                if bottom == 376:
                    panel.text(at, 396, f"{10**power if power else 0:,}", QUIET, ha="center")
        panel.text(left - 8, 396, "steps", QUIET, ha="right")
        loss = self.axes(panel, (40, 164), (0, "loss_high"))
        panel.rich(0, 18, [("loss", STRONG), (" mean", QUIET)], ha="left", size=17)
        panel.rich(RIGHT, 24, [((computed, "loss"), TARGET)], ha="right", size=28)
        blind = spot("blind", loss.y)
        line = panel.line(
            [(left, panel.at(blind)), (right, panel.at(blind))], "ink", 1, dashes=(7, 4)
        )
        panel.place(line, y=blind)
        words = panel.text(right + 6, panel.at(blind) + 5, "ln 3", QUIET)
        panel.place(words, y=blind)
        if self.has_unseen:
            trail(panel, loss, "unseen_curve", color="quiet", width=2, xs="kept")
            said = [("─ new points ", QUIET), ((computed, "unseen"), STRONG)]
            panel.rich(right - 92, 18, said, ha="right")
        trail(panel, loss, "mean_curve", color="ink", width=2.5, xs="kept")
        bullseye(panel, spot("now", loss.x), spot("loss", loss.y), 8)
        accuracy = self.axes(panel, (210, 264), (0, 1))
        panel.text(0, 194, "accuracy", STRONG, size=17)
        panel.rich(RIGHT, 194, [((two, "accuracy"), STRONG)], ha="right")
        trail(panel, accuracy, "accuracy_curve", color="other", width=2.5, xs="kept")
        ring(panel, spot("now", accuracy.x), spot("accuracy", accuracy.y))
        size = self.axes(panel, (310, 376), (0, "size_high"))
        panel.text(0, 294, "largest logit", STRONG, size=17)
        panel.rich(RIGHT, 294, [((two, "size"), STRONG)], ha="right")
        trail(panel, size, "size_curve", color="ink", width=2.5, xs="kept")
        ring(panel, spot("now", size.x), spot("size", size.y))
        return panel

    def axes(self, panel: Panel, rows: tuple[float, float], limits: tuple):
        """Axes with the steps across, on a logarithmic scale of step + 1."""
        (left, right), (top, bottom) = ACROSS, rows
        axes = panel.axes((left, top, right, bottom), (0, 1), limits)
        axes.x = Scale(left, right, 1, MOST_STEPS + 1, log=True)
        panel.ticks(axes, "y", left - 8, 1.4 * (bottom - top))
        panel.line([(left, bottom), (right, bottom)], "quiet", 1.5)
        return axes


def mark(c: int, x: float, y: float, radius: float = UNIT):
    """A class by its shape and colour: a disk, a square, a triangle."""
    looks = {"fc": CLASS_COLORS[c], "ec": COLORS["ink"], "lw": 1}
    if c == 0:
        return Circle((x, y), radius, **looks)
    if c == 1:
        side = 0.9 * radius
        return Rectangle((x - side, y - side), 2 * side, 2 * side, **looks)
    corners = [(0, -1.15 * radius), (1.1 * radius, 0.85 * radius), (-1.1 * radius, 0.85 * radius)]
    return Polygon([(x + dx, y + dy) for dx, dy in corners], **looks)
