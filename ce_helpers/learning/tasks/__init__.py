"""Questions and code exercises, one file for each notebook."""

from ce_helpers.learning.exercises import Exercise
from ce_helpers.learning.questions import Template
from ce_helpers.learning.tasks import (
    batched,
    error_clinic,
    floating_point,
    gradients,
    language_model,
    mean_and_weights,
    single_sample,
    spatial_outputs,
    training,
)

NOTEBOOKS = {
    "01": single_sample,
    "02": spatial_outputs,
    "03": batched,
    "04": mean_and_weights,
    "05": floating_point,
    "06": gradients,
    "07": error_clinic,
    "08": training,
    "09": language_model,
}


def find_question(key: str) -> Template:
    """The question of this key.

    Raises:
        ValueError: there is no such question.
    """
    return _find(key, "question", questions_of)


def find_exercise(key: str) -> Exercise:
    """The code exercise of this key.

    Raises:
        ValueError: there is no such exercise.
    """
    return _find(key, "exercise", exercises_of)


def questions_of(notebook: str) -> dict[str, Template]:
    """A notebook's questions by key, in its order; `notebook` is its two digits."""
    return {template.__name__: template for template in _tasks(notebook).QUESTIONS}


def exercises_of(notebook: str) -> dict[str, Exercise]:
    """A notebook's code exercises by key, in its order; `notebook` is its two digits."""
    return {exercise.key: exercise for exercise in _tasks(notebook).EXERCISES}


def _tasks(notebook: str):
    if notebook not in NOTEBOOKS:
        raise ValueError(f"notebook is {notebook!r}; expected one of {', '.join(NOTEBOOKS)}.")
    return NOTEBOOKS[notebook]


def _find(key, kind, listed):
    known = {name: found for notebook in NOTEBOOKS for name, found in listed(notebook).items()}
    if key not in known:
        raise ValueError(f"There is no {kind} {key!r}; expected one of {', '.join(known)}.")
    return known[key]
