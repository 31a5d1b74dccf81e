"""The picture of a text: each letter's loss, the logits at one place, the whole table, the mean."""

import math

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Circle, FancyBboxPatch, Polygon, Rectangle

from ce_helpers.explorers.sequence_state import FULL, SHOWN, SequenceState
from ce_helpers.live.limits import LOGITS, Limit
from ce_helpers.live.looks import COLORS, INK, OTHERS, QUIET, STRONG, TARGET, sentence
from ce_helpers.live.numbers import brief, computed, short, text, two
from ce_helpers.live.panel import Panel
from ce_helpers.live.picture import LivePicture
from ce_helpers.live.points import bullseye, tints
from ce_helpers.live.shapes import band, bars, outline, zero_line
from ce_helpers.live.values import Places, Scale, spot

WIDTH, LEFT, RIGHT, HEIGHT = 848, 448, 384, 404
PITCH, CELL = (27.6, 40), (25, 36)  # from letter to letter, and a letter's box
FIRST, ROW = 70, 36
ROWS = tuple(FIRST + ROW * k for k in range(SHOWN))
OTHERS_ROW = FIRST + ROW * SHOWN
TRACK = (202, 434)
P, NUMBER = 110, 178  # where these columns end
TABLE = (40, 40, 376, 376)  # of the table: left, top, right, bottom
ABOVE, BELOW = (("logits", 1.1), ("others", 1.1)), (("logits", -1.1), ("others", -1.1))
LIMITS = [
    Limit("above", ABOVE, LOGITS),
    Limit("below", BELOW, LOGITS),
    Limit("logit_low", (*BELOW, ("above", 1 / 6)), LOGITS, least=0.2, sign=-1),
    Limit("logit_high", (*ABOVE, ("below", 1 / 6)), LOGITS, least=1),
]
SENTENCES = [
    ((), "{target_letter:text:target} after {before_letter:text:others}: p = {p:computed}, loss "
     "{loss:computed:target}, {share:percent} of the sum. "),
    ((("same_count", "above", 1),), "Its bar is shared by {same_count:whole} places with "
     "{before_letter:text:others} before, underlined: all change together."),
    ((("same_count", "is", 1),), "No other place has {before_letter:text:others} before."),
]  # fmt: skip


class SequencePicture(LivePicture):
    """The text above; below it one place's logits, and the table that all of them come from.

    Args:
        state: what is shown first; it is read and not kept.
        seen: what a view has of its own.
    """

    def __init__(self, state: SequenceState, **seen) -> None:
        self.state, size = state, len(state.letters)
        constants = {
            "tables": [table.flatten().tolist() for table in state.tables.values()],
            "ids": state.ids.tolist(), "letters": state.letters, "full": FULL, "shown": SHOWN,
        }  # fmt: skip
        super().__init__(state.values(), constants, LIMITS, **seen)
        self.blind = math.log(size)
        self.hands = {"letters": []}
        texts = [[self.text("text", 30, "wide")], [self.text("narrow_text", 14, "narrow")]]
        self.grids = [*texts, [self.bars(), self.heat()]]
        self.words = [sentence(template, when) for when, template in SENTENCES]
        count = len(state.ids) - 1
        self.lines = [sentence(f"F.cross_entropy(W[ids[:-1]], ids[1:])   # logits ({count}, {size}"
                               f"), target ({count})")]  # fmt: skip

    def text(self, name: str, per: int, layout: str) -> Panel:
        """The letters in rows, each tinted by its loss."""
        count = len(self.state.ids)
        rows = math.ceil(count / per)
        size = (per * PITCH[0] + 4, rows * PITCH[1] + 4)
        panel = Panel(name, *size, self.values, layout=layout)
        corners = [(2 + PITCH[0] * (k % per), 2 + PITCH[1] * (k // per)) for k in range(count)]
        boxes = []
        for left, top in corners:
            box = Rectangle((left, top), *CELL, fc=COLORS["target"], ec="none")
            boxes.append(panel.add(box, 6))
            panel.add(Rectangle((left, top), *CELL, fc="none", ec=COLORS["quiet"], lw=0.6), 7)
        tints(panel, boxes, "shades")
        lines = [Rectangle((left, top + CELL[1]), CELL[0], 3, fc=COLORS["ink"], ec="none")
                 for left, top in corners]  # fmt: skip
        for line in lines:
            panel.add(line, 8)
        tints(panel, lines, "same")
        middles = [(left + CELL[0] / 2, top + 24) for left, top in corners]
        looks = (STRONG, ("paper", "bold", "normal"))
        letters = [self.state.letters[c] for c in self.state.ids]
        panel.texts(middles, words=letters, ha="center", mark="dark", looks=looks)
        xs = Places(tuple(left + CELL[0] / 2 for left, _ in corners))
        ys = Places(tuple(top + CELL[1] / 2 for _, top in corners))
        x, y = spot("place", xs), spot("place", ys)
        frames = []
        for wide, color, width in ((1.5, "paper", 5), (1.5, "ink", 3)):
            left, top = panel.at(x) - CELL[0] / 2 - wide, panel.at(y) - CELL[1] / 2 - wide
            frame = FancyBboxPatch(
                (left, top), CELL[0] + 2 * wide, CELL[1] + 2 * wide, fc="none", lw=width,
                boxstyle="round,pad=0,rounding_size=3", ec=COLORS[color],
            )  # fmt: skip
            frames.append(panel.add(frame, 15))
        panel.place(frames, x, y)
        self.hands["letters"].append(
            {"panel": name, "per": per, "count": count, "box": [0, 0, per * PITCH[0], size[1]]}
        )
        return panel

    def bars(self) -> Panel:
        """The largest logits at one place, the target's always among them; and the mean."""
        panel, foot = Panel("bars", LEFT, HEIGHT, self.values), OTHERS_ROW + 20
        axes = panel.axes((TRACK[0], 48, TRACK[1], foot), ("logit_low", "logit_high"), (foot, 48))
        band(panel, spot("target", Places(ROWS)), 17)
        pieces = [("after ", STRONG), ((text, "before_letter"), ("otherink", "bold", "normal"))]
        panel.rich(0, 18, pieces, ha="left", size=17)
        panel.text(TRACK[0], 18, "logits", STRONG, size=17)
        for x, words, ha in ((26, "next", "left"), (P, "p", "right"), (NUMBER, "logit", "right")):
            panel.text(x, 42, words, QUIET, ha=ha)
        panel.ticks(axes, "x", 42, TRACK[1] - TRACK[0])
        zero_line(panel, axes)
        bars(panel, axes, "logits", ROWS, 9)
        bullseye(panel, spot(12), spot("target", Places(ROWS)), 7)
        at = {"mark": "target"}
        panel.texts([(26, y + 5) for y in ROWS], values="names", format=text, **at)
        right = {**at, "ha": "right"}
        panel.texts([(P, y + 5) for y in ROWS], values="probs", format=brief, **right)
        panel.texts([(NUMBER, y + 5) for y in ROWS], values="logits", format=short, **right)
        outline(panel, axes.x, "others", OTHERS_ROW)
        panel.text(0, OTHERS_ROW + 5, "rest", OTHERS)
        for x, form, value in ((P, brief, "others_p"), (NUMBER, two, "others")):
            panel.rich(x, OTHERS_ROW + 5, [((form, value), OTHERS)], ha="right")
        self.ruler(panel, OTHERS_ROW + 68)
        self.hands["bars"] = {"panel": "bars", "x": axes.x, "rows": ROWS, "number": NUMBER,
                              "names": 72, "named": "names"}  # fmt: skip
        return panel

    def ruler(self, panel: Panel, y: float) -> None:
        """One mean on three scales: as if of so many letters, bits, nats."""
        panel.rich(0, y, [("mean ", STRONG), ((computed, "mean"), TARGET)], ha="left", size=22)
        said = [("perplexity ", INK), ((two, "perplexity"), STRONG), ("   ", INK),
                ((two, "bits"), QUIET), (" bits", QUIET)]  # fmt: skip
        panel.rich(TRACK[1], y, said, ha="right")
        scale = Scale(100, TRACK[1], 0, self.blind)
        line = y + 38
        panel.line([(scale.start, line), (scale.end, line)], "quiet", 2)
        panel.text(0, line + 5, "as if of", QUIET)
        panel.text(0, line + 28, "nats", QUIET)
        for power in range(int(math.log2(len(self.state.letters))) + 1):
            x = scale.at(power * math.log(2), {})
            panel.line([(x, line - 5), (x, line + 5)], "quiet", 1.5)
            panel.text(x, line - 9, str(2**power), QUIET, ha="center")
        for nats in range(int(self.blind) + 1):
            panel.text(scale.at(nats, {}), line + 28, str(nats), QUIET, ha="center")
        x = spot("mean", scale)
        at = panel.at(x)
        mark = Polygon([(at - 8, line + 14), (at, line), (at + 8, line + 14)], fc=COLORS["target"])
        panel.place(panel.add(mark, 15), x=x)

    def heat(self) -> Panel:
        """The softmax of every row; the row in use is framed, its target ringed."""
        panel, size = Panel("heat", RIGHT, HEIGHT, self.values), len(self.state.letters)
        left, top, right, bottom = TABLE
        pitch = (right - left) / size
        panel.rich(0, 18, [("p of the next letter", STRONG)], ha="left", size=17)
        table = np.array(self.values["table"]).reshape(size, size)
        exps = np.exp(table - table.max(axis=1, keepdims=True))
        shares = np.sqrt(exps / exps.sum(axis=1, keepdims=True))
        colors = [COLORS["paper"], COLORS["otherink"]]
        ramp = LinearSegmentedColormap.from_list("p", colors)
        panel.image(TABLE, shares, cmap=ramp, vmin=0, vmax=1)
        panel.add(Rectangle((left, top), right - left, bottom - top, fc="none",
                            ec=COLORS["quiet"]), 8)  # fmt: skip
        middles = Places(tuple(top + pitch * (k + 0.5) for k in range(size)))
        across = Places(tuple(left + pitch * (k + 0.5) for k in range(size)))
        row = spot("before", middles)
        frame = Rectangle((left - 1, panel.at(row) - pitch / 2 - 1.5), right - left + 2, pitch + 3,
                          fc="none", ec=COLORS["ink"], lw=2)  # fmt: skip
        panel.place(panel.add(frame, 14), y=row)
        column = spot("target_index", across)
        ring = Circle((panel.at(column), panel.at(row)), 8, fc="none", ec=COLORS["target"], lw=2.5)
        panel.place(panel.add(ring, 15), column, row)
        before, target = (("otherink", "bold", "normal"), TARGET)
        name = panel.text(left - 12, panel.at(row) + 5, self.values["before_letter"], before)
        name.set_ha("center")
        panel.part("named", name, value="before_letter", x=spot(left - 12), y={**row, "plus": 5})
        name = panel.text(panel.at(column), top - 7, self.values["target_letter"], target)
        name.set_ha("center")
        panel.part("named", name, value="target_letter", x=column, y=spot(top - 7))
        panel.text(right, bottom + 20, "row: this letter; column: the next one", QUIET, ha="right")
        self.hands["heat"] = {"panel": "heat", "values": "table", "side": size,
                              "box": [left, top, right - left, bottom - top],
                              "colors": ["paper", "otherink"]}  # fmt: skip
        return panel
