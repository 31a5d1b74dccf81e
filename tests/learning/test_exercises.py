"""What the check says to any function whatever."""

import itertools
import sys

import numpy as np
import pytest
import torch

from ce_helpers.learning.exercises import CodeMistake, Exercise


def twice(values, factor):
    return 2 * values * factor


EXERCISE = Exercise(
    twice,
    lambda: [(torch.arange(1.0, 1 + n).reshape(shape), factor)
             for n, shape, factor in ((3, (3,), 1), (6, (2, 3), 5))],
    (
        CodeMistake(lambda values, factor: values * factor, "Once is not twice."),
        CodeMistake(lambda values, factor: (2 * values * factor).sum(), "No sum is asked for."),
        CodeMistake(lambda values, factor: values @ values, "No matrix product."),
    ),
    "Doubled.",
)  # fmt: skip
calls = itertools.count()


def unanswered(values, factor): ...


def unanswered_with_docstring(values, factor):
    """What to do."""
    ...


def forgot_to_return(values, factor):
    doubled = 2 * values * factor
    doubled.sum()


def returns_dots(values, factor):
    doubled = ...
    return doubled


def in_place(values, factor):
    return values.mul_(2 * factor)


def writes_an_entry(values, factor):
    doubled = 2 * values * factor
    values[0] = 7
    return doubled


def resizes(values, factor):
    doubled = 2 * values * factor
    values.resize_(1)
    return doubled


def asks_for_gradients(values, factor):
    values.requires_grad_()
    return 2 * values * factor


def changes_dtype(values, factor):
    doubled = 2 * values * factor
    values.data = values.data.long()
    return doubled


def never_the_same(values, factor):
    return 2 * values * factor + next(calls)


def fails_the_second_time(values, factor):
    if next(calls) % 2:
        raise ValueError("odd")
    return 2 * values * factor


def recurses(values, factor):
    return recurses(values, factor)


class UnspeakableError(Exception):
    def __str__(self):
        raise RuntimeError("no words")


class Rude:
    """A callable that answers no question about itself."""

    def __call__(self, values, factor):
        return self

    def __getattr__(self, name):
        raise RuntimeError(name)

    def __eq__(self, other):
        raise RuntimeError("eq")

    __hash__ = None


def function_that_raises(error):
    def function(values, factor):
        raise error

    return function


@pytest.mark.parametrize("function", [unanswered, unanswered_with_docstring, returns_dots])
def test_dots_are_not_answered_yet(function):
    verdict = EXERCISE.judge(function)
    assert repr(verdict) == ("Not answered yet. Replace the `...` in `twice`, then run it again.")


def test_the_right_function_passes_and_is_told_the_shapes():
    assert repr(EXERCISE.judge(twice)) == "Right. Doubled. Tried on shapes (3,), (2, 3)."
    assert EXERCISE.judge(lambda a, b: (a + a) * b).status == "right"
    assert EXERCISE.judge(lambda a, b: (2 * a * b).double().requires_grad_()).status == "right"


@pytest.mark.parametrize(
    "function, told",
    [
        (forgot_to_return, "it returns nothing. Does the last line begin with `return`?"),
        (in_place, "changes a tensor that it was given"),
        (writes_an_entry, "changes a tensor that it was given"),
        (resizes, "changes a tensor that it was given"),
        (asks_for_gradients, "changes a tensor that it was given"),
        (changes_dtype, "changes a tensor that it was given"),
        (never_the_same, "Two calls with the same tensors gave two results"),
        (fails_the_second_time, "Two calls with the same tensors gave two results"),
        (recurses, "it raises RecursionError"),
        (
            function_that_raises(ValueError("two\nlines")),
            "it raises ValueError: two\nThe line: `raise error`",
        ),
        (function_that_raises(UnspeakableError()), "it raises UnspeakableError."),
        (function_that_raises(SystemExit()), "it raises SystemExit."),
        (function_that_raises(GeneratorExit()), "it raises GeneratorExit."),
        (lambda: 1, "it raises TypeError: "),
        (lambda values, factor: undefined_name, "it raises NameError: name 'undefined_name'"),  # noqa: F821
        (lambda values, factor: 3, "of type int; expected a tensor. Leave out `.item()`, or"),
        (lambda values, factor: [1.0], "of type list; expected a tensor."),
        (lambda values, factor: "text", "of type str; expected a tensor."),
        (lambda values, factor: values.numpy(), "of type ndarray; expected a tensor."),
        (lambda values, factor: (yield), "of type generator; expected a tensor."),
        (lambda values, factor: twice, "of type function; expected a tensor."),
        (lambda values, factor: torch.tensor(1.0), "has shape (); expected (3,)."),
        (lambda values, factor: torch.empty(0), "has shape (0,); expected (3,)."),
        (lambda values, factor: twice(values, factor)[None], "has shape (1, 3); expected (3,)."),
        (lambda values, factor: twice(values, factor).long(), "holds torch.int64; expected float"),
        (lambda values, factor: twice(values, factor) > 0, "holds torch.bool; expected floating"),
        (lambda values, factor: twice(values, factor) + 0j, "holds torch.complex64; expected"),
        (lambda values, factor: values * torch.nan, "at [0] is nan; expected 2.0000. A number"),
        (lambda values, factor: values / 0, "at [0] is inf; expected 2.0000. A number was too"),
        (lambda values, factor: values + 1, "at [1] is 3.0000; expected 4.0000."),
        (lambda values, factor: 2 * values, "For shape (2, 3) the result at [0, 0] is 2.0000"),
        (lambda values, factor: values.to("meta"), "it raises NotImplementedError"),
        (lambda values, factor: values.to_sparse(), "raises"),
        (print, "it returns nothing."),
        (None, "Give the function itself"),
        (torch.zeros(3), "What came is of type Tensor."),
        (42, "Give the function itself"),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("error")
def test_whatever_a_function_does_gets_a_sentence_and_no_pass(function, told):
    verdict = EXERCISE.judge(function)
    assert verdict.status == "wrong"
    assert told in verdict.message
    assert verdict._repr_html_()


@pytest.mark.parametrize(
    "function, hint",
    [
        (lambda values, factor: factor * values, "Once is not twice.\nFor shape (3,) the result"),
        (lambda values, factor: 2 * factor * values.sum(), "No sum is asked for.\nFor shape (3,)"),
        (lambda values, factor: values.matmul(values), "No matrix product."),
    ],
)
def test_a_known_mistake_is_named_before_what_differs(function, hint):
    assert EXERCISE.judge(function).message.startswith(hint)


def test_a_mistake_on_some_shapes_only_is_not_taken_for_a_known_one():
    def half_right(values, factor):
        return values * factor * (2 if values.ndim == 1 else 1)

    verdict = EXERCISE.judge(half_right)
    assert verdict.status == "wrong"
    assert "Once" not in verdict.message
    assert "For shape (2, 3)" in verdict.message


def test_the_readers_own_stop_is_not_swallowed():
    with pytest.raises(KeyboardInterrupt):
        EXERCISE.judge(function_that_raises(KeyboardInterrupt()))


def test_it_leaves_grad_mode_alone_and_lets_a_function_use_gradients():
    def by_autograd(values, factor):
        values = values.clone().requires_grad_()
        (values**2 * factor).sum().backward()
        return values.grad

    with torch.no_grad():
        assert EXERCISE.judge(by_autograd).status == "right"
        assert not torch.is_grad_enabled()


def test_numpy_arrays_do_not_pass():
    assert EXERCISE.judge(lambda values, factor: np.asarray(2 * values * factor)).status == "wrong"


def test_exit_does_not_end_the_kernel():
    assert "SystemExit" in EXERCISE.judge(lambda values, factor: sys.exit(1)).message


def test_a_callable_that_refuses_every_question():
    assert "of type Rude; expected a tensor." in EXERCISE.judge(Rude()).message
