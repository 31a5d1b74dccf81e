"""What numbers tell about where they come from: softmax, its log, a distribution."""

import torch

FLOAT_TYPES = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
CHANCE = 1e-5  # rules stay silent where ordinary values could look like this more often


def sums_to_one(values: torch.Tensor, dim: int, tolerance: float) -> torch.Tensor:
    """Which rows along `dim` hold no negative number and sum to 1; nan is in no such row."""
    rows = values.detach().double()
    return (rows >= 0).all(dim) & ((rows.sum(dim) - 1).abs() <= tolerance)


def softmax_came_before(logits: torch.Tensor, dim: int) -> bool:
    """Whether all rows along `dim` sum to 1 as closely as softmax leaves them.

    One row of float32 is evidence enough. float16 and bfloat16 are coarse, so a sum may be 1 by
    chance, and more rows are asked for. A row of zeros and a one says nothing: people write it.
    """
    if logits.shape[dim] < 2 or not logits.numel():
        return False
    # Rounding adds up with C, in float32 or better: at 32000 classes, sums are 30 eps off.
    eps = torch.finfo(logits.dtype).eps
    tolerance = 4 * eps + logits.shape[dim] / 500 * min(eps, torch.finfo(torch.float32).eps)
    if not sums_to_one(logits, dim, tolerance).all():
        return False
    telling_rows = int(((logits > 0) & (logits < 1)).any(dim).sum())
    return (2 * tolerance) ** telling_rows <= CHANCE


def is_normalized(logits: torch.Tensor, dim: int) -> bool:
    """Whether the rows along `dim` are what softmax or log_softmax returns."""
    if softmax_came_before(logits, dim):
        return True
    return bool((logits <= 0).all()) and softmax_came_before(logits.detach().exp(), dim)


def is_distribution(target: torch.Tensor, dim: int) -> bool:
    """Whether a target holds probabilities along `dim`, within what rounding leaves."""
    tolerance = 5e-3
    if target.is_floating_point():
        tolerance = max(tolerance, 2 * torch.finfo(target.dtype).eps)
    return bool(sums_to_one(target, dim, tolerance).all())
