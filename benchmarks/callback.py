"""What one slider move costs in the kernel, for logits of different shapes, in one run.

Usage: python -m benchmarks.callback
"""

import statistics
import time

import torch

from ce_helpers import CrossEntropyExplorer

SHAPES = [(1, 4), (2, 4, 2), (1, 4, 64, 64), (1, 4, 256, 256), (1, 10), (1, 100)]
ROUNDS, MOVES = 5, 20


def explorer_of(shape: tuple[int, ...]) -> CrossEntropyExplorer:
    """An explorer of random logits."""
    generator = torch.Generator().manual_seed(0)
    target = torch.randint(shape[1], (shape[0], *shape[2:]), generator=generator)
    return CrossEntropyExplorer(torch.randn(shape, generator=generator), target)


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
    slider, live_figure = explorer.logit_sliders[0], explorer.live_figure

    def move(step: int) -> None:
        slider.value = (step % 30) / 3 - 5

    return {
        "move": milliseconds(move, MOVES),
        "compute": milliseconds(lambda _: explorer._state.compute(), MOVES),
        "blit": milliseconds(lambda _: live_figure._draw_moving_artists(), MOVES),
        "encode": milliseconds(lambda _: live_figure._png(compress_level=1), MOVES),
    }


def main() -> None:
    """Prints a table; the shapes take turns, so that a busy machine slows all of them alike."""
    explorers = {shape: explorer_of(shape) for shape in SHAPES}
    rounds = {shape: [] for shape in SHAPES}
    for _ in range(ROUNDS):
        for shape, explorer in explorers.items():
            rounds[shape].append(parts_of_a_move(explorer))
    print("| logits | move, ms | compute | blit | encode | PNG, kB | to (1, 4) |")
    print("|---|---|---|---|---|---|---|")
    first = statistics.median(part["move"] for part in rounds[SHAPES[0]])
    for shape, explorer in explorers.items():
        parts = {
            name: statistics.median(part[name] for part in rounds[shape])
            for name in rounds[shape][0]
        }
        size = len(explorer.live_figure.image.value) / 1000
        cells = " | ".join(f"{value:.1f}" for value in parts.values())
        print(f"| {shape} | {cells} | {size:.0f} | {parts['move'] / first:.2f} |")


if __name__ == "__main__":
    main()
