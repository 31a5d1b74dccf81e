"""Colours and sizes that all figures share."""

# From Okabe and Ito's palette, darkened for text: told apart under colour blindness and in grey.
TARGET_COLOR = "#c04a00"
OTHER_COLOR = "#7fa6c9"
TARGET_BAND = "#fdeee2"
INK = "#22303c"
QUIET = "#5b6b79"
GRID = "#e3e8ed"
PAPER = "#ffffff"

FONT_SIZE = 10  # points: 14 CSS pixels
