"""Colours of words outside of live pictures, whose palette stands in `live/panel.py`."""

# From Okabe and Ito's palette, darkened for text: told apart under colour blindness and in grey.
TARGET_COLOR = "#c04a00"
RIGHT_COLOR = "#00735c"  # a right answer, always beside the word
QUIET = "#5b6b79"
