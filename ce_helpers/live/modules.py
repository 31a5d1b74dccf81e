"""Several plain ES modules as one text, without a bundler.

anywidget loads a module from a blob, where relative imports fail; a page opened as a file may load
none at all. So each relative import is replaced by the imported file as a data: URL.
"""

import base64
import functools
import re
from pathlib import Path

from ce_helpers.style import sheet

FOLDER = Path(__file__).parent / "js"
STYLES = ("live.css", "questions.css")
IMPORT = re.compile(r'(?<=from ")\./([\w.]+)(?=";)')


@functools.cache
def module(name: str) -> str:
    """The text of a module in `js/`, with what it imports inlined."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return IMPORT.sub(lambda found: _data_url(module(found[1])), text)


def _data_url(text: str) -> str:
    return "data:text/javascript;base64," + base64.b64encode(text.encode()).decode()


@functools.cache
def style() -> str:
    """The style sheet of all live pictures and questions."""
    own = ((FOLDER / name).read_text(encoding="utf-8") for name in STYLES)
    return "".join((sheet("palette.css"), sheet("told.css"), *own))
