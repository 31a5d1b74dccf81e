import io
import math
import threading
from decimal import Decimal

import numpy as np
import pytest
import torch
from PIL import Image

from ce_helpers import PrecisionLens, cross_entropy_steps
from ce_helpers.precision_figure import DTYPES, METHODS
from ce_helpers.widgets.precision import SPACINGS, compute, exact_loss

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


def assert_consistent(lens):
    """Losses, artists, picture and text all tell the same gap."""
    for dtype in DTYPES:
        assert lens.losses[dtype] == torch_losses(lens.gap, dtype)
    for i, method in enumerate(METHODS):
        panel = lens._figure.loss_panels[i]
        assert panel.line.get_xdata() == [lens.gap, lens.gap]
        for point, dtype in zip(panel.points, DTYPES, strict=True):
            loss = lens.losses[dtype][method]
            drawn = point.get_ydata()[0]
            assert drawn == (panel.scale.inf if math.isinf(loss) else max(loss, 0))
    picture = np.array(Image.open(io.BytesIO(lens.live_figure.image.value)).convert("RGB"))
    assert np.abs(picture - lens.live_figure.pixels()[..., :3].astype(int)).mean() < 1
    assert f"logits = [0, {lens.gap}]" in lens.summary.value
    for dtype in DTYPES:
        for told in lens._told(dtype):
            assert told in lens.summary.value
            assert told in lens.text()


def test_it_starts_where_it_is_told(lens):
    assert lens.gap == -16
    assert_consistent(lens)


@pytest.mark.parametrize("gap", [-40, -37, -17, -8, 0, 1, 17, 18, 103, 104, 120])
def test_the_slider_moves_losses_picture_and_text(lens, gap):
    before = lens.live_figure.image.value
    lens.gap_slider.value = gap
    assert lens.live_figure.image.value != before
    assert_consistent(lens)


def test_the_curves_pass_through_the_points(lens):
    """At every gap the line of each dtype is what the point shows when it is there."""
    gaps = list(range(int(lens.gap_slider.min), int(lens.gap_slider.max) + 1))
    for gap in gaps[::10]:
        losses, _ = compute(gap)
        for i, panel in enumerate(lens._figure.loss_panels):
            lines = [line for line in panel.line.axes.lines if len(line.get_xdata()) == len(gaps)]
            drawn = np.nanmax([line.get_ydata()[gap + 40] for line in lines[:2]])
            assert drawn == panel.scale.heights(losses[i, 0])


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


def test_the_spacings_are_torchs():
    raised = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
    for dtype, exponent in EXPONENTS.items():
        assert torch.finfo(getattr(torch, dtype)).eps == 2.0**exponent
        assert f"2{str(exponent).translate(raised)} in {dtype}" in SPACINGS


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
    assert metadata["image/png"]["width"] == 848
    assert data["text/plain"].splitlines()[:2] == [
        "PrecisionLens(gap=-16)",
        "logits = [0, -16], target = 0: the target is 16 ahead   exact loss = 1.1254e-07",
    ]
    assert "application/vnd.jupyter.widget-view+json" in data


@pytest.mark.parametrize(
    ("gap", "words"),
    [(-3, "the target is 3 ahead"), (0, "the target is level"), (3, "the target is 3 behind")],
)
def test_it_says_where_the_target_is(lens, gap, words):
    lens.gap_slider.value = gap
    assert words in lens.summary.value
    assert words in lens.text()


def test_inf_and_tiny_errors_are_words(lens):
    lens.gap_slider.value = 104
    assert lens._told("float32") == [
        "104.0000 (error below 1e-17)", "inf (error inf)", "18.4207 (error 0.8)",
    ]  # fmt: skip


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
    monkeypatch.setattr(lens._figure, "update", lambda *_: 1 / 0)
    lens.gap_slider.value = 5
    assert isinstance(lens.error, ZeroDivisionError)
    assert "ZeroDivisionError: division by zero" in lens._error_line.value
    monkeypatch.undo()
    lens.reset_button.click()
    assert lens.error is None
    assert lens._error_line.value == ""
    assert lens.gap == -16
    assert_consistent(lens)


def test_threads_lose_no_event(lens):
    def move(offset):
        for step in range(25):
            lens.gap_slider.value = 4 * step + offset

    threads = [threading.Thread(target=move, args=(offset,)) for offset in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert_consistent(lens)
