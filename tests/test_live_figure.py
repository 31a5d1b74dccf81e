import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from ce_helpers.live_figure import LiveFigure
from ce_helpers.style import OTHER_COLOR


def line_figure(pixel_ratio=1):
    figure = Figure(figsize=(3, 2), facecolor="white")
    axes = figure.add_subplot(xlim=(0, 1), ylim=(0, 1))
    (line,) = axes.plot([0, 1], [0, 1], color="#c04a00", animated=True, zorder=3)
    return LiveFigure(figure, pixel_ratio=pixel_ratio), line


def shown(live_figure):
    return np.array(Image.open(io.BytesIO(live_figure.image.value)).convert("RGB"))


def test_draw_shows_what_moved_and_nothing_of_before():
    live_figure, line = line_figure()
    first = live_figure.pixels()
    line.set_ydata([1, 0])
    live_figure.draw()
    assert not np.array_equal(live_figure.pixels(), first)
    line.set_ydata([0, 1])
    live_figure.draw()
    assert np.array_equal(live_figure.pixels(), first)


def test_a_blitted_frame_equals_a_full_redraw():
    live_figure, line = line_figure()
    line.set_ydata([1, 0])
    live_figure.draw()
    blitted = live_figure.pixels()
    line.set_animated(False)
    live_figure.figure.canvas.draw()
    assert np.array_equal(live_figure.pixels(), blitted)


@pytest.mark.parametrize("pixel_ratio", [1, 1.5, 2])
def test_pixel_ratio_adds_pixels_and_keeps_the_css_width(pixel_ratio):
    live_figure, _ = line_figure(pixel_ratio)
    height, width, _ = shown(live_figure).shape
    assert (width, height) == (300 * pixel_ratio, 200 * pixel_ratio)
    assert live_figure.image.layout.width == "300px"


def test_the_picture_keeps_plain_colours_exactly():
    live_figure, _ = line_figure()
    picture, drawn = shown(live_figure), live_figure.pixels()[..., :3]
    assert (picture[0, 0] == 255).all()
    line_color = np.array([0xC0, 0x4A, 0x00])
    assert (picture == line_color).all(axis=2).any()
    assert np.abs(picture.astype(int) - drawn).mean() < 0.1


def test_a_wrong_pixel_ratio_is_refused():
    with pytest.raises(ValueError, match="pixel_ratio is 0; expected a number above 0"):
        LiveFigure(Figure(), pixel_ratio=0)


def test_a_colour_that_comes_later_is_kept_too():
    live_figure, line = line_figure()
    line.set_color(OTHER_COLOR)
    live_figure.draw()
    expected = np.array([int(OTHER_COLOR[i : i + 2], 16) for i in (1, 3, 5)])
    assert (shown(live_figure) == expected).all(axis=2).any()
