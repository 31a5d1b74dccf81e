"""The pixel maps' picture: five maps of one image with one cursor, and this pixel's softmax."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, ListedColormap, to_hex

from ce_helpers.explorers.map_panels import (
    BLUES,
    CLASS_COLORS,
    RAMP,
    RAMP_MIDDLE,
    Grid,
    caret,
    chip,
    class_color,
    ends,
    mixed,
    norm,
    pixel_map,
    ramp,
    ramp_colors,
    tracks,
)  # fmt: skip
from ce_helpers.explorers.pixel_maps_state import PixelMapsState
from ce_helpers.explorers.softmax_panel import softmax_panel
from ce_helpers.live.limits import LOSS, up
from ce_helpers.live.looks import INK, STRONG, TARGET, fitting, sentence
from ce_helpers.live.numbers import computed, text
from ce_helpers.live.panel import Panel
from ce_helpers.live.picture import LivePicture
from ce_helpers.live.values import Power

WIDTH, LEFT, TOP, MAP_HEIGHT = 272, 32, 28, 250
BESIDE_TITLE = 112  # how wide a class name may be there
CELL = ("row", "column")
CHIPS, CHIP = 3, 80  # beside each other, and how wide one is with its name
GREYS = LinearSegmentedColormap.from_list("brightness", ["#000000", "#ffffff"])
WORDS = (
    "Row {row:whole}, column {column:whole}: image {image:computed}, target {target_name:text:"
    "strong}, prediction {prediction_name:text:strong}, p(target) {p:computed}, "
    "loss {loss:computed:target}"
)
CODE = 'F.cross_entropy(logits, target, reduction="none")[0, {row:whole}, {column:whole}]'


class PixelMapsPicture(LivePicture):
    """Image, target and prediction over p(target), loss and one pixel's softmax.

    Args:
        state: what is shown first; it is read and not kept.
        seen: what a view has of its own.
    """

    def __init__(self, state: PixelMapsState, **seen) -> None:
        super().__init__(state.values(), {}, [], **seen)
        self.maps = state.maps()
        rows, columns = state.shape
        pitch = min((WIDTH - LEFT - 4) / columns, MAP_HEIGHT / rows)
        self.grid = Grid(LEFT, TOP, pitch, rows, columns)
        self.names, self.each = state.class_names, []
        num_classes = len(self.names)
        classes = [class_color(c) for c in range(num_classes)]
        wrong = state.target[0] != state.prediction
        image, loss = self.panel("image", computed, "image"), self.loss_scale()
        self.image_of(image, "image", GREYS, {"low": 0, "high": 1})
        sliders = tracks(image, self.grid, CELL)
        panels = [image]
        for name in ("target", "prediction"):
            panel = self.panel(name, text, f"{name}_label")
            scale = {"low": 0, "high": max(num_classes - 1, 1)}
            self.image_of(panel, name, ListedColormap(classes), scale, classes)
            self.chips(panel)
            panels.append(panel)
        probability = self.panel("p(target)", computed, "p", name="p")
        self.image_of(probability, "p", BLUES, {"low": 0, "high": 1})
        shades = [to_hex(BLUES(k / 63)) for k in range(64)]
        self.legend(probability, "p", Power(LEFT, self.grid.right, 1, 1), [(c, c) for c in shades])
        losses = self.panel("loss", computed, "loss", look=TARGET)
        self.image_of(losses, "loss", ramp_colors(), loss)
        shares = [(k + 0.5) / 42 for k in range(42)]
        colors = [(to_hex(ramp_colors()(share)), mixed(share)) for share in shares]
        self.legend(losses, "loss", loss, colors)
        names = [fitting(name, 0.5 * WIDTH - 66) for name in self.names]
        softmax = softmax_panel(self.values, num_classes, width=WIDTH, head=52, names=names)
        self.grids = [panels, [probability, losses, softmax]]
        self.hands = {"sliders": sliders, "images": {
            "rows": rows, "columns": columns, "box": self.grid.box, "names": CELL,
            "each": self.each,
        }}  # fmt: skip
        share = f" {int(wrong.sum()):,} of {wrong.numel():,} pixels are predicted wrongly."
        self.words, self.lines = [sentence(WORDS), sentence(f".{share}")], [sentence(CODE)]

    def panel(self, title: str, format, value: str, *, name: str = "", look=STRONG) -> Panel:
        """A panel with a map's title and this pixel's value."""
        panel = Panel(name or title, WIDTH, self.grid.bottom + 70, self.values)
        told = [(f"{title}  ", INK), ((format, value), look)]
        panel.rich(LEFT, 18, told, ha="left", size=17)
        return panel

    def image_of(self, panel: Panel, array: str, colors, scale, css=None) -> None:
        """A map, for the PNG and for the browser; a scale with limits, or a power of the loss."""
        if isinstance(scale, Power):
            how = {"norm": norm(scale)}
            sent = {"ramp": RAMP, "middle": RAMP_MIDDLE,
                    "scale": {"low": 0, "high": scale.high, "gamma": scale.gamma}}  # fmt: skip
        else:
            how = {"vmin": scale["low"], "vmax": scale["high"]}
            css = css or [to_hex(colors(k / 255)) for k in range(256)]
            sent = {"colors": css, "scale": {**scale, "gamma": 1}}
        pixel_map(panel, self.grid, self.maps[array], CELL, cmap=colors, **how)
        self.each.append({"panel": panel.name, "array": array, **sent})

    def loss_scale(self) -> Power:
        """Of the loss's colours: small losses are told apart."""
        most = up(float(np.max(self.maps["loss"])), LOSS)
        return Power(LEFT, self.grid.right, most, 0.5)

    def legend(self, panel: Panel, value: str, scale: Power, colors) -> None:
        """What colours stand for, and where this pixel lies."""
        y = self.grid.bottom + 12
        ramp(panel, scale, colors, y)
        caret(panel, value, scale, y + 13)
        ends(panel, scale, 0, scale.high, y + 42)

    def chips(self, panel: Panel) -> None:
        """Each class's colour, letter and name; the chosen pixel's is underlined."""
        if len(self.names) > len(CLASS_COLORS):
            return
        for c, name in enumerate(self.names[: 2 * CHIPS]):
            x, y = LEFT + CHIP * (c % CHIPS), self.grid.bottom + 12 + 28 * (c // CHIPS)
            chip(panel, x, y, c, name)
            panel.text(x + 28, y + 15, fitting(name, CHIP - 24))
            line = panel.line([(x, y + 24), (x + 22, y + 24)], "ink", 3)
            panel.part("show", line, [(panel.name, "is", c)])
