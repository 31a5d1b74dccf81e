"""What the code exercises share: hints, and tensors to try, the same each time, in many shapes."""

import torch

FORGOT_MINUS = "The log of a probability is negative, and a loss is not. A sign is missing."
SOFTMAX_TWICE = "Softmax runs twice: `cross_entropy` takes logits."


LARGE_LOGITS = torch.tensor([[1000.0, 999.0, 0.0], [-1000.0, -1001.0, -1000.5]])  # (N, C)


def normal(shape: tuple[int, ...]) -> torch.Tensor:
    """Random logits of this shape, float32, without a unit.

    Args:
        shape: any; it is also the seed.
    """
    return 3 * torch.randn(shape, generator=_seeded(shape))


def classes(shape: tuple[int, ...], num_classes: int) -> torch.Tensor:
    """Random class indices of this shape, int64, from 0 to `num_classes` − 1."""
    return torch.randint(num_classes, shape, generator=_seeded(shape))


def logits_and_target(shape: tuple[int, ...]) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits (N, C, d1…dK) of this shape, and a target (N, d1…dK)."""
    return normal(shape), classes((shape[0], *shape[2:]), shape[1])


def _seeded(shape: tuple[int, ...]) -> torch.Generator:
    return torch.Generator().manual_seed(sum(size * 31**i for i, size in enumerate(shape)))
