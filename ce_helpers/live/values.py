"""The flat table of values that a picture follows: reading it, and where a value lies.

Names are those of the state's `values()`, of the limits, and `before.` with a name for what stood
there before this move; `losses.2` is the entry 2 of `losses`. parts.js reads the same table by the
same rules.
"""

import math
from dataclasses import dataclass

APART = 0.05  # two numbers less apart look alike on an axis


def read(what, values: dict):
    """A value by its name; anything that is not a name stands for itself."""
    if not isinstance(what, str):
        return what
    if what in values:
        return values[what]
    name, _, index = what.rpartition(".")
    return values[name][int(index)]


TESTS = {
    "above": lambda a, b: a > b,
    "below": lambda a, b: a < b,
    "apart": lambda a, b: a != b and not abs(a - b) < APART,
    "near": lambda a, b: a == b or abs(a - b) < APART,
    "is": lambda a, b: a == b,
    "not": lambda a, b: a != b,
}


def holds(when, values: dict) -> bool:
    """Whether all of some conditions hold, each (name, test, name or number)."""
    return all(TESTS[test](read(a, values), read(b, values)) for a, test, b in when)


@dataclass(frozen=True)
class Scale:
    """Pixels along an axis. Its limits are numbers, or names of values that move with the state."""

    start: float
    end: float
    low: float | str
    high: float | str

    def at(self, value: float, values: dict) -> float:
        """The pixel where a value lies now; beyond the limits it lies on them."""
        low, high = read(self.low, values), read(self.high, values)
        share = (min(max(value, low), high) - low) / (high - low)
        return self.start + (self.end - self.start) * share

    def spec(self) -> dict:
        """What the browser needs."""
        return {"start": self.start, "end": self.end, "low": self.low, "high": self.high}


@dataclass(frozen=True)
class Power:
    """Pixels along an axis on which value 1 lies at share high^−gamma: small values get room."""

    start: float
    end: float
    high: float
    gamma: float

    def at(self, value: float, _values: dict) -> float:
        """The pixel where a value lies."""
        return self.start + (self.end - self.start) * self.share(value)

    def share(self, value: float) -> float:
        """From 0 to 1."""
        return (min(max(value, 0.0), self.high) / self.high) ** self.gamma

    def spec(self) -> dict:
        """What the browser needs."""
        return {"start": self.start, "end": self.end, "high": self.high, "gamma": self.gamma}


@dataclass(frozen=True)
class Places:
    """Pixels of whole numbers, one by one."""

    pixels: tuple[float, ...]

    def at(self, value: float, _values: dict) -> float:
        """The pixel of entry `value`."""
        return self.pixels[int(value)]

    def spec(self) -> dict:
        """What the browser needs."""
        return {"places": self.pixels}


def spot(value, scale=None, plus: float = 0.0) -> dict:
    """One coordinate of a part: a value on a scale, some pixels further; pixels without a scale."""
    return {"value": value, "scale": scale, "plus": plus}


def pixel(at: dict, values: dict) -> float:
    """Where a spot lies for these values."""
    value = read(at["value"], values)
    return (at["scale"].at(value, values) if at["scale"] else value) + at["plus"]


def plain(thing):
    """Scales, tuples and numpy's numbers as JSON has them; inf and nan as words."""
    if hasattr(thing, "spec"):
        return plain(thing.spec())
    if isinstance(thing, dict):
        return {key: plain(value) for key, value in thing.items() if value is not None}
    if isinstance(thing, list | tuple):
        return [plain(value) for value in thing]
    if hasattr(thing, "tolist"):
        return plain(thing.tolist())
    if isinstance(thing, float) and not math.isfinite(thing):
        return str(thing)
    return thing
