import math
from decimal import Decimal
from functools import partial

import numpy as np
import pytest
import torch
from matplotlib.lines import Line2D

from ce_helpers import PrecisionLens, cross_entropy_steps
from ce_helpers.explorers.precision_picture import PrecisionPicture
from ce_helpers.explorers.precision_state import (
    DTYPES,
    GAPS,
    METHODS,
    UNITS,
    PrecisionState,
    answers_for_all_gaps,
    compute,
    exact_loss,
    ruler,
)  # fmt: skip
from ce_helpers.formatting import format_number
from ce_helpers.live.numbers import computed, short
from tests.at_once import at_once

EXPONENTS = {"float16": -10, "float32": -23, "float64": -52}


@pytest.fixture(scope="module")
def shared_lens():
    return PrecisionLens(gap=-16)


@pytest.fixture
def lens(shared_lens):
    shared_lens.reset()
    yield shared_lens
    assert shared_lens.error is None


def torch_losses(gap, dtype):
    logits = torch.tensor([[0.0, gap]], dtype=getattr(torch, dtype))
    p = torch.softmax(logits, dim=1)[0, 0]
    return {
        "cross_entropy": torch.nn.functional.cross_entropy(logits, torch.tensor([0])).item(),
        "−log(softmax)": -torch.log(p).item(),
        "−log(p + 1e-8)": -torch.log(p + 1e-8).item(),
    }


def tell(lens, n="view:1", **message):
    """What a view sends."""
    lens.view._handle_custom_msg({"n": n, **message}, [])
    assert lens.view.answer["n"] == n


def assert_consistent(lens):
    """Losses, slider, text and what was sent to the browser all tell the same gap."""
    answer = lens.view.answer
    assert lens.gap_slider.value == answer["controls"]["gap"] == answer["values"]["gap"] == lens.gap
    for j, dtype in enumerate(DTYPES):
        assert lens.losses[dtype] == torch_losses(lens.gap, dtype)
        for k, method in enumerate(METHODS):
            loss = lens.losses[dtype][method]
            sent = answer["values"]["losses"][3 * k + j]
            assert sent == (str(loss) if math.isinf(loss) else loss)
            assert f"{method} = {computed(loss)}" in lens.text()
    assert f"logits = [0, {short(lens.gap)}]" in lens.text()


def test_it_starts_where_it_is_told(lens):
    assert lens.gap == -16
    assert_consistent(lens)


@pytest.mark.parametrize("gap", [-40, -37, -17, -8, 0, 1, 17, 18, 103, 104, 120])
def test_the_slider_moves_losses_and_text(lens, gap):
    lens.gap_slider.value = gap
    assert_consistent(lens)


def test_what_was_sent_ahead_is_what_torch_answers(lens):
    ahead = answers_for_all_gaps()
    for gap in GAPS:
        lens.gap_slider.value = gap
        for k, dtype in enumerate(DTYPES):
            lens.dtype_buttons.index = k
            for name, value in lens._state.values().items():
                if name in ahead.arrays:
                    place = {"gap": gap - GAPS[0], "dtype": k}
                    sent = ahead.arrays[name][tuple(place[axis] for axis in ahead.of[name])]
                    assert sent.tolist() == value, (name, gap, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_ruler_shows_where_torchs_loss_comes_from(dtype):
    """Up to a gap of 0 the log of the pin that is taken is the loss, digit for digit."""
    for gap in range(GAPS[0], 1):
        loss = torch_losses(gap, dtype)["cross_entropy"]
        assert ruler(gap, dtype)["log_told"] == format_number(loss)


@pytest.mark.parametrize(
    ("gap", "dtype", "steps", "taken", "log"),
    [
        (-16, "float32", "0.94", "1 + 1 step", "1.1921e-07"),
        (-15, "float32", "2.57", "1 + 3 steps", "3.5763e-07"),
        (-17, "float32", "0.35", "1", "0"),
        (-8, "float16", "0.34", "1", "0"),
        (-36, "float64", "1.04", "1 + 1 step", "2.2204e-16"),
        (0, "float16", "1024.00", "1 + 1024 steps", "0.6934"),
        (104, "float32", "5.7e-39", "1", "0"),
    ],
)
def test_the_ruler_counts_steps(gap, dtype, steps, taken, log):
    found = ruler(gap, dtype)
    told = found["steps_told"], found["taken_told"], found["log_told"]
    assert told == (steps, taken, log)
    assert found["pins"][found["pin"]] == taken


def test_the_pin_that_is_taken_is_the_nearest():
    for gap in GAPS:
        for dtype in DTYPES:
            found = ruler(gap, dtype)
            # exp is rounded before it is added: an eighth of a step at most
            assert abs(found["pin"] - found["sum_at"]) <= 0.5 + 0.125, (gap, dtype)


def test_the_curves_show_each_ways_losses():
    """Each line is seen with its way alone: logs of its losses, inf and what is no number apart."""
    panel = PrecisionPicture(PrecisionState(0)).grids[0][0]
    lines = {line.get_gid(): line for line in panel.figure.findobj(Line2D)}
    losses = np.array([compute(gap)[0] for gap in GAPS])  # (G, methods, dtypes)
    heights = {method: [] for method in range(3)}
    for part in panel.parts:
        if part["kind"] == "show":
            heights[part["when"][0][2]].append(np.array(lines[part["gids"][0]].get_ydata()))
    for method, dtypes in heights.items():
        for column, ys in zip(losses[:, method].T, dtypes, strict=True):
            for lane in (column <= 0, np.isinf(column)):
                assert len({*ys[lane]}) <= 1
            rest = (column > 0) & np.isfinite(column)
            logs = np.log10(column[rest])
            assert np.polyval(np.polyfit(logs, ys[rest], 1), logs) == pytest.approx(
                ys[rest], abs=0.5
            )


def test_reset_and_choices(lens):
    tell(lens, n="view:2", controls={"gap": -9, "dtype": 0, "method": 2})
    assert (lens.gap, lens.view.answer["values"]["dtype_name"]) == (-9, "float16")
    assert lens.method_buttons.index == 2
    assert_consistent(lens)
    tell(lens, n="view:3", load="reset")
    assert (lens.gap, lens.dtype_buttons.index, lens.method_buttons.index) == (-16, 1, 0)
    assert_consistent(lens)


def test_the_exact_loss_agrees_with_float64_where_that_is_exact():
    for gap in range(-40, 121):
        assert float(exact_loss(gap)) == pytest.approx(
            math.log1p(math.exp(gap)) if gap < 0 else gap + math.log1p(math.exp(-gap)), rel=4e-16
        )


def test_errors_are_relative_to_the_exact_loss(lens):
    assert float(lens.exact_loss) == pytest.approx(math.log1p(math.exp(-16)), rel=1e-15)
    step = Decimal(2) ** -23
    expected = abs(Decimal(lens.losses["float32"]["cross_entropy"]) / lens.exact_loss - 1)
    assert lens.errors["float32"]["cross_entropy"] == pytest.approx(float(expected))
    assert lens.errors["float32"]["cross_entropy"] == pytest.approx(
        float((step - lens.exact_loss) / lens.exact_loss), rel=1e-5
    )
    assert lens.errors["float16"]["cross_entropy"] == 1
    lens.gap_slider.value = 104
    assert lens.errors["float32"]["−log(softmax)"] == math.inf
    assert lens.errors["float64"]["−log(softmax)"] < 1e-17
    assert lens.errors["float64"]["−log(p + 1e-8)"] == pytest.approx(1 - 18.42068 / 104)


@pytest.mark.parametrize("dtype", DTYPES)
def test_steps_agree_with_the_lens(lens, dtype):
    for gap in range(-40, 121, 8):
        lens.gap_slider.value = gap
        logits = np.array([[0, gap]], dtype)
        steps = cross_entropy_steps(logits, [0])
        largest = max(abs(gap), 1)
        assert abs(float(steps.loss) - lens.losses[dtype]["cross_entropy"]) <= (
            2 * np.finfo(dtype).eps * largest
        )


def test_what_the_notebook_says_about_the_ends_of_each_dtype(lens):
    """The first gaps at which a loss is 0, or inf."""
    zero, inf = {}, {}
    for gap in range(-40, 121):
        lens.gap_slider.value = gap
        for dtype, losses in lens.losses.items():
            if losses["cross_entropy"] == 0:
                zero[dtype] = gap
            for method, loss in losses.items():
                if math.isinf(loss):
                    inf.setdefault((dtype, method), gap)
            assert not any(map(math.isnan, losses.values()))
    assert zero == {"float16": -8, "float32": -17, "float64": -37}
    assert inf == {
        ("float16", "−log(softmax)"): 18,
        ("float16", "−log(p + 1e-8)"): 18,
        ("float32", "−log(softmax)"): 104,
    }
    assert lens.losses["float32"]["−log(p + 1e-8)"] == pytest.approx(18.4207, abs=5e-5)
    lens.gap_slider.value = -37
    assert lens.losses["float64"]["−log(p + 1e-8)"] < 0


def test_the_steps_are_torchs():
    raised = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
    for dtype, exponent in EXPONENTS.items():
        assert torch.finfo(getattr(torch, dtype)).eps == 2.0**exponent
        assert UNITS[dtype] == f"2{str(exponent).translate(raised)}"


def test_the_code_line_gives_the_shown_loss(lens):
    lens.gap_slider.value = -10
    first, second = lens.code().splitlines()
    names = {"torch": torch}
    exec(first, names)
    assert eval(second, names).item() == lens.losses["float32"]["cross_entropy"]


def test_its_repr_makes_it_again(lens):
    lens.gap_slider.value = 18
    assert eval(repr(lens), {"PrecisionLens": PrecisionLens}).losses == lens.losses


def test_without_a_kernel_there_is_a_picture_and_a_text(lens):
    data, metadata = lens._repr_mimebundle_()
    assert data["image/png"]
    assert metadata["image/png"]["width"] == 864
    assert data["text/plain"].splitlines()[:2] == [
        "PrecisionLens(gap=-16)",
        "logits = [0, −16], target = 0: the target is 16 ahead   exact loss = 1.1254e-07",
    ]
    assert "application/vnd.jupyter.widget-view+json" in data


def test_it_fits_on_one_screen_of_a_notebook():
    """JupyterLab shows 599 px of a notebook at 1280 × 720; the buttons and the gaps take 52."""
    panels = [grid[0] for grid in PrecisionPicture(PrecisionState(0)).grids]
    assert sum(panel.height for panel in panels if panel.layout == "wide") <= 599 - 52


@pytest.mark.parametrize(
    ("gap", "words"),
    [(-3, "the target is 3 ahead"), (0, "the target is level"), (3, "the target is 3 behind")],
)
def test_it_says_where_the_target_is(lens, gap, words):
    lens.gap_slider.value = gap
    assert words in lens.text()


def test_a_wrong_gap_is_refused():
    with pytest.raises(TypeError, match=r"gap is 0\.5; expected a whole number"):
        PrecisionLens(gap=0.5)
    with pytest.raises(TypeError, match="gap is True"):
        PrecisionLens(gap=True)
    with pytest.raises(ValueError, match="gap is 121; expected -40 to 120"):
        PrecisionLens(gap=121)


def test_the_slider_stays_within_its_ends(lens):
    lens.gap_slider.value = 1000
    assert lens.gap == 120
    assert_consistent(lens)


def test_an_error_in_the_slider_is_shown_and_reset_mends_it(lens, monkeypatch):
    monkeypatch.setattr(lens._state, "compute", lambda: 1 / 0)
    lens.gap_slider.value = 5
    assert isinstance(lens.error, ZeroDivisionError)
    assert "ZeroDivisionError: division by zero" in lens.view.error
    monkeypatch.undo()
    tell(lens, load="reset")
    assert lens.error is None
    assert lens.view.error == ""
    assert lens.gap == -16
    assert_consistent(lens)


def test_threads_lose_no_event(lens):
    def move(offset):
        for step in range(25):
            lens.gap_slider.value = 4 * step + offset

    at_once(*(partial(move, offset) for offset in range(3)))
    assert_consistent(lens)
