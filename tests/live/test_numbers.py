import pytest

from ce_helpers.live.numbers import FORMATS
from tests.number_cases import CASES


@pytest.mark.parametrize(("name", "value", "text"), CASES)
def test_a_number_is_written_as_the_table_says(name, value, text):
    assert FORMATS[name](value) == text
