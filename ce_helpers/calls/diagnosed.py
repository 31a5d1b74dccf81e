"""How a diagnosis is shown: shapes aligned by dimension, and each finding with what to run."""

from typing import NamedTuple

from ce_helpers.calls.call import Call, Remedy
from ce_helpers.markup import Html, as_html, tag
from ce_helpers.style import said

# Takes the line before the button; this way to copy also works on a page that is not served safely.
COPY = (
    "getSelection().selectAllChildren(this.previousElementSibling);document.execCommand('copy');"
    "this.dataset.done=1;this.ariaLabel='Copied'"
)


class Sizes(NamedTuple):
    """One argument's shape, laid out under the letters of logits.

    Args:
        name: of the argument.
        sizes: each size with its letter and whether it clashes with logits; None leaves a gap.
        kind: what it holds.
    """

    name: str
    sizes: tuple[tuple[int, str, bool] | None, ...]
    kind: str


def aligned(call: Call) -> tuple[Sizes, ...]:
    """The shapes of logits and target, each size of target under that of logits which it meets."""
    letters = (
        ["C"] if call.dim == 0 else ["N", "C", *(f"d{k}" for k in range(1, call.logits.dim() - 1))]
    )
    has_classes = call.target.dim() == call.logits.dim()
    places = [k for k in range(len(letters)) if has_classes or k != call.dim]
    met = dict(zip(places, call.target.shape, strict=False))
    beyond = call.target.shape[len(places) :]
    is_wrong = {k: met.get(k) != call.shape[k] for k in places}
    target = tuple(
        (met[k], letters[k], is_wrong[k]) if k in met else None for k in range(len(letters))
    )
    target += tuple((size, "?", True) for size in beyond)
    logits = tuple(
        (call.shape[k], letter, is_wrong.get(k, False)) for k, letter in enumerate(letters)
    )
    holds = "class indices" if call.has_indices else "probabilities"
    types = [str(each.dtype).removeprefix("torch.") for each in (call.logits, call.target)]
    return Sizes("logits", logits, types[0]), Sizes("target", target, f"{types[1]}, {holds}")


def diagnosis_html(
    reading: str, shapes: tuple[Sizes, ...], findings: list[Html], notes: tuple[str, ...]
) -> Html:
    """All of a diagnosis; `reading` says in words what cannot be laid out."""
    worth = (tag("p", as_html(note), **{"class": "ce-note"}) for note in notes)
    return said(_table(shapes) if shapes else tag("p", reading), *findings, *worth)


def _table(shapes: tuple[Sizes, ...]) -> Html:
    width = max(len(row.sizes) for row in shapes)
    rows = []
    for name, sizes, kind in shapes:
        cells = [_cell(size) for size in (*sizes, *[None] * (width - len(sizes)))]
        about = tag("td", kind, **{"class": "ce-kind"})
        rows.append(tag("tr", tag("th", name, scope="row"), *cells, about))
    return tag("div", tag("table", *rows, **{"class": "ce-shapes"}), **{"class": "ce-scroll"})


def _cell(size: tuple[int, str, bool] | None) -> Html:
    if size is None:
        return tag("td")
    count, letter, is_wrong = size
    below = tag(
        "span", f"{letter} ≠" if is_wrong else letter, **{"class": "ce-classes" * (letter == "C")}
    )
    return tag("td", str(count), below, **{"class": "ce-size ce-clash" if is_wrong else "ce-size"})


def finding_html(kind: str, title: str, message: str, remedies: tuple[Remedy, ...]) -> Html:
    """One finding: what was seen, and the lines that mend it."""
    lines = [
        tag("p", remedy.line.removeprefix("# "))
        if remedy.line.startswith("#")
        else remedy_html(remedy.line)
        for remedy in remedies
    ]
    return tag(
        "div",
        tag("p", title),
        tag("p", as_html(message)),
        *lines,
        **{"class": f"ce-finding ce-{kind}"},
    )


def remedy_html(line: str) -> Html:
    """A line of code to run, with a button that copies it where the page lets one."""
    copy = {"class": "ce-copy", "type": "button", "aria-label": "Copy", "onclick": COPY}
    return tag("div", tag("code", line), tag("button", **copy), **{"class": "ce-remedy"})
