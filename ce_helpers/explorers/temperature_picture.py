"""The temperature's picture: how sure and how right, and the loss at every temperature."""

from ce_helpers.explorers.temperature_state import BINS, TEMPERATURES, TemperatureState
from ce_helpers.live.looks import COLORS, INK, QUIET, STRONG, TARGET, sentence
from ce_helpers.live.numbers import short, two
from ce_helpers.live.panel import Panel
from ce_helpers.live.picture import LivePicture
from ce_helpers.live.points import areas, bullseye, dots
from ce_helpers.live.values import Scale, spot

LEFT, RIGHT, HEIGHT = 384, 448, 332
BOX = (44, 40, 364, 272)
TRACK = (40, 424)
ROUND = {0: "0.5", 6: "1", 12: "2", 18: "4", 24: "8", 30: "16"}  # stops with a label
SENTENCES = [
    ((), "Divided by {t:short}, the loss on points that the model has not seen is "
     "{loss:two:target}. It is right in {accuracy:two} of all cases, whatever the temperature; how "
     "sure it is differs from that by {error:two} on average."),
]  # fmt: skip


class TemperaturePicture(LivePicture):
    """Reliability on the left, the loss over the temperature on the right.

    Args:
        state: what is shown first; it is read and not kept.
        seen: what a view has of its own.
    """

    def __init__(self, state: TemperatureState, **seen) -> None:
        edges = [k / BINS for k in range(BINS + 1)]
        constants = {
            "lefts": edges[:-1], "rights": edges[1:], "floors": [0.0] * BINS, "best": state.best,
        }  # fmt: skip
        super().__init__(state.values(), constants, [], **seen)
        self.losses = [answer["loss"] for answer in state.answers]
        self.stops = Scale(*TRACK, 0, len(TEMPERATURES) - 1)
        self.grids = [[self.reliability(), self.curve()]]
        self.words = [sentence(template, when) for when, template in SENTENCES]
        self.lines = [sentence("F.cross_entropy(logits / {t:short}, target)")]
        self.hands = {
            "sliders": [{"name": "stop", "label": "temperature", "panel": "curve",
                         "x": self.stops, "y": BOX[3], "stride": 1, "shown": "t"}]
        }  # fmt: skip

    def reliability(self) -> Panel:
        """A bar for each tenth of sureness, as high as the share that is right."""
        panel, (left, top, right, bottom) = Panel("reliability", LEFT, HEIGHT, self.values), BOX
        axes = panel.axes(BOX, (0, 1), (0, 1))
        panel.text(0, 18, "how often right", STRONG, size=17)
        panel.ticks(axes, "y", left - 8, bottom - top)
        panel.ticks(axes, "x", bottom + 20, right - left)
        panel.text(right, bottom + 42, "how sure: the largest p", QUIET, ha="right")
        block = {"fc": COLORS["other"], "ec": COLORS["paper"], "lw": 1}
        areas(panel, axes, ("lefts", "rights"), ("floors", "right"), block)
        gap = {"fc": "none", "ec": COLORS["target"], "lw": 0, "hatch": "/////"}
        areas(panel, axes, ("lefts", "rights"), ("right", "sure"), gap)
        panel.line([(left, bottom), (right, top)], "ink", 1.5, dashes=(7, 4))
        panel.line([(left, bottom), (right, bottom)], "quiet", 1.5)
        dots(panel, axes, "sure", "right", counted=False, seen="has")
        panel.rich(right, 18, [("hatched: the gap", QUIET)], ha="right")
        return panel

    def curve(self) -> Panel:
        """The loss at every temperature; the handle stands on its axis."""
        panel, (left, right) = Panel("curve", RIGHT, HEIGHT, self.values), TRACK
        high = 1.1 * max(self.losses)
        axes = panel.axes((left, 48, right, BOX[3]), (0, 1), (0, high))
        axes.x = self.stops
        panel.rich(0, 18, [("loss", STRONG), (" on new points", QUIET)], ha="left", size=17)
        panel.rich(RIGHT, 24, [((two, "loss"), TARGET)], ha="right", size=28)
        panel.ticks(axes, "y", left - 8, BOX[3] - 48)
        for stop, words in ROUND.items():
            x = self.stops.at(stop, {})
            panel.line([(x, 48), (x, BOX[3])], "grid", 1, zorder=2)
            panel.text(x, BOX[3] + 30, words, QUIET, ha="center")
        points = [(self.stops.at(k, {}), axes.y.at(loss, self.values))
                  for k, loss in enumerate(self.losses)]  # fmt: skip
        panel.line(points, "ink", 2.5)
        panel.line([(left, BOX[3]), (right, BOX[3])], "quiet", 2)
        panel.rich(left, BOX[3] + 54, [("temperature ", INK), ((short, "t"), STRONG)], ha="left")
        bullseye(panel, spot("stop", self.stops), spot("loss", axes.y), 8)
        return panel
