"""What a picture's sentences say for the values that it is drawn for, or for other ones."""

from weakref import WeakKeyDictionary

from ce_helpers.live.numbers import FORMATS
from ce_helpers.live.picture import LivePicture
from ce_helpers.live.values import holds, read

_DRAWN: WeakKeyDictionary = WeakKeyDictionary()  # an explorer's picture; drawing takes longest


def said(picture: LivePicture, values: dict | None = None) -> str:
    """The lines below a picture, as the browser fills them."""
    values = values or picture.values
    return "".join(
        piece["text"] if "text" in piece else FORMATS[piece["format"]](read(piece["value"], values))
        for sentence in picture.lines
        if holds(sentence["when"] or (), values)
        for piece in sentence["pieces"]
    )


def said_by(explorer) -> str:
    """The lines below an explorer's picture, drawn once, for what it holds now."""
    picture = _DRAWN.get(explorer) or _DRAWN.setdefault(explorer, explorer.picture())
    return said(picture, picture.viewed(explorer._state.values()))
