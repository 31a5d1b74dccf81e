"""Cross entropy by hand in NumPy, every intermediate named.

Shapes are written with N (samples), C (classes) and d1…dK (positions). The class dimension is
`dim=1`, or `dim=0` for logits of shape (C).
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ce_helpers.calls.arguments import read_arguments, read_logits
from ce_helpers.calls.call import Call


class SoftmaxSteps(NamedTuple):
    """From logits to probabilities along one dimension, in the order of computation."""

    logits_max: np.ndarray
    shifted: np.ndarray
    exp_shifted: np.ndarray
    sum_exp: np.ndarray
    log_sum_exp: np.ndarray
    log_probs: np.ndarray
    probs: np.ndarray


@dataclass(frozen=True, eq=False)
class CrossEntropySteps:
    """Every intermediate of one cross entropy, in the order of computation.

    Shape:
        logits, shifted, exp_shifted, log_probs, probs, target_probs, class_weight, class_loss,
        grad: (N, C, d1…dK). logits_max, sum_exp, log_sum_exp: (N, 1, d1…dK). weight: (C).
        mask, target_weight, per_element_loss: (N, d1…dK). numerator, denominator: ().
        target: as given. loss: (), or (N, d1…dK) for reduction "none".
        Logits of shape (C) have no N and no d1…dK, and a target of shape (1) becomes ().
    """

    logits: np.ndarray
    target: np.ndarray
    weight: np.ndarray  # ones when no weight is given
    logits_max: np.ndarray  # the largest logit of each element
    shifted: np.ndarray  # logits - logits_max, at most 0, so that exp cannot overflow
    exp_shifted: np.ndarray  # between 0 and 1
    sum_exp: np.ndarray  # at least 1
    log_sum_exp: np.ndarray  # at least 0
    log_probs: np.ndarray  # shifted - log_sum_exp
    probs: np.ndarray  # exp_shifted / sum_exp
    mask: np.ndarray  # False where target is ignore_index
    target_probs: np.ndarray  # one-hot or given, smoothed, 0 where ignored
    target_weight: np.ndarray  # what each element adds to the denominator of the mean
    class_weight: np.ndarray  # target_probs times weight
    class_loss: np.ndarray  # class_weight times -log_probs, in nats
    per_element_loss: np.ndarray  # class_loss summed over the classes, in nats
    numerator: np.ndarray  # the sum of per_element_loss, in nats
    denominator: np.ndarray  # sum of target_weight for "mean", 1 for "sum" and "none"
    loss: np.ndarray  # what torch returns, in nats
    grad: np.ndarray  # of loss, or of loss.sum() for "none", with respect to logits


def softmax_steps(logits: object, dim: int) -> SoftmaxSteps:
    """Compute softmax and its log along `dim`, and keep every intermediate.

    Shape:
        logits (N, C, d1…dK) gives fields of that shape, or of size 1 along `dim`.

    Args:
        logits: real numbers without a unit, as an array, a list or a tensor.
        dim: the class dimension.

    Raises:
        TypeError: logits are not floating point.
        ValueError: rows that differ in length, no number along `dim`, or no such `dim`.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.LogSoftmax.html

    Example:
        >>> softmax_steps([4.0, 3.0, 2.0, 10.0], dim=0).shifted
        array([-6., -7., -8.,  0.], dtype=float32)
    """
    return _softmax_steps(read_logits(logits), dim)


@np.errstate(all="ignore")
def _softmax_steps(logits: np.ndarray, dim: int) -> SoftmaxSteps:
    logits_max = logits.max(axis=dim, keepdims=True)  # (N, 1, d1…dK)
    shifted = logits - logits_max  # (N, C, d1…dK)
    exp_shifted = np.exp(shifted)  # (N, C, d1…dK)
    sum_exp = _sum(exp_shifted, dim)  # (N, 1, d1…dK)
    log_sum_exp = np.log(sum_exp)  # (N, 1, d1…dK)
    log_probs = shifted - log_sum_exp  # (N, C, d1…dK)
    probs = exp_shifted / sum_exp  # (N, C, d1…dK)
    return SoftmaxSteps(logits_max, shifted, exp_shifted, sum_exp, log_sum_exp, log_probs, probs)


def softmax(logits: object, dim: int) -> np.ndarray:
    """Turn logits into probabilities that sum to 1 along `dim`.

    Shape:
        logits: any; the result has the same.

    Args:
        logits: real numbers without a unit, as an array, a list or a tensor.
        dim: the class dimension.

    Raises:
        TypeError, ValueError: as `softmax_steps`.

    Example:
        >>> softmax([0.0, 0.0], dim=0)
        array([0.5, 0.5], dtype=float32)
    """
    return softmax_steps(logits, dim).probs


def log_softmax(logits: object, dim: int) -> np.ndarray:
    """Return the log of softmax in nats, without taking the log of a probability.

    Shape:
        logits: any; the result has the same.

    Args:
        logits: real numbers without a unit, as an array, a list or a tensor.
        dim: the class dimension.

    Raises:
        TypeError, ValueError: as `softmax_steps`.

    Example:
        >>> log_softmax([0.0, -200.0], dim=0)
        array([   0., -200.], dtype=float32)
    """
    return softmax_steps(logits, dim).log_probs


@np.errstate(all="ignore")
def cross_entropy_steps(
    logits: object,
    target: object,
    *,
    weight: object = None,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> CrossEntropySteps:
    """Compute cross entropy by hand, as torch does, and keep every intermediate.

    Shape:
        logits (C), (N, C) or (N, C, d1…dK). target: class indices (), (N) or (N, d1…dK), or
        probabilities of the shape of logits. weight (C).

    Args:
        logits: real numbers without a unit; losses are in nats.
        target: class indices in [0, C), or class probabilities.
        weight: how much each class counts.
        ignore_index: a target with this value adds nothing, to the loss or to the mean.
        reduction: "mean", "sum" or "none".
        label_smoothing: the part of each target, 0 to 1, that is spread over all classes.

    Raises:
        TypeError, ValueError: what was given, what is expected, and the remedy.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html

    Example:
        >>> steps = cross_entropy_steps([[4.0, 3.0, 2.0, 10.0]], [3])
        >>> print(f"{steps.loss:.4f}")
        0.0037
    """
    given = Call(logits, target, weight, ignore_index, reduction, label_smoothing)
    call = read_arguments(given)
    softmaxed = _softmax_steps(call.logits, call.dim)
    targets = _index_steps(call) if call.has_indices else _probability_steps(call)
    losses = _loss_steps(call, softmaxed.log_probs, targets)
    grad = _gradient(call, softmaxed.probs, targets, losses)
    return CrossEntropySteps(
        call.logits, call.target, call.weight, *softmaxed, *targets, *losses, grad
    )


class _TargetSteps(NamedTuple):
    mask: np.ndarray
    target_probs: np.ndarray
    target_weight: np.ndarray


class _LossSteps(NamedTuple):
    class_weight: np.ndarray
    class_loss: np.ndarray
    per_element_loss: np.ndarray
    numerator: np.ndarray
    denominator: np.ndarray
    loss: np.ndarray


def _index_steps(call: Call) -> _TargetSteps:
    """Class indices as one-hot rows; an ignored element has a row of zeros and no weight."""
    target = np.expand_dims(call.target, call.dim)  # (N, 1, d1…dK)
    counted = target != call.ignore_index  # (N, 1, d1…dK)
    is_target = counted & (target == _along_classes(np.arange(len(call.weight)), call))
    one_hot = is_target.astype(call.logits.dtype)  # (N, C, d1…dK)
    target_probs = np.where(counted, _smooth(one_hot, call), 0)  # (N, C, d1…dK)
    picked_weight = np.where(is_target, _along_classes(call.weight, call), 0)  # (N, C, d1…dK)
    target_weight = _sum(picked_weight, call.dim).squeeze(call.dim)  # (N, d1…dK)
    return _TargetSteps(counted.squeeze(call.dim), target_probs, target_weight)


def _probability_steps(call: Call) -> _TargetSteps:
    """Class probabilities as given; every element counts once, whatever the weights."""
    mask = np.ones(call.element_shape, bool)  # (N, d1…dK)
    target_probs = _smooth(call.target, call)  # (N, C, d1…dK)
    return _TargetSteps(mask, target_probs, mask.astype(call.logits.dtype))


def _loss_steps(call: Call, log_probs: np.ndarray, targets: _TargetSteps) -> _LossSteps:
    """Weigh −log_probs with the target, sum over the classes, and reduce."""
    class_weight = targets.target_probs * _along_classes(call.weight, call)  # (N, C, d1…dK)
    class_loss = class_weight * -log_probs  # (N, C, d1…dK)
    if call.has_indices:
        # An index leaves the other classes out, even where 0 times an infinite loss is nan.
        left_out = targets.target_probs == 0  # (N, C, d1…dK)
        class_weight = np.where(left_out, 0, class_weight)  # (N, C, d1…dK)
        class_loss = np.where(left_out, 0, class_loss)  # (N, C, d1…dK)
    per_element_loss = _sum(class_loss, call.dim).squeeze(call.dim)  # (N, d1…dK)
    numerator = _sum(per_element_loss)  # ()
    denominator = numerator.dtype.type(1)  # ()
    loss = per_element_loss if call.reduction == "none" else numerator
    if call.reduction == "mean":
        denominator = _sum(targets.target_weight)  # ()
        # The mean over nothing is nan, even where smoothing leaves a numerator.
        loss = numerator / denominator if denominator != 0 else numerator * np.nan  # ()
    return _LossSteps(class_weight, class_loss, per_element_loss, numerator, denominator, loss)


def _gradient(
    call: Call, probs: np.ndarray, targets: _TargetSteps, losses: _LossSteps
) -> np.ndarray:
    """Return the gradient with respect to logits: (probs − one-hot) / N in the plain case."""
    mask = np.expand_dims(targets.mask, call.dim)  # (N, 1, d1…dK)
    share = np.where(mask, losses.class_weight / losses.denominator, 0)  # (N, C, d1…dK)
    grad = _sum(share, call.dim) * probs - share  # (N, C, d1…dK)
    return grad.astype(call.logits.dtype)


def _smooth(target_probs: np.ndarray, call: Call) -> np.ndarray:
    """Take the part label_smoothing from each target and spread it over all classes."""
    kept = (1 - call.label_smoothing) * target_probs  # (N, C, d1…dK)
    return kept + call.label_smoothing / len(call.weight)


def _along_classes(values: np.ndarray, call: Call) -> np.ndarray:
    """Give values of shape (C) the shape (C, 1…1), to go with (N, C, d1…dK)."""
    return values.reshape(-1, *[1] * (call.logits.ndim - call.dim - 1))


def _sum(values: np.ndarray, dim: int | None = None) -> np.ndarray:
    """Sum, and keep `dim` with size 1. float16 is added in float32, as torch does."""
    dtype = np.float32 if values.dtype == np.float16 else values.dtype
    return values.sum(axis=dim, keepdims=dim is not None, dtype=dtype).astype(values.dtype)
