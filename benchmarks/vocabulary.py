"""What the loss over a large vocabulary costs, and ways to pay less.

From hidden (N, D) by weight (C, D) to N logits of C classes, their mean loss and its gradients.
`python -m benchmarks.vocabulary` writes the table into results.md.
"""

from collections.abc import Callable, Sequence
from functools import partial

import torch
from torch import Tensor
from torch.autograd.graph import saved_tensors_hooks
from torch.nn import functional
from torch.nn.functional import cross_entropy
from torch.utils.checkpoint import checkpoint

from benchmarks.alone import measured
from benchmarks.results import ran_on, record, rows_of

SIZES, SMALL = (4096, 256, 32768), (6, 4, 9)  # N, D, C
KEPT_AT = (512, 64, 8192)
ROWS = 512
HEADER = ("loss", "s", "MB", "MiB kept")
ABOUT = f"""\
Forward and backward from {SIZES[0]} × {SIZES[1]} to {SIZES[2]:,} classes in float32: the best of
three times, and the peak of memory above that of the inputs. *MiB kept* is what autograd's hooks
see between forward and backward, from {KEPT_AT[0]} × {KEPT_AT[1]} to {KEPT_AT[2]:,} classes.
"""
Way = Callable[[Tensor, Tensor, Tensor], Tensor]


def plain(hidden: Tensor, weight: Tensor, target: Tensor) -> Tensor:
    """All logits at once."""
    return cross_entropy(hidden @ weight.T, target)


def by_rows(hidden: Tensor, weight: Tensor, target: Tensor, rows: int = ROWS) -> Tensor:
    """The logits of some rows at a time; for the gradient they are computed once more."""
    total = hidden.new_zeros(())
    for part, asked in zip(hidden.split(rows), target.split(rows), strict=True):
        total = total + checkpoint(_sum, part, weight, asked, use_reentrant=False)
    return total / len(target)


def _sum(hidden: Tensor, weight: Tensor, target: Tensor) -> Tensor:
    return cross_entropy(hidden @ weight.T, target, reduction="sum")


def ways() -> dict[str, Way]:
    """Functions of hidden, weight and target that give the same loss; an old torch has fewer."""
    found: dict[str, Way] = {"`cross_entropy(hidden @ weight.T, target)`": plain}
    if has_linear():
        options = torch.nn.LinearCrossEntropyOptions()
        found["`linear_cross_entropy(hidden, weight, target)`"] = functional.linear_cross_entropy
        found["the same with `options=LinearCrossEntropyOptions()`"] = partial(
            functional.linear_cross_entropy, options=options
        )
    return {**found, f"a loop over {ROWS} rows with `checkpoint`": by_rows}


def has_linear() -> bool:
    """Whether this torch takes the last layer's input and weight in place of the logits."""
    return hasattr(functional, "linear_cross_entropy")


def inputs(sizes: Sequence[int]) -> tuple[Tensor, Tensor, Tensor]:
    """Hidden, float32 (N, D), weight (C, D) and target (N), the same each time."""
    count, width, num_classes = sizes
    draw = torch.Generator().manual_seed(0)
    hidden = torch.randn(count, width, generator=draw)
    weight = torch.randn(num_classes, width, generator=draw) / width**0.5
    target = torch.randint(num_classes, (count,), generator=draw)
    return hidden.requires_grad_(), weight.requires_grad_(), target


def calls(sizes: Sequence[int]) -> dict[str, Callable]:
    """Each way with its gradients, on the same inputs."""
    given = inputs(sizes)
    return {
        name: lambda way=way: torch.autograd.grad(way(*given), given[:2])
        for name, way in ways().items()
    }


def kept(way: Way, sizes: Sequence[int]) -> float:
    """The MiB that autograd keeps from forward to backward; what shares memory counts once."""
    found = {}

    def note(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        found[storage.data_ptr()] = storage.nbytes()
        return tensor

    given = inputs(sizes)
    with saved_tensors_hooks(note, lambda tensor: tensor):
        loss = way(*given)  # held, so that no place in memory is given away twice
    del loss
    return sum(found.values()) / 2**20


def main() -> None:
    """Measures, prints and records."""
    where, rows = ran_on(), []
    for name, way in ways().items():
        seconds, megabytes = measured("benchmarks.vocabulary", name, SIZES)
        rows.append((name, f"{seconds:.1f}", f"{megabytes:,.0f}", f"{kept(way, KEPT_AT):.1f}"))
    without = "" if has_linear() else "\nThis torch has no `linear_cross_entropy`: left out.\n"
    record("What a vocabulary costs", f"{where}\n\n{ABOUT}\n{rows_of(HEADER, rows)}{without}")


if __name__ == "__main__":
    main()
