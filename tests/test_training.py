import math

import pytest
import torch
from torch.nn.functional import cross_entropy

from ce_helpers import training

BLIND = math.log(3)


@pytest.fixture(scope="module")
def long_run():
    run = training.train(*training.points(12), 1000)
    return run, training.train(*training.points(12), 9000, after=run)


@pytest.fixture(scope="module")
def runs():
    return {name: training.trained_wrong(name) for name in training.TRAININGS}


def test_twelve_points_are_separated_and_ninety_are_not():
    assert training.train(*training.points(12), 100).accuracies[-1] == 1
    assert training.train(*training.points(90), 500).accuracies[-1] < 0.9
    with pytest.raises(ValueError, match="count is 13; expected 12 or 90"):
        training.points(13)


def test_without_first_weights_the_loss_is_a_blind_guess():
    assert training.train(*training.points(12), 0).losses == [pytest.approx(BLIND)]


@pytest.mark.parametrize(
    ("count", "scale", "loss"),
    [(90, 0, BLIND), (90, 1, 2.1), (90, 10, 18.4), (12, 1, 1.4), (12, 10, 10.3)],
)
def test_the_first_loss_grows_with_the_first_weights(count, scale, loss):
    first = training.train(*training.points(count), 0, scale=scale).losses[0]
    assert first == pytest.approx(loss, abs=0.05)


def test_the_loss_falls_forever_and_the_logits_grow(long_run):
    (first, last), inputs = long_run, training.points(12)[0]
    assert [round(first.losses[k], 2) for k in (10, 100)] == [0.22, 0.05]
    assert round(first.losses[1000], 4) == pytest.approx(0.0063, abs=2e-4)
    assert last.losses[-1] == pytest.approx(7e-4, abs=1e-4)
    assert first.logits(inputs).abs().max() == pytest.approx(19.1, abs=0.3)
    assert last.logits(inputs).abs().max() == pytest.approx(28.8, abs=0.5)


def test_a_run_goes_on_where_it_stopped():
    whole = training.train(*training.points(12), 20)
    half = training.train(*training.points(12), 10)
    rest = training.train(*training.points(12), 10, after=half)
    assert whole.weight.equal(rest.weight)
    assert whole.losses == [*half.losses, *rest.losses[1:]]


@pytest.mark.parametrize(("weight_decay", "largest"), [(0.01, 7.4), (0.1, 3.0)])
def test_weight_decay_stops_the_logits(weight_decay, largest):
    inputs, target = training.points(12)
    run = training.train(inputs, target, 2000, weight_decay=weight_decay)
    assert run.logits(inputs).abs().max() == pytest.approx(largest, abs=0.1)


def test_the_loss_on_new_points_rises_while_accuracy_stands(long_run):
    first, last = long_run
    early = training.train(*training.points(12), 10)
    inputs, target = training.held_out()
    assert inputs.shape == (900, 2)
    losses, shares = [], []
    for run in (early, first, last):
        logits = run.logits(inputs)
        losses.append(cross_entropy(logits, target).item())
        shares.append((logits.argmax(1) == target).float().mean().item())
    assert losses == sorted(losses)
    assert losses[2] > 3 * losses[0]
    assert min(shares) > 0.84
    assert max(shares) < 0.91


def test_a_dragged_point_lowers_loss_and_accuracy_together():
    inputs, target = training.points(12)
    before = training.train(inputs, target, 100)
    moved = inputs.clone()
    moved[2] = torch.tensor([0.0, -4.0])
    after = training.train(moved, target, 2000, after=before)
    assert (round(after.losses[0], 1), round(after.accuracies[0], 2)) == (2.2, 0.92)
    assert (round(after.losses[-1], 1), round(after.accuracies[-1], 2)) == (0.6, 0.58)


def test_the_eight_trainings_are_what_their_names_say(runs):
    healthy = runs["nothing is wrong"]
    assert healthy.losses[0] == pytest.approx(BLIND, abs=0.02)
    assert healthy.losses[-1] == pytest.approx(0.46, abs=0.01)
    assert healthy.accuracies[-1] > 0.8
    assert runs["softmax twice"].losses[-1] == pytest.approx(0.77, abs=0.01)
    assert min(runs["softmax twice"].losses) > math.log(1 + 2 / math.e)  # the floor
    off = runs["labels off by one"]
    assert off.losses[-1] == pytest.approx(healthy.losses[-1], abs=0.02)
    assert off.accuracies[-1] < 0.12
    weighted = runs["one class weighted 0"]
    assert weighted.losses[-1] < healthy.losses[-1] - 0.1
    assert weighted.accuracies[-1] == pytest.approx(0.6, abs=0.02)
    shuffled = runs["labels shuffled"]
    assert shuffled.losses[-1] > BLIND - 0.01
    assert shuffled.accuracies[-1] < 0.4
    wild = runs["learning rate × 100"]
    assert len(wild.losses) == 41
    assert max(wild.losses) > 5
    waves = runs["no zero_grad"].losses
    turns = sum((b - a) * (c - b) < 0 for a, b, c in zip(waves, waves[1:], waves[2:], strict=False))
    assert turns >= 3
    large = runs["first weights × 1000"]
    assert large.losses[0] == pytest.approx(18.4, abs=0.1)
    assert large.accuracies[10] < healthy.accuracies[10]
    with pytest.raises(ValueError, match="name is 'none'; expected one of one class weighted 0"):
        training.trained_wrong("none")


def test_a_sum_is_a_mean_with_a_larger_rate():
    inputs, target = training.points(90)
    summed = training.train(
        inputs, target, 5, lr=0.3, loss=lambda z, t: cross_entropy(z, t, reduction="sum")
    )
    mean = training.train(inputs, target, 5, lr=27)
    assert summed.losses[0] == pytest.approx(90 * BLIND)
    assert [loss / 90 for loss in summed.losses] == pytest.approx(mean.losses, rel=1e-3)


def test_one_temperature_mends_the_loss_and_not_the_accuracy(long_run):
    inputs, target = training.held_out()
    logits = long_run[1].logits(inputs)
    tune, test = slice(0, None, 2), slice(1, None, 2)
    t = training.best_temperature(logits[tune], target[tune])
    assert 4 < t < 6
    for near in (0.98 * t, 1.02 * t):
        assert cross_entropy(logits[tune] / t, target[tune]) < cross_entropy(
            logits[tune] / near, target[tune]
        )
    before, after = (
        (cross_entropy(z, target[test]).item(), training.calibration_error(z, target[test]))
        for z in (logits[test], logits[test] / t)
    )
    assert after[0] < before[0] / 2
    assert after[1] < before[1] / 2


def test_reliability_counts_each_point_once():
    logits = torch.tensor([[0.0, 0.0], [3.0, 0.0], [0.0, 3.0], [9.0, 0.0]])
    rows = training.reliability(logits, torch.tensor([0, 0, 0, 0]))
    assert [count for *_, count in rows] == [1, 3]
    assert rows[0][:2] == (0.5, 1.0)
    assert rows[1][1] == pytest.approx(2 / 3)
    sure = torch.sigmoid(torch.tensor([3.0, 3.0, 9.0])).mean().item()
    assert rows[1][0] == pytest.approx(sure)
    assert training.calibration_error(logits, torch.zeros(4).long()) == pytest.approx(
        (0.5 + 3 * abs(sure - 2 / 3)) / 4
    )
