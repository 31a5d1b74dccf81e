"""How numbers are written in pictures: one table for Python and for the browser."""

import math
import random

from ce_helpers.live.numbers import FORMATS

CASES = [
    ("computed", 0.0, "0"), ("computed", -0.0, "0"), ("computed", 0.00371, "0.0037"),
    ("computed", 1 / 32, "0.0312"), ("computed", 3 / 32, "0.0938"), ("computed", -1.5, "−1.5000"),
    ("computed", 4.5418e-05, "4.5418e-05"), ("computed", 1e5, "1.0000e+05"),
    ("computed", math.inf, "inf"), ("computed", -math.inf, "−inf"), ("computed", math.nan, "nan"),
    ("short", 0.0, "0"), ("short", -0.0, "0"), ("short", 10.0, "10"), ("short", -2.01, "−2.01"),
    ("short", 0.123456, "0.1235"), ("short", -0.123456, "−0.123"), ("short", 1e-6, "1e-06"),
    ("short", 0.03125, "0.0312"), ("short", 123456.7, "123457"), ("short", 1e7, "1e+07"),
    ("two", 4.4076, "4.41"), ("two", 26.0, "26"), ("two", -0.001, "0"), ("two", 0.125, "0.12"),
    ("term", -3.5, "(−3.5)"), ("term", 3.5, "3.5"),
    ("near", 1.0, "1"), ("near", 0.9963, "0.9963"), ("near", 0.99995, "0.99995"),
    ("near", 0.99999988, "0.9999999"), ("near", 0.0, "0"),
    ("rare", 0.0, ""), ("rare", 0.5, ""), ("rare", 9.0850e-04, "1 in 1,101"),
    ("rare", 1.1253516e-07, "1 in 8.89 million"), ("rare", 1.0262e-10, "1 in 9.74 billion"),
    ("rare", 1e-13, "1 in 10¹³"), ("rare", 1e-6, "1 in 1.00 million"),
    ("apart", -5.594, "5.59"), ("apart", 0.125, "0.12"), ("whole", 3.0, "3"),
    ("times", 1, ""), ("times", 3, "×3"), ("percent", 0.2, "< 1%"), ("percent", 37.9, "37%"),
    ("percent", 0.0, "0%"), ("row", [4.0, -0.5, 33.3], "[4, −0.5, 33.3]"), ("text", "cat", "cat"),
    ("brief", 1.1921e-07, "1.2e-07"), ("brief", 0.0037, "0.0037"), ("brief", -2.5e5, "−2.5e+05"),
    ("brief", 0.0, "0"), ("listed", [0.5, 1e-5, 0.0], "[0.5000, 1.0000e-05, 0]"),
    ("listed", [0.0025, -9.085e-04, 0.9963], "[2.5000e-03, −9.0850e-04, 0.9963]"),
    ("listed", [0.0025, 0.001, 123456.0], "[0.0025, 0.0010, 1.2346e+05]"),
    ("numbers", [0.0025, -9.085e-04, 0.01], "[2.5000e-03, -9.0850e-04, 0.0100]"),
]  # fmt: skip


def drawn(count: int):
    """Random numbers of all sizes, ties of rounding among them."""
    dice = random.Random(8)
    for _ in range(count):
        size = 10 ** dice.uniform(-12, 6)
        value = dice.choice([-1, 1]) * dice.choice([size, round(size, 3), dice.randrange(64) / 64])
        p = abs(value) / (1 + abs(value))
        for name in ("computed", "brief", "short", "two", "term", "apart"):
            yield name, value, FORMATS[name](value)
        for name in ("near", "rare", "percent"):
            yield name, p, FORMATS[name](p)
        row = [value, p, p / 100]
        yield "listed", row, FORMATS["listed"](row)
