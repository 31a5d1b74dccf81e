"""How numbers are written in pictures. numbers.js is its twin: the same names, digit for digit."""

import math

import numpy as np

from ce_helpers.formatting import format_list, format_number, format_numbers, format_probability
from ce_helpers.formatting import shortest as float_text


def minus(text: str) -> str:
    """A leading hyphen becomes a minus; an exponent keeps its own, as torch prints it."""
    return "−" + text[1:] if text.startswith("-") else text


def plain(value: float, decimals: int) -> str:
    """At most so many decimals, no zeros behind them."""
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def computed(value: float) -> str:
    """What torch computed: 4 decimals, scientific below 0.001, an exact 0 is 0."""
    return minus(format_number(value))


def brief(value: float) -> str:
    """As computed, with one digit behind the point of a small number: for narrow columns."""
    text = computed(value)
    return minus(f"{value:.1e}") if "e" in text else text


def short(value: float) -> str:
    """What a person set: at most 4 decimals and 6 characters, never 0 for what is not 0."""
    for decimals in (4, 3, 2, 1, 0):
        text = plain(value, decimals)
        if len(text) <= 6 and (float(text) or not value):
            return minus(text)
    return minus(f"{value:.0e}")


def two(value: float) -> str:
    """A term of a sum: at most 2 decimals."""
    return minus(plain(value, 2)) if math.isfinite(value) else minus(str(value))


def term(value: float) -> str:
    """A number after a minus: a negative one in parentheses."""
    return f"({short(value)})" if value < 0 else short(value)


def rounded(value: float) -> str:
    """Two decimals where they tell the number, more next to 0 and to 1."""
    size = abs(value)
    if not value or not math.isfinite(value):
        return minus(str(value)) if value else "0"
    if size < 0.00095:
        return minus(f"{value:.0e}")
    return minus(f"{value:.{4 if size < 0.005 or 0.99 < size < 1 else 2}f}")


def signed(value: float) -> str:
    """A change: as `rounded`, with its sign."""
    return ("+" if value > 0 else "") + rounded(value)


def printed(value: float) -> str:
    """A computed number as `text()` has it."""
    return format_number(value)


def real(value: float) -> str:
    """A float as code has it."""
    return str(float(value))


def numbers(values) -> str:
    """Computed numbers in brackets, as `text()` has them."""
    return format_list(values)


def floats(values) -> str:
    """Numbers of a float32 tensor as code has them."""
    return ", ".join(_float(np.float32(value)) for value in values)


def _float(value: np.float32) -> str:
    text = float_text(value)
    return text if "." in text or "e" in text else f"{text}."


def integers(values) -> str:
    """Whole numbers as code has them."""
    return ", ".join(str(int(value)) for value in values)


def near(p: float) -> str:
    """A probability in a formula, with nines as needed."""
    return minus(format_probability(p))


def rare(p: float) -> str:
    """`1 in 1,101` for a bar too short to see; nothing for the others."""
    if not 0 < p < 0.01:
        return ""
    n = 1 / p
    if n < 999_999.5:
        return f"1 in {math.floor(n + 0.5):,}"
    if n >= 1e12:
        power = str(math.floor(math.log10(n) + 0.5))
        return "1 in 10" + power.translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    n, unit = (n / 1e6, "million") if n < 1e9 else (n / 1e9, "billion")
    return f"1 in {n:.{2 if n < 9.995 else 1 if n < 99.95 else 0}f} {unit}"


def apart(value: float) -> str:
    """A distance: 2 decimals, without its sign."""
    return f"{abs(value):.2f}"


def whole(value: float) -> str:
    """A count or an index."""
    return str(int(value))


def times(count: float) -> str:
    """How many lie in one place; nothing for one."""
    return f"×{int(count)}" if count > 1 else ""


def percent(value: float) -> str:
    """A share of all; less than one of a hundred is not none."""
    return "< 1%" if 0 < value < 1 else f"{math.floor(value)}%"


def text(value: str) -> str:
    """Words as they are."""
    return str(value)


def shortest(value: float) -> str:
    """The fewest digits that read back as the same float32, without an exponent for small ones."""
    text = np.format_float_positional(np.float32(value), trim="-")
    return "0" if text == "-0" else text


def row(values) -> str:
    """Logits as they are written in words."""
    return "[" + ", ".join(minus(shortest(value)) for value in values) + "]"


def listed(values) -> str:
    """Computed numbers in brackets."""
    return "[" + ", ".join(map(minus, format_numbers(values))) + "]"


FORMATS = {
    function.__name__: function
    for function in (
        computed, short, two, term, near, rare, apart, whole, times, row, text, percent,
        listed, brief, rounded, signed, printed, real, numbers, floats, integers,
    )
}  # fmt: skip
