"""How a function gets its result: which of torch's operators it runs, and whether autograd does."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch.autograd import forward_ad
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

AUTOGRAD = "autograd"
OF_MEAN = " of mean"  # follows the name of a loss that torch has averaged already
_MEAN = 1  # how torch's losses write reduction="mean"


@dataclass(frozen=True)
class Way:
    """What a task asks of the way to its result.

    Operators have the names under which torch runs them, whoever called them: `_log_softmax` and
    `nll_loss` for each form of `cross_entropy`, and with " of mean" behind it for a loss that is
    averaged by torch. "autograd" stands for derivatives that torch takes.

    Args:
        told: what to do instead, for one whose numbers are right; `code` between backticks.
        without: names that must not run.
        needs: names that must.
    """

    told: str
    without: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()

    def is_kept(self, ran: set[str]) -> bool:
        """Whether a function that ran these operators went this way."""
        return self.needs <= ran and not self.without & ran


class _Recorder(TorchDispatchMode):
    """Writes down what runs below all of torch's functions, methods and modules."""

    def __init__(self) -> None:
        super().__init__()
        self.ran: set[str] = set()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None
    ) -> Any:
        name = (
            func._schema.name.partition("::")[2].removesuffix("_forward").replace("loss2d", "loss")
        )
        self.ran.add(name)
        # reduction comes fourth in nll_loss, third in the losses without weights
        if "loss" in name and _MEAN in [arg for arg in args[2:4] if type(arg) is int]:
            self.ran.add(name + OF_MEAN)
        if _differentiates(args):
            self.ran.add(AUTOGRAD)
        return func(*args, **(kwargs or {}))


def _differentiates(args: tuple) -> bool:
    """Whether torch takes a derivative now, backward or forward, or notes what it needs for one."""
    notes = any(isinstance(arg, torch.Tensor) and arg.requires_grad for arg in tree_leaves(args))
    backward = torch._C._current_autograd_node() is not None
    return notes or backward or forward_ad._current_level >= 0


def ran(call: Callable[[], object]) -> set[str]:
    """The operators that torch runs during a call."""
    with _Recorder() as recorder:
        call()
    return recorder.ran


def by_hand(told: str, *without: str, needs: Iterable[str] = ()) -> Way:
    """A way without torch's own answer, and perhaps with what the task names."""
    return Way(told, frozenset(without), frozenset(needs))
