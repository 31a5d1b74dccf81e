"""How things look: the palette, text and its width, lines made of pieces."""

import bisect
import re
from functools import lru_cache

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from ce_helpers.live.numbers import FORMATS

# Each becomes var(--ce-name) in the SVG; live.css says what that is, in light and in dark.
COLORS = {
    "paper": "#ffffff", "ink": "#1d2a35", "quiet": "#52616d", "grid": "#dde4ea",
    "target": "#b34100", "band": "#fdf0e5", "other": "#5c89b2", "otherink": "#2c6391",
    "track": "#84919c",
}  # fmt: skip
PALETTE = {color: f"var(--ce-{name})" for name, color in COLORS.items()}
FONT = 15

# How text looks: colour, weight, style.
INK, QUIET = ("ink", "normal", "normal"), ("quiet", "normal", "normal")
OTHERS, TARGET = ("otherink", "normal", "normal"), ("target", "bold", "normal")
STRONG, SYMBOL = ("ink", "bold", "normal"), ("ink", "bold", "italic")


@lru_cache(4096)  # names and words come again and again, and measuring is a tenth of drawing
def advance(text: str, font: FontProperties) -> float:
    """How far the next piece stands; a box ends at the last ink, so a dot keeps trailing blanks."""

    def width(some: str) -> float:
        return text_to_path.get_text_width_height_descent(some, font, ismath=False)[0]

    return width(text + ".") - width(".")


def advance_bold(words: str) -> float:
    """How wide words are where they are bold."""
    return advance(words, FontProperties(size=FONT, weight="bold"))


def fitting(name: str, most: float) -> str:
    """The name, or its beginning and … where it is wider than `most` pixels."""
    if advance_bold(name) <= most:
        return name
    ends = range(1, len(name))
    fits = bisect.bisect(ends, most, key=lambda end: advance_bold(name[:end] + "…"))
    return name[:fits] + "…"


def style(look) -> dict[str, str | int]:
    """How text looks in the browser."""
    color, weight, slant = look
    weights = {"normal": 400, "bold": 700}
    return {"fill": f"var(--ce-{color})", "font-weight": weights[weight], "font-style": slant}


LOOKS = {"ink": INK, "target": TARGET, "strong": STRONG, "others": OTHERS}


def pieces(template: str) -> list[tuple]:
    """Pieces of a line: words, `{value:format}`, `{value:format:look}`, `<the others as one>`."""
    found: list[tuple] = []
    for words in re.split(r"(\{.*?\}|<.*?>)", template):
        if words.startswith("{"):
            value, form, look = (*words[1:-1].split(":"), "ink")[:3]
            found.append(((FORMATS[form], value), LOOKS[look]))
        elif words.startswith("<"):
            found.append((words[1:-1], ("otherink", "bold", "normal")))
        elif words:
            found.append((words, INK))
    return found


def pieced(pieces) -> list[dict]:
    """Pieces as the browser reads them."""
    return [
        {"text": what, "look": style(look)}
        if isinstance(what, str)
        else {"format": what[0].__name__, "value": what[1], "look": style(look)}
        for what, look in pieces
    ]


def sentence(template: str, when=()) -> dict:
    """A line of words below a picture, and the conditions on which it is said."""
    return {"when": list(when) or None, "pieces": pieced(pieces(template))}
