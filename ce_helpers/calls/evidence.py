"""What numbers tell about where they come from: softmax, its log, a sigmoid, a distribution."""

import math

import torch

FLOAT_TYPES = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
CHANCE = 1e-5  # rules stay silent where ordinary values could look like this more often
FEW_FOR_SIGMOID = 4  # outputs from 0 to 1, where sigmoid is one of two readings
MANY_FOR_SIGMOID = math.ceil(-math.log2(CHANCE))  # 17: each is from 0 to 1 less than half the time
SURE = 0.99  # a probability that leaves the others next to nothing
DIGITS = 1e-3  # an error of a loss, in nats, that may pass for none


def sums_to_one(values: torch.Tensor, dim: int, tolerance: float) -> torch.Tensor:
    """Which rows along `dim` hold no negative number and sum to 1; nan is in no such row."""
    rows = values.detach() if values.dtype in FLOAT_TYPES else values.detach().double()
    return (rows >= 0).all(dim) & ((rows.sum(dim, dtype=torch.float64) - 1).abs() <= tolerance)


def softmax_came_before(
    logits: torch.Tensor, dim: int, chance: float = 0.0, most: float = 1.0
) -> bool:
    """Whether all rows along `dim` sum to 1 as closely as softmax leaves them.

    One row of float32 is evidence enough. float16 and bfloat16 are coarse, so a sum may be 1 by
    chance, and more rows are asked for. A row of zeros and a one says nothing: people write it.

    Args:
        logits: without a unit.
        dim: along which softmax may have run.
        chance: of another reason why one row should sum to 1.
        most: a row with a larger number says nothing.
    """
    if logits.shape[dim] < 2 or not logits.numel():
        return False
    # Rounding adds up with C, in float32 or better: at 32000 classes, sums are 30 eps off.
    eps = torch.finfo(logits.dtype).eps
    tolerance = 4 * eps + logits.shape[dim] / 500 * min(eps, torch.finfo(torch.float32).eps)
    if not sums_to_one(logits, dim, tolerance).all():
        return False
    tells = ((logits > 0) & (logits < 1)).any(dim) & (logits.detach().amax(dim) <= most)
    return max(2 * tolerance, chance) ** int(tells.sum()) <= CHANCE


def log_softmax_came_before(logits: torch.Tensor, dim: int) -> bool:
    """Whether the rows along `dim` are logs of probabilities.

    A row of 0 and numbers far below says nothing: its exp sums to 1 in any case.
    """
    if not (logits <= 0).all():
        return False
    return softmax_came_before(logits.detach().exp(), dim, most=SURE)


def is_normalized(logits: torch.Tensor, dim: int) -> bool:
    """Whether the rows along `dim` are what softmax or log_softmax returns."""
    return softmax_came_before(logits, dim) or log_softmax_came_before(logits, dim)


def are_percentages(logits: torch.Tensor, dim: int) -> bool:
    """Whether the rows along `dim` are softmax times 100.

    Of numbers with few decimals some sum to 100 by chance: more rows are asked for.
    """
    if not logits.numel() or not ((logits >= 0) & (logits <= 100)).all():
        return False
    values = logits.detach().double()
    decimals = next((d for d in range(4) if (values * 10**d == (values * 10**d).round()).all()), 4)
    return softmax_came_before(logits.detach() / 100, dim, chance=10.0 ** -(2 + decimals))


def inside_unit(logits: torch.Tensor) -> bool:
    """Whether all numbers lie between 0 and 1, as after a sigmoid, and none on torch.rand's grid.

    torch.rand returns multiples of half an eps; a sigmoid's small values are finer than that.
    """
    if not logits.numel() or not ((logits >= 0) & (logits <= 1)).all():
        return False
    if ((logits == 0) | (logits == 1)).all():
        return False
    steps = logits.detach().double() * (2 / torch.finfo(logits.dtype).eps)
    return bool((steps != steps.round()).any())


def sigmoid_came_before(logits: torch.Tensor) -> bool:
    """Whether so many numbers lie from 0 to 1 that they are hardly logits."""
    return inside_unit(logits) and int(((logits > 0) & (logits < 1)).sum()) >= MANY_FOR_SIGMOID


def keeps_digits(*chances: torch.Tensor) -> bool:
    """Whether the log of each is as exact as its type allows: none near 0, or of a difference."""
    first, *differences = chances
    info = torch.finfo(first.dtype)
    return bool((first >= info.tiny).all()) and all(
        bool((of.detach().double() >= info.eps / DIGITS).all()) for of in differences
    )


def is_distribution(target: torch.Tensor, dim: int) -> bool:
    """Whether a target holds probabilities along `dim`, within what rounding leaves."""
    tolerance = 5e-3
    if target.is_floating_point():
        tolerance = max(tolerance, 2 * torch.finfo(target.dtype).eps)
    return bool(sums_to_one(target, dim, tolerance).all())
