"""Limits of axes, as values: they come from one ladder, so an axis reads alike wherever it stands.

limits.js is the twin and is sent the ladders, so only the rules stand twice. While a hand holds a
bar no limit moves; at rest one may grow. A new state fits them anew.
"""

import math
from dataclasses import dataclass

import numpy as np

LOGITS = (0.2, 0.5, 1, 2, 5, 10, 15, 20, 30, 50, 100, 200, 500, 1000)
LOSS = (4, 8, 20, 50, 100, 200, 500, 1000, 2500)
AHEAD = (8, 12, 20, 50, 100, 200, 500, 1000, 2500)  # how far left an axis of s reaches
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
LEAST_GAP = 36  # pixels from tick to tick


@dataclass(frozen=True)
class Limit:
    """A rung that holds everything in `of`.

    Args:
        name: of the value that it gives.
        of: names of values, each with a factor; a name may be that of an earlier limit.
        ladder: what the limit may be.
        least: it is never smaller.
        sign: −1 for a limit below zero.
    """

    name: str
    of: tuple[tuple[str, float], ...]
    ladder: tuple[float, ...]
    least: float = 0.0
    sign: int = 1

    def needed(self, values: dict) -> float:
        """What these values need."""
        largest = max(factor * value for name, factor in self.of for value in _all(values[name]))
        return self.sign * up(max(largest, self.least), self.ladder)


def _all(value) -> list[float]:
    return value if isinstance(value, list | tuple | np.ndarray) else [value]


def up(value: float, ladder) -> float:
    """The first rung not below `value`; above the ladder 1, 2 or 5 times a power of ten."""
    for rung in ladder:
        if rung >= value - 1e-9:
            return rung
    if not math.isfinite(value):
        return ladder[-1]
    power = 10 ** math.floor(math.log10(value))
    return next(rung * power for rung in (1, 2, 5, 10) if rung * power >= value)


def fitted(limits: list[Limit], values: dict) -> dict[str, float]:
    """The limits that these values need, by name."""
    found: dict[str, float] = {}
    for limit in limits:
        found[limit.name] = limit.needed(values | {name: abs(v) for name, v in found.items()})
    return found


def ticks(low: float, high: float, pixels: float) -> list[float]:
    """Round places from low to high, at least `LEAST_GAP` pixels apart."""
    most = pixels / LEAST_GAP
    step = next((step for step in STEPS if (high - low) / step <= most), None)
    if step is None:
        step = up((high - low) / most, ())
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(k * step, 6) for k in range(first, last + 1)]
