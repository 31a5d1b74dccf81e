"""cross_entropy_steps against torch: values and gradients.

Differences are measured in ulp: the spacing of the float type at the largest term that entered
the number. `pytest -s` prints the largest one for each type.
"""

import math
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch.nn import functional

from ce_helpers.calls.steps import cross_entropy_steps

BOUND = 4  # ulp
DTYPES = [np.float16, np.float32, np.float64]
largest = {}  # (float type, "loss" or "grad") -> the largest difference so far, in ulp
counted = {}  # float type -> number of cases


@pytest.fixture(scope="module", autouse=True)
def _summary():
    yield
    for dtype, cases in counted.items():
        loss, grad = largest[dtype, "loss"], largest[dtype, "grad"]
        print(
            f"\n{dtype}: {cases} cases, at most {loss:.2f} ulp in loss, {grad:.2f} in grad", end=""
        )


@dataclass
class Call:
    """One random call, with NumPy arrays."""

    logits: np.ndarray
    target: np.ndarray
    keywords: dict


@st.composite
def calls(draw):
    """Choose shapes, types and keywords by hypothesis, the numbers by a seed it chooses."""
    dtype = draw(st.sampled_from(DTYPES))
    num_classes = draw(st.integers(1, 5))
    sizes = draw(st.lists(st.integers(0, 2) if draw(st.booleans()) else st.just(2), max_size=3))
    samples = draw(st.sampled_from([0, 1, 2, 3]))
    shape = (num_classes,) if draw(st.integers(0, 9)) == 0 else (samples, num_classes, *sizes)
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    reach = draw(st.sampled_from([0.1, 1, 10, 100] + [1e4] * (dtype != np.float16)))
    logits = random.uniform(-reach, reach, shape).astype(dtype)
    for special in draw(st.sampled_from([(), (), (-np.inf,), (np.inf,), (np.nan,)])):
        logits[random.random(shape) < draw(st.sampled_from([0.1, 0.5, 1]))] = special
    keywords = {
        "reduction": draw(st.sampled_from(["mean", "sum", "none"])),
        "label_smoothing": draw(st.sampled_from([0, 0, 0.1, 0.5, 1])),
    }
    if draw(st.booleans()):
        weight = random.uniform(0.1, 2, num_classes).astype(dtype)
        weight[random.random(num_classes) < draw(st.sampled_from([0, 0.3, 1]))] = 0
        keywords["weight"] = weight
    if draw(st.booleans()):
        return Call(logits, draw_probabilities(draw, random, shape, dtype), keywords)
    element_shape = shape[:-1] if len(shape) == 1 else shape[:1] + shape[2:]
    target = random.integers(0, num_classes, element_shape)
    ignore_index = draw(st.sampled_from([-100, -1, 0, num_classes - 1, 255]))
    target = np.where(
        random.random(element_shape) < draw(st.sampled_from([0, 0.3, 1])), ignore_index, target
    )
    keywords["ignore_index"] = ignore_index
    refused = "weight" in keywords and keywords["label_smoothing"]  # by torch
    if len(shape) <= 2 and ignore_index >= 0 and not refused and draw(st.booleans()):
        target = target.astype(np.uint8)
    return Call(logits, target, keywords)


def draw_probabilities(draw, random, shape, dtype):
    """Rows that sum to 1, some with zeros, in the type of logits or in another one."""
    dim = min(1, len(shape) - 1)
    rows = random.random(shape) + 1e-3
    rows[random.random(shape) < draw(st.sampled_from([0, 0.5]))] = 0
    rows[(slice(None),) * dim + (0,)] += rows.sum(dim) == 0
    rows /= rows.sum(dim, keepdims=True)
    return rows.astype(dtype if draw(st.booleans()) else draw(st.sampled_from(DTYPES)))


def torch_loss_and_grad(call):
    logits = torch.tensor(call.logits, requires_grad=True)
    keywords = dict(call.keywords)
    if "weight" in keywords:
        keywords["weight"] = torch.tensor(keywords["weight"])
    loss = functional.cross_entropy(logits, torch.tensor(call.target), **keywords)
    loss.sum().backward()
    return loss.detach().numpy(), logits.grad.numpy()


def largest_terms(steps, reduction):
    """Return the size of the largest term that entered the loss and each row of the gradient.

    The largest exponential is exactly 1 and the logarithm is taken of a sum of at least 1, so 1
    enters every log-probability. A partial sum is a term too: the last one is the sum itself.
    """
    dim = 0 if steps.logits.ndim == 1 else 1
    finite = {
        name: np.nan_to_num(getattr(steps, name).astype(np.float64), posinf=0, neginf=0)
        for name in ("log_probs", "class_weight", "per_element_loss", "numerator", "denominator")
    }
    terms = finite["class_weight"] * np.maximum(1, np.abs(finite["log_probs"]))  # (N, C, d1…dK)
    element = np.maximum(terms.max(axis=dim), finite["per_element_loss"])  # (N, d1…dK)
    denominator = finite["denominator"] or 1
    grad = finite["class_weight"].sum(axis=dim, keepdims=True) / denominator  # (N, 1, d1…dK)
    if reduction == "none":
        return element, grad
    return np.maximum(element.max(initial=0), finite["numerator"]) / denominator, grad


def ulps(ours, theirs, term, dtype):
    """Largest difference in units of the spacing at `term`; nan and inf must agree exactly."""
    assert ours.shape == theirs.shape
    assert ours.dtype == theirs.dtype
    np.testing.assert_array_equal(
        np.where(np.isfinite(ours), 0, ours), np.where(np.isfinite(theirs), 0, theirs)
    )
    finite = np.isfinite(ours)
    if not finite.any():
        return 0.0
    term = np.broadcast_to(term, ours.shape)[finite]
    spacing = np.spacing(term.astype(dtype)).astype(np.float64)
    difference = ours[finite].astype(np.float64) - theirs[finite].astype(np.float64)
    return float((np.abs(difference) / spacing).max())


@given(calls())
def test_values_and_gradients_agree_with_torch(call):
    steps = cross_entropy_steps(call.logits, call.target, **call.keywords)
    loss, grad = torch_loss_and_grad(call)
    # Probabilities may be coarser than logits; the coarser type sets the spacing.
    types = [call.logits.dtype] + [call.target.dtype] * (call.target.dtype.kind == "f")
    dtype = max(types, key=lambda dtype: np.finfo(dtype).eps)
    loss_term, grad_term = largest_terms(steps, call.keywords["reduction"])
    in_loss = ulps(np.asarray(steps.loss), loss, loss_term, dtype)
    in_grad = ulps(steps.grad, grad, grad_term, dtype)
    counted[str(dtype)] = counted.get(str(dtype), 0) + 1
    for kind, difference in (("loss", in_loss), ("grad", in_grad)):
        largest[str(dtype), kind] = max(largest.get((str(dtype), kind), 0), difference)
    assert in_loss <= BOUND
    assert in_grad <= BOUND


@given(calls())
def test_softmax_fields_agree_with_torch(call):
    steps = cross_entropy_steps(call.logits, call.target, **call.keywords)
    dim = 0 if call.logits.ndim == 1 else 1
    logits = torch.tensor(call.logits)
    expected = functional.log_softmax(logits, dim).numpy()
    log_probs = np.nan_to_num(np.abs(steps.log_probs), posinf=0)
    assert ulps(steps.log_probs, expected, np.maximum(1, log_probs), call.logits.dtype) <= BOUND
    expected = functional.softmax(logits, dim).numpy()
    assert ulps(steps.probs, expected, 1.0, call.logits.dtype) <= BOUND


def test_bfloat16_is_torch_in_float32():
    logits = torch.tensor([[1.0, 2.5, -3.0], [0.0, 1.0, 5.0]], dtype=torch.bfloat16)
    target = torch.tensor([2, 0])
    steps = cross_entropy_steps(logits, target)
    expected = functional.cross_entropy(logits.float(), target)
    assert abs(steps.loss - expected.item()) <= BOUND * np.spacing(np.float32(expected.item()))


@st.composite
def odd_calls(draw):
    """Infinite and negative weights, masked logits, smoothing of all, targets all ignored."""
    # float16 has probabilities of 0 where torch, which takes them in float32, has a little
    call = draw(calls().filter(lambda call: call.logits.dtype != np.float16))
    logits, num_classes = call.logits, call.logits.shape[min(1, call.logits.ndim - 1)]
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    logits[random.random(logits.shape) < draw(st.sampled_from([0, 0.3]))] = -np.inf
    call.keywords["label_smoothing"] = draw(st.sampled_from([0, 0.1, 1]))
    weight = random.choice([-1, 1, 0, 2, -0.5], num_classes).astype(logits.dtype)
    odd = draw(st.sampled_from([None, np.inf, -np.inf, np.nan]))
    if odd is not None:
        weight[random.integers(num_classes)] = odd
    call.keywords["weight"] = weight
    if call.target.dtype == np.uint8:
        call.target = call.target.astype(int)
    return call


@given(odd_calls())
@example(  # what is kept of an infinite loss is 0 times inf
    Call(
        np.zeros(2, np.float32), np.array(0),
        {"weight": np.array([np.inf, -1], np.float32), "label_smoothing": 1, "reduction": "sum"},
    )
)  # fmt: skip
def test_odd_values_are_nan_and_inf_where_torch_says_so(call):
    loss, grad = torch_loss_and_grad(call)
    steps = cross_entropy_steps(call.logits, call.target, **call.keywords)
    for ours, theirs in ((np.asarray(steps.loss), loss), (steps.grad, grad)):
        np.testing.assert_array_equal(
            np.where(np.isfinite(ours), 0, ours), np.where(np.isfinite(theirs), 0, theirs)
        )


@pytest.mark.parametrize(
    ("logits", "target", "keywords"),
    [
        ([[-math.inf, 0.0]], [0], {"label_smoothing": 1}),
        ([[0.0, 1.0], [3.0, 1.0]], [0, 1], {"weight": [-1.0, 1.0]}),
        ([[0.0, 1.0], [3.0, 1.0]], [0, 1], {"weight": [-1.0, 1.0], "label_smoothing": 0.1}),
        ([[0.0, 1.0], [3.0, 1.0]], [0, -100], {"weight": [2.0, math.inf], "label_smoothing": 0.1}),
        ([[0.0, 1.0], [3.0, 1.0]], [0, -100], {"weight": [2.0, math.inf]}),
        ([[0.0, 1.0, -math.inf]], [2], {}),
    ],
)
def test_what_is_infinite_is_as_in_torch(logits, target, keywords):
    keywords = {k: np.array(v, np.float32) if k == "weight" else v for k, v in keywords.items()}
    call = Call(np.array(logits, np.float32), np.array(target), keywords)
    loss, grad = torch_loss_and_grad(call)
    steps = cross_entropy_steps(call.logits, call.target, **keywords)
    np.testing.assert_allclose(steps.loss, loss, rtol=1e-6)
    np.testing.assert_allclose(steps.grad, grad, rtol=1e-5)
