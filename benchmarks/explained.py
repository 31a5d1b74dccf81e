"""What `explain` and `diagnose` cost beside torch's own call, on a vocabulary's logits.

`python -m benchmarks.explained` prints a table. Each number comes from a process of its own: the
best of three times, and how far the first call raised the peak of the resident memory.
"""

import resource
import subprocess
import sys
import time

import torch

from ce_helpers import diagnose, explain

SHAPES = ((512, 50257), (2048, 50257))
KIB = 1024


def calls(shape: tuple[int, ...]) -> dict:
    """The three calls on the same logits."""
    logits = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    target = torch.arange(shape[0]) % shape[1]
    return {
        "torch": lambda: torch.nn.functional.cross_entropy(logits, target),
        "explain": lambda: str(explain(logits, target)),
        "diagnose": lambda: str(diagnose(logits, target)),
    }


def measure(name: str, shape: tuple[int, ...]) -> tuple[float, float]:
    """Seconds, and MB above what stood there before."""
    call = calls(shape)[name]
    calls((2, 3))[name]()  # what is loaded at the first call
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    times = []
    for _ in range(3):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return min(times), (peak - before) * KIB / 1e6


def main() -> None:
    """Prints the table; with a name and a shape, one measurement."""
    if len(sys.argv) > 1:
        print(*measure(sys.argv[1], tuple(map(int, sys.argv[2:]))))
        return
    print("| logits | call | s | × torch | MB | copies of the logits |\n|---|---|---|---|---|---|")
    for shape in SHAPES:
        first = None
        for name in ("torch", "explain", "diagnose"):
            command = [sys.executable, "-m", "benchmarks.explained", name, *map(str, shape)]
            told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            seconds, megabytes = map(float, told.split())
            first = first or seconds
            copies = megabytes * 1e6 / (4 * shape[0] * shape[1])
            print(
                f"| {shape} | {name} | {seconds:.3f} | {seconds / first:.1f} | {megabytes:.0f} "
                f"| {copies:.1f} |"
            )


if __name__ == "__main__":
    main()
