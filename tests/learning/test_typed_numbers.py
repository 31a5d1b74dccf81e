import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ce_helpers.learning.typed_numbers import read_number


@pytest.mark.parametrize(
    "text, value",
    [
        ("1.3863", 1.3863),
        (" 1,39 ", 1.39),
        (".5", 0.5),
        ("1e-3", 1e-3),
        ("1.1921E-07", 1.1921e-07),
        ("3/8", 0.375),
        ("1 - 1/4", 0.75),
        ("2 * (3 + 4)", 14),
        ("ln 4", math.log(4)),
        ("log(4)", math.log(4)),
        ("−ln(0.25)", math.log(4)),
        ("-log 0.25", math.log(4)),
        ("ln 2 + ln 3", math.log(6)),
        ("exp(-2)", math.exp(-2)),
        ("e^-2", math.exp(-2)),
        ("√4", 2),
        ("2^-23", 2.0**-23),
        ("2**-23", 2.0**-23),
        ("-2^2", -4),
        ("2^3^2", 512),
        ("25%", 0.25),
        ("2.3026 nats", 2.3026),
        ("0", 0),
    ],
)
def test_a_number_is_read_as_it_is_typed(text, value):
    assert read_number(text) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    "text, told",
    [
        ("", "Nothing is typed yet"),
        ("  ", "Nothing is typed yet"),
        ("abc", "No number can be read from “abc”"),
        ("nan", "No number can be read"),
        ("inf", "No number can be read"),
        ("1e999", "not a finite number"),
        ("1 2", "No number can be read"),
        ("(1", "No number can be read"),
        ("1)", "No number can be read"),
        ("3/0", "divides by 0"),
        ("ln 0", "log of 0"),
        ("ln((-1)^0.5)", "log of 0"),
        ("(-1)^0.5", "not a finite number"),
        ("9^9^9^9", "too large"),
        ("1" * 61, "longer than 60"),
        ("__import__('os')", "No number can be read"),
        ("1,000,000", "No number can be read"),
        ("log2(4)", "No number can be read"),
    ],
)
def test_rubbish_is_refused_in_a_sentence(text, told):
    with pytest.raises(ValueError, match=told.replace("(", r"\(")):
        read_number(text)


@given(
    st.one_of(st.text(max_size=70), st.text(alphabet="0123456789.,eE+-*/^()%lnxps √−", max_size=60))
)
def test_whatever_is_typed_gives_a_finite_number_or_a_sentence(text):
    try:
        assert math.isfinite(read_number(text))
    except ValueError as refusal:
        assert str(refusal).endswith(".")
