"""The explorer's picture: its panels, limits and words for one table of values."""

import io

import numpy as np
from PIL import Image

from ce_helpers.explorers.cross_entropy_state import ExplorerState, lanes
from ce_helpers.explorers.element_panels import ElementTable, LossMap
from ce_helpers.explorers.sample_panels import SamplePanels
from ce_helpers.live.limits import AHEAD, LOGITS, LOSS, STEPS, Limit, fitted, up
from ce_helpers.live.numbers import apart, computed, near, percent, row, text, whole
from ce_helpers.live.panel import INK, OTHERS, PNG_RATIO, QUIET, STRONG, TARGET, pieced
from ce_helpers.live.values import plain

GAP_X, GAP_Y = 16, 12
ROOM = (("logits", 1.1), ("logits_most", 1.1), ("room", 1.1))
BELOW = (("logits", -1.1), ("logits_least", -1.1), ("room", -1.1))
# The short side of the logits' axis gets a sixth of the long one: a bar may cross zero and is seen.
LIMITS = [
    Limit("above", ROOM, LOGITS),
    Limit("below", BELOW, LOGITS),
    Limit("logit_low", (*BELOW, ("above", 1 / 6)), LOGITS, least=0.2, sign=-1),
    Limit("logit_high", (*ROOM, ("below", 1 / 6)), LOGITS, least=1),
    Limit("loss_high", (("loss", 1.15), ("loss_most", 1.15), ("asked", 1.15)), LOSS),
    Limit("s_low", (("s", -1.08), ("s_least", -1.08), ("loss_high", 0.4)), AHEAD, sign=-1),
]


class CrossEntropyPicture:
    """Everything that is drawn, once.

    Args:
        state: what is shown first; it is read and not kept.
        constants: values that never change: `room`, `asked` and the extremes.
        asked: words for the loss that the question asks for.
    """

    def __init__(self, state: ExplorerState, constants: dict, asked: str) -> None:
        self.names, self.constants = state.class_names, constants
        self.state_values = state.values()
        self.values = self.viewed(self.state_values)
        sample = SamplePanels(
            self.names, self.values, asked=asked, tabled=state.in_a_table
        )
        logits, probs, softplus, log_p = sample.panels
        self.grids = [[logits, probs], [softplus, log_p]]
        self.hands = {"sample": sample.handles()}
        self.words = sentences(state, self.names)
        self.dims = [list(state.sizes), list(state.dim_names)]
        if state.in_a_table:
            table = ElementTable(sample.names, labels(state), self.values)
            self.grids.insert(0, table.panels)
            self.hands["elements"] = table.handles()
        elif state.on_a_map:
            losses = LossMap(state, self.names, self.values)
            self.grids.insert(0, losses.panels)
            self.hands["map"] = losses.handles()

    def viewed(self, values: dict) -> dict:
        """The whole table that the parts follow, with limits that fit and nothing moved yet."""
        table = {**self.constants, **values}
        table |= fitted(LIMITS, table)
        named = {
            "target_name": self.names[values["target"]], "row": values["target"],
            "row_name": self.names[values["target"]], "row_logit": values["target_logit"],
            "row_p": values["p"], "moved": 0, "fresh": 0,
        }  # fmt: skip
        return {**table, **named, **{f"before.{name}": value for name, value in values.items()}}

    def spec(self) -> dict:
        """What the browser needs, sent once."""
        return plain({
            "grids": [[panel.spec() for panel in grid] for grid in self.grids],
            "hands": self.hands, "names": self.names, "constants": self.constants,
            "limits": [vars(limit) for limit in LIMITS], "steps": STEPS,
            "words": self.words, "sizes": self.dims[0], "dims": self.dims[1], "lanes": lanes(),
        })  # fmt: skip

    def png(self) -> bytes:
        """The same panels side by side, for readers without a kernel."""
        drawn = [[Image.fromarray(panel.still()) for panel in grid] for grid in self.grids]
        heights = [max(image.height for image in grid) + GAP_Y * PNG_RATIO for grid in drawn]
        sheet = Image.new("RGBA", ((848 + GAP_X) * PNG_RATIO, sum(heights)), "white")
        y = 0
        for grid, images, height in zip(self.grids, drawn, heights, strict=True):
            x = GAP_X * PNG_RATIO // 2
            for panel, image in zip(grid, images, strict=True):
                left = panel.crop * PNG_RATIO
                sheet.alpha_composite(image.crop((left, 0, *image.size)), (x, y))
                x += image.width - left + GAP_X * PNG_RATIO
            y += height
        file = io.BytesIO()
        colors = sheet.convert("RGB").quantize(128, Image.Quantize.FASTOCTREE)
        colors.save(file, "png", optimize=True)
        return file.getvalue()


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


def sentences(state: ExplorerState, names: list[str]) -> list[dict]:
    """What the picture says, as pieces that follow the same values."""
    many = state.loss.numel() > 1
    others = ("the others as one", OTHERS)
    loss, target = ((computed, "loss"), TARGET), ((text, "target_name"), TARGET)
    found = []
    if many:
        place: list = []
        for k, name in enumerate(state.dim_names):
            place += [(f"{', ' if k else ''}{name.capitalize() if not k else name} ", INK)]
            place += [((whole, f"index.{k}"), INK)]
        found.append([(), [*place, (": ", INK)]])
        if state.num_classes <= 10:
            found.append([(), [("logits ", INK), ((row, "logits"), INK), (". ", INK)]])
    found += [
        [(), [("Target ", INK), target, (" holds p = ", INK), ((near, "p"), INK)]],
        [[("p", "above", 0)], [(", so the loss is −log ", INK), ((near, "p"), INK), (" = ", INK), loss, (". ", INK)]],
        [[("p", "is", 0)], [(", which is rounded; torch keeps logs, and the loss is ", INK), loss, (". ", INK)]],
    ]
    if len(names) > 1:
        level, ahead, behind = ("s_sign", "is", 0), ("s_sign", "is", -1), ("s_sign", "is", 1)
        stands, distance = ("It stands ", INK), ((apart, "s"), INK)
        found += [
            [[level], [("It stands level with ", INK), others, (": p is ½.", INK)]],
            [[ahead], [stands, distance, (" ahead of ", INK), others, (": the curve is flat there.", INK)]],
            [[behind], [stands, distance, (" behind ", INK), others]],
            [[behind, ("s", "above", 3)], [(": that distance is the loss", INK)]],
            [[behind], [(".", INK)]],
        ]
    if state.on_a_map:
        found += [
            [[("best", "not", "target")], [(" The model would say ", INK), ((text, "best_name"), STRONG), (", wrongly.", INK)]],
            [(), [(" ", INK), ((percent, "smaller"), INK), (" of all losses are smaller; their mean is ", INK), ((computed, "mean"), STRONG), (".", INK)]],
        ]
    elif many:
        found.append([(), [(" The mean of all is ", INK), ((computed, "mean"), STRONG), (".", INK)]])
    return [{"when": list(when) or None, "pieces": pieced(pieces)} for when, pieces in found]
