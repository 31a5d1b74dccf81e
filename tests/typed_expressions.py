"""Numbers as people type them, what each is, and what is said to one that is none.

`drawn` makes expressions as trees: plain Python computes a tree, and the browser reads its text. So
no second reader stands here.
"""

import math
import random
import sys

UNREAD = "No number can be read from “{}”. Type one, for example 0.25, 3/8, 1e-3 or ln 2."
LARGE = "That number is too large to compute. Type a smaller one."
SMALL = "That number is too small to compute: it becomes 0."
ROOT = "The root of a negative number is no number here."
BY_ZERO = "That divides by 0. If you mean infinity, type inf."
LOG_ZERO = "The log of 0 is infinite: type inf or -inf for that."
LOG_LESS = "The log of a negative number is no number."
TWO = "“{}” can be read in two ways. Write {} or {}."
MANY = "“{}” has more than one comma or point. Write one number, as 4096.5."

CASES = [
    ("1.3863", 1.3863), ("0.0037", 0.0037), ("0,0037", 0.0037), (",5", 0.5), (".5", 0.5),
    (" 1,39 ", 1.39), ("1,5", 1.5), ("3.7e-3", 0.0037), ("1.1921E-07", 1.1921e-07),
    ("1,2e-3", 0.0012), ("11/3", 11 / 3), ("3/8", 0.375), ("1 - 1/4", 0.75), ("5.", 5.0),
    ("-0.03", -0.03), ("−0.03", -0.03), ("2 * (3 + 4)", 14.0), ("20 - 9", 11.0),
    ("ln 4", math.log(4)), ("ln4", math.log(4)), ("LN 4", math.log(4)), ("log(4)", math.log(4)),
    ("−ln(0,25)", math.log(4)), ("-log 0.25", math.log(4)), ("-ln(1/10)", math.log(10)),
    ("-ln(1)/10", -0.0), ("ln 2 + ln 3", math.log(2) + math.log(3)), ("exp(-2)", math.exp(-2)),
    ("e^-2", math.e**-2), ("√4", 2.0), ("sqrt 2", math.sqrt(2)), ("2^-23", 2.0**-23),
    ("2**-23", 2.0**-23), ("-2^2", -4.0), ("2^3^2", 512.0), ("25%", 0.25), ("25 %", 0.25),
    ("2.3026 nats", 2.3026), ("ln(4) nats", math.log(4)), ("0", 0.0), ("0,125", 0.125),
    ("1234,567", 1234.567), ("4,0961", 4.0961), ("4.096", 4.096), ("2·3", 6.0), ("6÷3", 2.0),
    ("inf", math.inf), ("-inf", -math.inf), ("− ∞", -math.inf), ("Infinity", math.inf),
    ("nan", math.nan), ("0e5", 0.0), ("pi", math.pi), ("ln ln 4", math.log(math.log(4))),
    ("", "Nothing is typed yet. Type a number, for example 0.25, 3/8 or ln 2."),
    ("  ", "Nothing is typed yet. Type a number, for example 0.25, 3/8 or ln 2."),
    ("4,096", TWO.format("4,096", "4.096", "4096")),
    ("ln(4,096)", TWO.format("4,096", "4.096", "4096")),
    ("-ln 1/10", TWO.format("-ln 1/10", "ln(1/…)", "ln(1)/…")),
    ("ln 2^3", TWO.format("ln 2^3", "ln(2^…)", "ln(2)^…")),
    ("√4*2", TWO.format("√4*2", "sqrt(4*…)", "sqrt(4)*…")),
    ("1,000,000", MANY.format("1,000,000")), ("1.234,5", MANY.format("1.234,5")),
    ("2.3.4", MANY.format("2.3.4")), ("1e999", LARGE), ("9^9^9^9", LARGE), ("1e-999", SMALL),
    ("exp(-1000)", SMALL), ("3/0", BY_ZERO), ("0^-1", BY_ZERO), ("ln 0", LOG_ZERO),
    ("ln(-1)", LOG_LESS), ("(-1)^0.5", ROOT), ("sqrt(-1)", ROOT),
    ("1" * 61, "That is longer than 60 characters. Type one number."),
    *((text, UNREAD.format(text)) for text in (
        "abc", "1 2", "(1", "1)", "3,", "log2(4)", "__import__('os')", "٣", "３", "2⁻²³", "½",
        "0x10", "1_000", "4 096", "2 ln 3", "()", "-", "1e", "inf - inf", "a" * 60, "constructor",
        "1;2", "=2",
    )),
]  # fmt: skip


class RefusedError(Exception):
    """What the browser must say."""


def drawn(count: int, seed: int):
    """Random expressions: their text, and the number or the sentence that must come of it."""
    dice = random.Random(seed)
    while count:
        tree = _tree(dice, dice.choice((0, 1, 1, 2, 2, 3)))
        text, expected = _text(tree, dice), _computed(tree)
        # what is refused is the first that meets the eye, so one fault at a time
        spoilt = 1 if isinstance(expected, str) else dice.random()
        if spoilt < 0.04:
            text += dice.choice((" 2", ")", "x", "٢", " =", "₂", "; 3", "(", "²"))
            expected = UNREAD.format(text.strip())
        elif spoilt < 0.08:
            number = f"{dice.randrange(1, 1000)},{dice.randrange(1000):03}"
            expected = TWO.format(number, number.replace(",", "."), number.replace(",", ""))
            text += dice.choice((" + ", "*")) + number
        elif spoilt < 0.12:
            name, inside = dice.choice(("ln", "log", "exp")), dice.randrange(1, 9)
            sign = dice.choice("*/^")
            text = f"{text} + {name} {inside} {sign} {dice.randrange(1, 9)}"
            ways = f"{name}({inside}{sign}…)", f"{name}({inside}){sign}…"
            expected = TWO.format(text.strip(), *ways)
        if len(text.strip()) <= 60:
            count -= 1
            yield text, expected


def _computed(tree) -> float | str:
    try:
        return _value(tree)
    except RefusedError as refused:
        return str(refused)


def _tree(dice: random.Random, depth: int):
    if not depth:
        kind = dice.random()
        if kind < 0.08:
            return "constant", dice.choice(("e", "pi"))
        digits = dice.choice(("0", "1", "2", "7", "0.5", "0.25", "3.75", "12.5", "1234.5678"))
        if kind < 0.3:
            digits += dice.choice(("e-3", "e2", "e+2", "e-07", "e308", "e-330", "e999"))
        return ("percent" if kind > 0.93 else "number"), digits
    kind = dice.choice("+-*/^~f")
    if kind in "~f":
        name = "~" if kind == "~" else dice.choice(("ln", "log", "exp", "sqrt"))
        return name, _tree(dice, depth - 1)
    return kind, _tree(dice, depth - 1), _tree(dice, dice.randrange(depth))


def _value(tree) -> float:
    kind, *parts = tree
    if kind == "constant":
        return {"e": math.e, "pi": math.pi}[parts[0]]
    if kind in ("number", "percent"):
        return _literal(kind, parts[0])
    values = list(map(_value, parts))
    return (_of if len(values) == 1 else _joined)(kind, *values)


def _literal(kind: str, digits: str) -> float:
    value = _checked(float(digits), digits.strip("0.").startswith(tuple("123456789")))
    return value if kind == "number" else _checked(value / 100, value)


def _joined(kind: str, a: float, b: float) -> float:
    if kind == "^":
        return _power(a, b)
    if kind == "/":
        if b == 0:
            raise RefusedError(BY_ZERO)
        return _checked(a / b, a)
    if kind == "*":
        return _checked(a * b, a, b)
    return _checked(a + b if kind == "+" else a - b)


def _of(kind: str, a: float) -> float:
    if kind == "~":
        return -a
    if kind == "exp":
        return _checked(math.exp(a) if a < 709.78 else math.inf, 1)
    if kind == "sqrt":
        if a < 0:
            raise RefusedError(ROOT)
        return math.sqrt(a)
    if a <= 0:
        raise RefusedError(LOG_LESS if a else LOG_ZERO)
    return math.log(a)


def _power(a: float, b: float) -> float:
    if a == 0 and b < 0:
        raise RefusedError(BY_ZERO)
    if a < 0 and not b.is_integer():
        raise RefusedError(ROOT)
    try:
        return _checked(a**b, a)
    except OverflowError:
        raise RefusedError(LARGE) from None


def _checked(value: float, *parts: float) -> float:
    if math.isinf(value):
        raise RefusedError(LARGE)
    if value == 0 and parts and all(parts):
        raise RefusedError(SMALL)
    return value


STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "~": 3, "^": 4}


def _text(tree, dice: random.Random) -> str:
    """The tree as somebody may type it: signs, spaces and brackets as it happens."""
    kind, *parts = tree
    if kind == "constant":
        return parts[0]
    if kind in ("number", "percent"):
        digits = parts[0].replace(".", ",") if dice.random() < 0.3 else parts[0]
        digits = digits.removeprefix("0") if digits[:2] in ("0.", "0,") else digits
        return digits + (dice.choice(("%", " %")) if kind == "percent" else "")
    if kind == "~":
        return dice.choice("-−–") + _inside(parts[0], 3, dice)
    if kind in ("ln", "log", "exp", "sqrt"):
        name = dice.choice(("√", kind)) if kind == "sqrt" else kind
        return f"{name}{dice.choice(('', ' '))}({_text(parts[0], dice)})"
    sign = dice.choice({"-": "-−", "*": "*×·", "/": "/÷", "+": "+"}.get(kind, ("^", "**")))
    space = dice.choice(("", " "))
    strength = STRENGTH[kind]
    left = _inside(parts[0], strength + (kind == "^"), dice)
    right = _inside(parts[1], 3 if kind == "^" else strength + 1, dice)
    return f"{left}{space}{sign}{space}{right}"


def _inside(tree, least: int, dice: random.Random) -> str:
    """A part of an expression, in brackets where it binds less than `least`."""
    text = _text(tree, dice)
    return f"({text})" if STRENGTH.get(tree[0], 5) < least or dice.random() < 0.05 else text


if __name__ == "__main__":
    for text, expected in drawn(int(sys.argv[1]), 0):
        print(f"{text!r:50} {expected!r}")
