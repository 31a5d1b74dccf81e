"""What a learner is told about a solution: one word, then the reason."""

from dataclasses import dataclass

from ce_helpers.markup import as_html, tag
from ce_helpers.style import QUIET, RIGHT_COLOR

HEADINGS = {"right": "Right.", "wrong": "Not yet.", "open": "Not answered yet."}


@dataclass(frozen=True)
class Verdict:
    """A verdict on one solution; in a notebook it shows itself.

    Args:
        status: "right", "wrong" or "open" (nothing to judge yet).
        message: the reason or a hint; `code` stands between backticks.

    Example:
        >>> Verdict("wrong", "A loss is never negative.")
        Not yet. A loss is never negative.
    """

    status: str
    message: str

    def __repr__(self) -> str:
        return f"{HEADINGS[self.status]} {self.message}"

    def _repr_html_(self) -> str:
        """The same as a quiet line with a bar: told by its word, not by its colour alone."""
        color = RIGHT_COLOR if self.status == "right" else QUIET
        bar = f"border-left:4px solid {color};padding:2px 0 2px 10px;line-height:1.4"
        heading = tag("b", HEADINGS[self.status])
        return tag("div", heading, " ", as_html(self.message), role="status", style=bar)
