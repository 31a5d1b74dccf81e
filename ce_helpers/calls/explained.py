"""How the steps of one call are shown: a table of classes, then how losses become one number."""

from dataclasses import dataclass
from typing import NamedTuple

from ce_helpers.markup import Html, tag
from ce_helpers.style import said

# What leads to a column from those before it.
OPERATORS = {"exp(· − max)": "e^", "probs": "÷", "−log p": "−log", "target": "×", "weight": "×",
             "loss": "="}  # fmt: skip


class Mean(NamedTuple):
    """A mean as a fraction, in texts.

    Args:
        losses: one for each element; none if there are too many to show.
        weights: what each adds below the line.
        shown: which of them the table is about.
        numerator, denominator, loss: their sums and the quotient.
    """

    losses: tuple[str, ...]
    weights: tuple[str, ...]
    shown: int
    numerator: str
    denominator: str
    loss: str

    def __str__(self) -> str:
        sums = f"{self.numerator} ÷ {self.denominator} = {self.loss}"
        if len(self.losses) < 2:
            return f"mean = {sums}"
        above, below = " + ".join(self.losses), " + ".join(self.weights)
        return f"mean = ({above}) ÷ ({below}) = {sums}"

    def as_html(self) -> Html:
        """The same with lines between above and below."""
        parts: list[str] = ["mean = "]
        if len(self.losses) > 1:
            marked = [
                tag("b" if e == self.shown else "span", text, **{"class": _looks(text)})
                for e, text in enumerate(self.losses)
            ]
            weights = [tag("span", text, **{"class": _looks(text)}) for text in self.weights]
            parts += [_fraction(_sum(marked), _sum(weights)), " = "]
        parts += [_fraction(tag("span", self.numerator), tag("span", self.denominator)), " = "]
        return tag("p", *parts, tag("b", self.loss, **{"class": "ce-result"}))


def _looks(text: str) -> str:
    return "ce-out" if text in ("ignored", "—") else ""


def _sum(terms: list[Html]) -> Html:
    return tag("span", Html(" + ".join(terms)))


def _fraction(above: Html, below: Html) -> Html:
    return tag("span", above, below, **{"class": "ce-fraction"})


@dataclass(frozen=True)
class Explanation:
    """The steps of one call, to be read in a notebook or in plain text.

    Args:
        title: which element the table is about.
        header: the table's columns.
        rows: the table's cells, one row per class.
        marked: which rows belong to the target.
        sums: the row below them; empty cells where no sum says anything.
        lines: what follows from the table, the loss last.
        mean: the last line as a fraction, where it is one.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marked: tuple[bool, ...]
    sums: tuple[str, ...]
    lines: tuple[str, ...]
    mean: Mean | None = None

    def __str__(self) -> str:
        header = ["".join((*_signs(name), name)) for name in self.header]
        names = [
            f"◉ {row[0]}" if on else row[0] for row, on in zip(self.rows, self.marked, strict=True)
        ]
        rows = [(name, *row[1:]) for name, row in zip(names, self.rows, strict=True)]
        table = [header, *rows, *([self.sums] if self.sums else [])]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        aligned = [
            "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
            for row in table
        ]
        return "\n".join((self.title, *aligned, *self.lines))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head = tag("tr", *(tag("th", *_signs(name), name, scope="col") for name in self.header))
        rows = [
            self._row(row, "ce-target" if on else "")
            for row, on in zip(self.rows, self.marked, strict=True)
        ]
        if self.sums:
            rows.append(self._row(self.sums, "ce-sum"))
        body = tag("tbody", *rows)
        steps = {"class": "ce-steps", "style": f"--steps:{len(self.header)}"}
        table = tag("table", tag("thead", head), body, **steps)
        lines = [tag("p", line) for line in (self.lines[:-1] if self.mean else self.lines)]
        lines += [self.mean.as_html()] if self.mean else []
        return said(
            tag("p", tag("b", self.title)), tag("div", table, **{"class": "ce-scroll"}), *lines
        )

    def _row(self, row: tuple[str, ...], kind: str) -> Html:
        cells = [tag("td", *self._cell(k, text, kind)) for k, text in enumerate(row)]
        return tag("tr", *cells, **{"class": kind})

    def _cell(self, k: int, text: str, kind: str) -> list[str]:
        if kind == "ce-sum":
            return [tag("b", text, **{"class": "ce-result"}) if k == len(self.header) - 1 else text]
        if k == 0 and kind == "ce-target":
            return [
                tag("span", "◉", role="img", title="target", **{"aria-label": "target"}),
                " ",
                text,
            ]
        operator = OPERATORS.get(self.header[k])
        return [tag("i", operator), text] if operator else [text]


def _signs(name: str) -> list[str]:
    """The sign before a column's name, where the name itself does not say how it is computed."""
    operator = OPERATORS.get(name, "")
    return [f"{operator} "] if operator in ("÷", "×", "=") else []
