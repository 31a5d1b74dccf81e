"""The explorer's picture: its panels, limits and words for one table of values."""

from dataclasses import replace

import numpy as np

from ce_helpers.explorers.cross_entropy_state import MOST_ROWS, ExplorerState, lanes
from ce_helpers.explorers.element_panels import ElementTable, LossMap
from ce_helpers.explorers.sample_panels import SamplePanels
from ce_helpers.explorers.sample_panels import labels as labels_of
from ce_helpers.live.limits import AHEAD, LOGITS, LOSS, Limit, up
from ce_helpers.live.looks import sentence
from ce_helpers.live.picture import LivePicture
from ce_helpers.live.values import APART, plain

ROOM = (("logits", 1.1), ("logits_most", 1.1), ("room", 1))
BELOW = (("logits", -1.1), ("logits_least", -1.1), ("room", -1))
# The short side of the logits' axis gets a sixth of the long one: a bar may cross zero and is seen.
LIMITS = [
    Limit("above", ROOM, LOGITS),
    Limit("below", BELOW, LOGITS),
    Limit("logit_low", (*BELOW, ("above", 1 / 6)), LOGITS, least=0.2, sign=-1),
    Limit("logit_high", (*ROOM, ("below", 1 / 6)), LOGITS, least=1),
    Limit("loss_high", (("loss", 1.15), ("loss_most", 1.15), ("asked", 1.15)), LOSS),
    Limit("s_low", (("s", -1.08), ("s_least", -1.08), ("loss_high", 0.4)), AHEAD, sign=-1),
]
# where all elements are dots, a hand may have moved each of them beyond where it began
DOTS = {"loss_high": ("losses", 1.15), "s_low": ("distances", -1.08)}
DOTTED_LIMITS = [
    replace(limit, of=(*limit.of, DOTS[limit.name])) if limit.name in DOTS else limit
    for limit in LIMITS
]


class CrossEntropyPicture(LivePicture):
    """Everything that is drawn, once.

    Args:
        state: what is shown first; it is read and not kept.
        constants: values that never change: `room`, `asked` and the extremes.
        asked: words for the loss that the question asks for.
        steps: whether p, s and the curve are named.
        seen: what a view has of its own: limits that have grown, what stood before this move.
    """

    def __init__(
        self, state: ExplorerState, constants: dict, asked: str, steps: bool = True, **seen
    ) -> None:
        self.names, self.shown_names = state.class_names, labels_of(state.class_names)
        limits = DOTTED_LIMITS if state.dotted else LIMITS
        super().__init__(state.values(), constants, limits, **seen)
        sample = SamplePanels(
            self.names, self.values, asked=asked, dotted=state.dotted, twice=state.softmax_first,
            steps=steps,
        )  # fmt: skip
        self.grids = sample.grids
        self.hands = {"sample": sample.handles()}
        self.words = sentences(state, steps)
        self.how = {"dotted": state.dotted, "twice": state.softmax_first}
        self.dims = {"sizes": state.sizes, "dims": state.dim_names}
        if state.in_a_table:
            table = ElementTable(sample.names, labels(state), self.values)
            self.grids.insert(0, table.panels)
            self.hands["elements"] = table.handles()
        elif state.on_a_map:
            losses = LossMap(state, self.names, self.values)
            self.grids.insert(0, losses.panels)
            self.hands["map"] = losses.handles()

    def viewed(self, values: dict) -> dict:
        """The whole table that the parts follow; the target's row is the one at hand."""
        target = values["target"]
        named = {
            "target_name": self.names[target], "target_label": self.shown_names[target],
            "row": target, "row_label": self.shown_names[target],
            "best_name": self.names[values["best"]],
            "row_logit": values["logits"][target], "row_p": values["p"],
        }  # fmt: skip
        return {**super().viewed(values), **named}

    def spec(self) -> dict:
        """What the browser needs, sent once."""
        more = {**self.how, "names": self.names, "labels": self.shown_names, "lanes": lanes()}
        return {**super().spec(), **more, **plain(self.dims)}


def constants(state: ExplorerState, asked: float, room) -> dict:
    """What limits must hold beside the present state."""
    extremes = state.extremes()
    return {
        **extremes, "room": [*map(float, room)] or [0.0], "asked": float(asked),
        "map_most": up(extremes["loss_most"], LOSS),
    }  # fmt: skip


def labels(state: ExplorerState) -> tuple[list[str], list[str]]:
    """What samples are called, and positions within one."""
    samples = [f"sample {n}" for n in range(state.sizes[0])]
    places = [*np.ndindex(state.sizes[1:])]
    if len(state.sizes) == 2:
        return samples, [f"position {d}" for (d,) in places]
    return samples, [", ".join(map(str, place)) for place in places]


def sentences(state: ExplorerState, steps: bool = True) -> list[dict]:
    """What the picture says: each sentence with the conditions on which it is said."""
    if not steps:
        loss = "The target is {target_name:text:target}, the loss {loss:computed:target}."
        return [sentence(loss)]
    if state.softmax_first:
        return [
            sentence(words)
            for words in (
                "Softmax gives target {target_name:text:target} p = {first_p:near}, ",
                "and softmax of these p gives it {p:near}: the loss is {loss:computed:target}.",
            )
        ]
    level, ahead, behind = ("s", "near", 0), ("s", "below", -APART), ("s", "above", APART)
    many, others = state.loss.numel() > 1, "<the others as one>"
    indices = ", ".join(f"{name} {{index.{k}:whole}}" for k, name in enumerate(state.dim_names))
    said = [
        (many, (), f"{indices[0].upper()}{indices[1:]}: "),
        (many and state.num_classes <= MOST_ROWS, (), "logits {logits:row}. "),
        (True, (), "Target {target_name:text:target} holds p = {p:near}"),
        (True, [("p", "above", 0)], ", so the loss is −log {p:near} = {loss:computed:target}. "),
        (
            True,
            [("p", "is", 0)],
            ", rounded; from logs the loss is {loss:computed:target}. ",
        ),
    ]
    if state.num_classes > 1:
        said += [
            (True, [level], f"It stands level with {others}: p is ½."),
            (True, [ahead], f"It stands {{s:apart}} ahead of {others}: the curve is flat there."),
            (True, [behind], f"It stands {{s:apart}} behind {others}"),
            (True, [("s", "above", 3)], ": that distance is the loss"),
            (True, [behind], "."),
        ]
    wrong = [("best", "not", "target")]
    said += [
        (many, wrong, " The model would say {best_name:text:strong}, wrongly."),
        (state.on_a_map, (), " {smaller:percent} of all losses are smaller."),
        (
            many,
            (),
            f" All {state.loss.numel()} losses sum to {{sum:computed}}, and their mean is "
            "{mean:computed:strong}.",
        ),
    ]
    return [sentence(template, when) for is_fit, when, template in said if is_fit]
