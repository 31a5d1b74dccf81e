"""A picture: panels in rows, what a hand takes there, words; drawn once for one table of values."""

import io

from PIL import Image

from ce_helpers.live.limits import STEPS, Limit, fitted
from ce_helpers.live.panel import PNG_RATIO, Panel
from ce_helpers.live.values import plain

GAP_X, GAP_Y = 16, 12
PNG_WIDTH = 848 + GAP_X  # CSS pixels


class LivePicture:
    """Everything that is drawn, once; a subclass fills `grids`, `hands` and the words.

    Args:
        values: what a state computed.
        constants: values that never change.
        limits: of axes, as values.
        seen: what a view has of its own: limits that have grown, what stood before this move.
    """

    def __init__(self, values: dict, constants: dict, limits: list[Limit], **seen) -> None:
        self.constants, self.limits = constants, limits
        self.values = {**self.viewed(values), **seen}
        self.grids: list[list[Panel]] = []  # rows of panels
        self.hands: dict = {}  # where a hand takes hold, by the module's name for it
        self.words: list[dict] = []  # sentences
        self.lines: list[dict] = []  # of code, as sentences; none if they are written elsewhere

    def viewed(self, values: dict) -> dict:
        """The whole table that the parts follow, with limits that fit and nothing moved yet."""
        table = {**self.constants, **values}
        table |= fitted(self.limits, table)
        before = {f"before.{name}": value for name, value in values.items()}
        return {**table, "moved": 0, "fresh": 0, **before}

    def spec(self) -> dict:
        """What the browser needs, sent once."""
        return plain({
            "grids": [[panel.spec() for panel in grid] for grid in self.grids],
            "hands": self.hands, "constants": self.constants, "words": self.words,
            "lines": self.lines, "limits": [vars(limit) for limit in self.limits], "steps": STEPS,
        })  # fmt: skip

    def png(self) -> bytes:
        """The same panels side by side, for readers without a kernel."""
        grids = [grid for grid in self.grids if grid[0].layout != "narrow"]
        drawn = [[Image.fromarray(panel.still()) for panel in grid] for grid in grids]
        heights = [max(image.height for image in grid) + GAP_Y * PNG_RATIO for grid in drawn]
        sheet = Image.new("RGBA", (PNG_WIDTH * PNG_RATIO, sum(heights)), "white")
        y = 0
        for grid, images, height in zip(grids, drawn, heights, strict=True):
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

    def free(self) -> None:
        """Gives its memory back; nothing can be drawn afterwards."""
        for panel in (panel for grid in self.grids for panel in grid):
            panel.free()
