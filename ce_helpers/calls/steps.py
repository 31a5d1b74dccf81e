"""Cross entropy by hand in NumPy, every intermediate named.

Shapes are written with N (samples), C (classes) and d1…dK (positions). The class dimension is
`dim=1`, or `dim=0` for logits of shape (C).
"""

from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np

from ce_helpers.calls.arguments import read_arguments
from ce_helpers.calls.call import Call
from ce_helpers.calls.softmax import add, compute_softmax
from ce_helpers.formatting import format_number

MOST_SHOWN = 6  # numbers of one intermediate, where the steps are printed


@dataclass(frozen=True, eq=False, repr=False)
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

    def __repr__(self) -> str:
        """A line for each intermediate: its name, its shape and its first numbers."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        shapes = {name: str(np.shape(value)) for name, value in values.items()}
        wide = max(map(len, shapes.values()))
        return "\n".join(
            f"{name:16}  {shapes[name]:{wide}}  {_first_numbers(value)}"
            for name, value in values.items()
        )


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
    softmaxed = compute_softmax(call.logits, call.dim)
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


def _is_target(call: Call) -> np.ndarray:
    """Where a class is its element's index, and not ignored; (N, C, d1…dK)."""
    target = np.expand_dims(call.target, call.dim)  # (N, 1, d1…dK)
    classes = _along_classes(np.arange(len(call.weight)), call)  # (C, 1…1)
    return (target != call.ignore_index) & (target == classes)


def _index_steps(call: Call) -> _TargetSteps:
    """Class indices as one-hot rows; an ignored element has a row of zeros and no weight."""
    is_target = _is_target(call)  # (N, C, d1…dK)
    mask = call.target != call.ignore_index  # (N, d1…dK)
    one_hot = is_target.astype(call.logits.dtype)  # (N, C, d1…dK)
    target_probs = np.where(np.expand_dims(mask, call.dim), _smooth(one_hot, call), 0)
    picked_weight = np.where(is_target, _along_classes(call.weight, call), 0)  # (N, C, d1…dK)
    target_weight = add(picked_weight, call.dim).squeeze(call.dim)  # (N, d1…dK)
    return _TargetSteps(mask, target_probs, target_weight)


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
        if call.label_smoothing == 1:
            # What is kept of the target is 0: times an infinite loss it is nan, as in torch.
            kept = 0 * (_along_classes(call.weight, call) * log_probs)  # (N, C, d1…dK)
            class_loss = class_loss + np.where(_is_target(call), kept, 0)
    per_element_loss = add(class_loss, call.dim).squeeze(call.dim)  # (N, d1…dK)
    numerator = add(per_element_loss)  # ()
    denominator = numerator.dtype.type(1)  # ()
    loss = per_element_loss if call.reduction == "none" else numerator
    if call.reduction == "mean":
        denominator = add(targets.target_weight)  # ()
        loss = numerator / denominator  # ()
        if denominator == 0 and call.has_indices:
            loss = _mean_over_nothing(call, log_probs, denominator)
    return _LossSteps(class_weight, class_loss, per_element_loss, numerator, denominator, loss)


def _mean_over_nothing(call: Call, log_probs: np.ndarray, zero: np.ndarray) -> np.ndarray:
    """Return the mean as torch divides by 0: what is kept of the targets, and what is spread."""
    kept = _part(call, log_probs, _is_target(call), 1 - call.label_smoothing)
    if not call.label_smoothing:
        return kept / zero
    counted = np.expand_dims(call.target != call.ignore_index, call.dim)  # (N, 1, d1…dK)
    return kept / zero + _part(call, log_probs, counted, call.label_smoothing) / zero


def _part(call: Call, log_probs: np.ndarray, where: np.ndarray, share: float) -> np.ndarray:
    losses = _along_classes(call.weight, call) * -log_probs  # (N, C, d1…dK)
    return add(np.where(where, share * losses, 0).astype(log_probs.dtype))


def _gradient(
    call: Call, probs: np.ndarray, targets: _TargetSteps, losses: _LossSteps
) -> np.ndarray:
    """Return the gradient with respect to logits: (probs − one-hot) / N in the plain case."""
    mask = np.expand_dims(targets.mask, call.dim)  # (N, 1, d1…dK)
    share = losses.class_weight / losses.denominator  # (N, C, d1…dK)
    if call.has_indices:
        # A class that is left out has no share, even of a denominator that is 0.
        share = np.where(targets.target_probs == 0, 0, share)  # (N, C, d1…dK)
    if call.has_indices and call.label_smoothing > 0:
        # torch multiplies with the weights after it ignores: 0 times an infinite one is nan.
        share = np.where(mask, share, 0 * _along_classes(call.weight, call))  # (N, C, d1…dK)
        if call.label_smoothing == 1:
            kept = 0 * _along_classes(call.weight, call) / losses.denominator  # (C, 1…1)
            share = share + np.where(_is_target(call), kept, 0)
    grad = add(share, call.dim) * probs - share  # (N, C, d1…dK)
    return grad.astype(call.logits.dtype)


def _smooth(target_probs: np.ndarray, call: Call) -> np.ndarray:
    """Take the part label_smoothing from each target and spread it over all classes."""
    kept = (1 - call.label_smoothing) * target_probs  # (N, C, d1…dK)
    return kept + call.label_smoothing / len(call.weight)


def _first_numbers(values: np.ndarray) -> str:
    shown = values.flat[:MOST_SHOWN] if np.ndim(values) else [values]
    text = ", ".join(map(format_number if values.dtype.kind == "f" else str, shown))
    return f"{text}, …" if np.size(values) > MOST_SHOWN else text


def _along_classes(values: np.ndarray, call: Call) -> np.ndarray:
    """Give values of shape (C) the shape (C, 1…1), to go with (N, C, d1…dK)."""
    return values.reshape(-1, *[1] * (call.logits.ndim - call.dim - 1))
