"""One call in a process of its own: how long it takes, and how far it raises the memory in use.

`python -m benchmarks.alone MODULE NAME SIZE …` measures `MODULE.calls(sizes)[NAME]`, on Linux.
"""

import importlib
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

KIB = 1024


def measured(module: str, name: str, sizes: Sequence[int]) -> tuple[float, float]:
    """Seconds, the best of three, and MB at the peak above what was in use before."""
    command = [sys.executable, "-m", "benchmarks.alone", module, name, *map(str, sizes)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    seconds, megabytes = map(float, told.split())
    return seconds, megabytes


def measure(module: str, name: str, sizes: Sequence[int]) -> tuple[float, float]:
    """What `measured` gives, in this process."""
    called = importlib.import_module(module)
    call = called.calls(sizes)[name]
    called.calls(called.SMALL)[name]()  # what is loaded at the first call
    before, times = in_use("VmRSS"), []
    Path("/proc/self/clear_refs").write_text("5")  # from here on the peak is counted anew
    for _ in range(3):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times), (in_use("VmHWM") - before) / 1e6


def in_use(field: str) -> int:
    """This process's memory in bytes: now, `VmRSS`, or at its peak, `VmHWM`.

    `resource.getrusage` would begin at the peak of the process that started this one.
    """
    status = Path("/proc/self/status").read_text()
    return KIB * int(re.search(rf"^{field}:\s+(\d+) kB", status, re.M)[1])


if __name__ == "__main__":
    print(*measure(sys.argv[1], sys.argv[2], [*map(int, sys.argv[3:])]))
