import itertools
import math
import threading

import pytest
import torch

from ce_helpers import DenominatorLedger, cross_entropy_steps
from ce_helpers.formatting import format_number
from tests.spoken import said_by

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


@pytest.mark.parametrize("form", ["indices", "one-hot rows"])
def test_in_every_state_values_text_torch_and_steps_agree(ledger, form):
    ledger.target_buttons.value = form
    rows = torch.nn.functional.one_hot(TARGET, 3).float()
    target, is_rows = (TARGET, False) if form == "indices" else (rows, True)
    for bird, reduction, ignored, smoothing in itertools.product(
        (0.0, 1.0, 2.5), ("mean", "sum", "none"), (-100, 0, 2), (0.0, 0.1)
    ):
        ledger.weight_sliders[2].value = bird
        ledger.reduction_buttons.value = reduction
        ledger.ignore_buttons.value = ignored
        ledger.label_smoothing_slider.value = smoothing
        keywords = ledger.keywords
        left_out = -100 if is_rows else ignored  # torch refuses another with probabilities
        assert keywords["ignore_index"] == left_out and keywords["label_smoothing"] == smoothing
        assert keywords["weight"].tolist() == [1, 1, bird]
        steps = cross_entropy_steps(LOGITS, target, **keywords)
        shown = ledger.view.answer["values"]
        assert ledger.loss.numpy() == pytest.approx(steps.loss, rel=1e-5, nan_ok=True)
        assert shown["above"] == pytest.approx(steps.per_element_loss, rel=1e-5)
        assert shown["below"] == pytest.approx([1] * 5 if is_rows else steps.target_weight)
        assert shown["out"] == [int(y == left_out) for y in TARGET]
        # a column's area is its loss, its width what it adds below the line
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


def test_one_hot_rows_have_the_same_blue_on_a_smaller_floor(ledger):
    ledger.weight_sliders[2].value = 3.0
    assert "loss = 7.8531 ÷ 9.0000 = 0.8726" in ledger.text()
    ledger.target_buttons.value = "one-hot rows"
    assert "loss = 7.8531 ÷ 5.0000 = 1.5706" in ledger.text()


def test_a_cut_shows_two_means_and_their_mean(ledger):
    ledger.cut_slider.value = 4
    assert "two batches alone: 0.6163 and 1.0986, the mean of these 0.8575" in ledger.text()
    assert "= 0.7128" in ledger.text()
    first = torch.nn.functional.cross_entropy(LOGITS[:4], TARGET[:4])
    shown = ledger.view.answer["values"]
    assert (shown["first"], shown["cut_at"], shown["both_count"]) == (first.item(), 4, 1)
    ledger.reduction_buttons.value = "sum"
    assert "2.4652 and 1.0986, their sum 3.5639" in ledger.text()
    assert ledger.view.answer["values"]["both_count"] == 0  # a level is a mean's
    ledger.reduction_buttons.value = "none"
    assert "alone" not in ledger.text()


def test_a_batch_in_which_nothing_counts_has_no_mean(ledger):
    ledger.cut_slider.value = 1
    ledger.ignore_buttons.value = 0
    assert "alone: nan and 0.7805, the mean of these nan" in ledger.text()
    assert ledger.view.answer["values"]["both_count"] == 0


def test_positions_are_elements_and_a_cut_stands_between_samples():
    logits = torch.stack([LOGITS[:3], LOGITS[2:]]).mT  # (2, 3, 3): N, C, d1
    target = torch.tensor([[0, 1, 2], [2, 2, 0]])
    ledger = DenominatorLedger(logits, target)
    assert ledger.loss == torch.nn.functional.cross_entropy(logits, target)
    assert "÷ 6.0000 =" in ledger.text()
    shown = ledger.view.answer["values"]
    assert shown["edges"] == [3, 6]
    assert shown["over_samples"] == pytest.approx(3 * ledger.loss.item())
    assert ledger.cut_slider.max == 2
    ledger.cut_slider.value = 1
    parts = [torch.nn.functional.cross_entropy(logits[[n]], target[[n]]) for n in (0, 1)]
    assert "alone: {} and {},".format(*map(format_number, parts)) in ledger.text()
    ledger.target_buttons.value = "one-hot rows"
    assert "÷ 6.0000 =" in ledger.text()
    assert torch.equal(eval(ledger.code(), {"torch": torch}), ledger.loss)
    assert said_by(ledger) == ledger.text()
    assert ledger.error is None


def test_the_code_it_shows_gives_its_loss(ledger):
    ledger.weight_sliders[0].value = 2.0
    ledger.label_smoothing_slider.value = 0.2
    for form, reduction in itertools.product(("indices", "one-hot rows"), ("mean", "none")):
        ledger.target_buttons.value, ledger.reduction_buttons.value = form, reduction
        assert torch.equal(eval(ledger.code(), {"torch": torch}), ledger.loss)


def test_everything_ignored_is_nan_and_says_so():
    ledger = DenominatorLedger([[1.0, 2.0]], [0])
    ledger.ignore_buttons.value = 0
    assert ledger.loss.isnan()
    assert "loss = 0 ÷ 0 = nan" in ledger.text()
    assert "ignored elements: 0" in ledger.text()
    assert ledger.error is None


def test_reset(ledger):
    before = ledger.text()
    ledger.weight_sliders[1].value = 0.3
    ledger.reduction_buttons.value = "sum"
    ledger.ignore_buttons.value = 1
    ledger.cut_slider.value = 2
    ledger.view._handle_custom_msg({"n": "a:1", "load": "reset"}, [])
    assert ledger.text() == before
    assert ledger.weight_sliders[1].value == 1 and ledger.ignore_buttons.index == 0
    assert ledger.cut_slider.value == 5


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
    for reduction, ignored, form, cut in itertools.product(range(3), range(4), range(2), (2, 5)):
        ledger.target_buttons.index, ledger.cut_slider.value = form, cut
        ledger.reduction_buttons.index, ledger.ignore_buttons.index = reduction, ignored
        ledger.weight_sliders[0].value = 0.7
        assert said_by(ledger) == ledger.text()


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((9, 3), "at most 8 elements"),
        ((2, 3, 2, 2), r"a ledger takes \(N, C\)"),
        ((3, 3, 3), "at most 8 elements"),
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
