"""What the tasks share: choices; mistakes in code, and tensors to try, the same each time."""

from collections.abc import Callable, Mapping

import torch

from ce_helpers.learning.exercises import CodeMistake
from ce_helpers.learning.questions import Mistake, Numbers

Function = Callable[..., torch.Tensor]
LARGE_LOGITS = torch.tensor([[1000.0, 999.0, 0.0], [-1000.0, -1001.0, -1000.5]])  # (N, C)


def options(
    numbers: Numbers, hints: Mapping[str, str]
) -> tuple[tuple[Mistake, ...], tuple[str, ...]]:
    """What a `Question` with choices ends in: its mistakes, and its choices.

    Args:
        numbers: they say in which order the choices stand.
        hints: to each choice what is said to who takes it; to the right one nothing ever is.
    """
    mistakes = tuple(Mistake(choice, hint) for choice, hint in hints.items())
    return mistakes, numbers.order(hints)


def softmax_twice(right: Function, dim: int) -> CodeMistake:
    """The right function of probabilities, where it takes logits; `dim` is the class dimension."""
    return CodeMistake(
        lambda logits, *rest: right(torch.softmax(logits, dim=dim), *rest),
        "Softmax runs twice: `cross_entropy` takes logits.",
    )


def forgot_minus(right: Function) -> CodeMistake:
    """The right loss with the other sign."""
    return CodeMistake(
        lambda *given: -right(*given),
        "The log of a probability is negative, and a loss is not. A sign is missing.",
    )


def summed(
    losses: Function, hint: str = "That is the sum over all elements. The mean is asked for."
) -> CodeMistake:
    """The sum of all losses where another number is asked for."""
    return CodeMistake(lambda *given: losses(*given).sum(), hint)


def unreduced(
    losses: Function,
    hint: str = "Those are the losses of all elements. One number, the mean, is asked for.",
) -> CodeMistake:
    """All losses where one number is asked for."""
    return CodeMistake(losses, hint)


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
