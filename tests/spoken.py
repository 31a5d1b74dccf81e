"""What a picture's sentences say for the values that it is drawn for."""

from ce_helpers.live.numbers import FORMATS
from ce_helpers.live.picture import LivePicture
from ce_helpers.live.values import holds, read


def said(picture: LivePicture) -> str:
    """The lines below a picture, as the browser fills them."""
    return "".join(
        piece["text"]
        if "text" in piece
        else FORMATS[piece["format"]](read(piece["value"], picture.values))
        for sentence in picture.lines
        if holds(sentence["when"] or (), picture.values)
        for piece in sentence["pieces"]
    )
