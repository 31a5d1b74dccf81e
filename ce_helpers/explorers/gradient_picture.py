"""The gradient's picture: logits and one step, p beside y, the gradient, the loss at each step."""

from matplotlib.patches import Circle, Rectangle

from ce_helpers.explorers.gradient_state import MOST_STEPS, Descent
from ce_helpers.live.limits import LOGITS, Limit
from ce_helpers.live.looks import COLORS, INK, QUIET, STRONG, TARGET, fitting, sentence
from ce_helpers.live.numbers import computed, rounded, short, signed, text
from ce_helpers.live.panel import Panel
from ce_helpers.live.picture import LivePicture
from ce_helpers.live.points import bullseye, trail
from ce_helpers.live.shapes import band, bars, befores, fat_arrows, span, track, zero_line
from ce_helpers.live.values import Places, Scale, spot

LEFT, RIGHT = 384, 448  # the panels' widths; below they change sides
FIRST, ROW, LANE = 70, 56, 22  # the first row, from row to row, from a bar to its arrow
TRACK = (160, 374)  # of logits, and of the settings below them
UNIT = 92  # pixels of 1, for p and for the gradient
P, ZERO = 66, 340  # where p begins, where the gradient is 0
STEPS = (46, 434)
RATES = (0.1, 1, 10)
NUMBER = 144  # where a logit's number ends
DIGITS = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
STOPS = [*(digit / 10 for digit in DIGITS), *DIGITS, 10]  # where a hand stops

LOSS = (1, 2, 4, 8, 20, 50, 100, 200, 500, 1000, 2500)
ABOVE = (("logits", 1.1), ("heads", 1.1))
BELOW = (("logits", -1.1), ("heads", -1.1))
LIMITS = [
    Limit("above", ABOVE, LOGITS),
    Limit("below", BELOW, LOGITS),
    Limit("logit_low", (*BELOW, ("above", 1 / 6)), LOGITS, least=0.2, sign=-1),
    Limit("logit_high", (*ABOVE, ("below", 1 / 6)), LOGITS, least=1),
    Limit("loss_high", (("losses", 1.15), ("earlier", 1.15)), LOSS),
    Limit("step_high", (("steps", 1), ("earlier_steps", 1)), (10, MOST_STEPS), least=10),
]
ONCE, TWICE = ("softmax_first", "is", False), ("softmax_first", "is", True)
ONE, OTHER = ("temperature", "is", 1), ("temperature", "not", 1)
SENTENCES = [
    ((ONCE,), "Asked for 1, {target_name:text:target} holds {p:rounded}: its gradient is "
     "{slope:signed}, and a step of rate {learning_rate:short} goes the other way, "
     "{change:signed}. What it gains the others lose: the changes sum to 0."),
    ((TWICE,), "The loss reads softmax(p), not p (hollow), and cannot get far: the gradient on "
     "{target_name:text:target} is {slope:computed}. "),
    ((TWICE, ("slope", "above", -0.01)), "No arrow is left, and the line is flat: nothing is "
     "learnt."),
]  # fmt: skip


class GradientPicture(LivePicture):
    """Four panels: what a step does to the logits, why, what became of the loss, and the settings.

    Args:
        descent: what is shown first; it is read and not kept.
        seen: what a view has of its own.
    """

    def __init__(self, descent: Descent, **seen) -> None:
        super().__init__(descent.values(), {"most_steps": MOST_STEPS}, LIMITS, **seen)
        self.names = [fitting(name, 58) for name in descent.state.class_names]
        self.rows = [FIRST + ROW * c for c in range(len(self.names))]
        self.height = FIRST + ROW * len(self.names) - 6
        self.track = Scale(*TRACK, *RATES[::2], log=True)
        self.grids = [[self.logits(), self.probs()], [self.losses(), self.settings()]]
        self.words = [sentence(template, when) for when, template in SENTENCES]
        self.lines = [sentence(template, when) for when, template in lines(descent)]
        bars_x = {"start": TRACK[0], "end": TRACK[1], "low": "logit_low", "high": "logit_high"}
        self.hands = {
            "bars": {
                "panel": "logits", "targets": "probs", "x": bars_x, "rows": self.rows,
                "number": NUMBER, "names": 72,
            },
            "sliders": [
                {"name": name, "label": name.replace("_", " "), "panel": "settings", "y": y,
                 "x": self.track, "stride": 0.1, "stops": STOPS, "quiet": True}
                for name, y in (("learning_rate", 62), ("temperature", 122))
            ],
        }  # fmt: skip

    def rule(self, panel: Panel) -> None:
        """The target's row, its arrow's lane included."""
        middles = Places(tuple(y + 7 for y in self.rows))
        band(panel, spot("target", middles), 26)

    def at_names(self, x: float, below: float) -> list[tuple[float, float]]:
        """A column of places, one a row."""
        return [(x, y + below) for y in self.rows]

    def logits(self) -> Panel:
        """The logits, and under each the arrow of one step."""
        panel, foot = Panel("logits", LEFT, self.height, self.values), self.height - 8
        axes = panel.axes((TRACK[0], 48, TRACK[1], foot), ("logit_low", "logit_high"), (foot, 48))
        self.rule(panel)
        panel.text(TRACK[0], 18, "logits", STRONG, size=17)
        for words, is_moved in (("│ before this step", 1), ("one step →", 0)):
            panel.rich(TRACK[1], 18, [(words, QUIET)], ha="right", when=[("moved", "is", is_moved)])
        panel.text(0, 42, "target", QUIET)
        panel.ticks(axes, "x", 42, TRACK[1] - TRACK[0])
        zero_line(panel, axes)
        bars(panel, axes, "logits", self.rows, 9)
        befores(panel, axes.x, "logits", self.rows, 13)
        for y in self.rows:
            panel.add(Circle((12, y), 7, fc="none", ec=COLORS["quiet"], lw=1.5))
        bullseye(panel, spot(12), spot("target", Places(tuple(self.rows))), 7)
        panel.texts(self.at_names(26, 5), words=self.names, mark="target")
        panel.texts(self.at_names(NUMBER, 5), values="logits", ha="right", mark="target")
        strong = {"ha": "right", "mark": "target", "looks": (STRONG, STRONG)}
        panel.texts(self.at_names(NUMBER, 27), values="changes", format=signed, **strong)
        fat_arrows(panel, axes.x, "tails", "heads", [y + LANE for y in self.rows])
        return panel

    def probs(self) -> Panel:
        """P beside y, and beside them the gradient on the same scale."""
        panel, foot = Panel("probs", RIGHT, self.height, self.values), self.height - 8
        self.rule(panel)
        axes = panel.axes((P, 48, P + UNIT, foot), (0, 1), (foot, 48))
        for p, words in ((0, "0"), (0.5, "½"), (1, "1")):
            x = P + UNIT * p
            color, width = ("grid", 1) if p else ("quiet", 1.5)
            panel.line([(x, 48), (x, foot)], color, width, zorder=2)
            panel.text(x, 42, words, QUIET, ha="center")
        title = {"ha": "left", "size": 17}
        panel.rich(P, 18, [("p", STRONG), (" ┆ asked: y", QUIET)], when=[ONCE], **title)
        twice = [("p → softmax(p)", STRONG), (" ┆ y", QUIET)]
        panel.rich(0, 18, twice, when=[TWICE], **title)
        bars(panel, axes, "probs", self.rows, 9, least=2)
        hollow = [y - 15 for y in self.rows]
        bars(panel, axes, "first_probs", hollow, 2.5, hollow=True, when=[TWICE])
        panel.texts(self.at_names(58, -11), values="first_probs", format=rounded, ha="right",
                    mark="target", looks=(QUIET, QUIET), when=[TWICE])  # fmt: skip
        row = spot("target", Places(tuple(self.rows)))
        hatch = {"fc": "none", "ec": COLORS["target"], "lw": 0, "hatch": "/////"}
        span(panel, axes.x, ("p", 1), row, half=9, looks=hatch)
        frame = Rectangle((P, panel.at(row) - 12), UNIT, 24, fc="none", ec=COLORS["ink"], lw=1.5)
        frame.set_linestyle((0, (4, 2.67)))
        panel.place(panel.add(frame, 14), y=row)
        panel.texts(self.at_names(58, 5), values="probs", format=rounded, ha="right", mark="target")
        panel.texts(self.at_names(0, 27), words=self.names, mark="target", looks=(QUIET, QUIET))
        self.slopes(panel, foot)
        return panel

    def slopes(self, panel: Panel, foot: float) -> None:
        """The gradient's bars and numbers."""
        left, right = ZERO - UNIT, ZERO + UNIT
        axes = panel.axes((left, 48, right, foot), ("gradient_low", "gradient_high"), (foot, 48))
        panel.ticks(axes, "x", 42, 2 * UNIT)
        panel.line([(ZERO, 48), (ZERO, foot)], "quiet", 1.5, zorder=2)
        for words, when in (
            (" = p − y", (ONCE, ONE)),
            (" = (p − y) / T", (ONCE, OTHER)),
            (" ", (TWICE,)),
        ):
            title = [("gradient", STRONG), (words, QUIET)]
            panel.rich(left, 18, title, ha="left", size=17, when=when)
        bars(panel, axes, "gradient", self.rows, 9)
        strong = {"ha": "right", "mark": "target", "looks": (STRONG, STRONG)}
        panel.texts(self.at_names(234, 5), values="gradient", format=signed, **strong)

    def losses(self) -> Panel:
        """The loss at each step, over that of the run before."""
        (left, right), (top, bottom) = STEPS, (42, 160)
        panel = Panel("losses", RIGHT, 196, self.values)
        axes = panel.axes((left, top, right, bottom), (0, "step_high"), (0, "loss_high"))
        panel.rich(left, 18, [("loss", STRONG), (" over steps", QUIET)], ha="left", size=17)
        panel.rich(right, 24, [((computed, "loss"), TARGET)], ha="right", size=28)
        panel.ticks(axes, "y", 34, 1.2 * (bottom - top))
        panel.ticks(axes, "x", 180, right - left)
        panel.line([(left, bottom), (right, bottom)], "quiet", 1.5)
        was = [("earlier_steps", "above", 0)]
        trail(panel, axes, "earlier", color="quiet", width=2, when=was)
        panel.rich(right, 60, [("─ before: ", QUIET), ((text, "earlier_told"), QUIET)],
                   ha="right", when=was)  # fmt: skip
        trail(panel, axes, "losses", color="ink", width=2.5, dots=MOST_STEPS + 1)
        bullseye(panel, spot("steps", axes.x), spot("loss", axes.y), 8)
        return panel

    def settings(self) -> Panel:
        """The learning rate and the temperature."""
        panel = Panel("settings", LEFT, 196, self.values)
        rule = [(" = logits − ", INK), ((short, "learning_rate"), INK), (" × gradient", INK)]
        panel.rich(0, 18, [("one step", STRONG), *rule], ha="left")
        for name, y in (("learning_rate", 62), ("temperature", 122)):
            track(panel, self.track, name, y, name=name.replace("_", " "), ticks=RATES)
        panel.text(0, 186, "Hold a slider: the arrows follow.", QUIET)
        return panel


def lines(descent: Descent) -> list[tuple]:
    """`code` and `summary` of the state, as sentences that the browser fills."""
    shape, dtype = descent.state.logits.shape, descent.state.logits.dtype
    deep, dim = len(shape) == 2, len(shape) - 1
    logits, target = ("[[{}]]", "[{target:whole}]") if deep else ("[{}]", "{target:whole}")
    kind = "" if str(dtype) == "torch.float32" else f", dtype={dtype}"
    logits = logits.replace("{}", "{logits:floats}")
    start = f"logits, target = torch.tensor({logits}{kind}, requires_grad=True), "
    call = "torch.autograd.grad(torch.nn.functional.cross_entropy("
    found: list[tuple] = [((), f"{start}torch.tensor({target})\n{call}")]
    given = (("logits", (ONE,)), ("logits / {temperature:real}", (OTHER,)))
    for words, when in given:
        found.append(((ONCE, *when), words))
        found.append(((TWICE, *when), f"torch.softmax({words}, dim={dim})"))
    found.append(((), ", target), logits)[0]\n"))
    found += [
        ((TWICE,), "p                     = {first_probs:numbers}\nsoftmax(p)            "),
        ((ONCE,), "p                     "),
        ((), "= {probs:numbers}   y = [{one_hot:integers}]\n"),
        ((ONCE, ONE), "p − y                 = {difference:numbers}\n"),
        ((ONCE, OTHER), "(p − y) / {temperature:real}         = {difference:numbers}\n"),
        ((), "gradient by autograd  = {gradient:numbers}"),
        ((TWICE,), "   not softmax(p) − y: softmax ran twice"),
        ((), "\nlogits after one step = {stepped:numbers}\n"),
        ((), "loss                  = {loss:printed} after {steps:whole} step"),
        ((("steps", "not", 1),), "s"),
        ((("steps", "above", 0),), "; before, the last one first: {past:numbers}"),
    ]
    return found
