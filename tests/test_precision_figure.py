import numpy as np
import pytest

from ce_helpers.live_figure import LiveFigure
from ce_helpers.precision_figure import DTYPES, ERROR, LOSS, METHODS, PrecisionFigure
from tests.drawn import assert_texts_fit

GAPS = np.arange(-40, 121)


def figure():
    """Losses that are the gap, off by dtype; the second way overflows behind gap 17."""
    losses = np.maximum(GAPS, 0.0) + np.arange(3)[None, :, None] + np.zeros((3, 3, len(GAPS)))
    losses[1, 0, GAPS > 17] = np.inf
    errors = np.full((3, 3, len(GAPS)), 1e-4)
    errors[1, 0, GAPS > 17] = np.inf
    return PrecisionFigure(GAPS, losses, errors)


def heights(panel):
    return [point.get_ydata()[0] for point in panel.points]


def test_there_is_a_point_for_each_way_and_dtype_at_the_gap():
    shown = figure()
    losses = np.arange(9.0).reshape(3, 3)
    shown.update(-7, losses, 10.0**-losses)
    for panels, sign in ((shown.loss_panels, 1), (shown.error_panels, -1)):
        for panel, row in zip(panels, losses, strict=True):
            assert heights(panel) == pytest.approx(sign * row)
            assert [point.get_xdata() for point in panel.points] == [[-7]] * 3
            assert panel.line.get_xdata() == [-7, -7]


def test_inf_has_a_height_and_a_word_of_its_own():
    shown = figure()
    losses, errors = np.full((3, 3), 50.0), np.full((3, 3), 0.1)
    losses[1, 0] = errors[1, 0] = np.inf
    shown.update(50, losses, errors)
    assert heights(shown.loss_panels[1]) == [LOSS.inf, 50, 50]
    assert heights(shown.error_panels[1]) == [ERROR.inf, -1, -1]
    for panels, scale in ((shown.loss_panels, LOSS), (shown.error_panels, ERROR)):
        axes = panels[0].points[0].axes
        words = {y: text.get_text() for y, text in zip(
            axes.get_yticks(), axes.get_yticklabels(), strict=True
        )}  # fmt: skip
        assert words[scale.inf] == "inf"
        assert scale.high < scale.inf < axes.get_ylim()[1]


def test_the_curves_are_the_values_and_break_where_inf_begins():
    axes = figure().loss_panels[1].points[0].axes
    curves = [line for line in axes.lines if len(line.get_xdata()) == len(GAPS)]
    overflowed, finite = curves[:2]  # of float16
    assert np.array_equal(np.isnan(overflowed.get_ydata()), GAPS <= 17)
    assert np.array_equal(np.isnan(finite.get_ydata()), GAPS > 17)
    assert np.nanmax(finite.get_ydata()) == 17
    assert curves[5].get_ydata() == pytest.approx(np.maximum(GAPS, 0) + 2)  # of float64


def test_what_is_too_small_for_the_scale_lies_on_its_edge():
    shown = figure()
    shown.update(120, np.full((3, 3), -1e-8), np.array([[0.0, 1e-55, 1e-17]] * 3))
    assert heights(shown.loss_panels[0]) == [0, 0, 0]
    assert heights(shown.error_panels[0]) == [ERROR.low] * 3


def test_dtypes_differ_by_more_than_colour():
    points = figure().loss_panels[0].points
    for look in ("get_marker", "get_markersize", "get_color"):
        assert len({getattr(point, look)() for point in points}) == len(DTYPES)


def test_limits_stay_and_a_blitted_frame_equals_a_full_redraw():
    shown = figure()
    live_figure = LiveFigure(shown.figure, pixel_ratio=1)
    before = [(axes.get_xlim(), axes.get_ylim()) for axes in shown.figure.axes]
    shown.update(120, np.full((3, 3), np.inf), np.full((3, 3), np.inf))
    live_figure.draw()
    blitted = live_figure.pixels()
    live_figure.draw_all()
    assert np.array_equal(live_figure.pixels(), blitted)
    assert [(axes.get_xlim(), axes.get_ylim()) for axes in shown.figure.axes] == before


def test_no_text_is_cut_off_or_lies_on_another():
    shown = figure()
    LiveFigure(shown.figure, pixel_ratio=1)
    assert_texts_fit(shown.figure)
    assert {axes.get_title() for axes in shown.figure.axes} >= set(METHODS)
    assert [text.get_text() for text in shown.figure.legends[0].get_texts()] == list(DTYPES)
