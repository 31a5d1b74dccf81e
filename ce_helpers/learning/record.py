"""What was answered in this kernel; it is kept in memory, and no file is written."""

from collections.abc import Callable

RANK = {"open": 0, "guessed": 1, "wrong": 2, "shown": 3, "right": 4}

_best: dict[str, str] = {}
_tries: dict[str, str] = {}
_listeners: list[Callable[[str], None]] = []


def note(key: str, status: str, tries: str = "") -> None:
    """Keeps the best status of a question or exercise; a right answer stays right.

    Args:
        key: which question or exercise.
        status: "open", "guessed" (noted, not judged), "wrong", "shown" or "right"; one that was
            shown first stays "shown".
        tries: what was answered so far, in plain text; kept while the status is open to change.
    """
    best = status_of(key)
    if best in ("shown", "right") or RANK[status] < RANK[best]:
        return
    if (status, tries) != (best, tries_of(key)):
        _best[key], _tries[key] = status, tries
        for listener in _listeners:
            listener(key)


def status_of(key: str) -> str:
    """The best status so far; "open" for what was never tried."""
    return _best.get(key, "open")


def tries_of(key: str) -> str:
    """What was answered on the way to that status."""
    return _tries.get(key, "")


def listen(listener: Callable[[str], None]) -> None:
    """Calls `listener` with the key whenever a status changes."""
    _listeners.append(listener)
