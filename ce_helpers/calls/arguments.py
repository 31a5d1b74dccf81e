"""Read the arguments of a cross-entropy call and refuse mistakes in one clear sentence.

torch chooses by shape: a target of the shape of logits holds class probabilities, any other
target holds class indices.
"""

from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np

from ce_helpers.calls.shapes import line_for_shapes, misfit, without


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
    logits, target, *, weight, ignore_index, reduction, label_smoothing
) -> Arguments:
    """Read and check one call, with the shape and dtype rules of torch.

    Raises:
        TypeError, ValueError: what was given, what is expected, and the remedy.
    """
    _check_keywords(ignore_index, reduction, label_smoothing)
    logits = read_floats(logits, "logits")
    target = read_array(target, "target")
    _check_logits_shape(logits.shape)
    dim = 0 if logits.ndim == 1 else 1
    num_classes = logits.shape[dim]
    has_indices = target.shape != logits.shape
    element_shape = without(logits.shape, dim)  # (), (N) or (N, d1…dK)
    if has_indices:
        one_element = logits.ndim == 1 and target.shape == (1,)
        if target.shape != element_shape and not one_element:
            raise ValueError(_wrong_target_shape(logits.shape, target.shape))
        target = target.reshape(element_shape)
        _check_index_dtype(target, logits)
        _check_index_values(target, num_classes, ignore_index)
    else:
        _check_probabilities(target, ignore_index)
    weight = _read_weight(weight, logits, num_classes, has_indices)
    return Arguments(
        logits,
        target,
        weight,
        int(ignore_index),
        reduction,
        float(label_smoothing),
        dim,
        element_shape,
        has_indices,
    )


def read_array(value, name) -> np.ndarray:
    """Copy an array, a list or a tensor as torch.tensor does; bfloat16 becomes float32.

    Raises:
        ValueError: rows that differ in length.

    Example:
        >>> read_array([1.0, 2.0], "logits").dtype, read_array([1, 2], "target").dtype
        (dtype('float32'), dtype('int64'))
    """
    if hasattr(value, "detach"):
        value = to_numpy(value.detach().cpu())
    try:
        # A copy: the steps stay as they are when the caller changes a tensor later.
        array = np.array(value)
    except ValueError:
        raise ValueError(f"{name} is a list whose rows differ in length; make them equal") from None
    leaf = value
    while isinstance(leaf, list | tuple) and leaf:
        leaf = leaf[0]
    # Python's floats become float32 in torch; NumPy's own numbers keep their type.
    if array.dtype == np.float64 and not isinstance(leaf, np.ndarray | np.generic):
        return array.astype(np.float32)
    return array


def to_numpy(tensor) -> np.ndarray:
    """The numbers of a tensor as NumPy has them; bfloat16, which it lacks, as float32."""
    return (tensor.float() if "bfloat16" in str(tensor.dtype) else tensor).numpy()


def read_class_names(class_names, num_classes: int) -> list[str]:
    """One name per class; "class 0", "class 1", … for None.

    Raises:
        ValueError: another number of names.
    """
    made_up = map("class {}".format, range(num_classes))
    names = [str(name) for name in (made_up if class_names is None else class_names)]
    if len(names) != num_classes:
        raise ValueError(
            f"class_names has {len(names)} names; expected one for each of {num_classes} classes."
        )
    return names


def read_floats(value, name) -> np.ndarray:
    """Read an array of float16, float32 or float64, and refuse anything else.

    Raises:
        TypeError: the values are integers, booleans or complex numbers.
        ValueError: rows that differ in length.
    """
    array = read_array(value, name)
    if array.dtype not in (np.float16, np.float32, np.float64):
        raise TypeError(
            f"{name} must be float16, float32 or float64, but got {array.dtype}; "
            f"use {name}.float(), and check that logits come before target"
        )
    return array


def _check_keywords(ignore_index, reduction, label_smoothing):
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"reduction must be 'mean', 'sum' or 'none', but got {reduction!r}")
    if not isinstance(label_smoothing, Real):
        kind = type(label_smoothing).__name__
        raise TypeError(f"label_smoothing must be a number from 0 to 1, but got a {kind}")
    if not 0 <= label_smoothing <= 1:
        raise ValueError(f"label_smoothing must be from 0 to 1, but got {label_smoothing}")
    if not isinstance(ignore_index, Integral) or isinstance(ignore_index, bool):
        kind = type(ignore_index).__name__
        raise TypeError(f"ignore_index must be an int, but got a {kind}; the default is -100")


def _check_logits_shape(shape):
    if not shape:
        raise ValueError(
            "logits must have shape (C), (N, C) or (N, C, d1…dK), but got one number of shape ()"
        )
    if shape[min(1, len(shape) - 1)] == 0:
        raise ValueError(
            f"logits of shape {shape} have no classes: the class dimension must hold 1 or more"
        )


def _wrong_target_shape(logits_shape, target_shape) -> str:
    """One sentence on a target of the wrong shape, with the likeliest remedy."""
    line = line_for_shapes(logits_shape, target_shape)
    remedy = f"likely remedy: {line}" if line else "ask diagnose(logits, target)"
    return f"{misfit(logits_shape, target_shape)}; {remedy}"


def _check_index_dtype(target, logits):
    if target.dtype == np.int64:
        return
    if target.dtype == np.uint8:
        # torch reads uint8 only without d1…dK, or where there is nothing to read.
        if logits.ndim <= 2 or target.size == 0:
            return
        raise TypeError(
            f"class indices of shape {target.shape} must be int64, but got uint8, which torch "
            "takes only for logits of shape (C) or (N, C); use target.long()"
        )
    remedy = "use target.long()"
    if target.dtype.kind == "f":
        remedy += f", or give probabilities of the shape of logits, {logits.shape}"
    raise TypeError(f"class indices must be int64, but got {target.dtype}; {remedy}")


def _check_index_values(target, num_classes, ignore_index):
    counted = target != ignore_index
    bad = counted & ((target < 0) | (target >= num_classes))
    if not bad.any():
        return
    position = tuple(int(i) for i in np.argwhere(bad)[0])
    value = int(target[position])
    where = f" at position {position}" if position else ""
    remedy = "correct the target"
    if value == num_classes and target[counted].min() >= 1:
        remedy = "if the classes are counted from 1, use target - 1"
    elif value in (-1, -100, 255):
        remedy = f"if {value} marks padding, pass ignore_index={value}"
    raise ValueError(
        f"target holds {value}{where}, but with {num_classes} classes an index must be from 0 to "
        f"{num_classes - 1}, or ignore_index={ignore_index}; {remedy}"
    )


def _check_probabilities(target, ignore_index):
    if target.dtype not in (np.float16, np.float32, np.float64):
        raise TypeError(
            f"a target of the shape of logits, {target.shape}, holds class probabilities and must "
            f"be floating point, but got {target.dtype}; use target.float(), or class indices"
        )
    if ignore_index >= 0:
        raise ValueError(
            f"ignore_index={ignore_index} works only with class indices, but target holds class "
            "probabilities; leave ignore_index out, or use class indices"
        )


def _read_weight(weight, logits, num_classes, has_indices) -> np.ndarray:
    """Read the weight of each class, ones for None; the result has shape (C)."""
    if weight is None:
        return np.ones(num_classes, logits.dtype)
    weight = read_array(weight, "weight")
    if weight.shape != (num_classes,):
        raise ValueError(
            f"weight must have shape ({num_classes},), one number for each class, but got shape "
            f"{weight.shape}; give it one dimension of size {num_classes}"
        )
    if has_indices and weight.dtype != logits.dtype:
        raise TypeError(
            f"weight must have the dtype of logits, {logits.dtype}, but got {weight.dtype}; "
            "use weight.to(logits.dtype)"
        )
    if weight.dtype.kind in "biu":
        return weight.astype(logits.dtype)
    if weight.dtype.kind != "f":
        raise TypeError(f"weight must be floating point, but got {weight.dtype}")
    return weight
