import itertools
import threading

import pytest
import torch

from ce_helpers import DenominatorLedger, cross_entropy_steps
from ce_helpers.formatting import format_number
from tests.drawn import bar_ends

LOGITS = torch.tensor([[3.0, 0.5, 0], [0, 2.5, 0.5], [1.5, 0, 0.5], [0.5, 0, 1], [1, 1, 1]])
TARGET = torch.tensor([0, 1, 2, 2, 0])


@pytest.fixture
def ledger():
    ledger = DenominatorLedger(LOGITS, TARGET, class_names=["cat", "dog", "bird"])
    yield ledger
    assert ledger.error is None


def test_it_starts_with_the_plain_mean(ledger):
    assert torch.equal(ledger.loss, torch.nn.functional.cross_entropy(LOGITS, TARGET))
    assert "loss = 3.5639 ÷ 5.0000 = 0.7128" in ledger.summary.value


def test_in_every_state_figure_text_torch_and_steps_agree(ledger):
    figure = ledger._ledger_figure
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
        assert ledger.loss.numpy() == pytest.approx(steps.loss, rel=1e-5, nan_ok=True)
        assert bar_ends(figure.loss_bars) == pytest.approx(steps.per_element_loss, rel=1e-5)
        assert bar_ends(figure.weight_bars) == pytest.approx(steps.target_weight)
        words = [word.get_text() for word in figure.ignored_words]
        assert words == ["ignored" if y == ignored else "" for y in TARGET]
        if reduction != "none":
            assert figure.result.get_text() == f"= {format_number(ledger.loss)}"
            assert figure.above.get_text() == format_number(steps.numerator)
        if reduction == "mean":
            assert figure.below.get_text() == format_number(steps.denominator)
            assert f"÷ {figure.below.get_text()} = " in ledger.summary.value


def test_its_controls_give_what_the_notebook_says(ledger):
    ledger.weight_sliders[2].value = 3.0
    assert format_number(ledger.loss) == "0.8726"
    ledger.ignore_buttons.value = 2
    assert format_number(ledger.loss) == "0.4731"


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
    assert "loss = 0 ÷ 0 = nan" in ledger.summary.value
    assert "ignored: n = 0" in ledger.summary.value
    assert ledger.error is None


def test_no_bar_leaves_its_panel_at_the_extremes(ledger):
    for slider in ledger.weight_sliders:
        slider.value = 3.0
    for smoothing in (0.0, 0.1, 0.2):
        ledger.smoothing_buttons.value = smoothing
        for bars in (ledger._ledger_figure.loss_bars, ledger._ledger_figure.weight_bars):
            limit = float(bars.axes.get_xticks()[-1])
            assert max(bar_ends(bars)) <= limit * 1.0001


def test_reset(ledger):
    before = ledger.text()
    ledger.weight_sliders[1].value = 0.3
    ledger.reduction_buttons.value = "sum"
    ledger.ignore_buttons.value = 1
    ledger.reset_button.click()
    assert ledger.text() == before


def test_an_error_in_a_control_is_shown(monkeypatch):
    ledger = DenominatorLedger(LOGITS, TARGET)
    monkeypatch.setattr(ledger._ledger_figure, "update", lambda *_: 1 / 0)
    ledger.weight_sliders[0].value = 2.0
    assert isinstance(ledger.error, ZeroDivisionError)
    assert "ZeroDivisionError" in ledger._error_line.value


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
    assert bar_ends(ledger._ledger_figure.loss_bars) == pytest.approx(
        steps.per_element_loss, rel=1e-5
    )


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
