"""The precision lens's picture: what each way reads at every gap, and the floats just above 1."""

import math
from itertools import groupby

import numpy as np
from matplotlib.colors import to_hex, to_rgb
from matplotlib.patches import Polygon, Rectangle

from ce_helpers.explorers.precision_state import (
    DTYPES,
    GAPS,
    METHODS,
    PINS,
    PrecisionState,
    answers_for_all_gaps,
    compute,
)  # fmt: skip
from ce_helpers.live.looks import COLORS, QUIET, STRONG, TARGET, advance_bold, sentence
from ce_helpers.live.numbers import computed, short, text
from ce_helpers.live.panel import Panel
from ce_helpers.live.picture import LivePicture
from ce_helpers.live.points import bullseye
from ce_helpers.live.values import Scale, spot

PAPER = ("paper", "bold", "normal")
MOST_DIGITS = 7  # right digits from which a strip is darkest
LOG_LOW, LOG_HIGH = -18.0, 2.2  # of the curves
POWERS = {-15: "1e-15", -10: "1e-10", -5: "1e-05", 0: "1"}
PILL, CURVE, STRIP = 34, 66, 15  # y of the handle; heights of the curves and of a strip
PEN = {"float16": ("other", 9), "float32": ("otherink", 4), "float64": ("ink", 1.3)}
WORDS = [
    ((), "logits = [0, {gap:short}], target = 0: the target is {place:text} "),
    ((), "(exact loss = {exact:computed:strong}). "),
    ((), "In {dtype_name:text}, the sum of exp is 1 + {steps_told:text} steps of {unit:text}; it "),
    ((), "takes {taken_told:text:strong}, whose log is {log_told:text:target}"),
    ([("gap", "below", 0.5)], ": that is the loss, in whole steps."),
    ([("gap", "above", 0.5)], "; cross_entropy adds the gap to it."),
]
CODE = (
    "logits = torch.tensor([[0., {gap:text}.]], dtype=torch.{dtype_name:text})\n"
    "F.cross_entropy(logits, torch.tensor([0]))"
)


class PrecisionPicture(LivePicture):
    """Curves, nine strips and the ruler; on a narrow page laid out anew.

    Args:
        state: what is shown first; it is read and not kept.
        seen: what a view has of its own.
    """

    def __init__(self, state: PrecisionState, **seen) -> None:
        super().__init__(state.values(), {}, [], **seen)
        self.hands = {"sliders": []}
        for layout in ("wide", "narrow"):
            self.grids.append([self.strips(layout)])
        for layout in ("wide", "narrow"):
            self.grids.append([self.ruler(layout)])
        self.words = [sentence(words, when) for when, words in WORDS] + [
            {**sentence("".join(
                f" {method} reads {{losses.{3 * k + j}:computed}} in {dtype}."
                for k, method in enumerate(METHODS) for j, dtype in enumerate(DTYPES)
            )), "unseen": True}
        ]  # fmt: skip
        self.lines = [sentence(CODE)]

    # The gap: an axis, the curves of one way, and nine strips below.

    def strips(self, layout: str) -> Panel:
        """What each way reads, over the gap."""
        is_wide = layout == "wide"
        tops = [180 + 79 * k + 19 * j if is_wide else 254 + 147 * k + 41 * j
                for k in range(3) for j in range(3)]  # fmt: skip
        width, track = (848, (240, 836)) if is_wide else (448, (8, 440))
        name = "strips" if is_wide else "strips_narrow"
        panel = Panel(name, width, tops[-1] + STRIP + 6, self.values, layout=layout)
        x = Scale(*track, GAPS[0], GAPS[-1])
        self.axis(panel, x, is_wide)
        self.curves(panel, x, 58 if is_wide else 104, is_wide)
        for k, method in enumerate(METHODS):
            panel.text(0, tops[3 * k] - (8 if is_wide else 26), method, STRONG, size=16)
        if is_wide:
            panel.text(222, tops[0] - 8, "reads", QUIET, ha="right")
        losses, errors = (np.stack(all_, axis=2) for all_ in zip(*map(compute, GAPS), strict=True))
        for k, top in enumerate(tops):
            base = top + 13 if is_wide else top - 5
            panel.text(0 if is_wide else 8, base, DTYPES[k % 3], QUIET)
            strip(panel, x, top, losses[k // 3, k % 3], errors[k // 3, k % 3])
        column = 222 if is_wide else 440
        places = [(column, top + 13 if is_wide else top - 5) for top in tops]
        panel.texts(places, values="losses", format=computed, ha="right", mark="wrong")
        pill = PILL if is_wide else 80
        line = panel.line([(0, pill + 12), (0, tops[-1] + STRIP + 4)], "target", 2, zorder=14)
        line.set_xdata([panel.at(spot("gap", x))] * 2)
        panel.place(line, x=spot("gap", x))
        self.hands["sliders"].append(
            {"name": "gap", "label": "gap", "panel": name, "x": x, "y": pill, "stride": 1}
        )
        return panel

    @staticmethod
    def axis(panel: Panel, x: Scale, is_wide: bool) -> None:
        """The gap in large, its axis, and what it means."""
        gap = [("gap = ", TARGET), ((short, "gap"), TARGET)]
        panel.rich(0 if is_wide else 8, 20, gap, ha="left", size=20)
        y = 16 if is_wide else 50
        for tick in range(GAPS[0], GAPS[-1] + 1, 20 if is_wide else 40):
            at = x.at(tick, {})
            panel.text(at, y, short(tick), QUIET, ha="center" if 20 < at < panel.width - 20 else
                       "left" if at <= 20 else "right")  # fmt: skip
        place, ha = ((0, 42), "left") if is_wide else ((x.end, 20), "right")
        panel.text(*place, "other logit − target’s logit", QUIET, ha=ha)
        pill = PILL if is_wide else 80
        panel.only_live.append(panel.line([(x.start, pill), (x.end, pill)], "track", 4))

    def curves(self, panel: Panel, x: Scale, top: float, is_wide: bool) -> None:
        """One way's loss in each dtype, on a log axis with lanes for inf and 0."""
        bottom = top + CURVE + 20
        y = Scale(bottom - 10, top + 10, LOG_LOW, LOG_HIGH)
        lanes = {top: "inf", bottom: "0"}
        ticks = {y.at(power, {}): words for power, words in POWERS.items()}
        if not is_wide:
            ticks[y.at(0, {})] = ""  # the curves run there
        for at, words in {**ticks, **lanes}.items():
            panel.line([(x.start, at), (x.end, at)], "quiet" if at in lanes else "grid", zorder=6)
            look = STRONG if at in lanes else QUIET
            if is_wide:
                panel.text(x.start - 10, at + 5, words, look, ha="right")
            else:
                panel.text(x.end, at - 3, words, look, ha="right")
        xs = [x.at(gap, {}) for gap in GAPS]
        losses = answers_for_all_gaps().arrays["losses"]  # (G, 9)
        for k in range(9):
            heights = [lane(loss, y, top, bottom) for loss in losses[:, k]]
            pen = PEN[DTYPES[k % 3]]
            line = panel.line(list(zip(xs, heights, strict=True)), *pen, zorder=7)
            line.set(solid_joinstyle="round")
            panel.part("show", line, [("method", "is", k // 3)])
        left = x.start + 0.62 * (x.end - x.start) - 4 * is_wide
        for k, dtype in enumerate(DTYPES):
            at = top + 42 + 19 * k
            panel.line([(left, at - 5), (left + 28, at - 5)], *PEN[dtype])
            panel.text(left + 36, at, dtype, QUIET)

    # The floats just above 1.

    def ruler(self, layout: str) -> Panel:
        """Five floats as pins; the exact sum hops to the nearest."""
        is_wide = layout == "wide"
        width, left, pitch = (848, 72, 160) if is_wide else (448, 52, 84)
        name = "ruler" if is_wide else "ruler_narrow"
        panel = Panel(name, width, 146, self.values, layout=layout)
        x = Scale(left, left + pitch * (PINS - 1), 0, PINS - 1)
        base = 106  # the choice of a dtype lies over the top, beside the exact sum
        exact = [("exact sum: 1 + ", TARGET), ((text, "steps_told"), TARGET), (" steps", TARGET)]
        panel.rich(width if is_wide else 8, 20, exact, ha="right" if is_wide else "left")
        pin = spot("pin", x)
        for left, when in (  # the sum is never below 1
            (0, ()),
            (-pitch / 2, [("pin", "above", 0)]),
        ):
            near = Rectangle((panel.at(pin) + left, base - 36), pitch / 2, 36, ec="none")
            near.set_facecolor(COLORS["band"])
            panel.place(panel.add(near, 1), x=pin, when=when)
        panel.line([(x.start, base), (x.end, base)], "ink", 1.5)
        for k in range(PINS):
            at = x.at(k, {})
            panel.line([(at, base - 32), (at, base)], "ink", 2)
        at = panel.at(pin)
        panel.place(panel.line([(at, base - 38), (at, base)], "ink", 6, zorder=12.5),
                    x=pin)  # fmt: skip
        # the hop
        sum_at = spot("sum_at", x)
        panel.path([(sum_at, spot(54)), (pin, spot(base - 46))], "target", width=2,
                   dashes=None)  # fmt: skip
        tip = np.array([(-6, base - 50), (6, base - 50), (0, base - 39)]) + np.array([at, 0])
        panel.place(panel.add(Polygon(tip, fc=COLORS["target"], ec="none"), 13), x=pin)
        bullseye(panel, sum_at, spot(50), 8)
        places = [x.at(k, {}) for k in range(PINS)]
        looks = {"mark": "pin", "looks": (QUIET, TARGET), "ha": "center", "format": text}
        shown = "pins" if is_wide else "short_pins"
        panel.texts([(at, base + 18) for at in places], values=shown, **looks)
        shown = "logs" if is_wide else "short_logs"
        panel.texts([(at, base + 35) for at in places], values=shown, **looks)
        if is_wide:
            for y, words in ((base + 18, "sum"), (base + 35, "its log")):
                panel.text(width, y, words, QUIET, ha="right")
        return panel


def lane(loss: float, y: Scale, top: float, bottom: float) -> float:
    """Where a loss lies: inf and what is not above 0 have lanes of their own."""
    if math.isinf(loss):
        return top
    return y.at(math.log10(loss), {}) if loss > 0 else bottom


def strip(panel: Panel, x: Scale, top: float, losses: np.ndarray, errors: np.ndarray) -> None:
    """One way in one dtype: deeper where more digits are right; words where no number is left."""
    half = (x.end - x.start) / (len(GAPS) - 1) / 2
    kinds = [kind(*pair, losses[-1]) for pair in zip(losses, errors, strict=True)]
    k = 0
    frame = Rectangle((x.start, top), x.end - x.start, STRIP, fc="none", lw=1)
    frame.set_edgecolor(COLORS["quiet"])
    panel.add(frame, 9)
    for what, run in groupby(kinds):
        count = len([*run])
        left = max(x.at(GAPS[k], {}) - half, x.start)
        right = min(x.at(GAPS[k + count - 1], {}) + half, x.end)
        k += count
        box = Rectangle((left, top), right - left, STRIP, ec="none")
        if isinstance(what, int):
            box.set_facecolor(mixture(panel, 0.12 + 0.88 * what / MOST_DIGITS))
            panel.add(box, 8)
            continue
        is_inf = what == "inf"
        box.set(fc=COLORS["ink" if is_inf else "paper"])
        panel.add(box, 8)
        if not is_inf:
            edge = Rectangle((left + 0.5, top + 0.5), right - left - 1, STRIP - 1, fc="none", lw=1)
            edge.set_edgecolor(COLORS["ink"])
            panel.add(edge, 9)
        room = advance_bold(what) + 10
        if what not in ("0", "inf"):
            hatched(panel, left, right, top, room if right - left > room else 0)
        if right - left > room - 6:
            look = PAPER if is_inf else STRONG
            panel.text((left + right) / 2, top + 12.5, what, look, ha="center")


def kind(loss: float, error: float, last: float) -> int | str:
    """How many digits are right, or why there are none: `last` is the loss at the largest gap."""
    if math.isinf(loss):
        return "inf"
    if loss == 0:
        return "0"
    if loss < 0:
        return "below 0"
    if abs(loss - last) < 0.01 and error > 0.01:
        return f"stuck at {last:.2f}"
    return min(max(math.floor(-math.log10(error)), 0), MOST_DIGITS) if error else MOST_DIGITS


def hatched(panel: Panel, left: float, right: float, top: float, room: float) -> None:
    """Diagonal lines, but for the middle, where words stand."""
    middle = (left + right) / 2
    for x in np.arange(left - STRIP, right, 6):
        a, b = max(x, left), min(x + STRIP, right)
        if b - a > 1 and not middle - room / 2 - STRIP < x < middle + room / 2:
            ends = [(a, top + STRIP - (a - x)), (b, top + STRIP - (b - x))]
            panel.line(ends, "quiet", zorder=8.5)


def mixture(panel: Panel, share: float) -> str:
    """The bars' blue thinned by paper; the browser mixes the theme's own."""
    other, paper = (np.array(to_rgb(COLORS[name])) for name in ("other", "paper"))
    color = to_hex(share * other + (1 - share) * paper)
    percent = f"{100 * share:.0f}%"
    if color != COLORS["other"]:
        panel.mixes[color] = f"color-mix(in srgb, var(--ce-other) {percent}, var(--ce-paper))"
    return color
