"""Measures how many students a JupyterHub on this machine bears.

Usage: python -m classroom.load --students 1 5 10

For each number it starts a hub on 127.0.0.1. That many students log in at once, then all run
notebook 01, then all move a slider. It stops at the first number at which a student fails or the
slider is slow, and exits with 1 if a student failed.
"""

import argparse
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

import psutil

from classroom.hub import running_hub
from classroom.sizing import Cost, size
from classroom.student import Student

SLOW = 0.25  # seconds: a picture that comes later no longer follows the hand
MIB = 2**20
HEADER = (
    "students | log in s  | run all s | slider ms         | cores busy  | memory MiB    | CPU\n"
    "         | med worst | med worst | median 95 % worst | class other | server kernel | "
    "start s move ms"
)


@dataclass(frozen=True)
class Class:
    """What was measured with one class.

    Args:
        log_in: seconds of each student.
        run_all: seconds of each student.
        moves: seconds of each student's moves.
        busy: cores that the class kept busy while it moved the slider.
        busy_all: the same with all else on this machine; the simulation is in it.
        memory: bytes of each student's server and kernel.
        cost: of one student.
    """

    log_in: list[float]
    run_all: list[float]
    moves: list[float]
    busy: float
    busy_all: float
    memory: list[tuple[int, int]]
    cost: Cost

    @property
    def slow(self) -> bool:
        """Whether the slider no longer follows."""
        return statistics.median(self.moves) > SLOW

    def row(self) -> str:
        """A line of the table."""
        log_in, run_all = (
            f"{statistics.median(times):3.0f} {max(times):5.0f}"
            for times in (self.log_in, self.run_all)
        )
        moves = sorted(1000 * seconds for seconds in self.moves)
        late = moves[int(0.95 * (len(moves) - 1))]
        server, kernel = (statistics.mean(part) / MIB for part in zip(*self.memory, strict=True))
        return (
            f"{len(self.memory):8} | {log_in} | {run_all} | "
            f"{statistics.median(moves):6.0f} {late:4.0f} {moves[-1]:5.0f} | "
            f"{self.busy:5.1f} {self.busy_all - self.busy:5.1f} | "
            f"{server:6.0f} {kernel:6.0f} | {self.cost.start:7.1f} {1000 * self.cost.move:7.0f}"
        )


def measure(count: int, moves: int, pause: float) -> Class:
    """Runs a class of `count` students on a hub of its own.

    Raises:
        ExceptionGroup: what went wrong, for each student with whom it did.
    """
    names = [f"student{number:03}" for number in range(count)]
    with tempfile.TemporaryDirectory() as folder, running_hub(Path(folder), names) as hub:
        students = [Student(hub.address, name) for name in names]
        try:
            before = hub.cpu_seconds()
            log_in = [seconds for seconds, _ in _all_at_once(Student.log_in, students)]
            run_all = [seconds for seconds, _ in _all_at_once(Student.run_all, students)]
            started, begin = hub.cpu_seconds(), time.perf_counter()
            psutil.cpu_percent()  # of all processes, until the next call
            slid = _all_at_once(lambda student: student.move(moves, pause), students)
            busy_all = psutil.cpu_percent() / 100 * psutil.cpu_count()
            moved, seconds = hub.cpu_seconds(), time.perf_counter() - begin
            memory = hub.memory()
        finally:
            for student in students:
                student.leave()
    cost = Cost(
        memory=sum(map(sum, memory)) / count,
        start=(started - before) / count,
        move=(moved - started) / (count * moves),
    )
    times = [second for _, part in slid for second in part]
    return Class(log_in, run_all, times, (moved - started) / seconds, busy_all, memory, cost)


def _all_at_once(action: Callable, students: list[Student]) -> list[tuple[float, object]]:
    """Each student's seconds and result; all failures together, if there are any."""

    def timed(student: Student) -> tuple[float, object]:
        begin = time.perf_counter()
        result = action(student)
        return time.perf_counter() - begin, result

    pool = ThreadPoolExecutor(len(students))
    try:
        futures = [pool.submit(timed, student) for student in students]
        wait(futures)
    finally:
        pool.shutdown(wait=False)  # who is interrupted stops the hub, which ends what still waits
    if failures := [error for future in futures if (error := future.exception())]:
        raise ExceptionGroup(f"{len(failures)} of {len(students)} students", failures)
    return [future.result() for future in futures]


def main() -> int:
    """Measures classes of growing size and prints what larger ones need."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--students", type=int, nargs="+", default=[1, 5, 10])
    parser.add_argument("--moves", type=int, default=40, help="of each student's slider")
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between two moves")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # stops the hub, as Ctrl-C does
    print(f"{os.cpu_count()} cores, load before: {os.getloadavg()[0]:.1f}\n{HEADER}", flush=True)
    cost = None
    for count in options.students:
        if cost and count * cost.memory > psutil.virtual_memory().available:
            print(f"{count:8} | Not tried: more memory than is free.")
            break
        try:
            measured = measure(count, options.moves, options.pause)
        except ExceptionGroup as failures:
            print(f"{count:8} | {failures}", *map(repr, failures.exceptions[:3]), sep="\n")
            return 1
        print(measured.row(), flush=True)
        cost = measured.cost
        if measured.slow:
            print(f"The slider's median is above {1000 * SLOW:.0f} ms: too many for this machine.")
            break
    for count in (30, 300):
        print(count, "students need", size(count, cost, 1 / options.pause))
    return 0


if __name__ == "__main__":
    sys.exit(main())
