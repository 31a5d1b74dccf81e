"""Colours of what has no live picture; those of pictures stand in `live/panel.py`."""

# Darkened for text, told apart under colour blindness and in grey.
TARGET_COLOR = "#c04a00"
RIGHT_COLOR = "#00735c"  # a right answer, always beside the word
QUIET = "#5b6b79"
