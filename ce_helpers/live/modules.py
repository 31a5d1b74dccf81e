"""Several plain ES modules as one text, without a bundler.

anywidget loads a module from a blob, where relative imports fail; a page opened as a file may load
none at all. So the text holds each module once, and the browser gives each an address, a data: URL.
"""

import functools
import json
import re
from pathlib import Path

FOLDER = Path(__file__).parent / "js"
IMPORT = re.compile(r'(?<=from ")\./([\w.]+)(?=";)')
EXPORT = re.compile(r"^export (?:async )?(?:function|const) (\w+)", re.MULTILINE)
LOAD = """
const urls = {};
for (const [name, text] of Object.entries(texts)) {
  const linked = text.replace(/(?<=from ")\\.\\/([\\w.]+)(?=";)/g, (_, other) => urls[other]);
  urls[name] = "data:text/javascript;base64," + btoa(linked);
}
const { default: main = null, ...named } = await import(Object.values(urls).at(-1));
export default main;
"""


@functools.cache
def module(name: str) -> str:
    """The text of a module in `js/` with all that it imports."""
    exports = ", ".join(EXPORT.findall(_source(name)))
    return (
        f"const texts = {json.dumps(_needed(name))};{LOAD}export const {{ {exports} }} = named;\n"
    )


def _source(name: str) -> str:
    """A module in ASCII, as btoa takes it."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return text.encode("ascii", "backslashreplace").decode()


def _needed(name: str) -> dict[str, str]:
    """A module after all that it imports, each once."""
    found: dict[str, str] = {}
    for other in IMPORT.findall(_source(name)):
        found |= {each: text for each, text in _needed(other).items() if each not in found}
    return {**found, name: _source(name)}


@functools.cache
def style() -> str:
    """The style sheet of all live pictures."""
    return (FOLDER / "live.css").read_text(encoding="utf-8")
