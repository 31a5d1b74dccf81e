"""What one slider move costs in the kernel, for logits of different shapes, in one run.

`benchmarks.kernel` runs it in a kernel, so that messages are sent.
"""

import statistics
import time

import torch

from ce_helpers import CrossEntropyExplorer

# (shape of the logits, pixel ratio): the first is what the others are compared with
CASES = [
    ((1, 4), 2), ((1, 4), 1), ((1, 10), 2), ((1, 100), 2),
    ((2, 4, 2), 2), ((1, 4, 64, 64), 2), ((1, 4, 256, 256), 2),
]  # fmt: skip
MOVES = 20


def explorer_of(shape: tuple[int, ...], pixel_ratio: int) -> CrossEntropyExplorer:
    """An explorer of random logits."""
    generator = torch.Generator().manual_seed(0)
    target = torch.randint(shape[1], (shape[0], *shape[2:]), generator=generator)
    return CrossEntropyExplorer(
        torch.randn(shape, generator=generator), target, pixel_ratio=pixel_ratio
    )


def move(explorer: CrossEntropyExplorer, step: int) -> None:
    """Moves the first slider, each time to another place."""
    explorer.logit_sliders[0].value = (step % 30) / 3 - 5


def milliseconds(work, times: int) -> float:
    """The median time of one call."""
    taken = []
    for step in range(times):
        start = time.perf_counter()
        work(step)
        taken.append(time.perf_counter() - start)
    return 1000 * statistics.median(taken)


def parts_of_a_move(explorer: CrossEntropyExplorer) -> dict[str, float]:
    """Milliseconds of a whole move and of what it is made of."""
    live_figure = explorer.live_figure
    return {
        "move": milliseconds(lambda step: move(explorer, step), MOVES),
        "compute": milliseconds(lambda _: explorer._state.compute(), MOVES),
        "blit": milliseconds(lambda _: live_figure._draw_moving_artists(), MOVES),
        "encode": milliseconds(lambda _: live_figure._png(compress_level=1), MOVES),
        "send": milliseconds(lambda _: live_figure.image.send_state("value"), MOVES),
    }


def measure(rounds: int) -> list[dict[str, float]]:
    """Of each case the parts of a move, and the bytes of its picture.

    The cases take turns, so that a busy machine slows all of them alike.
    """
    explorers = [explorer_of(*case) for case in CASES]
    seen = [[] for _ in CASES]
    for _ in range(rounds):
        for parts, explorer in zip(seen, explorers, strict=True):
            parts.append(parts_of_a_move(explorer))
    return [
        {name: statistics.median(part[name] for part in parts) for name in parts[0]}
        | {"bytes": len(explorer.live_figure.image.value)}
        for parts, explorer in zip(seen, explorers, strict=True)
    ]
