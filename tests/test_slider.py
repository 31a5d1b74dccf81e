import threading

import numpy as np
import pytest

from ce_helpers.style import QUIET, TARGET_COLOR
from ce_helpers.widgets.slider import LogitSliders, Slider, widened
from tests.reader import move, seen

NAMES = ["cat", "dog", "bird"]


@pytest.fixture
def slider():
    return Slider(description="dog", min=-20, max=20, value=3)


@pytest.fixture
def box():
    box = LogitSliders(NAMES, threading.RLock())
    box.load(np.array([4, 33.3, -2.5], np.float32), 40.0, 1)
    return box


def test_a_readers_move_is_told(slider):
    told = []
    slider.observe(lambda change: told.append(change.new), names="value")
    move(slider, 2.9)
    move(slider, 2.8)
    assert told == [2.9, 2.8]
    assert slider.value == 2.8


def test_what_the_program_sets_is_told_and_shown(slider):
    told = []
    slider.observe(lambda change: told.append(change.new), names="value")
    slider.value = 7
    assert told == [7]
    assert slider.get_state()["_set"][1] == 7


@pytest.mark.parametrize("value", [3.0, 3.0000000001, -7.0])
def test_a_move_that_was_overtaken_does_not_count(slider, value):
    """The same value or nearly, or another: what tells them apart is what the reader had seen."""
    before = seen(slider)
    slider.show(3)
    move(slider, value, having_seen=before)
    assert slider.value == 3
    move(slider, value)
    assert slider.value == value


def test_the_browser_can_write_nothing_but_moves(slider):
    slider.set_state({"value": 0.0})
    assert slider.value == 3


def test_a_setter_and_a_reader_on_two_threads_end_on_one_value(slider):
    def press():
        for i in range(300):
            move(slider, i % 20)

    readers = [threading.Thread(target=press) for _ in range(3)]
    for reader in readers:
        reader.start()
    for i in range(300):
        slider.show(-i % 20)
    for reader in readers:
        reader.join()
    slider.show(11)
    assert (slider.value, slider.get_state()["_set"][1]) == (11, 11)


def test_values_are_exact():
    slider = Slider(min=-1, max=1, value=0.123456789)
    assert slider.value == 0.123456789
    slider.show(2.18, 5)
    assert (slider.value, slider.min, slider.max) == (2.18, -5, 5)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_is_not_finite_is_refused(slider, value):
    with pytest.raises(ValueError, match=r"dog is .*finite number from -20 to 20"):
        slider.value = value
    assert slider.value == 3
    move(slider, 4)
    assert slider.value == 4


def test_the_limits_hold(slider):
    slider.value = 1e300
    assert slider.value == 20
    move(slider, -1e300)
    assert slider.value == -20


def test_there_is_one_slider_for_each_class(box):
    assert [slider.description for slider in box.sliders] == NAMES
    assert box.children == tuple(box.sliders)


def test_what_is_loaded_reads_back_as_the_same_float32(box):
    assert [slider.value for slider in box.sliders] == [4, 33.3, -2.5]
    assert all((slider.min, slider.max) == (-40, 40) for slider in box.sliders)


def test_the_targets_slider_has_the_targets_colour(box):
    assert [slider.color for slider in box.sliders] == [QUIET, TARGET_COLOR, QUIET]


def test_widened_goes_to_the_next_ten():
    assert [widened(20, largest) for largest in (3, 20, 20.1, 41)] == [20, 20, 30, 50]
