"""What `explain` and `diagnose` cost beside torch's own call, on a vocabulary's logits.

`python -m benchmarks.explained` writes the table into results.md.
"""

from collections.abc import Callable, Sequence

import torch

from benchmarks.alone import measured
from benchmarks.results import ran_on, record, rows_of
from ce_helpers import diagnose, explain

SHAPES = ((512, 50257), (2048, 50257))
SMALL = (2, 3)
HEADER = ("logits", "call", "s", "× torch", "MB", "copies of the logits")


def calls(shape: Sequence[int]) -> dict[str, Callable]:
    """The three calls on the same logits."""
    logits = torch.randn(*shape, generator=torch.Generator().manual_seed(0))
    target = torch.arange(shape[0]) % shape[1]
    return {
        "torch": lambda: torch.nn.functional.cross_entropy(logits, target),
        "explain": lambda: str(explain(logits, target)),
        "diagnose": lambda: str(diagnose(logits, target)),
    }


def main() -> None:
    """Measures, prints and records."""
    where, rows = ran_on(), []
    for shape in SHAPES:
        found = {name: measured("benchmarks.explained", name, shape) for name in calls(SMALL)}
        for name, (seconds, megabytes) in found.items():
            copies = megabytes * 1e6 / (4 * shape[0] * shape[1])
            times = seconds / found["torch"][0]
            told = (f"{seconds:.3f}", f"{times:.1f}", f"{megabytes:.0f}", f"{copies:.1f}")
            rows.append((str(shape), name, *told))
    record("What `explain` costs", f"{where}\n\n{rows_of(HEADER, rows)}")


if __name__ == "__main__":
    main()
