"""What was answered in this kernel; it is kept in memory, and no file is written."""

from collections.abc import Callable

RANK = {"open": 0, "wrong": 1, "shown": 2, "right": 3}

_best: dict[str, str] = {}
_listeners: list[Callable[[str], None]] = []


def note(key: str, status: str) -> None:
    """Keeps the best status of a question or exercise; a right answer stays right.

    Args:
        key: which question or exercise.
        status: "open", "wrong", "shown" or "right"; one that was shown first stays "shown".
    """
    best = status_of(key)
    if best != "shown" and RANK[status] > RANK[best]:
        _best[key] = status
        for listener in _listeners:
            listener(key)


def status_of(key: str) -> str:
    """The best status so far; "open" for what was never tried."""
    return _best.get(key, "open")


def listen(listener: Callable[[str], None]) -> None:
    """Calls `listener` with the key whenever a status changes."""
    _listeners.append(listener)
