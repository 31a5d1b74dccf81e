"""Softmax and its log by hand in NumPy, every intermediate named."""

from typing import NamedTuple

import numpy as np

from ce_helpers.calls.arguments import read_logits


class SoftmaxSteps(NamedTuple):
    """From logits to probabilities along one dimension, in the order of computation."""

    logits_max: np.ndarray
    shifted: np.ndarray
    exp_shifted: np.ndarray
    sum_exp: np.ndarray
    log_sum_exp: np.ndarray
    log_probs: np.ndarray
    probs: np.ndarray


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
    return compute_softmax(read_logits(logits), dim)


@np.errstate(all="ignore")
def compute_softmax(logits: np.ndarray, dim: int) -> SoftmaxSteps:
    """The same of an array that was read already."""
    logits_max = logits.max(axis=dim, keepdims=True)  # (N, 1, d1…dK)
    shifted = logits - logits_max  # (N, C, d1…dK)
    exp_shifted = np.exp(shifted)  # (N, C, d1…dK)
    sum_exp = add(exp_shifted, dim)  # (N, 1, d1…dK)
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


def add(values: np.ndarray, dim: int | None = None) -> np.ndarray:
    """Sum, and keep `dim` with size 1. float16 is added in float32, as torch does."""
    dtype = np.float32 if values.dtype == np.float16 else values.dtype
    return values.sum(axis=dim, keepdims=dim is not None, dtype=dtype).astype(values.dtype)
