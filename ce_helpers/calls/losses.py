"""The losses of all elements of a call from torch, a block at a time, and what becomes of them."""

from dataclasses import dataclass, replace

import numpy as np
import torch

from ce_helpers.calls.call import Call
from ce_helpers.calls.softmax import add
from ce_helpers.formatting import to_numpy

BLOCK = 2**20  # logits: a block's log_softmax stays small beside a large call


@dataclass(frozen=True, eq=False)
class Losses:
    """Each element's loss, and the one number that they become.

    Shape:
        mask, weight, each: (), (N) or (N, d1…dK). numerator, denominator, loss: ().
    """

    mask: np.ndarray  # False where target is ignore_index
    weight: np.ndarray  # what each element adds to the denominator of the mean
    each: np.ndarray  # nats
    numerator: np.ndarray  # the sum of the losses, in nats
    denominator: np.ndarray  # the sum of the weights
    loss: np.ndarray  # the mean or the sum, in nats


@np.errstate(all="ignore")
def all_losses(call: Call) -> Losses:
    """What `cross_entropy` returns for each element, and their sum and mean.

    It needs a small part of the memory that the logits take.

    Args:
        call: tensors, as `read_tensors` gives them.
    """
    each = to_numpy(_each(call))
    mask = np.ones(each.shape, bool)
    weight = np.ones(each.shape, each.dtype)
    if call.has_indices:
        mask = (call.target != call.ignore_index).numpy()
        if call.weight is not None:
            index = call.target.long().where(torch.from_numpy(mask), 0)
            weight = to_numpy(call.weight.detach().cpu().flatten()[index])
        weight = np.where(mask, weight, 0)
    numerator, denominator = add(each), add(weight)
    loss = numerator
    if call.reduction == "mean":
        # 0 / 0 is nan, but with smoothing or odd weights torch divides the parts by 0 on their own
        loss = numerator / denominator if denominator else to_numpy(_torch_loss(call))
    return Losses(mask, weight, each, numerator, denominator, loss)


def _each(call: Call) -> torch.Tensor:
    """Every element's loss, of target's shape."""
    whole = replace(call, reduction="none")
    if not call.dim or not call.logits.numel():
        return _torch_loss(whole)
    rows = max(1, BLOCK // max(1, call.logits[0].numel()))
    blocks = zip(call.logits.split(rows), call.target.split(rows), strict=True)
    return torch.cat(
        [_torch_loss(replace(whole, logits=logits, target=target)) for logits, target in blocks]
    )


def _torch_loss(call: Call) -> torch.Tensor:
    """Torch's answer; of bfloat16, which NumPy lacks, in float32."""
    logits, weight = call.logits, call.weight
    if logits.dtype == torch.bfloat16:
        logits, weight = logits.float(), None if weight is None else weight.float()
    with torch.no_grad():
        return torch.nn.functional.cross_entropy(
            logits,
            call.target,
            weight=weight,
            ignore_index=call.ignore_index,
            reduction=call.reduction,
            label_smoothing=call.label_smoothing,
        )
