"""Read a number as people type it: 1.39, 1,39, 3/8, ln 4, -log(0.25), 2^-23, 25 %."""

import math
import operator
import re

LONGEST = 60  # characters; also keeps brackets from nesting too deep
TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)|([a-z]+)|(.))")
FUNCTIONS = {"ln": math.log, "log": math.log, "exp": math.exp, "sqrt": math.sqrt}
CONSTANTS = {"e": math.e, "pi": math.pi}
SIGNS = str.maketrans({"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", "√": "sqrt"})


def read_number(text: str) -> float:
    """Compute what was typed; only numbers, + - * / ^, brackets, ln, log, exp and sqrt are known.

    Args:
        text: as typed. `log` is the natural logarithm; a unit of nats at the end is allowed.

    Raises:
        ValueError: nothing was typed, or no finite number can be read from it.

    Example:
        >>> read_number("3/8"), read_number("1e-3"), round(read_number("ln 4"), 4)
        (0.375, 0.001, 1.3863)
    """
    plain = re.sub(r"(?<=[\d)])\s*nats?$", "", text.strip().lower().translate(SIGNS))
    plain = re.sub(r"^(-?\d+),(\d+)$", r"\1.\2", plain)  # a decimal comma
    plain = plain.replace("**", "^")
    if not plain:
        raise ValueError("Nothing is typed yet. Type a number, for example 0.25, 3/8 or ln 2.")
    if len(plain) > LONGEST:
        raise ValueError(f"That is longer than {LONGEST} characters. Type one number.")
    reader = _Reader(plain)
    try:
        value = reader.sum()
        reader.expect("")
    except OverflowError:
        raise ValueError("That number is too large to compute. Type a smaller one.") from None
    except ZeroDivisionError:
        raise ValueError("That divides by 0. Type a finite number.") from None
    if isinstance(value, complex) or not math.isfinite(value):
        raise ValueError("That is not a finite number. Type one, for example 0.25.")
    return float(value)


class _Reader:
    """Reads sums of products of powers, one token at a time."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [match.groups() for match in TOKEN.finditer(text.strip())] + [("", "", "")]

    def sum(self) -> float:
        """A sum or difference of products."""
        return self._chain(self._product, {"+": operator.add, "-": operator.sub})

    def expect(self, sign: str) -> None:
        """Takes this sign from the text; "" stands for its end."""
        if any(self._tokens[0][:2]) or self._tokens[0][2] != sign:
            raise self._refusal()
        self._take()

    def _product(self) -> float:
        return self._chain(self._signed, {"*": operator.mul, "/": operator.truediv})

    def _chain(self, read, operators) -> float:
        value = read()
        while operation := operators.get(self._tokens[0][2]):
            self._take()
            value = operation(value, read())
        return value

    def _signed(self) -> float:
        """A power after any number of signs; as in Python, -2^2 is -4 and 2^-1 is 0.5."""
        if self._tokens[0][2] in ("+", "-"):
            sign = self._take()[2]
            return -self._signed() if sign == "-" else self._signed()
        base = self._atom()
        if self._tokens[0][2] == "^":
            self._take()
            return base ** self._signed()
        return base

    def _atom(self) -> float:
        number, name, sign = self._take()
        if number:
            value = float(number)
        elif sign == "(":
            value = self.sum()
            self.expect(")")
        elif name in FUNCTIONS:
            value = self._call(FUNCTIONS[name])
        elif name in CONSTANTS:
            value = CONSTANTS[name]
        else:
            raise self._refusal()
        if self._tokens[0][2] == "%":
            self._take()
            return value / 100
        return value

    def _call(self, function) -> float:
        argument = self._atom()
        try:
            return function(argument)
        except (TypeError, ValueError):  # a TypeError: the root of a negative number is complex
            raise ValueError("The log of 0 or less, or such a root, is not a number.") from None

    def _take(self) -> tuple[str, str, str]:
        return self._tokens.pop(0)

    def _refusal(self) -> ValueError:
        return ValueError(
            f"No number can be read from “{self._text}”. "
            "Type one, for example 0.25, 3/8, 1e-3 or ln 2."
        )
