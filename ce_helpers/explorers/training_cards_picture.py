"""The picture of eight trainings: loss and accuracy on one scale, the healthy run thin in each."""

import math

from matplotlib.patches import FancyBboxPatch, Polygon, Rectangle

from ce_helpers.explorers.training_cards_state import CHAOTIC, HEALTHY, TrainingCardsState
from ce_helpers.live.looks import COLORS, OTHERS, QUIET, STRONG, sentence
from ce_helpers.live.panel import Panel
from ce_helpers.live.picture import LivePicture
from ce_helpers.live.values import Scale

CARD, GAP, HEIGHT = 200, 16, 196
ACROSS = (36, 190)
LOSS, ACCURACY = Scale(112, 32, 0, 2), Scale(180, 132, 0, 1)
STEPS = 60
WORDS = (
    "One scale for all: loss 0 to 2, dashed ln 3, and below it accuracy 0 to 1, against the true "
    "labels. Thin: the training with nothing wrong. Press a card to name its bug."
)


class TrainingCardsPicture(LivePicture):
    """Four rows on a phone, two on a screen; two cards a panel.

    Args:
        state: what is shown first; it is read and not kept.
        seen: what a view has of its own.
    """

    def __init__(self, state: TrainingCardsState, **seen) -> None:
        super().__init__(state.values(), {}, [], **seen)
        self.state = state
        panels = [self.pair(k) for k in range(0, len(state.names), 2)]
        self.grids = [panels[:2], panels[2:]]
        self.words = [sentence(WORDS)]
        self.lines = [sentence(state.code())]
        for k, name in enumerate(state.names):  # heard, for whoever cannot see the curves
            self.words.append({**sentence(f" Card {k + 1}: {state.told(k)}."), "unseen": True})
            told = sentence(f" {name}.", [(f"named.{k}", "is", True)])
            self.words.append({**told, "unseen": True})
        self.hands = {
            "toggles": [
                {"panel": f"pair{k // 2}", "name": f"named.{k}", "label": f"card {k + 1}",
                 "told": name, "box": [(k % 2) * (CARD + GAP), 0, CARD, HEIGHT]}
                for k, name in enumerate(state.names)
            ]
        }  # fmt: skip

    def pair(self, first: int) -> Panel:
        """Two cards beside each other."""
        panel = Panel(f"pair{first // 2}", 2 * CARD + GAP, HEIGHT, self.values)
        for k in (first, first + 1):
            self.card(panel, k, (k - first) * (CARD + GAP))
        return panel

    def card(self, panel: Panel, k: int, left: float) -> None:
        """One training's two curves."""
        name = self.state.names[k]
        run, healthy = self.state.runs[name], self.state.runs[HEALTHY]
        shape = FancyBboxPatch(
            (left + 1, 1), CARD - 2, HEIGHT - 2, boxstyle="round,pad=0,rounding_size=6",
            fc="none", ec=COLORS["quiet"],
        )  # fmt: skip
        panel.add(shape, 3)
        for is_named, words in ((True, name), (False, f"card {k + 1}")):
            when = [(f"named.{k}", "is", is_named)]
            panel.rich(left + 10, 20, [(words, STRONG)], ha="left", when=when)
        x = Scale(left + ACROSS[0], left + ACROSS[1], 0, STEPS)
        ends = (x.start, x.end)
        for scale, labels in ((LOSS, (0, 1, 2)), (ACCURACY, (0, 1))):
            for value in labels:
                y = scale.at(value, {})
                panel.line([(ends[0], y), (ends[1], y)], "grid", 1, zorder=4)
                panel.text(ends[0] - 6, y + 5, str(value), QUIET, ha="right")
        blind = LOSS.at(math.log(3), {})
        panel.line([(ends[0], blind), (ends[1], blind)], "ink", 1, dashes=(4, 3), zorder=5)
        for values, scale, color in (
            (healthy.losses, LOSS, "quiet"),
            (healthy.accuracies, ACCURACY, "quiet"),
            (run.losses, LOSS, "ink"),
            (run.accuracies, ACCURACY, "other"),
        ):
            points = [(x.at(step, {}), scale.at(v, {})) for step, v in enumerate(values)]
            panel.line(points, color, 1 if color == "quiet" else 2.5)
        for start in self.leaves(run.losses):
            at, top = x.at(start, {}), LOSS.at(2, {})
            panel.add(Polygon([(at - 6, top), (at + 6, top), (at, top - 9)], fc=COLORS["ink"]), 13)
        if name == CHAOTIC:
            return
        for value, scale, look in (
            (run.losses[-1], LOSS, STRONG),
            (run.accuracies[-1], ACCURACY, OTHERS),
        ):
            y = scale.at(value, {})
            y += 16 if y < scale.start - 8 else -5
            paper = Rectangle((ends[1] - 34, y - 12), 35, 14, fc=COLORS["paper"], ec="none")
            panel.add(paper, 12.5)  # or a line would cross the figures
            panel.text(ends[1], y, f"{value:.2f}", look, ha="right")

    @staticmethod
    def leaves(losses: list[float]) -> list[int]:
        """At which steps the curve leaves its card at the top."""
        return [k for k, loss in enumerate(losses) if loss > 2 and (k == 0 or losses[k - 1] <= 2)]
