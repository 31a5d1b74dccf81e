"""From what one student costs to the server that a class needs."""

import math
from dataclasses import dataclass

GIB = 2**30
BASE_MEMORY = 1 * GIB  # the system, the hub and its proxy
HEADROOM = 1.4  # TLJH advises 20–40 % for students who play around
START_SECONDS = 120  # a class is up and has run the notebook within this time
BUSY = 0.5  # a slider waits for nobody while half of the processor time is free


@dataclass(frozen=True)
class Cost:
    """What one student costs.

    Args:
        memory: bytes of server and kernel.
        start: processor seconds from logging in to the last cell.
        move: processor seconds for a slider's move.
    """

    memory: float
    start: float
    move: float


@dataclass(frozen=True)
class Size:
    """What a class needs: memory in GiB, cores to start and cores to move sliders."""

    memory: int
    cores_to_start: int
    cores_to_move: int


def size(students: int, cost: Cost, moves_per_second: float) -> Size:
    """The server for a class in which everyone moves a slider at the same time.

    Args:
        students: how many at once, at least 1.
        cost: what one of them costs.
        moves_per_second: of each student.

    Raises:
        ValueError: no students, or a rate that is not positive.
    """
    if students < 1 or not moves_per_second > 0:
        raise ValueError(
            f"students is {students} and moves_per_second is {moves_per_second}; "
            "expected at least 1 student and a rate above 0."
        )
    return Size(
        memory=math.ceil((BASE_MEMORY + HEADROOM * students * cost.memory) / GIB),
        cores_to_start=math.ceil(students * cost.start / START_SECONDS),
        cores_to_move=math.ceil(students * moves_per_second * cost.move / BUSY),
    )
