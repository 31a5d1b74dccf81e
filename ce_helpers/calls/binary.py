"""One output for each answer of yes and no: what binary_cross_entropy is for."""

import torch

from ce_helpers.calls.call import Call, Remedy
from ce_helpers.calls.evidence import FEW_FOR_SIGMOID, inside_unit, keeps_digits

WITH_LOGITS = "binary_cross_entropy_with_logits"


def holds_answers(target: torch.Tensor) -> bool:
    """Whether a target is nothing but 0 and 1."""
    return bool(target.numel() and ((target == 0) | (target == 1)).all())


def holds_chances(target: torch.Tensor) -> bool:
    """Whether a target lies from 0 to 1, as the chances of a yes do."""
    values = target.detach().double() if not target.is_complex() else target
    return not values.is_complex() and bool(
        values.numel() and ((values >= 0) & (values <= 1)).all()
    )


def binary_loss(call: Call) -> tuple[Remedy, ...]:
    """The line that computes the loss of one output for each answer.

    Logits from 0 to 1 may have been through a sigmoid: then there are two readings.

    Shape:
        target: of as many elements as logits.
    """
    plain = call.weight is None and not call.label_smoothing > 0
    if not plain or (call.has_indices and (call.target == call.ignore_index).any()):
        return (
            Remedy(
                f"# use torch.nn.functional.{WITH_LOGITS}; a weight for each answer is its "
                "pos_weight, and what is ignored must be left out before"
            ),
        )
    with_logits = _loss(call, WITH_LOGITS)
    if not inside_unit(call.logits):
        return (with_logits,)
    if not keeps_digits(call.logits, 1 - call.logits):
        after = Remedy(f"# after a sigmoid: take it away, and give its input to {WITH_LOGITS}")
    else:
        after = _loss(call, "binary_cross_entropy", "after a sigmoid; better leave it out")
        with_logits = _loss(call, WITH_LOGITS, "if there was no sigmoid")
    readings = (with_logits, after)
    return readings[::-1] if call.logits.numel() >= FEW_FOR_SIGMOID else readings


def _loss(call: Call, name: str, when: str = "") -> Remedy:
    logits, target = call.logits, call.target
    given = "target"
    if target.dtype != logits.dtype:
        given, target = f"{given}.to(logits.dtype)", target.to(logits.dtype)
    if target.shape != logits.shape:
        given, target = f"{given}.reshape(logits.shape)", target.reshape(logits.shape)
    reduction = "" if call.reduction == "mean" else f", reduction={call.reduction!r}"
    line = f"loss = torch.nn.functional.{name}(logits, {given}{reduction})"
    loss = getattr(torch.nn.functional, name)(
        logits, target, reduction="mean" if "mean" in call.reduction else call.reduction
    )
    return Remedy(f"{line}  # {when}" if when else line, loss=loss)
