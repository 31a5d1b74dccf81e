"""A line that says how much of a notebook is answered."""

import functools
from collections.abc import Collection

import ipywidgets as widgets

from ce_helpers.learning import record
from ce_helpers.learning.tasks import exercises_of, questions_of
from ce_helpers.live.guarded import GuardedWidget
from ce_helpers.markup import as_html, tag


@functools.cache
def progress(notebook: str) -> "Progress":
    """The line for a notebook, up to date at all times; it lives as long as the kernel.

    Args:
        notebook: its two digits, for example "01".

    Raises:
        ValueError: there is no such notebook.
    """
    return Progress(notebook)


class Progress(GuardedWidget):
    """A line that says which questions and exercises of a notebook are answered.

    Args:
        notebook: its two digits.

    Example:
        >>> Progress("01").text().splitlines()[0]
        'Questions: 0 of 8 right. Exercises: 0 of 2 right.'
    """

    def __init__(self, notebook: str) -> None:
        super().__init__()
        self._questions, self._exercises = questions_of(notebook), exercises_of(notebook)
        self._line = widgets.HTML()
        self.children = [self._line, self._error_line]
        record.listen(self.guarded(self._show))
        self._show()

    def text(self) -> str:
        """How many are right, and which are open or were shown."""
        keys = [*self._questions, *self._exercises]
        lines = [
            f"Questions: {_right(self._questions)}. Exercises: {_right(self._exercises)}.",
            _named("Open", [key for key in keys if record.status_of(key) in ("open", "wrong")]),
            _named("Shown", [key for key in keys if record.status_of(key) == "shown"]),
        ]
        return "\n".join(filter(None, lines))

    def _show(self) -> None:
        lines = as_html(self.text())
        self._line.value = tag("div", lines, role="status", style="line-height:1.5")


def _right(keys: Collection[str]) -> str:
    return f"{sum(record.status_of(key) == 'right' for key in keys)} of {len(keys)} right"


def _named(word: str, keys: list[str]) -> str:
    return f"{word}: {', '.join(keys)}." if keys else ""
