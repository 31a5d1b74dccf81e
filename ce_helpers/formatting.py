"""How numbers are written: in figures, summaries and tables alike."""

import math
from typing import Any, SupportsFloat

import numpy as np


def format_number(value: SupportsFloat) -> str:
    """A computed number with 4 decimals; scientific below 0.001, as torch prints; 0 reads "0".

    Example:
        >>> format_number(0.00371), format_number(4.5418e-05), format_number(-0.0)
        ('0.0037', '4.5418e-05', '0')
    """
    value = float(value)
    if value == 0:
        return "0"
    if math.isfinite(value) and not 1e-3 <= abs(value) < 1e5:
        return f"{value:.4e}"
    return f"{value:.4f}"


def format_numbers(values: Any) -> list[str]:
    """Numbers that stand together: if one must be scientific, so is each below 0.01.

    Example:
        >>> format_numbers([0.9963, 0.0025, 0.0009])
        ['0.9963', '2.5000e-03', '9.0000e-04']
    """
    texts = [format_number(value) for value in values]
    if not any("e-" in text for text in texts):
        return texts
    return [
        f"{float(value):.4e}" if 0 < abs(value) < 0.01 else text
        for value, text in zip(values, texts, strict=True)
    ]


def format_probability(p: SupportsFloat) -> str:
    """A probability in a formula, with nines as needed: −log 1.0000 would be 0.

    Example:
        >>> format_probability(0.9963), format_probability(0.9999999), format_probability(1.0)
        ('0.9963', '0.9999999', '1')
    """
    p = float(p)
    if p == 1 or p < 0.9999:
        return "1" if p == 1 else format_number(p)
    return next((text for d in range(4, 9) if (text := f"{p:.{d}f}")[0] == "0"), "1")


def format_list(values: Any) -> str:
    """Computed numbers in brackets, up to 10 of them, then how many there are.

    Example:
        >>> format_list([0.5, 0.25])
        '[0.5000, 0.2500]'
    """
    shown = ", ".join(format_numbers(values[:10]))
    return f"[{shown}]" if len(values) <= 10 else f"[{shown}, … {len(values)} numbers]"


def shortest(value: np.floating) -> str:
    """The shortest decimal that reads back as the same float; a whole number has no point.

    Example:
        >>> shortest(np.float32(33.3)), shortest(np.float32(4))
        ('33.3', '4')
    """
    return str(value).removesuffix(".0")


def tensor_literal(tensor: Any) -> str:
    """The expression that makes this tensor again, bit for bit.

    Example:
        >>> import torch
        >>> tensor_literal(torch.tensor([[4, 33.3]]))
        'torch.tensor([[4., 33.3]])'
    """
    dtype = str(tensor.dtype)
    if not tensor.dtype.is_floating_point:
        return f"torch.tensor({tensor.tolist()})"
    suffix = "" if dtype == "torch.float32" else f", dtype={dtype}"
    return f"torch.tensor({_nested(to_numpy(tensor))}{suffix})"


def _nested(values: np.ndarray) -> str:
    if values.ndim:
        return f"[{', '.join(_nested(row) for row in values)}]"
    text = shortest(values[()])
    return text if "." in text or "e" in text else f"{text}."


def to_numpy(tensor: Any) -> np.ndarray:
    """The numbers of a tensor as NumPy has them; bfloat16, which it lacks, as float32."""
    return (tensor.float() if "bfloat16" in str(tensor.dtype) else tensor).numpy()
