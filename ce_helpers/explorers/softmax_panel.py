"""The numbers that met in one softmax: their p as bars that make 1, and the loss."""

from matplotlib.patches import Rectangle

from ce_helpers.live.looks import COLORS, INK, QUIET, STRONG, TARGET
from ce_helpers.live.numbers import brief, computed, near, text, whole
from ce_helpers.live.panel import Panel
from ce_helpers.live.shapes import band, bars
from ce_helpers.live.values import Places, spot

ROW, FOOT = 32, 96  # pixels
ROW_LABEL = 80  # how wide a class name may be, if names change
QUARTERS = ((0, "0"), (0.5, "½"), (1, "1"))
SET = [("mark", "above", -0.5)]  # there is a target


def softmax_panel(
    values: dict, rows: int, *, width: float, head: float, names: list[str] | None = None
) -> Panel:
    """Bars of `probs`, at most `rows`, the one at `mark` the target's.

    Args:
        values: what it is drawn for: `probs`, `mark`, `p`, `loss`; without names also `labels`,
            `told`, `count`, `dim` and `loss_of_classes`, for then how many there are changes.
        rows: the most there are.
        width: pixels.
        head: where the first row begins.
        names: of the rows, if they never change.
    """
    is_wide = width > 300  # else the loss stands below what it is made of
    foot = FOOT if is_wide else FOOT + 18
    panel = Panel("softmax", width, head + ROW * rows + foot, values)
    number = (0.44 if is_wide else 0.5) * width
    left, right = number + 17, width - 12
    title = [("softmax", STRONG), (" over these ", QUIET)]
    title += [((whole, "count"), QUIET)] if names is None else [(str(rows), QUIET)]
    panel.rich(0, 18, title, ha="left", size=17)
    axes = panel.axes((left, head - 6, right, head + ROW * rows), (0, 1), (0, 1))
    for p, words in QUARTERS:
        x = axes.x.at(p, values)
        panel.line([(x, head - 6), (x, head + ROW * rows)], "quiet" if p == 0 else "grid", zorder=6)
        panel.text(x, head - 12, words, QUIET, ha="center")
    middles = [head + ROW * (k + 0.5) for k in range(rows)]
    band(panel, spot("mark", Places(tuple(middles))), ROW / 2 - 1, SET)
    bars(panel, axes, "probs", middles, 8, least=2, mark="mark")
    left_of = [(0, y + 5) for y in middles]
    if names is None:
        panel.texts(left_of, values="labels", format=text, mark="mark")
    else:
        panel.texts(left_of, words=names, mark="mark")
    shown = {"values": "told", "format": text} if names is None else {
        "values": "probs", "format": computed if is_wide else brief
    }  # fmt: skip
    panel.texts([(number, y + 5) for y in middles], **shown, ha="right", mark="mark")
    # together they make 1
    ends = Places(tuple(head + ROW * k + 14 for k in range(rows + 1)))
    y = spot("count", ends) if names is None else spot(head + ROW * rows + 14)
    at = panel.at(y)
    middle, half = (left + right) / 2, (62 if is_wide else 26)
    blank = Rectangle((middle - half, at - 10), 2 * half, 20, fc=COLORS["paper"], ec="none")
    whole_bar = [
        panel.add(blank, 7),
        panel.line([(left, at), (middle - half, at)], "quiet", 2),
        panel.line([(middle + half, at), (right, at)], "quiet", 2),
        *(panel.line([(x, at - 5), (x, at + 5)], "quiet", 2) for x in (left, right)),
        panel.text(middle, at + 5, "sum of these p" if is_wide else "sum", QUIET, ha="center"),
        panel.text(number, at + 5, "1", INK, ha="right"),
    ]
    panel.place(whole_bar, y=y)
    bottom = panel.height - 32
    way = [("loss = −log ", INK), ((near, "p"), TARGET)]
    above = bottom - (0 if is_wide else 34)
    panel.rich(0, above, way, ha="left", when=[*SET, ("p", "above", 0)])
    panel.rich(0, above, [("loss, from logs", INK)], ha="left", when=[*SET, ("p", "is", 0)])
    panel.rich(right, bottom, [((computed, "loss"), TARGET)], ha="right", size=28, when=SET)
    if names is None:
        told = [("along dim=1: ", QUIET), ((computed, "loss_of_classes"), QUIET)]
        panel.rich(right, bottom + 24, told, ha="right", when=[*SET, ("dim", "not", 1)])
    return panel
