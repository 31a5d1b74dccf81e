"""Each notebook's questions and code exercises: right, wrong in each known way, and rubbish."""

import ast
import inspect
import math
import re

import numpy as np
import pytest
import torch
from torch.nn import functional

from ce_helpers.learning.questions import Numbers
from ce_helpers.learning.tasks import (
    NOTEBOOKS,
    exercises_of,
    find_exercise,
    find_question,
    questions_of,
)

QUESTIONS = {key: made for nb in NOTEBOOKS for key, made in questions_of(nb).items()}
EXERCISES = {key: made for nb in NOTEBOOKS for key, made in exercises_of(nb).items()}
SEEDS = [None, *map(str, range(40))]


def cross_entropy(logits, target, reduction="mean"):
    """What torch says, in float64."""
    logits = torch.tensor(logits, dtype=torch.float64)
    return functional.cross_entropy(logits, torch.tensor(target), reduction=reduction)


def gradient(logits, target):
    """Of the mean, from autograd, in float64."""
    logits = torch.tensor(logits, dtype=torch.float64, requires_grad=True)
    return torch.autograd.grad(functional.cross_entropy(logits, torch.tensor(target)), logits)[0]


FIVE = (
    torch.tensor([[3.0, 0.5, 0], [0, 2.5, 0.5], [1.5, 0, 0.5], [0.5, 0, 1], [1, 1, 1]]),
    torch.tensor([0, 1, 2, 2, 0]),
)


def five_birds(heavy, target=FIVE[1]):
    """The mean of 04's five samples, each bird of this weight."""
    weight = torch.tensor([1.0, 1.0, heavy])
    return functional.cross_entropy(FIVE[0], target, weight=weight).item()


def smoothed(lead):
    """The loss of a target that leads three other classes."""
    logits = torch.tensor([[float(lead), 0, 0, 0]])
    return functional.cross_entropy(logits, torch.tensor([0]), label_smoothing=0.1).item()


# The notebooks' answers once more, from torch or by counting.
EXPECTED = {
    "which_four": lambda: "10, 2, 3, 4",
    "second_loss": lambda: cross_entropy([[10, 2, 3, 4]], [1]).item(),
    "same_digits": lambda: "The same four numbers meet at both.",
    "rival_gone": lambda: f"{cross_entropy([[-20, 2, 3, 4]], [1]).item():.1f}",
    "wrong_dim": lambda: "dim=2",
    "share_of_wrong": lambda: "55%",
    "mean_of_four": lambda: 18.0,
    "why_not_two": lambda: "The other classes count too.",
    "all_right": lambda: "a wrong loss, and no error",
    "rise_to_even": lambda: torch.tensor([4.0, 3, 2]).logsumexp(0).item() - 2,
    "reach_16": lambda: 26 - math.exp(-16),
    "outweigh": lambda: "about 4,300",
    "even_odds": lambda: torch.tensor([4.0, 3, 2]).logsumexp(0).item(),
    "quarter": lambda: torch.tensor([4.0, 3, 2]).logsumexp(0).item() - math.log(3),
    "twice": lambda: "It never gets below 0.74.",
    "lower_target": lambda: cross_entropy([[20, 2, 3, 9]], [3]).item(),
    "equal_logits": lambda: cross_entropy([[2] * 10], [7]).item(),
    "add_to_all": lambda: "It stays the same.",
    "softmax_size": lambda: 21,
    "loss_shape": lambda: str(
        tuple(
            functional.cross_entropy(
                torch.zeros(8, 21, 64, 64), torch.zeros(8, 64, 64).long(), reduction="none"
            ).shape
        )
    ),
    "second_position": lambda: cross_entropy([[0, 3, 1]], [2]).item(),
    "one_bad_element": lambda: 2.0,
    "largest_share": lambda: "sample 3: [8, 1, 0], target 1",
    "classes_last": lambda: "cross_entropy(logits.transpose(1, 2), target)",
    "two_weights": lambda: (1 * 2 + 3 * 4) / (1 + 3),
    "heavier_birds": lambda: "It rises." if five_birds(3) > five_birds(1) else "It falls.",
    "one_hot_floor": lambda: five_birds(3, functional.one_hot(FIVE[1]).float()),
    "mean_of_means": lambda: (4 * 0.6 + 1.1) / 5,
    "divided_by": lambda: 4 * 10 - 6,
    "largest_lead": lambda: "It rises." if smoothed(10) > smoothed(4) else "It falls.",
    "all_ignored": lambda: str(cross_entropy([[0, 0, 0]] * 5, [-100] * 5).item()),
    "reads_zero": lambda: next(
        lead
        for lead in range(99)
        if not functional.cross_entropy(torch.tensor([[0.0, -lead]]), torch.tensor([0]))
    ),
    "rounded_sum": lambda: 3 * 2**-23,
    "naive_at_8": lambda: "Floats just below 1 lie closer together than floats just above 1.",
    "overflow_by_hand": lambda: str(math.inf / math.inf),
    "gap_of_200": lambda: f"inf and {cross_entropy([[0, 200]], [0]):g}",
    "other_patch": lambda: math.log(10**6),
    "bfloat_step": lambda: float(
        torch.nextafter(torch.tensor(16).bfloat16(), torch.tensor(32).bfloat16()) - 16
    ),
    "half_mean": lambda: "inf",
    "largest_gain": lambda: "the first",
    "target_slope": lambda: float(gradient([[0, math.log(3)]], [0])[0, 0]),
    "sum_after_step": lambda: (
        (torch.tensor([[4, 3, 2]]) - 2 * gradient([[4, 3, 2]], [2])).sum().item()
    ),
    "row_share": lambda: float(gradient([[3, 1, 0.5], *[[0, 1, 2]] * 3], [1, 0, 0, 0])[0, 1]),
    "large_temperature": lambda: cross_entropy([[3e-9, 1e-9, 5e-10]], [1]).item(),
    "smoothed_pull": lambda: 0.99 - (0.9 + 0.1 / 3),
    "frozen": lambda: "less than 0.001",
    "equal_sizes": lambda: "logits (4, 7, 7), target (4, 7)",
    "silent_target": lambda: "[[5.0, -1.0, 0.0], [2.0, 2.0, 2.0]]",
    "first_letter_loss": lambda: cross_entropy([[0] * 32], [0]).item(),
    "fell_to_nothing": lambda: "It says each letter again.",
    "stuck_at_blind": lambda: "The letters compete along the text.",
    "learnt_padding": lambda: 0.43 * 2.07,
    "perplexity_of_two": lambda: torch.tensor([2.0] * 9 + [4.0]).double().mean().exp().item(),
    "accumulated": lambda: torch.tensor([1.0, 2, 3] + [10] * 5).mean().item() - 6,
    "masked_target": lambda: "The loss is inf, its gradient is finite.",
    "first_loss": lambda: cross_entropy([[0, 0, 0]], [0]).item(),
    "hardest_pull": lambda: float(
        gradient([[math.log(0.001), math.log(0.999)]], [0])[0, 0]
        / gradient([[math.log(0.999), math.log(0.001)]], [0])[0, 0]
    ),
    "pencil_loss": lambda: cross_entropy(
        [[math.log(p), math.log(1 - p)] for p in (0.99, 0.99, 0.99, 0.99, 0.4)], [0] * 5
    ).item(),
    "after_the_drag": lambda: "It falls to about 60%.",
    "reaching_zero": lambda: "Both go on: the loss falls, the weights grow.",
    "unseen_points": lambda: "Its loss rises, its accuracy hardly moves.",
    "temperature_changes": lambda: "The loss alone.",
    "card_one": lambda: "one class weighted 0",
    "summed_start": lambda: cross_entropy([[0, 0, 0]] * 90, [0, 1, 2] * 30, "sum").item(),
    "second_softmax": lambda: cross_entropy([[1, *[0] * 9]], [0]).item(),
    "symptom": lambda: "Every target of a batch is ignored.",
}


def test_there_are_enough_and_each_is_known_by_its_key():
    for notebook in NOTEBOOKS:
        assert len(questions_of(notebook)) >= (3 if notebook in ("01", "02", "03") else 2)
        assert len(exercises_of(notebook)) == 2
    total = sum(len(questions_of(nb)) + len(exercises_of(nb)) for nb in NOTEBOOKS)
    assert len(QUESTIONS | EXERCISES) == total  # no key twice
    assert all(find_question(key) is made for key, made in QUESTIONS.items())
    assert all(find_exercise(key) is made for key, made in EXERCISES.items())
    with pytest.raises(ValueError, match="no question 'nothing'; expected one of reach_16"):
        find_question("nothing")
    with pytest.raises(ValueError, match="notebook is '99'; expected one of 01, "):
        questions_of("99")


@pytest.mark.parametrize("key", QUESTIONS)
def test_the_notebooks_answer_is_what_torch_says(key):
    question = QUESTIONS[key](Numbers())
    expected = EXPECTED[key]()
    if isinstance(expected, str):
        assert question.answer == expected
    else:
        assert question.answer == pytest.approx(expected, rel=1e-5)


def runs_in_torch(logits, target):
    try:
        functional.cross_entropy(logits, target)
    except (RuntimeError, ValueError, IndexError):
        return False
    return True


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_said_to_run_is_all_that_runs_in_torch(seed):
    sizes, target = (QUESTIONS[key](Numbers(seed)) for key in ("equal_sizes", "silent_target"))
    for choice in sizes.choices:
        shapes = re.fullmatch(r"logits (.+), target (.+)", choice)
        logits, indices = (torch.zeros(ast.literal_eval(shape)) for shape in shapes.groups())
        assert runs_in_torch(logits, indices.long()) == (choice == sizes.answer)
    for choice in target.choices:
        given = torch.tensor(ast.literal_eval(choice))
        num_classes = int(re.search(r"`\(2, (\d)\)`", target.text)[1])
        assert runs_in_torch(torch.zeros(2, num_classes), given) == (choice == target.answer)


@pytest.mark.parametrize("key", QUESTIONS)
def test_a_question_has_hints_and_known_mistakes_enough(key):
    question = QUESTIONS[key](Numbers())
    assert len(question.hints) == 2
    assert len(question.mistakes) >= 3
    assert question.reason


@pytest.mark.parametrize("key", QUESTIONS)
def test_hints_do_not_give_the_answer_away(key):
    for seed in SEEDS:
        assert_hints_are_hints(QUESTIONS[key](Numbers(seed)))


def assert_hints_are_hints(question):
    told = [*question.hints, *(mistake.hint for mistake in question.mistakes)]
    assert all(told)
    if question.choices:
        assert not any(question.answer.rstrip(".") in hint for hint in told)
    else:
        numbers = {float(found) for hint in told for found in re.findall(r"\d+\.?\d*", hint)}
        assert not any(np.isclose(question.answer, number, rtol=0.005) for number in numbers)


@pytest.mark.parametrize("key", QUESTIONS)
def test_fresh_numbers_differ(key):
    assert len({QUESTIONS[key](Numbers(str(seed))).text for seed in range(20)}) > 3 or (
        len({QUESTIONS[key](Numbers(str(seed))).choices for seed in range(20)}) > 3
    )


@pytest.mark.parametrize("key", EXERCISES)
def test_our_own_solution_passes_and_dots_are_not_answered(key):
    assert EXERCISES[key].judge(EXERCISES[key].right).status == "right"
    assert EXERCISES[key].judge(lambda *args: ...).status == "open"
    assert len({str(EXERCISES[key].judge(EXERCISES[key].right)) for _ in range(2)}) == 1


@pytest.mark.parametrize("key", EXERCISES)
def test_each_known_mistake_gets_its_own_hint_and_no_pass(key):
    exercise = EXERCISES[key]
    assert len({mistake.hint for mistake in exercise.mistakes}) >= 3
    for mistake in exercise.mistakes:
        verdict = exercise.judge(mistake.function)
        assert verdict.status == "wrong"
        assert verdict.message.startswith(mistake.hint + "\n"), mistake.hint


@pytest.mark.parametrize("key", EXERCISES)
def test_hints_do_not_show_the_solution(key):
    lines = inspect.getsource(EXERCISES[key].right).strip().splitlines()
    code = [line.strip().removeprefix("return ") for line in lines[2:]]
    for mistake in EXERCISES[key].mistakes:
        assert not any(line in mistake.hint for line in code)


@pytest.mark.parametrize("key", EXERCISES)
@pytest.mark.parametrize(
    "rubbish",
    [
        lambda *args: 1 / 0,
        lambda *args: "text",
        lambda *args: args,
        lambda *args: torch.rand(3),
        lambda *args: torch.full((2, 3, 4, 5, 6), torch.nan),
        lambda *args: args[0].zero_(),
        lambda: None,
        None,
        42,
    ],
    ids=["raises", "text", "arguments", "random", "nan", "in place", "signature", "None", "42"],
)
def test_rubbish_gets_a_sentence(key, rubbish):
    verdict = EXERCISES[key].judge(rubbish)
    assert verdict.status == "wrong"
    assert len(verdict.message) > 20


@pytest.mark.parametrize("key", EXERCISES)
def test_it_is_tried_on_several_shapes(key):
    shapes = {tuple(case[0].shape) for case in EXERCISES[key].cases()}
    assert len(shapes) >= 4
