import math

import pytest
import torch
from torch.nn.functional import cross_entropy

from ce_helpers import SmoothingExplorer
from ce_helpers.explorers.smoothing_picture import smoothed
from tests.spoken import said_by


@pytest.fixture
def explorer():
    explorer = SmoothingExplorer()
    yield explorer
    assert explorer.error is None


def shown(explorer):
    return explorer.view.answer["values"]


def test_it_starts_beyond_the_lowest_point(explorer):
    logits, target = torch.tensor([[10.0, 0, 0, 0]]), torch.tensor([0])
    assert torch.equal(explorer.logits, logits) and torch.equal(explorer.target, target)
    assert explorer.loss == cross_entropy(logits, target, label_smoothing=0.1)
    assert "loss = 0.7501 = 0.3488, the entropy of q, + 0.4014" in explorer.text()


def test_the_lowest_loss_is_the_entropy_of_q(explorer):
    assert shown(explorer)["best"] == pytest.approx(3.6109, abs=1e-4)
    explorer.lead_slider.value = shown(explorer)["best"]
    now = shown(explorer)
    assert now["loss"] == pytest.approx(now["entropy"], abs=1e-6)
    assert now["entropy"] == pytest.approx(0.3488, abs=1e-4)
    assert now["probs"] == pytest.approx(now["q"], abs=1e-6)
    lowest = now["loss"]
    for lead in (2.0, 3.0, 4.2, 12.0):
        explorer.lead_slider.value = lead
        assert shown(explorer)["loss"] > lowest


@pytest.mark.parametrize("num_classes", [2, 4, 8])
def test_the_loss_is_entropy_and_divergence_for_every_lead_and_smoothing(num_classes):
    explorer = SmoothingExplorer(num_classes)
    for lead in (-2.0, 0.0, 3.3, 12.0):
        for smoothing in (0.0, 0.01, 0.3, 0.5):
            explorer.lead_slider.value = lead
            explorer.label_smoothing_slider.value = smoothing
            now, q = shown(explorer), torch.tensor(shown(explorer)["q"], dtype=torch.float64)
            logits = explorer.logits
            asked = cross_entropy(logits, torch.tensor([0]), label_smoothing=smoothing).item()
            assert now["loss"] == asked == explorer.loss.item()
            assert cross_entropy(logits.double(), q[None]).item() == pytest.approx(asked, abs=1e-6)
            assert now["entropy"] + now["gap"] == pytest.approx(asked, abs=1e-6)
            xs, ys = smoothed(lead, lead + 1, 0, 99, smoothing, num_classes)
            assert (xs[0], ys[0]) == pytest.approx((lead, asked), abs=1e-5)
            assert said_by(explorer) == explorer.text()
            assert torch.equal(eval(explorer.code(), {"torch": torch}), explorer.loss)
    assert explorer.error is None


def test_without_smoothing_there_is_no_lowest_loss(explorer):
    explorer.label_smoothing_slider.value = 0.0
    now = shown(explorer)
    assert now["best"] == "inf" and now["has_best"] == now["entropy"] == 0
    assert now["gap"] == pytest.approx(now["loss"], rel=1e-3)


def test_the_curve_ends_where_it_leaves_the_picture():
    xs, ys = smoothed(-2, 12, 0, 2, 0.5, 4)
    assert max(ys) == ys[0] == ys[-1] == 2
    assert xs[0] > -2 and xs[-1] < 12
    assert min(ys) == pytest.approx(1.0735, abs=1e-3)


def test_reset_and_scripts(explorer):
    before = explorer.text()
    explorer.lead_slider.value, explorer.label_smoothing_slider.value = 1.0, 0.5
    assert explorer.text() != before
    explorer.reset()
    assert explorer.text() == before
    assert explorer.lead_slider.value == 10


def test_an_error_in_a_control_is_shown(monkeypatch):
    explorer = SmoothingExplorer()
    monkeypatch.setattr(explorer._state, "compute", lambda *_: 1 / 0)
    explorer.lead_slider.value = 2.0
    assert isinstance(explorer.error, ZeroDivisionError)
    assert "ZeroDivisionError" in explorer.view.error


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"num_classes": 1}, "num_classes is 1; expected a whole number from 2 to 8"),
        ({"num_classes": 3.5}, "num_classes is 3.5; expected a whole number"),
        ({"lead": 13}, "lead is 13; expected -2 to 12"),
        ({"lead": math.nan}, "lead is nan; expected -2 to 12"),
        ({"label_smoothing": -0.1}, "label_smoothing is -0.1; expected 0 to 0.5"),
        ({"class_names": ["cat"]}, "class_names"),
    ],
)
def test_what_does_not_fit_is_refused(given, words):
    with pytest.raises(ValueError, match=words):
        SmoothingExplorer(**given)
