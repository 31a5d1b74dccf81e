"""Colours and looks of what is told in HTML; live pictures have the same colours."""

import functools
import re
from pathlib import Path

from ce_helpers.markup import Html, tag

# Of single lines outside of such HTML: read on white and on JupyterLab's dark grey alike.
RIGHT_COLOR = "#00735c"  # a right answer, always beside the word
QUIET = "#5b6b79"

# JupyterLab would set a name between dollars as a formula.
NO_FORMULAS = "ce-said mathjax_ignore"
FOLDER = Path(__file__).parent


def sheet(name: str) -> str:
    """A style sheet that stands beside this file."""
    return (FOLDER / name).read_text(encoding="utf-8")


def said(*inside: str) -> Html:
    """A block that brings its looks along: an output must be read wherever it is shown."""
    return tag("div", tag("style", _looks()), *inside, **{"class": NO_FORMULAS})


@functools.cache
def _looks() -> Html:
    text = re.sub(r"/\*.*?\*/", "", sheet("palette.css") + sheet("told.css"), flags=re.S)
    return Html(re.sub(r"\s+", " ", text).strip())
