"""One call of cross_entropy, the rules that look at it, and the remedies that they offer."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch


@dataclass(frozen=True, eq=False)
class Call:
    """The arguments of one call, under the names that remedies use.

    Any value may stand in any place. The first rules make sure that `logits`, `target` and
    `weight` are dense tensors; the other rules rely on it.
    """

    logits: Any
    target: Any
    weight: Any
    ignore_index: Any
    reduction: Any
    label_smoothing: Any

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of logits: (C), (N, C) or (N, C, d1…dK)."""
        return tuple(self.logits.shape)

    @property
    def dim(self) -> int:
        """The class dimension."""
        return 0 if len(self.shape) == 1 else 1

    @property
    def num_classes(self) -> int:
        """C."""
        return self.shape[self.dim]

    @property
    def element_shape(self) -> tuple[int, ...]:
        """The shape of the losses: (), (N) or (N, d1…dK)."""
        return without(self.shape, self.dim)

    @property
    def has_indices(self) -> bool:
        """Whether torch reads target as class indices; it asks the shape alone."""
        return tuple(self.target.shape) != self.shape

    def after(self, remedy: "Remedy") -> "Call":
        """The call with what the remedy changes."""
        return replace(self, **remedy.new)


@dataclass(frozen=True, eq=False)
class Remedy:
    """A line to read, and the arguments as they are after it; none: a place to look.

    Args:
        line: code with the arguments and torch as names, or a comment that says where to look.
        new: the arguments that the line changes, by name. A test executes every line and compares.
        loss: what the line calls `loss`, where another function than cross_entropy is meant.
    """

    line: str
    new: dict[str, Any] = field(default_factory=dict)
    loss: torch.Tensor | None = None

    @property
    def is_place(self) -> bool:
        """Whether there is no line to run, only a place to look."""
        return not self.new and self.loss is None

    def __str__(self) -> str:
        return self.line.removeprefix("# ") if self.is_place else f"remedy: {self.line}"


Seen = tuple[str, tuple[Remedy, ...]]


@dataclass(frozen=True)
class Rule:
    """One thing that may be wrong with a call.

    Args:
        sees: returns None, or what it saw and the remedies: one, or one for each reading.
        who: "torch raises", "steps refuse" (torch runs, `cross_entropy_steps` does not), or
            "suspicious" (both run, and the number is likely not the one wanted).
        error: what `cross_entropy_steps` raises.
    """

    sees: Callable[[Call], Seen | None]
    who: str = "torch raises"
    error: type[Exception] = ValueError


def mend(line: str, **new: object) -> tuple[Remedy, ...]:
    """One remedy, as rules return it: the line, and the arguments that it changes."""
    return (Remedy(line, new),)


def without(shape: tuple[int, ...], dim: int) -> tuple[int, ...]:
    """A shape with one dimension left out."""
    return shape[:dim] + shape[dim + 1 :]


def number(value: Any) -> Any:
    """A tensor of one number is a number to torch; anything else stays as it is."""
    if not isinstance(value, torch.Tensor) or value.dim() or value.requires_grad or value.is_meta:
        return value
    return value.item()


def to_tensor(name: str, value: Any) -> Remedy | None:
    """The line that makes a tensor of a list, an array or a number, or None.

    Example:
        >>> remedy = to_tensor("logits", [1.0, 2.0])
        >>> remedy.line, remedy.new["logits"]
        ('logits = torch.tensor(logits)', tensor([1., 2.]))
    """
    makers: dict[str, Callable[[], torch.Tensor]] = {
        f"torch.tensor({name})": lambda: torch.tensor(value)
    }
    if isinstance(value, np.ndarray):
        makers = {
            f"torch.from_numpy({name})": lambda: torch.from_numpy(value),
            # from_numpy cannot take a reversed array; a copy can be taken.
            f"torch.from_numpy({name}.copy())": lambda: torch.from_numpy(value.copy()),
        }
    elif isinstance(value, list | tuple) and value and isinstance(value[0], torch.Tensor):
        makers = {f"torch.stack({name})": lambda: torch.stack(value)}
    for text, make in makers.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # from_numpy warns of read-only arrays
            try:
                return Remedy(f"{name} = {text}", {name: make()})
            except Exception:  # whatever a foreign object raises, it is no tensor
                continue
    return None


def read_class_names(class_names: Any, num_classes: int) -> list[str]:
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
