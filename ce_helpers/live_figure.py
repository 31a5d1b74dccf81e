"""A matplotlib figure as a `widgets.Image` that is redrawn in a few milliseconds.

Drawing a whole figure takes 20 ms or more; a slider needs less. So what stands still (axes, ticks,
titles) is drawn once and kept as a picture. For each move the kept picture is put back, only the
artists marked as animated are drawn on it, and the result goes to the browser as one PNG.
One blit, because a reader waits for what is drawn and all but the moving artists is there already;
one message, because each has a fixed cost on the way to the browser, and because panels that come
together never show two different states. `make bench` measures it beside what people use today.
There is no `pyplot` (its state is shared between threads), no `Output` widget, and no figure is
made after the first.
"""

import base64
import io
import threading

import ipywidgets as widgets
import numpy as np
import traitlets
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image

from ce_helpers.style import COLORS

SHARED_COLORS = [
    tuple(round(255 * float(channel)) for channel in to_rgb(color)) for color in COLORS
]
CSS_DPI = 100  # a figure of 9 inches is shown 900 CSS pixels wide


class LiveFigure:
    """Shows a figure as a picture that is cheap to draw again.

    Artists that move must be children of an axes and marked with `set_animated(True)` before the
    figure is handed over. After changing them call `draw`; after changing anything else (limits,
    ticks, a still artist) call `draw_all`.

    Args:
        figure: a `Figure` made without `pyplot`. Its size in inches times 100 is its width in CSS
            pixels.
        pixel_ratio: device pixels per CSS pixel. 2 is sharp on a high-density screen.

    Raises:
        ValueError: if `pixel_ratio` is not a positive number.
    """

    def __init__(self, figure: Figure, *, pixel_ratio: float = 2) -> None:
        if not pixel_ratio > 0:
            raise ValueError(f"pixel_ratio is {pixel_ratio!r}; expected a number above 0, e.g. 2.")
        self.figure = figure
        # JupyterLab runs callbacks on more than one thread: hold this round compute and draw.
        self.lock = threading.RLock()
        self.css_width = round(figure.get_figwidth() * CSS_DPI)
        figure.set_dpi(CSS_DPI * pixel_ratio)
        self._canvas = FigureCanvasAgg(figure)
        self.image = _TitledImage(
            format="png",
            tooltip="A picture; the lines below it tell the same in words.",
            layout=widgets.Layout(width=f"{self.css_width}px", max_width="100%"),
        )
        self.draw_all()

    def draw_all(self) -> None:
        """Draws the whole figure and keeps what stands still for the next `draw`."""
        with self.lock:
            self._canvas.draw()  # leaves animated artists out
            self._background = self._canvas.copy_from_bbox(self.figure.bbox)
            self._moving_artists = [  # in the order in which they are drawn
                artist
                for axes in self.figure.axes
                for artist in sorted(axes.get_children(), key=Artist.get_zorder)
                if artist.get_animated()
            ]
            self._draw_moving_artists()
            self._palette = _Palette(self._frame())
            self._show()

    def draw(self) -> None:
        """Puts the kept background back, draws the moving artists on it and shows the result."""
        with self.lock:
            self._draw_moving_artists()
            self._show()

    def _draw_moving_artists(self) -> None:
        self._canvas.restore_region(self._background)
        for artist in self._moving_artists:
            artist.axes.draw_artist(artist)

    def _frame(self) -> Image.Image:
        return Image.fromarray(np.asarray(self._canvas.buffer_rgba())).convert("RGB")

    def _png(self, compress_level: int) -> bytes:
        png = io.BytesIO()
        self._palette.apply(self._frame()).save(png, format="png", compress_level=compress_level)
        return png.getvalue()

    def _show(self) -> None:
        self.image.value = self._png(compress_level=1)  # fast; a reader waits for it

    def pixels(self) -> np.ndarray:
        """A copy of what was drawn last: (height, width, 4), uint8, in device pixels."""
        with self.lock:
            return np.array(self._canvas.buffer_rgba())

    def mimebundle(self) -> tuple[dict, dict]:
        """The picture as data and metadata for `_repr_mimebundle_`, to be seen without a kernel."""
        png = base64.b64encode(self._png(compress_level=9)).decode("ascii")  # small; it is stored
        return {"image/png": png}, {"image/png": {"width": self.css_width}}


class _TitledImage(widgets.Image):
    """An image with a title, which a screen reader reads out.

    The front end makes it from `tooltip`, if it finds an empty `description` beside it; Python's
    image has none and could not be shown with a tooltip.
    """

    description = traitlets.Unicode("").tag(sync=True)


class _Palette:
    """The shared colours and a picture's most frequent ones: a quarter of the bytes and the time.

    Pillow finds the nearest palette colour for blocks of 4×4×4 colours, measured from the block's
    darkest corner. So blocks are looked up by that corner, and shown in their most frequent colour:
    white stays white, and so does each plain area.

    Args:
        frame: a picture in RGB.
    """

    def __init__(self, frame: Image.Image) -> None:
        by_frequency = sorted(frame.getcolors(frame.width * frame.height), reverse=True)
        blocks: dict[tuple[int, ...], tuple[int, ...]] = {}
        for color in (*SHARED_COLORS, *(color for _, color in by_frequency)):
            blocks.setdefault(tuple(channel & ~3 for channel in color), color)
        self._corners = Image.new("P", (1, 1))
        self._corners.putpalette([channel for block in [*blocks][:256] for channel in block])
        self._colors = [channel for color in [*blocks.values()][:256] for channel in color]

    def apply(self, frame: Image.Image) -> Image.Image:
        """The same picture in the palette's colours."""
        drawn = frame.quantize(palette=self._corners, dither=Image.Dither.NONE)
        drawn.putpalette(self._colors)
        return drawn
