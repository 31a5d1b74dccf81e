import itertools

import numpy as np
import pytest

from ce_helpers.calls.steps import softmax
from ce_helpers.gradient_figure import GradientFigure, loss_limit
from ce_helpers.live_figure import LiveFigure
from ce_helpers.style import TARGET_COLOR
from tests.drawn import assert_texts_fit, bar_ends

NAMES = ["cat", "dog", "bird"]


def figure_of(logits, target, **given):
    figure = GradientFigure([f"class {c}" for c in range(len(logits))], 20)
    show(figure, logits, target, **given)
    return figure


def show(figure, logits, target, *, rate=1.0, temperature=1.0, losses=None, limit=5.0):
    logits = np.array(logits, float)
    probs = softmax(logits / temperature, 0)
    gradient = (probs - np.eye(len(logits))[target]) / temperature
    losses = losses or [float(-np.log(max(probs[target], 1e-300)))]
    figure.set_limits(limit, losses[0])
    figure.update(
        logits, logits - rate * gradient, probs, gradient, target=target, losses=losses
    )  # fmt: skip
    return probs, gradient


def texts_of(bars):
    return [number.get_text() for number in bars.numbers]


def test_the_artists_show_the_numbers():
    figure = figure_of([3, 1, 0.5], 1)
    probs, gradient = softmax([3.0, 1, 0.5], 0), np.array([0.8214, -0.8888, 0.0674])
    assert bar_ends(figure.logit_bars) == [3, 1, 0.5]
    assert bar_ends(figure.prob_bars) == pytest.approx(probs)
    assert bar_ends(figure.gradient_bars) == pytest.approx(gradient, abs=5e-5)
    assert texts_of(figure.logit_bars) == ["3", "1", "0.5"]
    assert texts_of(figure.gradient_bars) == ["0.8214", "-0.8888", "0.0674"]
    assert figure.descent.number.get_text() == "2.1967"


def test_an_arrow_reaches_from_each_bar_to_where_one_step_leads():
    figure = figure_of([3, 1, 0.5], 1, rate=2)
    _, gradient = show(figure, [3, 1, 0.5], 1, rate=2)
    arrows = figure.step_arrows.arrows
    assert arrows.get_offsets().tolist() == [[3, 0], [1, 1], [0.5, 2]]
    lengths = arrows.U
    assert lengths == pytest.approx(-2 * gradient)
    assert not arrows.V.any()
    for number, tip in zip(figure.logit_bars.numbers, [3, 1 + 2 * 0.8888, 0.5], strict=True):
        assert number.get_position()[0] > tip  # no number lies on an arrow


def test_arrows_stay_inside_and_vanish_where_no_step_is():
    figure = figure_of([4, -4], 1, rate=100)
    arrows = figure.step_arrows.arrows
    assert (arrows.get_offsets()[:, 0] + arrows.U).tolist() == [-5, 5]
    figure.update(
        *(np.array(v) for v in ([4.0, -4.0], [np.nan, np.inf], [0.5, 0.5], [0.5, -0.5])),
        target=1, losses=[1.0],
    )  # fmt: skip
    assert arrows.U.tolist() == [0, 0]


def test_the_frame_stands_for_y():
    figure = figure_of([3, 1, 0.5], 2)
    frame = figure.target_frame
    assert (frame.get_x(), frame.get_width()) == (0, 1)
    assert frame.get_y() == pytest.approx(2 - 0.36)
    assert figure.target_word.get_position()[1] == 2
    # the number stands outside, whatever is in the frame
    assert figure.prob_bars.numbers[2].get_position()[0] > 1
    for bars in (figure.logit_bars, figure.prob_bars, figure.gradient_bars):
        assert bars.band.get_y() == 1.5


def test_a_gradient_beyond_the_limits_ends_in_a_triangle():
    figure = figure_of([5, -5], 1, temperature=0.5)
    assert bar_ends(figure.gradient_bars) == [1, -1]
    assert texts_of(figure.gradient_bars) == ["2.0000", "-2.0000"]
    below, above = figure.beyond_limit
    assert [list(map(float, data)) for data in below.get_data()] == [[-1], [1]]
    assert [list(map(float, data)) for data in above.get_data()] == [[1], [0]]
    show(figure, [5, -5], 1)
    assert [len(marker.get_xdata()) for marker in figure.beyond_limit] == [0, 0]


def test_the_losses_are_points_and_the_last_is_marked():
    figure = figure_of([0, 0], 0, losses=[1.2, 0.7, 0.4])
    steps, losses = figure.descent.line.get_data()
    assert list(steps) == [0, 1, 2] and list(losses) == [1.2, 0.7, 0.4]
    (step,), (loss,) = figure.descent.present.get_data()
    assert (step, loss) == (2, 0.4)
    assert figure.descent.present.get_marker() == "o"
    assert figure.descent.present.get_color() == TARGET_COLOR
    assert figure.descent.number.get_text() == "0.4000"


def test_the_limits_hold_the_first_loss_and_an_arrow_marks_a_larger_one():
    figure = figure_of([0, 0], 0, losses=[1.2, 2.7])
    assert figure.descent.limit == 2
    assert figure.descent.present.get_ydata() == [2]
    assert figure.descent.present.get_marker() == "^"
    assert figure.descent.number.get_text() == "2.7000"


def test_new_limits_are_reported_once():
    figure = GradientFigure(NAMES, 20)
    assert figure.set_limits(5, 1.5)
    assert not figure.set_limits(5, 1.7)
    assert figure.set_limits(5, 2.1)
    assert figure.set_limits(10, 2.1)
    assert not figure.set_limits(10, 2.1)


def test_both_limits_change_together():
    figure = GradientFigure(NAMES, 20)
    figure.set_limits(5, 1.5)
    assert figure.set_limits(20, 7.0)
    assert figure.logits_axes.get_xticks().tolist() == [-20, 0, 20]
    assert figure.loss_axes.get_yticks().tolist() == [0, 5, 10]


def test_loss_limits_climb_and_hold_their_loss():
    losses = np.geomspace(1e-6, 1e6, 500)
    limits = [loss_limit(loss) for loss in losses]
    assert all(limit >= loss for limit, loss in zip(limits, losses, strict=True))
    assert all(later >= earlier for earlier, later in itertools.pairwise(limits))
    assert all(limit <= 2 * loss for limit, loss in zip(limits, losses, strict=True) if loss > 1)
    assert [loss_limit(value) for value in (0.0, np.nan, np.inf, 1.0, 10.0)] == [1, 1, 1, 1, 10]


@pytest.mark.parametrize("num_classes", [1, 3, 6])
@pytest.mark.parametrize(
    "given",
    [
        {"sign": 0},
        {"sign": 1, "rate": 10.0},
        {"sign": -1, "rate": 10.0, "temperature": 0.5},
        {"sign": -1, "rate": 0.1, "temperature": 5.0, "losses": [30.0] * 21},
        {"sign": -8.5912e-05, "losses": [8.5912e-05, 8.5912e-05]},
    ],
)
def test_no_text_is_cut_off_or_lies_on_another(num_classes, given):
    given = dict(given)
    sign = given.pop("sign")
    logits = sign * np.array([5, -4.123, 3.205, -5, -0.0001, 4.999])[:num_classes]
    figure = GradientFigure([f"elephant {c}" for c in range(num_classes)], 20)
    show(figure, logits, num_classes // 2, **given)
    LiveFigure(figure.figure, pixel_ratio=1)
    assert_texts_fit(figure.figure)
    renderer = figure.figure.canvas.get_renderer()
    # a number ends before the next panel's bars begin
    starts = [axes.get_window_extent(renderer).x0 for axes in figure.figure.axes[1:]]
    for bars, start in zip(
        (figure.logit_bars, figure.prob_bars, figure.gradient_bars), starts, strict=True
    ):
        assert all(number.get_window_extent(renderer).x1 < start for number in bars.numbers)
    panel = figure.probs_axes.get_window_extent(renderer)
    assert all(
        number.get_window_extent(renderer).x1 <= panel.x1 for number in figure.prob_bars.numbers
    )
