import numpy as np
import pytest

from ce_helpers.calls.steps import softmax
from ce_helpers.figures import CrossEntropyFigure
from ce_helpers.live_figure import LiveFigure
from ce_helpers.style import TARGET_COLOR
from tests.drawn import assert_texts_fit, bar_ends

CLASS_NAMES = [f"class {c}" for c in range(4)]


def figure_of(logits, target, num_classes=4):
    figure = CrossEntropyFigure([f"class {c}" for c in range(num_classes)])
    update(figure, logits, target)
    return figure


def update(figure, logits, target):
    logits = np.array(logits, np.float32)
    probs = softmax(logits, 0)
    figure.set_limits(20, np.zeros(1))
    figure.update(logits, probs, target, -np.log(probs[target]))


def test_the_artists_show_the_numbers():
    figure = figure_of([4, 3, 2, 10], 3)
    assert bar_ends(figure.logit_bars) == [4, 3, 2, 10]
    assert bar_ends(figure.prob_bars) == pytest.approx([0.0025, 0.0009, 0.0003, 0.9963], abs=5e-5)
    assert [number.get_text() for number in figure.prob_bars.numbers] == [
        "0.0025", "9.0850e-04", "3.3422e-04", "0.9963",
    ]  # fmt: skip
    (p,), (loss,) = figure.loss_curve.point.get_data()
    assert (p, loss) == pytest.approx((0.9963, 0.0037), abs=5e-5)
    assert figure.loss_curve.text.get_text() == "p = 0.9963\nloss = 0.0037"


def test_the_target_has_one_colour_and_a_word():
    figure = figure_of([4, 3, 2, 10], 1)
    for bars in (figure.logit_bars, figure.prob_bars):
        colors = [tuple(color) for color in bars.bars.get_facecolor()]
        assert colors.count(colors[1]) == 1
        assert bars.band.get_y() == 0.5
    assert figure.target_word.get_text() == "target"
    assert figure.target_word.get_position()[1] == 1
    assert figure.loss_curve.point.get_color() == TARGET_COLOR


def test_a_loss_above_the_limit_is_an_arrow_at_the_top():
    figure = figure_of([20, -20, 0, 0], 1)
    assert figure.loss_curve.point.get_marker() == "^"
    assert figure.loss_curve.point.get_ydata() == [20]
    assert figure.loss_curve.text.get_text().endswith("loss = 40.0000")
    update(figure, [0, 0, 0, 0], 1)
    assert figure.loss_curve.point.get_marker() == "o"


@pytest.mark.parametrize("map_shape", [None, (2, 2), (30, 40)])
@pytest.mark.parametrize("logits", [(-20, -20, -20, -20), (0, 0, 0, 0), (20, -20, 0, 20)])
def test_no_text_is_cut_off_or_lies_on_another(logits, map_shape):
    figure = CrossEntropyFigure(CLASS_NAMES, map_shape)
    if map_shape:
        figure.loss_map.set_values(np.full(map_shape, 1.1921e-07))
        figure.loss_map.update(1, 1, 40.0)
    update(figure, logits, 1)
    LiveFigure(figure.figure, pixel_ratio=1)
    covered = [figure.loss_map.cell_numbers[1][1]] if map_shape == (2, 2) else []
    assert_texts_fit(figure.figure, ignored=covered)  # the selected cell lies on it


def test_hundred_classes_are_bars_without_numbers():
    figure = figure_of(np.linspace(-5, 5, 100), 99, num_classes=100)
    assert len(bar_ends(figure.logit_bars)) == 100
    assert figure.logit_bars.numbers == []
