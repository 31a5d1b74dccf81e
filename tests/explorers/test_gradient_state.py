import itertools
import math

import numpy as np
import pytest
import torch

from ce_helpers.calls.steps import cross_entropy_steps
from ce_helpers.explorers.gradient_state import MOST_STEPS, Descent

LOGITS, TARGET = [[3.0, 1.0, 0.5]], [1]


def set_to(descent, **settings):
    for name, value in settings.items():
        setattr(descent, name, value)
    descent.restart()
    return descent


def loss_of(logits, target, temperature, softmax_first):
    """The loss in float64, from NumPy alone."""
    given = np.asarray(logits, float) / temperature
    for _ in range(softmax_first):
        given = np.exp(given) / np.exp(given).sum()
    return np.log(np.exp(given).sum()) - given[target]


def slopes(logits, target, temperature, softmax_first, nudge=1e-5):
    """The gradient from differences of losses."""
    return [
        (
            loss_of(logits + step, target, temperature, softmax_first)
            - loss_of(logits - step, target, temperature, softmax_first)
        )
        / (2 * nudge)
        for step in nudge * np.eye(len(logits))
    ]


@pytest.mark.parametrize("shape", [(4,), (1, 4)])
def test_loss_and_gradient_are_those_of_steps(shape):
    logits = torch.tensor([2.0, -1.0, 0.5, 3.0]).view(shape)
    for target in range(4):
        descent = Descent(logits, torch.full(shape[:-1], target))
        steps = cross_entropy_steps(logits, descent.state.target)
        assert descent.gradient.shape == descent.probs.shape == descent.stepped.shape == shape
        assert descent.gradient.numpy() == pytest.approx(steps.grad, abs=1e-7)
        assert descent.probs.numpy() == pytest.approx(steps.probs, rel=1e-6)
        assert descent.loss.item() == pytest.approx(float(steps.loss), rel=1e-6)
        p_minus_y = steps.probs.reshape(-1) - np.eye(4)[target]
        assert descent.gradient.view(-1).numpy() == pytest.approx(p_minus_y, abs=1e-7)


def test_with_temperature_and_softmax_first_the_gradient_is_the_slope_of_the_loss():
    logits = np.array([1.0, -0.5, 2.0])
    for temperature, first, target in itertools.product((0.5, 1, 3.7), (False, True), (0, 1)):
        descent = set_to(
            Descent(logits[None], [target]), temperature=temperature, softmax_first=first
        )
        given = loss_of(logits, target, temperature, first)
        assert descent.loss.item() == pytest.approx(given)
        assert -math.log(descent.probs[0, target]) == pytest.approx(given)
        expected = slopes(logits, target, temperature, first)
        assert descent.gradient[0].numpy() == pytest.approx(expected, abs=1e-6)


def test_a_temperature_divides_p_minus_y():
    descent = set_to(Descent(LOGITS, TARGET), temperature=2.5)
    p = torch.softmax(torch.tensor(LOGITS) / 2.5, dim=1)
    assert torch.allclose(descent.gradient, (p - torch.tensor([0, 1, 0])) / 2.5)


def test_a_step_goes_against_the_gradient():
    descent = set_to(Descent(LOGITS, TARGET), learning_rate=0.7)
    expected = torch.tensor(LOGITS) - 0.7 * descent.gradient
    promised = descent.stepped.clone()
    descent.step()
    assert torch.equal(descent.state.logits, expected) and torch.equal(promised, expected)
    logits = np.array(LOGITS)
    for _ in range(3):
        descent.step()
    for _ in range(4):
        logits = logits - 0.7 * cross_entropy_steps(logits, TARGET).grad
    assert descent.state.logits.numpy() == pytest.approx(logits, abs=1e-5)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 5.0])
@pytest.mark.parametrize("learning_rate", [0.1, 1.0, 10.0])
def test_the_loss_falls_with_each_step(learning_rate, temperature):
    descent = set_to(
        Descent(torch.tensor([5.0, -5.0, 0.0], dtype=torch.float64), 1),
        learning_rate=learning_rate, temperature=temperature,
    )  # fmt: skip
    for _ in range(MOST_STEPS):
        descent.step()
    assert len(descent.losses) == MOST_STEPS + 1
    pairs = itertools.pairwise(descent.losses)
    assert all(later < earlier or earlier < 1e-9 for earlier, later in pairs)
    assert descent.losses[-1] == descent.loss.item()


def test_after_the_last_step_no_other_is_taken():
    descent = Descent(LOGITS, TARGET)
    for _ in range(MOST_STEPS):
        assert not descent.is_full
        descent.step()
    assert descent.is_full
    before = descent.state.logits.clone(), [*descent.losses]
    with pytest.raises(ValueError, match="20 steps were taken"):
        descent.step()
    assert torch.equal(descent.state.logits, before[0]) and descent.losses == before[1]
    descent.restart()
    descent.step()
    assert len(descent.losses) == 2


def test_softmax_first_freezes_a_sure_mistake():
    sure = Descent([[10.0, 0.0, 0.0, 0.0]], [1])
    assert f"{sure.gradient.abs().max():.1e}" == "1.0e+00"
    set_to(sure, softmax_first=True)
    assert f"{sure.gradient.abs().max():.1e}" == "8.6e-05"
    assert sure.losses[0] == pytest.approx(1.7436, abs=1e-4)
    for _ in range(MOST_STEPS):
        sure.step()
    assert sure.losses[0] - sure.losses[-1] < 1e-4


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_where_floats_end_a_step_is_refused_and_nothing_changes(dtype):
    largest = torch.finfo(dtype).max
    descent = set_to(Descent(torch.tensor([[largest, 0.0]], dtype=dtype), [1]), temperature=0.5)
    assert descent.gradient.isnan().any()
    before = descent.state.logits.clone(), [*descent.losses]
    with pytest.raises(ValueError, match=f"nan or inf, so no logit moved; .* for {dtype}"):
        descent.step()
    assert torch.equal(descent.state.logits, before[0])
    assert len(descent.losses) == 1


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_the_dtype_stays_and_the_code_gives_the_gradient(dtype):
    descent = Descent(torch.tensor([[2.3, -1.1, 0.7]], dtype=dtype), [2], ["a", "b", "c"])
    for settings in (
        {}, {"temperature": 2.3}, {"softmax_first": True},
        {"softmax_first": True, "temperature": 0.5},
    ):  # fmt: skip
        set_to(descent, **settings)
        descent.step()
        assert descent.gradient.dtype == descent.state.logits.dtype == dtype
        first, second = descent.code().splitlines()
        names = {"torch": torch}
        exec(first, names)
        assert torch.equal(eval(second, names), descent.gradient)


def test_the_code_fits_logits_of_one_dimension():
    descent = set_to(Descent([2.0, 0.0], 0), softmax_first=True)
    first, second = descent.code().splitlines()
    names = {"torch": torch}
    exec(first, names)
    assert torch.equal(eval(second, names), descent.gradient)


def test_the_summary_sets_p_minus_y_beside_autograd():
    descent = Descent(LOGITS, TARGET)
    told = dict(map(str.strip, line.split("=", 1)) for line in descent.summary())
    assert told["p"] == "[0.8214, 0.1112, 0.0674]   y = [0, 1, 0]"
    assert told["p − y"] == told["gradient by autograd"] == "[0.8214, -0.8888, 0.0674]"
    assert told["logits after one step"] == "[2.1786, 1.8888, 0.4326]"
    assert told["loss"] == "2.1967 after 0 steps"
    descent.step()
    assert "0.9436 after 1 step; before, the last one first: [2.1967]" in descent.summary()[-1]
    descent.step()
    assert "after 2 steps; before, the last one first: [0.9436, 2.1967]" in descent.summary()[-1]


def test_the_summary_names_temperature_and_the_second_softmax():
    descent = set_to(Descent(LOGITS, TARGET), temperature=2.0)
    told = dict(map(str.strip, line.split("=", 1)) for line in descent.summary())
    assert told["(p − y) / 2.0"] == told["gradient by autograd"] == "[0.3022, -0.3888, 0.0866]"
    set_to(descent, softmax_first=True)
    told = dict(map(str.strip, line.split("=", 1)) for line in descent.summary())
    gradient, note = told["gradient by autograd"].split("   ")
    assert gradient != "[0.3022, -0.3888, 0.0866]"
    assert told["softmax(p)"] != told["p"]
    assert note == "not softmax(p) − y: softmax ran twice"


def test_reset_brings_back_the_first_state():
    descent = Descent(LOGITS, TARGET)
    before = descent.summary(), descent.code()
    set_to(descent, learning_rate=3.0, temperature=2.0, softmax_first=True)
    descent.state.set_target(2)
    descent.step()
    descent.reset()
    assert (descent.summary(), descent.code()) == before
    assert descent.learning_rate == 1


def test_no_gradients_are_recorded_and_a_given_tensor_is_left_alone():
    given = torch.tensor(LOGITS, requires_grad=True)
    with torch.no_grad():
        descent = Descent(given, TARGET)
        descent.step()
    for tensor in (descent.loss, descent.gradient, descent.probs, descent.stepped):
        assert not tensor.requires_grad
    assert given.tolist() == LOGITS and given.grad is None


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((2, 3), r"shape \(2, 3\); a gradient explorer takes one sample"),
        ((1, 3, 1), r"takes one sample, \(C\) or \(1, C\), e\.g\. logits\[:1\]"),
        ((1, 7), "7 classes; a gradient explorer has room for 6"),
        ((7,), "room for 6"),
    ],
)
def test_what_does_not_fit_is_refused(shape, words):
    target = torch.zeros((shape[0], *shape[2:]) if len(shape) > 1 else ()).long()
    with pytest.raises(ValueError, match=words):
        Descent(torch.zeros(shape), target)
