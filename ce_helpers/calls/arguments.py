"""The arguments of a cross-entropy call as the steps compute with them: checked, as arrays."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from ce_helpers.calls.call import Call, number, to_tensor
from ce_helpers.calls.refusals import refuse
from ce_helpers.formatting import to_numpy


@dataclass(frozen=True, eq=False)
class Arguments:
    """The arguments of one call, checked, as arrays."""

    logits: np.ndarray  # (C), (N, C) or (N, C, d1…dK)
    target: np.ndarray  # (), (N) or (N, d1…dK), or the shape of logits
    weight: np.ndarray  # (C)
    ignore_index: int
    reduction: str
    label_smoothing: float
    dim: int  # the class dimension
    element_shape: tuple[int, ...]  # (), (N) or (N, d1…dK)
    has_indices: bool


def read_arguments(
    logits: object,
    target: object,
    *,
    weight: object,
    ignore_index: object,
    reduction: object,
    label_smoothing: object,
) -> Arguments:
    """Read arrays, lists or tensors as torch reads them, and refuse what it refuses.

    Raises:
        TypeError, ValueError: what was given, and the remedy.
    """
    call = Call(
        _tensor(logits),
        _tensor(target),
        None if weight is None else _tensor(weight),
        number(ignore_index),
        reduction,
        number(label_smoothing),
    )
    refuse(call)
    logits_array, target_array = _array(call.logits), _array(call.target)
    return Arguments(
        logits_array,
        target_array.reshape(call.element_shape) if call.has_indices else target_array,
        _weight(call, logits_array),
        int(call.ignore_index),
        call.reduction,
        float(call.label_smoothing),
        call.dim,
        call.element_shape,
        call.has_indices,
    )


def read_logits(logits: object) -> np.ndarray:
    """Read an array, a list or a tensor of floating point, and refuse anything else.

    Raises:
        TypeError, ValueError: what was given, and the remedy.

    Example:
        >>> read_logits([1.0, 2.0]).dtype  # as torch reads Python's floats
        dtype('float32')
    """
    tensor = _tensor(logits)
    refuse(Call(tensor, tensor, None, -100, "mean", 0.0))
    return _array(tensor)


def _tensor(value: Any) -> Any:
    """A list, an array or a number as torch reads it; where it reads nothing, the value."""
    made = None if isinstance(value, torch.Tensor) else to_tensor("value", value)
    return made.new["value"] if made else value


def _array(tensor: torch.Tensor) -> np.ndarray:
    # A copy: the steps stay as they are when the caller changes a tensor later.
    return to_numpy(tensor.detach().cpu()).copy()


def _weight(call: Call, logits: np.ndarray) -> np.ndarray:
    """The weight of each class, (C); ones for None."""
    if call.weight is None:
        return np.ones(call.num_classes, logits.dtype)
    weight = _array(call.weight).reshape(-1)
    return weight if weight.dtype.kind == "f" else weight.astype(logits.dtype)
