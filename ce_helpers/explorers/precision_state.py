"""What the precision lens shows: one gap of two logits, three ways to the loss, three dtypes."""

import functools
import math
from decimal import Decimal, localcontext

import numpy as np
import torch

from ce_helpers.live.ahead import Ahead
from ce_helpers.live.numbers import computed, short

SMALLEST_GAP, LARGEST_GAP = -40, 120
GAPS = range(SMALLEST_GAP, LARGEST_GAP + 1)
DTYPES = ("float16", "float32", "float64")
METHODS = ("cross_entropy", "−log(softmax)", "−log(p + 1e-8)")
EXACT_DIGITS = 60
UNITS = {"float16": "2⁻¹⁰", "float32": "2⁻²³", "float64": "2⁻⁵²"}  # from 1 to the next float
PINS = 5  # floats on the ruler
CONTROLS = ("gap", "method", "dtype")


class PrecisionState:
    """Logits [0, gap], target class 0; `values()` is what everything drawn or written follows.

    Args:
        gap: the other logit minus the target's, a whole number from −40 to 120, without a unit.

    Raises:
        TypeError, ValueError: another gap.
    """

    def __init__(self, gap: int) -> None:
        check_gap(gap)
        self.start = int(gap)
        self.reset()

    def reset(self) -> None:
        """Returns to the first gap, the first way, and float32."""
        self.gap, self.method, self.dtype = self.start, 0, 1
        self.compute()

    def set(self, name: str, value: int) -> None:
        """One control moved: `gap`, or the choice of a `method` or a `dtype`."""
        setattr(self, name, int(value))
        self.compute()

    def compute(self) -> None:
        """Asks torch for the nine losses at the present gap."""
        self.losses, self.errors = compute(self.gap)  # (3, 3): methods, dtypes

    def controls(self) -> dict[str, int]:
        """What each control shows."""
        return {name: getattr(self, name) for name in CONTROLS}

    def values(self) -> dict:
        """The flat table; the arrays that were sent ahead hold the same names."""
        found = described(self.gap, self.losses)
        return {**self.controls(), **found, **ruler(self.gap, DTYPES[self.dtype])}

    def ahead(self) -> Ahead:
        """All of them, for every gap."""
        return answers_for_all_gaps()

    def tensors(self) -> dict[str, bytes]:
        """What is sent once."""
        return self.ahead().tensors()

    def code(self) -> str:
        """PyTorch lines that give the first of the losses; another dtype gives another."""
        return (
            f"logits = torch.tensor([[0., {self.gap}.]], dtype=torch.{DTYPES[self.dtype]})\n"
            "torch.nn.functional.cross_entropy(logits, torch.tensor([0]))"
        )

    def summary(self) -> list[str]:
        """What the picture shows, in lines of text."""
        now = self.values()
        told = [
            f"{dtype}: " + "   ".join(
                f"{method} = {computed(loss)}"
                for method, loss in zip(METHODS, self.losses[:, j].tolist(), strict=True)
            )
            for j, dtype in enumerate(DTYPES)
        ]  # fmt: skip
        return [
            f"logits = [0, {short(self.gap)}], target = 0: the target is {now['place']}   "
            f"exact loss = {computed(now['exact'])}",
            *told,
            f"just above 1 in {now['dtype_name']}: the sum of exp is 1 + {now['steps_told']} steps "
            f"of {now['unit']}; it takes {now['taken_told']}, whose log is {now['log_told']}",
        ]


def check_gap(gap) -> None:
    """Raises for what is no gap."""
    if isinstance(gap, bool) or not isinstance(gap, int | np.integer):
        raise TypeError(
            f"gap is {gap!r}; expected a whole number, which every dtype holds exactly, e.g. -16."
        )
    if gap not in GAPS:
        raise ValueError(
            f"gap is {gap}; expected {SMALLEST_GAP} to {LARGEST_GAP}, where the slider ends."
        )


def exact_loss(gap: int) -> Decimal:
    """−log softmax of logits [0, gap] at class 0, in nats, with 60 digits.

    Example:
        >>> print(f"{exact_loss(-16):.4e}")
        1.1254e-7
    """
    with localcontext(prec=EXACT_DIGITS):
        return (1 + Decimal(gap).exp()).ln()


def compute(gap: int) -> tuple[np.ndarray, np.ndarray]:
    """The losses that torch returns for logits [0, gap] and target 0, and their relative errors.

    Shape:
        both: (3, 3): methods, dtypes.
    """
    losses = np.array([_losses(gap, getattr(torch, dtype)) for dtype in DTYPES]).T
    exact = exact_loss(gap)
    errors = [[_relative_error(loss, exact) for loss in row] for row in losses.tolist()]
    return losses, np.array(errors)


def _losses(gap: int, dtype: torch.dtype) -> list[float]:
    logits = torch.tensor([[0.0, gap]], dtype=dtype)  # (1, 2)
    p = torch.softmax(logits, dim=1)[0, 0]  # ()
    cross_entropy = torch.nn.functional.cross_entropy(logits, torch.tensor([0]))
    return [cross_entropy.item(), -p.log().item(), -(p + 1e-8).log().item()]


def _relative_error(loss: float, exact: Decimal) -> float:
    return float(abs(Decimal(loss) - exact) / exact) if math.isfinite(loss) else math.inf


def described(gap: int, losses: np.ndarray) -> dict:
    """Values of one gap: what each way reads in each dtype, and where no number is left."""
    flat = losses.ravel().tolist()  # method by method
    return {
        "losses": flat,
        "wrong": [k if loss <= 0 or math.isinf(loss) else -1 for k, loss in enumerate(flat)],
        "exact": float(exact_loss(gap)),
        "place": f"{abs(gap)} {'behind' if gap > 0 else 'ahead'}" if gap else "level",
    }


def ruler(gap: int, dtype: str) -> dict:
    """The floats just above 1 around the sum of exp, 1 + exp(−|gap|), where torch forms it.

    torch takes the largest logit off first, so the sum never passes 2.
    """
    eps = Decimal(torch.finfo(getattr(torch, dtype)).eps)
    with localcontext(prec=EXACT_DIGITS):
        steps = Decimal(-abs(gap)).exp() / eps
        number = getattr(torch, dtype)
        # the sum in the dtype's own arithmetic, from an exp that is rounded once
        term = torch.tensor(float(Decimal(-abs(gap)).exp()), dtype=torch.float64).to(number)
        total = torch.ones((), dtype=number) + term
        taken = round((Decimal(total.item()) - 1) / eps)
        first = max(0, taken - 2) if taken > PINS - 2 else 0
        logs = [
            torch.log(torch.tensor(1 + float(k * eps), dtype=number)).item()
            for k in range(first, first + PINS)
        ]
    pin = taken - first
    return {
        "dtype_name": dtype,
        "unit": UNITS[dtype],
        "pin": pin,
        "sum_at": float(steps - first),
        "pins": [_pin(k, first, taken) for k in range(first, first + PINS)],
        "short_pins": [_pin(k, first, taken, short=True) for k in range(first, first + PINS)],
        "logs": [computed(log) for log in logs],
        # on a phone two have room
        "short_logs": [
            computed(log) if k in {pin, PINS - 1 if pin < PINS - 2 else 0} else " "
            for k, log in enumerate(logs)
        ],
        "steps_told": _steps(steps),
        "taken_told": _pin(taken, 0, taken),
        "log_told": computed(logs[pin]),
    }


def _pin(k: int, first: int, taken: int, *, short: bool = False) -> str:
    if k == 0:
        return "1"
    if first and k != taken:
        return f"{k - taken:+d}".replace("-", "−")
    if short and not first:
        return f"+{k}"
    count = str(k) if k < 1e6 else f"{k:.1e}".replace("e+", "e")
    return f"1 + {count}" if short else f"1 + {count} step{'s' if k > 1 else ''}"


def _steps(steps: Decimal) -> str:
    if 0.005 <= steps < 1e6:
        return f"{steps:.2f}"
    return f"{steps:.1e}".replace("e+", "e")


@functools.cache
def answers_for_all_gaps() -> Ahead:
    """Torch's answers for all gaps."""
    # one call per gap, as on each move: in a batch torch may round the last digit elsewhere
    rows = [described(gap, compute(gap)[0]) for gap in GAPS]
    rulers = [[ruler(gap, dtype) for dtype in DTYPES] for gap in GAPS]
    by_gap = {name: (["gap"], [row[name] for row in rows]) for name in rows[0]}
    by_both = {
        name: (["gap", "dtype"], [[one[name] for one in row] for row in rulers])
        for name in rulers[0][0]
    }
    axes = {"gap": (SMALLEST_GAP, len(GAPS)), "dtype": (0, len(DTYPES))}
    return Ahead(axes, by_gap | by_both)
