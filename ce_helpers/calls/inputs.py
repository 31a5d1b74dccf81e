"""Rules on what stands in each place: dense tensors, and keywords that torch knows.

They come first in the rules of `refusals`; all others rely on them.
"""

from typing import Any

import numpy as np
import torch
from torch._subclasses.fake_tensor import FakeTensor

from ce_helpers.calls.call import Call, Rule, Seen, mend, to_tensor

EXPECTED = {
    "logits": "a float tensor of shape (C), (N, C) or (N, C, d1…dK)",
    "target": "class indices of shape (), (N) or (N, d1…dK), or probabilities of logits' shape",
    "weight": "a float tensor of shape (C), or None",
}
REDUCTIONS = ("mean", "sum", "none", "elementwise_mean")  # the last one is an old name


def _given(call: Call) -> dict[str, Any]:
    """What stands where torch wants tensors."""
    values = {name: getattr(call, name) for name in EXPECTED}
    return {name: value for name, value in values.items() if name != "weight" or value is not None}


def no_values(call: Call) -> Seen | None:
    """Tensors that have a shape and nothing in it."""
    given = _given(call).values()
    if not any(isinstance(value, torch.Tensor) and _is_hollow(value) for value in given):
        return None
    return "a meta or fake tensor holds no values", mend("# give tensors that hold values")


def _is_hollow(value: torch.Tensor) -> bool:
    return value.is_meta or isinstance(value, FakeTensor)


def uneven_rows(call: Call) -> Seen | None:
    """Lists whose rows differ in length."""
    for name, value in _given(call).items():
        if not isinstance(value, list | tuple) or to_tensor(name, value):
            continue
        try:
            np.array(value)
        except ValueError:
            return f"{name} is a list whose rows differ in length", mend("# make them equal")
        except Exception:  # what else a foreign object raises, the next rule tells
            continue
    return None


def no_tensor(call: Call) -> Seen | None:
    """NumPy arrays, lists, numbers and rubbish in the place of a tensor."""
    for name, value in _given(call).items():
        look = mend(f"# {name} must be {EXPECTED[name]}")
        if not isinstance(value, torch.Tensor):
            made = to_tensor(name, value)
            seen = f"{name} is of type {type(value).__name__}, and torch takes only tensors"
            return seen, (made,) if made else look
        if value.is_nested:
            return f"{name} is a nested tensor", look
        if value.is_quantized:
            plain = mend(f"{name} = {name}.dequantize()", **{name: value.dequantize()})
            return f"{name} is a quantized tensor", plain
        if value.layout != torch.strided:
            dense = mend(f"{name} = {name}.to_dense()", **{name: value.to_dense()})
            return f"{name} is not a dense tensor", dense
    return None


def _shown(value: object) -> str:
    try:
        return repr(value)
    except Exception:  # a foreign object may refuse
        return f"of type {type(value).__name__}"


def keyword_of_wrong_type(call: Call) -> Seen | None:
    """A label_smoothing that is no number, or an ignore_index that is no int of 64 bits."""
    smoothing, given = call.label_smoothing, call.ignore_index
    if not isinstance(smoothing, int | float | np.floating | np.integer):
        seen = f"label_smoothing is of type {type(smoothing).__name__}, not a number"
        return seen, mend("label_smoothing = 0.0", label_smoothing=0.0)
    is_int = isinstance(given, int | np.integer) and not isinstance(given, bool)
    if is_int and -(2**63) <= given < 2**63:
        return None
    whole = isinstance(given, float | np.floating) and float(given).is_integer()
    meant = int(given) if whole else -100
    seen = f"ignore_index is {_shown(given)}, and must be an int of 64 bits"
    return seen, mend(f"ignore_index = {meant}", ignore_index=meant)


def keyword_out_of_range(call: Call) -> Seen | None:
    """A reduction that is none of the three, or a label_smoothing above 1."""
    given = call.reduction
    known = isinstance(given, str) and given.lower() in REDUCTIONS
    if not known or given not in REDUCTIONS:
        meant = given.lower() if known else "mean"
        seen = f"reduction is {_shown(given)}, and must be 'mean', 'sum' or 'none'"
        return seen, mend(f'reduction = "{meant}"', reduction=meant)
    if not call.label_smoothing > 1:
        return None
    seen = f"label_smoothing is {call.label_smoothing}, and must be from 0 to 1"
    line = "label_smoothing = 0.1  # or any other number from 0 to 1"
    return seen, mend(line, label_smoothing=0.1)


RULES = (
    Rule(no_values, "steps refuse"),
    Rule(uneven_rows),
    Rule(no_tensor, error=TypeError),
    Rule(keyword_of_wrong_type, error=TypeError),
    Rule(keyword_out_of_range),
)
