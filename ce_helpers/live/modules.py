"""Several plain ES modules as one text, without a bundler.

anywidget loads a module from a blob, where relative imports fail; a page opened as a file may load
none at all. So what a module imports stands before it, each file once, in a scope of its own.
"""

import functools
import re
from pathlib import Path

FOLDER = Path(__file__).parent / "js"
IMPORT = re.compile(r'^import (.+?) from "\./([\w.]+)";$', re.M | re.S)
EXPORT = re.compile(r"^export (?:async )?(?:function|const) (\w+)", re.M)
DEFAULT = re.compile("^export default", re.M)


@functools.cache
def module(name: str) -> str:
    """The text of a module in `js/`, after all that it imports."""
    return "\n".join([*map(_scoped, dict.fromkeys(_imported(name))), _linked(name)])


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _imported(name: str) -> list[str]:
    """The modules that one needs, each after those that it needs itself."""
    found = []
    for _, other in IMPORT.findall(_read(name)):
        found += [*_imported(other), other]
    return found


def _linked(name: str) -> str:
    """A module's text that takes what it imports from the scopes before it."""

    def taken(found: re.Match) -> str:
        names, other = found.groups()
        if names.startswith("* as "):
            names = names.removeprefix("* as ")
        elif names.startswith("{"):
            names = names.replace(" as ", ": ")
        else:
            names = f"{{ default: {names} }}"
        return f"const {names} = {_scope(other)};"

    return IMPORT.sub(taken, _read(name))


def _scope(name: str) -> str:
    return "_" + name.replace(".", "_")


def _scoped(name: str) -> str:
    """A module in a function's scope, which hands out what the module exports."""
    text = _linked(name)
    exported = EXPORT.findall(text)
    if DEFAULT.search(text):
        exported.append("default: exported")
    text = re.sub("^export ", "", DEFAULT.sub("const exported =", text), flags=re.M)
    return f"const {_scope(name)} = (() => {{\n{text}\nreturn {{ {', '.join(exported)} }};\n}})();"


@functools.cache
def style() -> str:
    """The style sheet of all live pictures."""
    return (FOLDER / "live.css").read_text(encoding="utf-8")
