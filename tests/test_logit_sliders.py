import numpy as np
import pytest

from ce_helpers.style import TARGET_COLOR
from ce_helpers.widgets.logit_sliders import LogitSliders, SteadySlider, widened

NAMES = ["cat", "dog", "bird"]


@pytest.fixture
def box():
    box = LogitSliders(NAMES)
    box.load(np.array([4, 33.3, -2.5], np.float32), 40.0, 1)
    return box


def shown(box):
    return [format(slider.value, slider.readout_format) for slider in box.sliders]


def test_there_is_one_slider_for_each_class(box):
    assert [slider.description for slider in box.sliders] == NAMES
    assert box.children == tuple(box.sliders)


def test_what_is_loaded_is_shown_with_its_own_digits(box):
    assert shown(box) == ["4.0", "33.3", "-2.5"]
    assert [slider.step for slider in box.sliders] == [0.1, 0.1, 0.1]
    assert all((slider.min, slider.max) == (-40, 40) for slider in box.sliders)
    box.load(np.array([3.14159, 2 / 3, -1e-9], np.float32), 20.0, 0)
    assert shown(box) == ["3.14159", "0.666667", "-0.000000"]
    assert [slider.step for slider in box.sliders] == pytest.approx([1e-5, 1e-6, 1e-6])
    assert all((slider.min, slider.max) == (-20, 20) for slider in box.sliders)


def test_decimals_can_be_fewer():
    box = LogitSliders(NAMES, most_decimals=2)
    box.load(np.array([2.6573942, -0.004, 1], np.float32), 5.0, 0)
    assert shown(box) == ["2.66", "-0.00", "1.0"]
    assert [slider.step for slider in box.sliders] == [0.01, 0.01, 0.1]
    assert [box.moved(c) for c in range(3)] == [None] * 3  # shown with fewer, and not moved


def test_loading_is_not_moving(box):
    seen = []
    for c, slider in enumerate(box.sliders):
        slider.observe(lambda _change, c=c: seen.append(box.moved(c)), names="value")
    box.load(np.array([-7.77, 0, 19.5], np.float32), 20.0, 2)
    assert len(seen) == 3
    assert seen == [None] * 3


def test_a_move_is_told_once(box):
    assert box.moved(0) is None
    box.sliders[0].value = -3.5
    assert box.moved(1) is None
    assert box.moved(0) == -3.5
    assert box.moved(0) is None
    box.sliders[0].value = 4.0
    assert box.moved(0) == 4


@pytest.mark.parametrize("typed", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_is_not_finite_is_taken_back(box, typed):
    slider = box.sliders[2]
    slider.min, slider.max = float("-inf"), float("inf")  # else ±inf is cut to the limits
    slider.value = typed
    assert box.moved(2) is None
    assert slider.value == -2.5
    slider.value = 1.5
    assert box.moved(2) == 1.5


def test_the_limits_hold_what_is_typed(box):
    box.sliders[0].value = 1e300
    assert box.moved(0) == 40


def test_the_targets_slider_has_the_targets_colour(box):
    assert [slider.style.handle_color for slider in box.sliders] == [None, TARGET_COLOR, None]
    box.mark_target(2)
    assert [slider.style.handle_color for slider in box.sliders] == [None, None, TARGET_COLOR]
    box.load(np.zeros(3, np.float32), 5.0, 0)
    assert [slider.style.handle_color for slider in box.sliders] == [TARGET_COLOR, None, None]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_any_float_is_shown_to_six_decimals(dtype):
    values = np.array([33.3, -1.0009766, 0.1], dtype)
    box = LogitSliders(NAMES)
    box.load(values, 40.0, 0)
    for slider, value in zip(box.sliders, values, strict=True):
        assert dtype(slider.value) == pytest.approx(value, abs=1e-6)
        assert 1 <= len(slider.readout_format) == 3


def test_limits_widen_to_the_next_ten():
    given = ((20, 3.0), (20, 20.0), (20, 20.1), (5, 5.5), (1, 0.5), (5, 39.9), (5, 40.0))
    assert [widened(*pair) for pair in given] == [20, 20, 30, 10, 1, 40, 40]


# What a browser sends: it computes in its own way and rounds elsewhere.
ANSWER = 2.1799999999999997


def test_a_browsers_answer_is_no_move():
    slider = SteadySlider(2.18, max=5)
    slider.set_state({"value": ANSWER})
    assert slider.value == 2.18
    slider.value = 3.0
    slider.set_state({"value": 3.0000000000000004})
    assert slider.value == 3
    slider.set_state({"value": ANSWER, "max": 7.0})  # a late one, to the value before
    assert (slider.value, slider.max) == (3, 7)


@pytest.mark.parametrize("value", [2.2, 2.18, 3.000001, 0, 5.0])
def test_a_readers_move_is_taken_even_to_a_value_from_before(value):
    slider = SteadySlider(2.18, max=5)
    slider.value = 3.0
    slider.set_state({"value": value})
    assert slider.value == value
    slider.set_state({"value": ANSWER})  # moved on by the reader, no answer to anything
    assert slider.value == ANSWER


def test_what_a_script_sets_after_a_move_has_answers_again():
    slider = SteadySlider(2.18, max=5)
    slider.set_state({"value": 4.0})
    slider.value = 2.18
    slider.value = 1.0
    slider.set_state({"value": ANSWER})
    assert slider.value == 1


def test_messages_without_a_number_pass():
    slider = SteadySlider(2.0, max=5)
    slider.set_state({"max": 4.0})
    assert (slider.value, slider.max) == (2, 4)


def test_answers_to_loads_move_no_logit(box):
    slider = box.sliders[0]
    for value in (2.18, 1.6, -0.3):
        box.load(np.array([value, 0, 0], np.float32), 10.0, 1)
    for answer in (2.1800000000000006, 1.5999999999999996, -0.3000000000000007):
        slider.set_state({"value": answer})
        assert slider.value == -0.3
        assert box.moved(0) is None
    slider.set_state({"value": -0.29})
    assert box.moved(0) == -0.29


def test_at_no_time_is_a_value_off_its_scale_or_its_steps(box):
    """A browser that follows trait by trait would move the handle and send that back."""
    slider, seen = box.sliders[0], []

    def look(_change):
        seen.append((slider.min, slider.value, slider.max, slider.step))

    slider.observe(look, names=["min", "max", "step", "value"])
    for value, limit in ((33.3, 40), (2.1786, 5), (-19.5, 20), (0.5, 5), (3.14159, 10), (4, 5)):
        box.load(np.array([value, 0, 0], np.float32), float(limit), 1)
    assert len(seen) > 15
    for low, value, high, step in seen:
        assert low <= value <= high
        assert value / step == pytest.approx(round(value / step), abs=1e-6)
