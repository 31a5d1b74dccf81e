"""A line that says how much of a notebook is answered."""

import functools
from collections.abc import Collection

import ipywidgets as widgets

from ce_helpers.learning import record
from ce_helpers.learning.questions import Numbers
from ce_helpers.learning.tasks import exercises_of, questions_of
from ce_helpers.live.guarded import GuardedWidget
from ce_helpers.markup import as_html, tag

STATES = {
    "open": "Open",
    "guessed": "Guessed",
    "wrong": "Not yet",
    "shown": "Shown",
    "right": "Right",
}


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
    """How many questions and exercises of a notebook are answered, and what was answered to each.

    Args:
        notebook: its two digits.

    Example:
        >>> Progress("01").text().splitlines()[0]
        'Questions: 0 of 8 right. Exercises: 0 of 2 right.'
    """

    def __init__(self, notebook: str) -> None:
        super().__init__()
        self._questions = {
            key: template(Numbers()).text for key, template in questions_of(notebook).items()
        }
        self._exercises = exercises_of(notebook)
        self._counts, self._list = widgets.HTML(), widgets.HTML()
        self.children = [self._counts, self._list, self._error_line]
        record.listen(self.guarded(self._show))
        self._show()

    def text(self) -> str:
        """How many are right; then each question in its own words, and its tries."""
        return "\n".join([self._count(), *map(self._line, self._keys())]).replace("`", "")

    def _keys(self) -> list[str]:
        return [*self._questions, *self._exercises]

    def _count(self) -> str:
        return f"Questions: {_right(self._questions)}. Exercises: {_right(self._exercises)}."

    def _line(self, key: str) -> str:
        tries = record.tries_of(key)
        name = " ".join(self._questions.get(key, f"`{key}`").split())
        return f"{STATES[record.status_of(key)]}: {name}{f' – {tries}' if tries else ''}"

    def _show(self) -> None:
        # not spoken: the question that changed it has said what came of it
        self._counts.value = tag("div", self._count(), style="line-height:1.5")
        lines = (tag("li", as_html(self._line(key))) for key in self._keys())
        self._list.value = tag("ul", *lines, style="line-height:1.5;margin:0;padding-left:1.2em")


def _right(keys: Collection[str]) -> str:
    return f"{sum(record.status_of(key) == 'right' for key in keys)} of {len(keys)} right"
