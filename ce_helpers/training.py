"""Small trainings of a linear classifier of points in the plane, in three classes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from ce_helpers.threads import one_thread

# Drawn once round three centres, 1.6 from the origin, class by class; written down, so that every
# figure of a training is measured from the same numbers. Four a class, which lines can separate:
TWELVE = (
    (1.4, 1.67), (0.16, 1.53), (-1.8, 1.73), (-1.35, 1.79), (0.88, 0.18), (1.22, -0.79),
    (0.42, -0.22), (1.22, -0.24), (-0.66, -0.1), (-1.6, -2.5), (-2.44, -0.05), (-0.48, 0.36),
)  # fmt: skip
# and thirty a class that overlap:
NINETY = (
    (2.1, 1.26), (-0.58, -1.58), (-0.01, 1.22), (-0.64, 1.98), (0.51, 0.32), (-1.06, 1.03),
    (0.83, 2.27), (-1.57, 0.26), (0.88, 3.49), (-0.04, 0.78), (1.31, 1.23), (0.87, 3.46),
    (0.76, 1.69), (0.88, 0.83), (-0.21, 0.91), (-0.25, 1.02), (-0.22, 1.14), (0.11, 1.68),
    (0.36, 3.28), (-1.86, 3.15), (-0.28, 0.12), (-0.21, 1.71), (1.28, 0.33), (0.26, 1.74),
    (-2.02, 0.18), (0.72, 2.43), (1.31, 2.24), (0.47, 1.75), (1.45, 0.59), (-0.17, 2.06),
    (-0.51, 0.77), (0.43, -0.89), (3.97, -1.8), (0.75, 1.07), (0.09, -1.32), (2.0, -0.25),
    (2.1, -0.36), (3.0, 0.42), (2.1, -1.62), (0.53, -3.09), (2.21, -2.99), (2.44, 1.42),
    (0.11, -1.62), (0.81, 0.2), (0.35, -0.96), (0.76, -1.1), (2.94, -1.96), (1.47, -0.47),
    (2.42, -2.32), (2.72, -0.28), (2.43, -0.71), (-0.58, -1.58), (2.37, -0.76), (1.33, 1.35),
    (4.03, -0.84), (3.71, -3.19), (-1.07, 0.24), (1.07, -0.11), (2.01, -0.91), (2.2, -0.62),
    (-3.22, -0.54), (-1.16, 1.4), (-2.74, -0.78), (-1.89, -0.96), (0.61, -0.35), (-1.94, -0.62),
    (-0.47, -1.99), (-1.7, 1.05), (-0.36, -0.85), (-1.96, -0.98), (-3.25, 0.33), (-0.98, -0.63),
    (-2.94, -1.66), (-0.77, -0.49), (-1.98, -0.19), (-0.26, -1.61), (-2.02, -1.84), (-2.77, 0.16),
    (-0.77, -0.39), (-2.79, -2.06), (-1.47, -1.3), (-1.24, -1.64), (-0.6, 1.36), (0.47, 1.13),
    (-1.3, 0.31), (-1.84, 0.3), (-1.84, -1.39), (-2.16, 0.04), (-1.06, -0.58), (-2.75, -0.63),
)  # fmt: skip
SHUFFLED = (
    22, 35, 89, 58, 63, 77, 12, 26, 31, 33, 72, 2, 82, 67, 53, 62, 74, 76, 51, 43, 10, 59, 78,
    42, 83, 24, 37, 16, 46, 25, 68, 0, 28, 15, 6, 79, 86, 32, 54, 60, 36, 3, 17, 20, 9, 88, 21,
    56, 55, 50, 73, 48, 70, 65, 57, 1, 49, 47, 81, 61, 87, 52, 13, 30, 11, 69, 23, 75, 7, 66,
    71, 19, 38, 29, 80, 27, 5, 40, 85, 41, 34, 39, 45, 14, 18, 8, 84, 64, 44, 4
)  # fmt: skip
CLASS_NAMES = ("A", "B", "C")
CENTRES = 1.6 * np.array([[0, 1], [3**0.5 / 2, -0.5], [-(3**0.5) / 2, -0.5]])
FIRST_WEIGHT = ((1.7641, 0.4002, 0.9787), (2.2409, 1.8676, -0.9773))  # at scale 1

Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def points(count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The 12 points that lines separate, or the 90 that overlap.

    Args:
        count: 12 or 90.

    Returns:
        Points, float32 (N, 2), and their classes, int64 (N).

    Raises:
        ValueError: another count.
    """
    drawn = {len(some): some for some in (TWELVE, NINETY)}
    if count not in drawn:
        raise ValueError(f"count is {count!r}; expected 12 or 90.")
    return torch.tensor(drawn[count]), torch.arange(3).repeat_interleave(count // 3)


def held_out() -> tuple[torch.Tensor, torch.Tensor]:
    """900 more points of the kind of the 12: float32 (900, 2), and classes, int64 (900)."""
    draw = np.random.RandomState(1000)  # its numbers never change, by NumPy's promise
    drawn = np.concatenate([centre + 0.9 * draw.randn(300, 2) for centre in CENTRES])
    return torch.tensor(drawn.round(2), dtype=torch.float32), torch.arange(3).repeat_interleave(300)


@dataclass(frozen=True, eq=False)
class Run:
    """What a training did.

    Args:
        losses: what was minimised, in nats, before the first step and after each.
        accuracies: the share of points in their true class, likewise.
        weight: of the end, float32 (2, 3).
        bias: of the end, float32 (3).
    """

    losses: list[float]
    accuracies: list[float]
    weight: torch.Tensor
    bias: torch.Tensor

    def logits(self, inputs: torch.Tensor) -> torch.Tensor:
        """The trained model's logits (N, 3) for points (N, 2)."""
        return inputs @ self.weight + self.bias


@one_thread()
def train(
    inputs: torch.Tensor,
    target: torch.Tensor,
    steps: int,
    *,
    lr: float = 1.0,
    scale: float = 0.0,
    weight_decay: float = 0.0,
    loss: Loss = cross_entropy,
    zero_grad: bool = True,
    true_target: torch.Tensor | None = None,
    after: Run | None = None,
) -> Run:
    """Trains a linear model by gradient descent, all points at each step.

    Args:
        inputs: points, float32 (N, 2).
        target: what the loss is given, int64 (N).
        steps: how many.
        lr: the learning rate.
        scale: of the first weights; at 0 all logits begin equal.
        weight_decay: as `torch.optim.SGD` takes it.
        loss: takes logits (N, 3) and the target (N).
        zero_grad: whether gradients are cleared before each step.
        true_target: what accuracy is measured against, where it is not `target`.
        after: a run to go on from.

    Example:
        >>> run = train(*points(12), 10)
        >>> print(f"{run.losses[0]:.4f} {run.losses[10]:.2f} {run.accuracies[10]:.2f}")
        1.0986 0.22 1.00
    """
    first = (scale * torch.tensor(FIRST_WEIGHT), torch.zeros(3))
    start = first if after is None else (after.weight, after.bias)
    weight, bias = (tensor.clone().requires_grad_() for tensor in start)
    optimizer = torch.optim.SGD([weight, bias], lr=lr, weight_decay=weight_decay)
    true_target = target if true_target is None else true_target
    losses, accuracies = [], []
    with torch.enable_grad():  # a widget's callback has switched it off
        for step in range(steps + 1):
            logits = inputs @ weight + bias  # (N, 3)
            value = loss(logits, target)
            losses.append(value.item())
            accuracies.append((logits.argmax(1) == true_target).float().mean().item())
            if step == steps:
                break
            if zero_grad:
                optimizer.zero_grad()
            value.backward()
            optimizer.step()
    return Run(losses, accuracies, weight.detach(), bias.detach())


def _twice(logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    return cross_entropy(torch.softmax(logits, dim=1), target)


def _without_c(logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    return cross_entropy(logits, target, weight=torch.tensor([1.0, 1.0, 0.0]))


# The eight cards, in the order in which they are shown: what is wrong, and what it changes.
TRAININGS: dict[str, dict] = {
    "one class weighted 0": {"loss": _without_c},
    "learning rate × 100": {"lr": 30.0, "steps": 40},  # chaotic: shown, and never printed
    "nothing is wrong": {},
    "labels off by one": {"relabel": lambda target: (target + 1) % 3},
    "no zero_grad": {"zero_grad": False},
    "labels shuffled": {"relabel": lambda target: target[list(SHUFFLED)]},
    "softmax twice": {"loss": _twice},
    "first weights × 1000": {"scale": 10.0},
}


def trained_wrong(name: str) -> Run:
    """One of `TRAININGS`: the 90 points, 60 steps at a rate of 0.3, with one thing wrong.

    Raises:
        ValueError: no such training.
    """
    if name not in TRAININGS:
        raise ValueError(f"name is {name!r}; expected one of {', '.join(TRAININGS)}.")
    how = {"lr": 0.3, "scale": 0.01, "steps": 60, "relabel": lambda target: target}
    how |= TRAININGS[name]
    inputs, target = points(90)
    given = how.pop("relabel")(target)
    return train(inputs, given, true_target=target, **how)


@one_thread()
def best_temperature(logits: torch.Tensor, target: torch.Tensor) -> float:
    """The T at which `cross_entropy(logits / T, target)` is lowest.

    Args:
        logits: (N, C), without a unit; they stand still.
        target: class indices (N).
    """
    log_t = torch.zeros((), requires_grad=True)  # so that T stays above 0
    optimizer = torch.optim.LBFGS([log_t], max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = cross_entropy(logits / log_t.exp(), target)
        loss.backward()
        return loss

    with torch.enable_grad():
        optimizer.step(closure)
    return log_t.exp().item()


def reliability(
    logits: torch.Tensor, target: torch.Tensor, bins: int = 10
) -> list[tuple[float, float, int]]:
    """How sure the model is, and how often it is right, of points that are about as sure.

    Args:
        logits: (N, C), without a unit.
        target: class indices (N).
        bins: equal stretches of the largest probability, from 0 to 1; empty ones are left out.

    Returns:
        For each stretch the mean largest probability, the accuracy, and how many points it has.
    """
    probs, predicted = logits.softmax(dim=1).max(dim=1)  # (N), (N)
    which = (probs * bins).ceil().long() - 1  # (N)
    found = []
    for k in range(bins):
        inside = which == k
        if inside.any():
            right = (predicted == target)[inside].float().mean().item()
            found.append((probs[inside].mean().item(), right, int(inside.sum())))
    return found


def calibration_error(logits: torch.Tensor, target: torch.Tensor, bins: int = 10) -> float:
    """The mean gap between how sure the model is and how often it is right, each point counted.

    Args:
        logits: (N, C), without a unit.
        target: class indices (N).
        bins: as `reliability` takes them.
    """
    rows: Sequence = reliability(logits, target, bins)
    return sum(abs(sure - right) * count for sure, right, count in rows) / len(target)
