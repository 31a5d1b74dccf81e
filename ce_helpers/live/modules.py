"""Several plain ES modules as one text, without a bundler.

anywidget loads a module from a blob, where relative imports fail; a page opened as a file may load
none at all. So what a module imports stands before it in the same text, each file once, as a
function that returns its exports.
"""

import functools
import re
from pathlib import Path

from ce_helpers.style import sheet

FOLDER = Path(__file__).parent / "js"
STYLES = ("live.css", "questions.css")
IMPORT = re.compile(r'^import (.*?) from "(\.[\w./]+)";$', re.M | re.S)
EXPORT = re.compile(r"^export (?=(?:async function|function|const|let|class) (\w+))", re.M)
DEFAULT = re.compile(r"^export default ", re.M)


@functools.cache
def module(name: str | Path) -> str:
    """The text of a module in `js/`, or in another file, after all that it imports.

    Raises:
        ValueError: two of the files have one name, or import each other or what is not there.
    """
    path = (FOLDER / name).resolve()
    found: dict[str, tuple[Path, str]] = {}
    _collect(path, found, ())
    return "\n".join([*(text for _, text in found.values()), _linked(path)])


def _collect(path: Path, found: dict[str, tuple[Path, str]], way: tuple[Path, ...]) -> None:
    """Writes what a module imports into `found`, by name, before whoever imports it."""
    for names, name in IMPORT.findall(path.read_text(encoding="utf-8")):
        other = (path.parent / name).resolve()
        exported = EXPORT.findall(other.read_text(encoding="utf-8"))
        wanted = re.findall(r"[{,]\s*(\w+)", names)
        if missing := [each for each in wanted if each not in exported]:
            raise ValueError(f"{other.name} exports no {missing[0]}, which {path.name} imports.")
        if other in (*way, path):
            raise ValueError(f"{other.name} and {path.name} import each other.")
        if other.stem in found and found[other.stem][0] != other:
            raise ValueError(f"There are two modules named {other.name}: rename one.")
        if other.stem not in found:
            _collect(other, found, (*way, path))
            found[other.stem] = other, _wrapped(other)


def _wrapped(path: Path) -> str:
    """A module as a constant that holds its exports."""
    text = _linked(path)
    names = EXPORT.findall(text)
    names += ["default: $default"] if DEFAULT.search(text) else []
    text = DEFAULT.sub("const $default = ", EXPORT.sub("", text))
    return f"const ${path.stem} = (() => {{\n{text}\nreturn {{ {', '.join(names)} }};\n}})();"


def _linked(path: Path) -> str:
    """A module's text, its imports taken from the constants before it."""

    def link(found: re.Match) -> str:
        names, of = found[1], f"${Path(found[2]).stem}"
        if names.startswith("* as "):
            return f"const {names.removeprefix('* as ')} = {of};"
        if names.startswith("{"):
            return f"const {names.replace(' as ', ': ')} = {of};"
        return f"const {names} = {of}.default;"

    return IMPORT.sub(link, path.read_text(encoding="utf-8"))


@functools.cache
def style() -> str:
    """The style sheet of all live pictures and questions."""
    own = ((FOLDER / name).read_text(encoding="utf-8") for name in STYLES)
    return "".join((sheet("palette.css"), sheet("told.css"), *own))
