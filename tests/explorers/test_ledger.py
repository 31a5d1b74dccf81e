import itertools
import math
import threading

import pytest
import torch

from ce_helpers import DenominatorLedger, cross_entropy_steps
from ce_helpers.formatting import format_number
from tests.spoken import said

LOGITS = torch.tensor([[3.0, 0.5, 0], [0, 2.5, 0.5], [1.5, 0, 0.5], [0.5, 0, 1], [1, 1, 1]])
TARGET = torch.tensor([0, 1, 2, 2, 0])


@pytest.fixture
def ledger():
    ledger = DenominatorLedger(LOGITS, TARGET, class_names=["cat", "dog", "bird"])
    yield ledger
    assert ledger.error is None


def test_it_starts_with_the_plain_mean(ledger):
    assert torch.equal(ledger.loss, torch.nn.functional.cross_entropy(LOGITS, TARGET))
    assert "loss = 3.5639 ÷ 5.0000 = 0.7128" in ledger.text()


def test_in_every_state_values_text_torch_and_steps_agree(ledger):
    for bird, reduction, ignored, smoothing in itertools.product(
        (0.0, 1.0, 2.5), ("mean", "sum", "none"), (-100, 0, 2), (0.0, 0.1)
    ):
        ledger.weight_sliders[2].value = bird
        ledger.reduction_buttons.value = reduction
        ledger.ignore_buttons.value = ignored
        ledger.smoothing_buttons.value = smoothing
        keywords = ledger.keywords
        assert keywords["ignore_index"] == ignored and keywords["label_smoothing"] == smoothing
        assert keywords["weight"].tolist() == [1, 1, bird]
        steps = cross_entropy_steps(LOGITS, TARGET, **keywords)
        shown = ledger.view.answer["values"]
        assert ledger.loss.numpy() == pytest.approx(steps.loss, rel=1e-5, nan_ok=True)
        assert shown["above"] == pytest.approx(steps.per_element_loss, rel=1e-5)
        assert shown["below"] == pytest.approx(steps.target_weight)
        assert shown["out"] == [int(y == ignored) for y in TARGET]
        # a column's area is its loss, its width its weight
        widths = [b - a for a, b in zip(shown["lefts"], shown["rights"], strict=True)]
        assert widths == pytest.approx(shown["below"])
        areas = [w * top for w, top in zip(widths, shown["tops"], strict=True)]
        assert areas == pytest.approx(
            [a * (w > 0) for a, w in zip(shown["above"], widths, strict=True)]
        )
        if smoothing == 0:
            assert shown["highs"] == pytest.approx(shown["tops"])
        if reduction != "none":
            assert f" = {format_number(ledger.loss)}" in ledger.text()
        if reduction == "mean":
            assert shown["numerator"] == pytest.approx(float(steps.numerator), rel=1e-5)
            assert f"÷ {format_number(steps.denominator)} = " in ledger.text()
            assert shown["level"] == pytest.approx(float(steps.loss), rel=1e-5, nan_ok=True)


def test_the_code_it_shows_gives_its_loss(ledger):
    ledger.weight_sliders[0].value = 2.0
    ledger.smoothing_buttons.value = 0.2
    assert torch.equal(eval(ledger.code(), {"torch": torch}), ledger.loss)
    ledger.reduction_buttons.value = "none"
    assert torch.equal(eval(ledger.code(), {"torch": torch}), ledger.loss)


def test_everything_ignored_is_nan_and_says_so():
    ledger = DenominatorLedger([[1.0, 2.0]], [0])
    ledger.ignore_buttons.value = 0
    assert ledger.loss.isnan()
    assert "loss = 0 ÷ 0 = nan" in ledger.text()
    assert "ignored: n = 0" in ledger.text()
    assert ledger.error is None


def test_reset(ledger):
    before = ledger.text()
    ledger.weight_sliders[1].value = 0.3
    ledger.reduction_buttons.value = "sum"
    ledger.ignore_buttons.value = 1
    ledger.view._handle_custom_msg({"n": "a:1", "load": "reset"}, [])
    assert ledger.text() == before
    assert ledger.weight_sliders[1].value == 1 and ledger.ignore_buttons.index == 0


def test_an_error_in_a_control_is_shown(monkeypatch):
    ledger = DenominatorLedger(LOGITS, TARGET)
    monkeypatch.setattr(ledger._state, "compute", lambda *_: 1 / 0)
    ledger.weight_sliders[0].value = 2.0
    assert isinstance(ledger.error, ZeroDivisionError)
    assert "ZeroDivisionError" in ledger.view.error


def test_threads_leave_a_consistent_ledger(ledger):
    def move(slider):
        for step in range(30):
            slider.value = step / 10

    threads = [threading.Thread(target=move, args=(s,)) for s in ledger.weight_sliders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ledger.keywords["weight"].tolist() == pytest.approx([2.9] * 3)
    steps = cross_entropy_steps(LOGITS, TARGET, **ledger.keywords)
    assert ledger.loss.item() == pytest.approx(float(steps.loss), rel=1e-5)
    shown = ledger.view.answer["values"]["above"]
    assert shown == pytest.approx(steps.per_element_loss, rel=1e-5)


def test_the_page_says_what_text_says(ledger):
    for reduction, ignored in itertools.product(range(3), range(4)):
        ledger.reduction_buttons.index, ledger.ignore_buttons.index = reduction, ignored
        ledger.weight_sliders[0].value = 0.7
        assert said(ledger.picture()) == ledger.text()


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((9, 3), "at most 8 elements"),
        ((2, 3, 2), r"a ledger takes \(N, C\)"),
        ((2, 7), "room for 6 weights"),
    ],
)
def test_what_does_not_fit_is_refused(shape, words):
    target = torch.zeros((shape[0], *shape[2:])).long()
    with pytest.raises(ValueError, match=words):
        DenominatorLedger(torch.zeros(shape), target)


def test_a_weight_that_is_no_number_is_taken_back():
    ledger = DenominatorLedger([[2.0, 0.0], [2.0, 0.0]], [0, 1])
    slider = ledger.weight_sliders[1]
    slider.value = 2.5
    before = ledger.loss
    slider.set_state({"value": math.nan})  # as a browser's field does
    slider.value = math.nan
    assert slider.value == 2.5
    assert ledger.keywords["weight"].tolist() == [1, 2.5]
    assert torch.equal(ledger.loss, before)
    assert ledger.error is None
