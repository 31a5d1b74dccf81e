"""Targets of a language model beside the tokens that went in: shifted by one, or not."""

import math
from typing import Any

import torch

from ce_helpers.calls.call import Call, Remedy, Seen, mend, to_tensor
from ce_helpers.calls.evidence import CHANCE

LEAST_COMPARED = 2  # tokens, where target and inputs are the same


def wrong_shift(call: Call, inputs: Any) -> Seen | None:
    """A target that is the token that went in, or the one after the next.

    Only tokens are compared, never what the model makes of them. Where the right shift fits as
    well, in a text of one token repeated, nothing is said.

    Shape:
        target (N, T), (T) or flat (N·T); inputs (N, T) or (T), longer or shorter by any number.
    """
    rows = _rows(call, inputs)
    if rows is None:
        return None
    target, tokens = rows
    if _compared(call, target, tokens, 1)[0]:
        return None
    equal, count = _compared(call, target, tokens, 0)
    if equal and count >= LEAST_COMPARED:
        seen = (
            "target equals inputs: each logit is asked for the token that it was made from. torch "
            "runs, and the loss falls almost to 0 without a word learnt"
        )
        return seen, _shift(call)
    equal, count = _compared(call, target, tokens, 2)
    if equal and count * math.log(max(1, len(tokens.unique()))) >= -math.log(CHANCE):
        seen = (
            "target is the token after the next: it was shifted twice. A model or library that "
            "shifts by itself takes target = inputs"
        )
        return seen, mend("# shift once: target[t] is inputs[t + 1]")
    return None


def not_compared(call: Call, inputs: Any) -> str | None:
    """What to tell where inputs and target cannot be compared."""
    if inputs is None or _rows(call, inputs) is not None:
        return None
    shape = tuple(getattr(inputs, "shape", ()))
    return (
        f"inputs of shape {shape} were not compared: they must be token ids (N, T) or (T), beside "
        "a target of class indices."
    )


def _rows(call: Call, inputs: Any) -> tuple[torch.Tensor, torch.Tensor] | None:
    """Target and inputs as rows of tokens; None where they are none."""
    if not isinstance(inputs, torch.Tensor):
        made = to_tensor("inputs", inputs)
        inputs = made.new["inputs"] if made else None
    is_plain = type(inputs) is torch.Tensor and not inputs.is_nested and not inputs.is_meta
    if (
        not is_plain
        or inputs.layout != torch.strided
        or inputs.ndim not in (1, 2)
        or not inputs.numel()
        or not call.has_indices
    ):
        return None
    if inputs.dtype not in (torch.int64, torch.int32, torch.int16, torch.uint8):
        return None
    tokens = inputs.detach().cpu().long()
    tokens = tokens.unsqueeze(0) if tokens.ndim == 1 else tokens
    target = call.target.detach().cpu().long()
    if target.ndim > 2 or not target.numel() or target.numel() % len(tokens):
        return None
    if target.ndim == 2 and len(target) != len(tokens):
        return None
    return target.reshape(len(tokens), -1), tokens


def _compared(
    call: Call, target: torch.Tensor, tokens: torch.Tensor, shift: int
) -> tuple[bool, int]:
    """Whether target[t] is tokens[t + shift] wherever it counts, and how often it does."""
    later = tokens[:, shift:]
    length = min(target.shape[1], later.shape[1])
    target, later = target[:, :length], later[:, :length]
    counted = target != call.ignore_index
    return bool((target == later)[counted].all() and counted.any()), int(counted.sum())


def _shift(call: Call) -> tuple[Remedy, ...]:
    logits, target = call.logits, call.target
    if target.ndim == 2 and target.shape[1] > 1:
        line = "logits, target = logits[..., :-1], target[..., 1:]"
        return mend(line, logits=logits[..., :-1], target=target[..., 1:])
    return mend("# shift each row: logits at t belong to target[t + 1], the last to nothing")
