"""The arguments of a call as the steps compute with them: read as torch reads them, as arrays."""

from dataclasses import replace
from typing import Any

import numpy as np
import torch

from ce_helpers.calls.call import Call, number, to_tensor
from ce_helpers.calls.refusals import refuse
from ce_helpers.formatting import to_numpy


def read_tensors(given: Call) -> Call:
    """Read arrays, lists or tensors as tensors on the CPU, and refuse what torch refuses.

    Shape:
        target () for one element, also where (1) was given.

    Raises:
        TypeError, ValueError: what was given, and the remedy.
    """
    call = replace(
        given,
        logits=_tensor(given.logits),
        target=_tensor(given.target),
        weight=_tensor(given.weight),
        ignore_index=number(given.ignore_index),
        label_smoothing=number(given.label_smoothing),
    )
    refuse(call)
    target = call.target.reshape(call.element_shape) if call.has_indices else call.target
    return replace(
        call,
        logits=call.logits.detach().cpu(),
        target=target.detach().cpu(),
        ignore_index=int(call.ignore_index),
        label_smoothing=float(call.label_smoothing),
    )


def read_arguments(given: Call) -> Call:
    """Read a call as `read_tensors` does, and give arrays of its own.

    Shape:
        weight (C), ones for None.

    Raises:
        TypeError, ValueError: as `read_tensors`.
    """
    call = read_tensors(given)
    logits = _array(call.logits)
    return replace(
        call, logits=logits, target=_array(call.target), weight=_weight(call, logits.dtype)
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
    return to_numpy(tensor.detach().cpu().resolve_neg()).copy()


def _weight(call: Call, dtype: np.dtype) -> np.ndarray:
    if call.weight is None:
        return np.ones(call.num_classes, dtype)
    weight = _array(call.weight).reshape(-1)
    return weight if weight.dtype.kind == "f" else weight.astype(dtype)
