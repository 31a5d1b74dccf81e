"""A panel: matplotlib draws it once, and its parts declare which values they follow.

Everything is measured in CSS pixels of the panel, y downwards, so a number in a picture's code is
the number on the screen. parts.js has a mover for each kind of part; nothing here or there knows an
explorer.
"""

import io
import re
from dataclasses import dataclass

import matplotlib
import numpy as np
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from ce_helpers.live.limits import ticks
from ce_helpers.live.looks import (
    COLORS,
    FONT,
    INK,
    PALETTE,
    QUIET,
    TARGET,
    advance,
    pieced,
    style,
)
from ce_helpers.live.numbers import short
from ce_helpers.live.values import Scale, holds, pixel, plain, read

AXES = 5  # how far in front a grid lies: behind bars and points
DPI = 72  # a point is a pixel
PNG_RATIO = 2


@dataclass
class Axes:
    """Where values lie across and upwards."""

    x: Scale
    y: Scale


class Panel:
    """One figure, drawn for one table of values; the browser moves its parts for others.

    Args:
        name: unique in its picture.
        width, height: CSS pixels.
        values: what it is drawn for.
        crop: so many pixels on the left are seen only where panels stand under each other.
        layout: "wide" or "narrow" if it is seen only where panels stand beside each other, or not.
    """

    def __init__(
        self,
        name: str,
        width: float,
        height: float,
        values: dict,
        crop: float = 0,
        *,
        layout: str | None = None,
    ) -> None:
        self.layout = layout
        self.name, self.width, self.height, self.crop = name, width, height, crop
        self.values = values
        self.parts: list[dict] = []
        self.hidden: list = []  # artists that a condition hides for these values
        self.only_still: list = []  # artists that the browser draws by itself
        self.only_live: list = []  # artists that mean nothing without a hand's handle
        self.mixes: dict[str, str] = {}  # colours that are none of the palette's, in CSS
        self.figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI)
        self.figure.patch.set_visible(False)
        down = Affine2D().scale(1, -1).translate(0, height).scale(1 / DPI)
        self.pixels = down + self.figure.dpi_scale_trans

    def axes(self, box, xlim, ylim) -> Axes:
        """Scales in a box: left, top, right, bottom; limits are numbers or names of values."""
        left, top, right, bottom = box
        return Axes(Scale(left, right, *xlim), Scale(bottom, top, *ylim))

    def now(self, what):
        """What a name stands for in the values that the panel is drawn for."""
        return read(what, self.values)

    def at(self, spot) -> float:
        """Where a spot lies in the drawing."""
        return pixel(spot, self.values)

    # What stands still.

    def text(self, x, y, words, look=INK, *, ha="left", size=FONT) -> Text:
        """Words on the baseline y; none are drawn as a blank, for matplotlib omits them."""
        color, weight, style = look
        return self.figure.text(
            x, y, words or " ", color=COLORS[color], fontweight=weight, fontstyle=style, ha=ha,
            size=size, va="baseline", transform=self.pixels, zorder=13, parse_math=False,
        )  # fmt: skip

    def add(self, artist, zorder: float = 10):
        """Adds an artist whose numbers are pixels."""
        artist.set(transform=self.pixels, zorder=zorder)
        return self.figure.add_artist(artist)

    def line(self, points, color, width=1.0, *, dashes=None, zorder: float = 12) -> Line2D:
        """A line through points; `dashes` in pixels."""
        line = Line2D(*zip(*points, strict=True), color=COLORS[color], linewidth=width)
        line.set(solid_capstyle="butt", dash_capstyle="butt")
        if dashes:
            line.set_linestyle((0, [dash / width for dash in dashes]))  # in widths of the line
        return self.add(line, zorder)

    def image(self, box, pixels, **how) -> None:
        """Pixels, each as large as the box has room for; the browser paints its own."""
        left, top, right, bottom = box
        width, height = self.width, self.height
        box = (left / width, 1 - bottom / height, (right - left) / width, (bottom - top) / height)
        axes = self.figure.add_axes(box, zorder=AXES)
        axes.set_axis_off()
        self.only_still.append(axes.imshow(pixels, aspect="auto", interpolation="nearest", **how))

    # What moves.

    def part(self, kind: str, artists, when=(), **declared) -> None:
        """Names artists and declares what they follow, and on what condition they are seen."""
        artists = artists if isinstance(artists, list) else [artists]
        gids = [f"{self.name}-{len(self.parts)}-{k}" for k in range(len(artists))]
        for artist, gid in zip(artists, gids, strict=True):
            artist.set_gid(gid)
        if not holds(when, self.values):
            self.hidden += artists
        self.parts.append({"kind": kind, "gids": gids, "when": list(when) or None, **declared})

    def place(self, artists, x=None, y=None, when=(), most=None) -> None:
        """Something that keeps its shape, drawn where x and y lie now; hidden beyond `most`."""
        drawn = [self.at(spot) if spot else 0 for spot in (x, y)]
        self.part("place", artists, when, drawn=drawn, x=x, y=y, most=most)
        if most is not None and drawn[0] > most:
            self.hidden += artists if isinstance(artists, list) else [artists]

    def path(self, points, color, *, width=1.5, dashes=(2, 3), when=(), zorder: float = 12) -> None:
        """A line through spots."""
        drawn = [(self.at(x), self.at(y)) for x, y in points]
        self.part(
            "path",
            self.line(drawn, color, width, dashes=dashes, zorder=zorder),
            when,
            points=points,
        )

    def curve(
        self, axes, function, of=(), *, color="ink", width=2.5, dashes=None, when=()
    ) -> None:  # fmt: skip
        """A named curve of formulas.js within the limits of its axes.

        Args:
            axes: of this panel.
            function: gives xs and ys for the limits of x and of y, and for what `of` stands for.
            of: names of values that it follows, or numbers.
            color: a name of the palette.
            width: pixels.
            dashes: pixels; a solid line without.
            when: on what condition it is seen.
        """
        limits = [end for axis in (axes.x, axes.y) for end in (axis.low, axis.high)]
        xs, ys = function(*map(self.now, (*limits, *of)))
        points = [axes.x.at(x, self.values) for x in xs], [axes.y.at(y, self.values) for y in ys]
        line = self.add(Line2D(*points, color=COLORS[color], linewidth=width), AXES + 0.2)
        if dashes:
            line.set(linestyle=(0, [dash / width for dash in dashes]), dash_capstyle="butt")
        self.part("curve", line, when, x=axes.x, y=axes.y, function=function.__name__, of=of)

    def texts(self, points, *, values=None, words=None, format=short, ha="left", mark=None,
              looks=(INK, TARGET), when=()) -> None:  # fmt: skip
        """Texts in fixed places: the entries of a value, or words; `mark` names who is marked."""
        shown = words or [format(value) for value in self.now(values)]
        marked = np.atleast_1d(self.now(mark)) if mark else []
        artists = [
            self.text(x, y, text, looks[c in marked], ha=ha)
            for c, ((x, y), text) in enumerate(zip(points, shown, strict=True))
        ]
        self.part(
            "texts", artists, when, values=values, format=format.__name__ if values else None,
            mark=mark, looks=[style(look) for look in looks] if mark else None,
        )  # fmt: skip

    def rich(self, x, y, pieces, *, ha="center", size=FONT, when=(), spot=None, flip=()) -> None:
        """A line of differently coloured pieces: (words, or a format and a value's name; look).

        matplotlib has no such text, so here it is one text a piece; the browser makes it one.
        `spot` stands for a baseline that moves; of `flip`, pairs (edge, plus), the first whose
        edge is passed says how far from it the line stands.
        """
        if spot:
            line = self.at({**spot, "plus": 0})
            y = line + next((plus for edge, plus in flip if line > edge), spot["plus"])
        words = [
            what if isinstance(what, str) else what[0](self.now(what[1])) for what, _ in pieces
        ]
        fonts = [FontProperties(size=size, weight=look[1], style=look[2]) for _, look in pieces]
        widths = [advance(text, font) for text, font in zip(words, fonts, strict=True)]
        left = x - sum(widths) * {"left": 0, "center": 0.5, "right": 1}[ha]
        artists = []
        for text, (_, look), width in zip(words, pieces, widths, strict=True):
            artists.append(self.text(left, y, text, look, size=size))
            left += width
        anchor = {"left": "start", "center": "middle", "right": "end"}[ha]
        self.part(
            "rich", artists, when, x=x, y=spot, flip=flip, anchor=anchor, pieces=pieced(pieces)
        )

    def ticks(self, axes, axis: str, label: float, pixels: float) -> None:
        """Grid and labels in round places; the browser repeats the first pair where needed."""
        scale, other = (axes.x, axes.y) if axis == "x" else (axes.y, axes.x)
        places = ticks(self.now(scale.low), self.now(scale.high), pixels)
        lines, labels = [], []
        for place in places:
            at = scale.at(place, self.values)
            ends, where = ((at, at), (other.start, other.end)), (at, label)
            ha, va = "center", "baseline"
            if axis == "y":
                ends, where, ha, va = ends[::-1], where[::-1], "right", "center_baseline"
            lines.append(self.add(Line2D(*ends, color=COLORS["grid"], linewidth=1), AXES))
            labels.append(self.text(*where, short(place), QUIET, ha=ha))
            labels[-1].set(va=va, zorder=AXES)
        drawn = scale.at(places[0], self.values)
        self.part(
            "ticks", [lines[0], labels[0]], axis=axis, scale=scale, pixels=pixels, drawn=drawn
        )
        for k, artist in enumerate([*lines[1:], *labels[1:]]):
            artist.set_gid(f"spare-{self.name}-{axis}{k}")  # the browser removes them

    # What comes out.

    def svg(self, *, still: bool = False) -> str:
        """The drawing as SVG, in the page's fonts and in the palette's variables.

        Args:
            still: with what the browser would draw by itself.
        """
        file = io.StringIO()
        for artist in self.only_still:
            artist.set_visible(still)
        with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": self.name}):
            self.figure.savefig(file, format="svg", metadata={"Date": None})
        text = re.sub(r"^.*?(?=<svg)|<metadata>.*?</metadata>", "", file.getvalue(), flags=re.S)
        family = r"(font(?:-family)?: [^;\"]*?)(?:'DejaVu Sans'[^;\"]*|sans-serif)(?=[;\"])"
        text = re.sub(family, r"\1inherit", text)
        for color, variable in {**PALETTE, **self.mixes}.items():
            text = text.replace(color, variable)
        return text

    def still(self) -> np.ndarray:
        """The drawing as pixels, (height, width, 4), at twice the size."""
        unseen = self.hidden + self.only_live
        for artist in unseen:
            artist.set_visible(False)
        for artist in self.only_still:
            artist.set_visible(True)
        canvas = FigureCanvasAgg(self.figure)
        self.figure.set_dpi(DPI * PNG_RATIO)
        canvas.draw()
        self.figure.set_dpi(DPI)
        for artist in unseen:
            artist.set_visible(True)
        pixels = np.array(canvas.buffer_rgba())
        self.figure.set_canvas(FigureCanvasBase(self.figure))  # or 2 MB wait for the collector
        return pixels

    def free(self) -> None:
        """Unties all artists: they hold each other, so 2 MB would wait for the collector."""
        for artist in self.figure.findobj():
            vars(artist).clear()
        vars(self).clear()

    def spec(self) -> dict:
        """What the browser needs."""
        size = [self.width, self.height]
        named = {"name": self.name, "size": size, "crop": self.crop, "layout": self.layout}
        return plain({**named, "svg": self.svg(), "parts": self.parts})
