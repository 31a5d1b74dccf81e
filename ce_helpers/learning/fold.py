"""An output that answers a prediction stays folded until its reader opens it."""

from collections.abc import Sequence

from ce_helpers.markup import Html, tag


class Folded:
    """Text behind a line to click; in a notebook it shows itself.

    The fold is HTML, not the notebook's own collapsed output: Run All opens those, and saving
    forgets that they were closed.

    Args:
        text: what is folded; line breaks and blanks stay as they are.
        summary: the line that is seen.
    """

    def __init__(self, text: str, summary: str) -> None:
        self.text, self.summary = text, summary

    def __repr__(self) -> str:
        return f"{self.summary}\n{self.text}"

    def _repr_html_(self) -> Html:
        style = "white-space:pre-wrap;margin:4px 0 0 18px"
        inside = (
            tag("summary", self.summary, style="cursor:pointer"),
            tag("pre", self.text, style=style),
        )
        return tag("details", *inside)


def reveal(*values: object, summary: str = "Predict first, then open", **named: object) -> Folded:
    """Shows values folded, also after Run All: the last line of a cell that answers a prediction.

    Args:
        values: each is shown as `print` shows it, from a line of its own.
        summary: the line that is seen; it must not tell the answer.
        named: shown as `name = value`, below the others, the equals signs under each other.

    Raises:
        ValueError: there is nothing to fold.

    Example:
        >>> reveal("a gap of 16", loss=0.5)
        Predict first, then open
        a gap of 16
        loss = 0.5
    """
    if not values and not named:
        raise ValueError("reveal has nothing to fold; give it what the cell shall show: reveal(x).")
    width = max(map(len, named), default=0)
    lines = [_labelled(f"{name:{width}} = ", value) for name, value in named.items()]
    return Folded("\n".join([*map(str, values), *lines]), summary)


def _labelled(label: str, value: object) -> str:
    """A value behind its name; its further lines are set in as far as its first."""
    lines: Sequence[str] = str(value).splitlines() or [""]
    return ("\n" + " " * len(label)).join([label + lines[0], *lines[1:]])
