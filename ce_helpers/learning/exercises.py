"""Try a learner's function on many tensors and name the probable cause of a wrong result."""

import inspect
import traceback
from collections.abc import Callable
from dataclasses import dataclass

import torch

from ce_helpers.formatting import format_number
from ce_helpers.learning.verdicts import Verdict
from ce_helpers.learning.ways import Way, ran

Arguments = tuple[torch.Tensor | int | float, ...]


@dataclass(frozen=True)
class CodeMistake:
    """A wrong solution that people do write, and what puts them right without giving it away.

    Args:
        function: it returns, or raises, what the learner's wrong solution does.
        hint: a sentence or two; `code` stands between backticks.
    """

    function: Callable
    hint: str


@dataclass(frozen=True)
class Exercise:
    """A function to write.

    Args:
        right: the function, written by us.
        cases: makes the arguments to try, the same each time, in shapes the learner never saw too.
        mistakes: known wrong solutions; the first that does the same as the learner's is named.
        praise: what to say to the right one.
        way: what the task asks of the way, if it does.
    """

    right: Callable
    cases: Callable[[], list[Arguments]]
    mistakes: tuple[CodeMistake, ...]
    praise: str
    way: Way | None = None

    @property
    def key(self) -> str:
        """The function's name."""
        return self.right.__name__

    def judge(self, function: object) -> Verdict:
        """Try `function` on each case: shape before value, then the cause.

        What it raises becomes a verdict; only the reader's own stop, KeyboardInterrupt, passes.
        """
        if not callable(function):
            return Verdict(
                "wrong",
                f"Give the function itself: `check(\"{self.key}\", {self.key})`, without a call. "
                f"What came is of type {type(function).__name__}.",
            )  # fmt: skip
        cases = self.cases()
        outcomes = []
        for case in cases:
            outcome = run(function, case)
            if outcome.changed_input:
                return Verdict("wrong", _changed(case))
            if not outcome.same_as(run(function, case)):
                return Verdict(
                    "wrong", "Two calls with the same tensors gave two results. The result must "
                    "depend on the arguments alone.",
                )  # fmt: skip
            outcomes.append(outcome)
        if all(outcome.is_unanswered for outcome in outcomes) and _is_stub(function, outcomes):
            return Verdict("open", f"Replace the `...` in `{self.key}`, then run it again.")
        return self._compare(function, cases, outcomes)

    def _compare(
        self, function: Callable, cases: list[Arguments], outcomes: list["Outcome"]
    ) -> Verdict:
        expected = [run(self.right, case) for case in cases]
        pairs = list(zip(cases, outcomes, expected, strict=True))
        failed = [pair for pair in pairs if not pair[1].same_as(pair[2])]
        if not failed and self.way and not self.way.is_kept(_ran_on(function, cases)):
            return Verdict("wrong", f"The numbers are right. {self.way.told}")
        if not failed:
            return Verdict("right", f"{self.praise} Tried on {_shapes(cases)}.")
        difference = _difference(*failed[0])
        for mistake in self.mistakes:
            if all(
                outcome.same_as(run(mistake.function, case))
                for case, outcome in zip(cases, outcomes, strict=True)
            ):
                return Verdict("wrong", f"{mistake.hint}\n{difference}")
        return Verdict("wrong", difference)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What one call did: it returned something, or it raised."""

    value: object = None
    error: BaseException | None = None
    line: str = ""  # the learner's line that raised
    changed_input: bool = False

    @property
    def is_unanswered(self) -> bool:
        """It returned nothing, as a body of `...` does."""
        return self.error is None and (self.value is None or self.value is ...)

    def same_as(self, other: "Outcome") -> bool:
        """Both raised the same kind of error, or returned the same shape and nearly the values."""
        if self.error is not None or other.error is not None:
            return type(self.error) is type(other.error)
        if type(self.value) is not type(other.value):
            return False
        if not isinstance(self.value, torch.Tensor):
            # of what is no tensor only the type is told
            return True
        if (self.value.shape, _holds_floats(self)) != (other.value.shape, _holds_floats(other)):
            return False
        return bool(_close(self.value, other.value).all())


def run(function: Callable, case: Arguments) -> Outcome:
    """Call `function` on copies of the arguments and take whatever comes."""
    copies = [arg.clone() if isinstance(arg, torch.Tensor) else arg for arg in case]
    try:
        with torch.enable_grad():
            value = function(*copies)
        if isinstance(value, torch.Tensor):
            value = value.detach().to("cpu", copy=True)
            _close(value, value)  # what cannot be compared raises here
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # exit() in a cell must not end the check
        return Outcome(error=error, line=_raising_line(function, error))
    changed = any(not _unchanged(arg, copy) for arg, copy in zip(case, copies, strict=True))
    return Outcome(value=value, changed_input=changed)


def _ran_on(function: Callable, cases: list[Arguments]) -> set[str]:
    return set().union(*(ran(lambda case=case: run(function, case)) for case in cases))


def _unchanged(arg: object, copy: object) -> bool:
    if not isinstance(arg, torch.Tensor):
        return True
    kept = ("shape", "dtype", "requires_grad")
    return all(getattr(arg, name) == getattr(copy, name) for name in kept) and arg.equal(copy)


def _close(value: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    """For each entry, whether both agree; float32 arithmetic in another order may differ a bit."""
    real = [(of.real if of.is_complex() else of).double() for of in (value, other)]
    return torch.isclose(*real, rtol=1e-4, atol=1e-6, equal_nan=True)


def _holds_floats(outcome: Outcome) -> bool:
    return outcome.value.dtype.is_floating_point


def _difference(case: Arguments, outcome: Outcome, expected: Outcome) -> str:
    """In which way the outcome differs from the expected one: error, type, shape, then value."""
    where = f"For {_shapes([case])}"
    if outcome.error is not None:
        return f"{where} it raises {_first_sentence(outcome.error)}{outcome.line}"
    if outcome.is_unanswered:
        return f"{where} it returns nothing. Does the last line begin with `return`?"
    if not isinstance(outcome.value, torch.Tensor):
        kind = type(outcome.value).__name__
        is_number = isinstance(outcome.value, int | float)
        remedy = " Leave out `.item()`, or write `torch.tensor(0.0)`." if is_number else ""
        return f"{where} it returns something of type {kind}; expected a tensor.{remedy}"
    got, want = outcome.value, expected.value
    if got.shape != want.shape:
        return f"{where} the result has shape {tuple(got.shape)}; expected {tuple(want.shape)}."
    if not _holds_floats(outcome):
        return f"{where} the result holds {got.dtype}; expected floating point."
    index = tuple((~_close(got, want)).nonzero()[0].tolist())
    place = f" at {list(index)}" if index else ""
    numbers = format_number(got[index].double()), format_number(want[index].double())
    overflow = "" if got[index].isfinite() or not want[index].isfinite() else (
        " A number was too large or too small for a float on the way there, or 0 was divided by 0."
    )  # fmt: skip
    return f"{where} the result{place} is {numbers[0]}; expected {numbers[1]}.{overflow}"


def _shapes(cases: list[Arguments]) -> str:
    """The shape of the first argument of each case."""
    shapes = dict.fromkeys(str(tuple(torch.as_tensor(case[0]).shape)) for case in cases)
    return f"{'shape' if len(shapes) == 1 else 'shapes'} {', '.join(shapes)}"


def _changed(case: Arguments) -> str:
    return (
        f"For {_shapes([case])} the function changes a tensor that it was given. Make a new one: "
        "no `+=`, no name that ends in `_`, nothing assigned to an entry."
    )


def _is_stub(function: Callable, outcomes: list[Outcome]) -> bool:
    """Whether the body is still `...`, rather than one that forgot to return."""
    if all(outcome.value is ... for outcome in outcomes):
        return True
    empty = len(_stub.__code__.co_code)
    return inspect.isfunction(function) and len(function.__code__.co_code) == empty


def _stub(): ...


def _raising_line(function: Callable, error: BaseException) -> str:
    """The last of the learner's own lines on the way to the error, if there is one."""
    if not inspect.isfunction(function):
        return ""
    lines = [
        frame.line
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == function.__code__.co_filename
    ]
    return f"\nThe line: `{lines[-1]}`" if lines and lines[-1] else ""


def _first_sentence(error: BaseException) -> str:
    """An error's type and the first sentence of its message, even if the message fails."""
    try:
        message = str(error).strip().split("\n")[0]
    except Exception:
        message = ""
    return f"{type(error).__name__}: {message}" if message else f"{type(error).__name__}."
