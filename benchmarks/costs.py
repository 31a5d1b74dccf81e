"""What a call costs in a process of its own, on Linux: its time, and the peak of its memory.

`python -m benchmarks.costs` writes costs.md: `explain` and `diagnose` beside torch's own call, and
the loss over a large vocabulary, from hidden (N, D) by weight (C, D), with its gradients.
"""

import multiprocessing
import re
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import torch
from torch import Tensor
from torch.autograd.graph import saved_tensors_hooks
from torch.nn import functional
from torch.nn.functional import cross_entropy
from torch.utils.checkpoint import checkpoint

from benchmarks.report import ran_on, report
from ce_helpers import diagnose, explain

SHAPES = ((512, 50257), (2048, 50257), (4096, 256, 32768))  # N, C; N, C; N, D, C
KEPT_AT = (512, 64, 8192)  # N, D, C
ROWS = 512
ABOUT = """\
*s* is the best of three, *×* divides it by the first of the same shape, *MB* is the peak above
what was in use before. Three sizes are N, D and C, and the gradients are computed too; *MiB kept*
is what autograd's hooks see between forward and backward, at 512 × 64 × 8192."""
Way = Callable[[Tensor, Tensor, Tensor], Tensor]


def plain(hidden: Tensor, weight: Tensor, target: Tensor, reduction: str = "mean") -> Tensor:
    """All logits at once."""
    return cross_entropy(hidden @ weight.T, target, reduction=reduction)


def by_rows(hidden: Tensor, weight: Tensor, target: Tensor, rows: int = ROWS) -> Tensor:
    """The logits of some rows at a time; for the gradient they are computed once more."""
    return sum(
        checkpoint(plain, some, weight, asked, "sum", use_reentrant=False)
        for some, asked in zip(hidden.split(rows), target.split(rows), strict=True)
    ) / len(target)


def ways() -> dict[str, Way]:
    """Functions of hidden, weight and target that give the same loss; an old torch has fewer."""
    found: dict[str, Way] = {"`cross_entropy(hidden @ weight.T, target)`": plain}
    if linear := getattr(functional, "linear_cross_entropy", None):
        less = partial(linear, options=torch.nn.LinearCrossEntropyOptions())
        found["`linear_cross_entropy(hidden, weight, target)`"] = linear
        found["the same with `options=LinearCrossEntropyOptions()`"] = less
    return {**found, f"a loop over {ROWS} rows with `checkpoint`": by_rows}


def inputs(sizes: Sequence[int]) -> tuple[Tensor, Tensor, Tensor]:
    """Hidden, float32 (N, D), weight (C, D) and target (N), the same each time."""
    count, width, num_classes = sizes
    draw = torch.Generator().manual_seed(0)
    hidden = torch.randn(count, width, generator=draw).requires_grad_()
    weight = torch.randn(num_classes, width, generator=draw) / width**0.5
    return hidden, weight.requires_grad_(), torch.arange(count) % num_classes


def calls(sizes: Sequence[int]) -> dict[str, Callable]:
    """What is measured, by name: on logits (N, C), or with gradients on inputs of N, D and C."""
    if len(sizes) == 3:
        given = inputs(sizes)
        return {
            name: lambda way=way: torch.autograd.grad(way(*given), given[:2])
            for name, way in ways().items()
        }
    call = torch.randn(*sizes), torch.arange(sizes[0]) % sizes[1]
    return {
        "`cross_entropy`": lambda: cross_entropy(*call),
        "`explain`": lambda: str(explain(*call)),
        "`diagnose`": lambda: str(diagnose(*call)),
    }


def measure(name: str, sizes: Sequence[int]) -> tuple[float, float]:
    """Seconds, the best of three, and MB at the peak above what was in use before."""
    call = calls(sizes)[name]
    calls([3] * len(sizes))[name]()  # what is loaded at the first call
    before, times = _in_use("VmRSS"), []
    Path("/proc/self/clear_refs").write_text("5")  # from here on the peak is counted anew
    for _ in range(3):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times), _in_use("VmHWM") - before


def _in_use(field: str) -> float:
    """This process's MB: now, `VmRSS`, or at its peak; `getrusage` would count its parent's."""
    status = Path("/proc/self/status").read_text()
    return 1.024e-3 * int(re.search(rf"^{field}:\s+(\d+) kB", status, re.M)[1])


def kept(way: Way, sizes: Sequence[int]) -> float:
    """The MiB that autograd keeps from forward to backward; what shares memory counts once."""
    storages = {}

    def note(tensor: Tensor) -> Tensor:
        storages[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    given = inputs(sizes)
    with saved_tensors_hooks(note, lambda tensor: tensor):
        loss = way(*given)  # held, so that no place in memory is given away twice
    del loss
    return sum(storages.values()) / 2**20


def main() -> None:
    """Measures, prints and records."""
    where, rows = ran_on(), [("shape", "call", "s", "×", "MB", "MiB kept")]
    for sizes in SHAPES:
        shape, first = " × ".join(map(str, sizes)), None
        for name in calls([3] * len(sizes)):
            with multiprocessing.get_context("spawn").Pool(1) as process:
                seconds, megabytes = process.apply(measure, (name, sizes))
            first = first or seconds
            mib = f"{kept(ways()[name], KEPT_AT):.1f}" if name in ways() else ""
            told = f"{seconds:.3g}", f"{seconds / first:.1f}", f"{megabytes:,.0f}"
            rows.append((shape, name, *told, mib))
    report(where, rows, ABOUT, "costs.md")


if __name__ == "__main__":
    main()
