import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ce_helpers.formatting import format_list, format_number, shortest, tensor_literal


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (0.00371, "0.0037"),
        (0.001, "0.0010"),
        (0.00099, "9.9000e-04"),
        (4.5418e-05, "4.5418e-05"),
        (-1.1921e-07, "-1.1921e-07"),
        (16, "16.0000"),
        (123456.0, "1.2346e+05"),
        (math.inf, "inf"),
        (math.nan, "nan"),
    ],
)
def test_format_number(value, text):
    assert format_number(value) == text


def test_format_list_says_how_many_numbers_it_leaves_out():
    assert format_list([0.5, 0.25]) == "[0.5000, 0.2500]"
    assert format_list([1.0] * 11).endswith(", … 11 numbers]")


@given(st.floats(width=32, allow_nan=False))
def test_shortest_reads_back_as_the_same_float(value):
    value = np.float32(value)
    assert np.float32(float(shortest(value))) == value


@given(
    st.lists(st.floats(width=16, allow_nan=False, allow_infinity=False), min_size=1),
    st.sampled_from([torch.float16, torch.bfloat16, torch.float32, torch.float64]),
)
def test_tensor_literal_makes_the_same_tensor(values, dtype):
    tensor = torch.tensor(values, dtype=dtype)
    again = eval(tensor_literal(tensor), {"torch": torch})
    assert again.dtype == dtype
    assert torch.equal(again, tensor)


def test_tensor_literal_is_written_as_torch_writes_it():
    assert tensor_literal(torch.tensor([[4, 33.3]])) == "torch.tensor([[4., 33.3]])"
    assert tensor_literal(torch.tensor([3])) == "torch.tensor([3])"
    assert tensor_literal(torch.tensor(3)) == "torch.tensor(3)"
