"""Code exercises of 06_gradients."""

import torch
from torch.nn.functional import cross_entropy, one_hot

from ce_helpers.learning.exercises import CodeMistake, Exercise
from ce_helpers.learning.tasks.common import LARGE_LOGITS, logits_and_target, softmax_twice
from ce_helpers.learning.ways import AUTOGRAD, by_hand


def gradient_by_hand(logits, target):
    """Softmax minus one-hot for each row, divided by N."""
    probs = torch.softmax(logits, dim=1)
    return (probs - one_hot(target, num_classes=logits.shape[1])) / len(logits)


def one_step(logits, target, learning_rate):
    """The gradient from autograd, then against it."""
    leaf = logits.clone().requires_grad_()
    cross_entropy(leaf, target).backward()
    return logits - learning_rate * leaf.grad


def _cases():
    shapes = ((4, 3), (1, 4), (3, 3), (2, 5), (5, 7))
    return [*map(logits_and_target, shapes), (LARGE_LOGITS, torch.tensor([1, 2]))]


def _step_cases():
    rates = (0.5, 1.0, 0.1, 3.0, 10.0, 1.5)
    return [(*case, rate) for case, rate in zip(_cases(), rates, strict=True)]


def _p_minus_y(logits, target):
    return torch.softmax(logits, dim=1) - one_hot(target, logits.shape[1])


def _gradient(loss_of):
    """A function of logits and target that returns autograd's gradient of this loss."""

    def gradient(logits, target):
        leaf = logits.clone().requires_grad_()
        return torch.autograd.grad(loss_of(leaf, target), leaf)[0]

    return gradient


GRADIENT = _gradient(cross_entropy)
TWICE = softmax_twice(cross_entropy, dim=1)
EXERCISES = (
    Exercise(
        gradient_by_hand,
        _cases,
        (
            CodeMistake(
                _p_minus_y,
                "Each row is right for its own loss. The loss is the mean over the batch.",
            ),
            CodeMistake(
                lambda logits, target: -GRADIENT(logits, target),
                "Each sign is turned round. Is the slope on the target's logit above or below 0?",
            ),
            CodeMistake(
                lambda logits, target: -_p_minus_y(logits, target),
                "Each sign is turned round, and the mean over the batch is missing.",
            ),
            CodeMistake(
                lambda logits, target: _p_minus_y(logits, target) / logits.numel(),
                "That divides by the number of logits. The mean counts losses: one for each row.",
            ),
            CodeMistake(
                lambda logits, target: _p_minus_y(logits, target) / logits.shape[1],
                "That divides by the classes. The mean is over the samples.",
            ),
            CodeMistake(
                lambda logits, target: torch.softmax(logits, dim=1) / len(logits),
                "That is p alone, divided by N. The target's entry needs something else.",
            ),
            CodeMistake(
                lambda logits, target: torch.softmax(logits, dim=1),
                "Those are the probabilities. What is right is still to be subtracted.",
            ),
            CodeMistake(
                lambda logits, target: (
                    torch.softmax(logits, dim=0) - one_hot(target, logits.shape[1])
                ) / len(logits),
                "The softmax runs along the samples. The classes are `dim=1`.",
            ),
            CodeMistake(
                lambda logits, target: (
                    torch.exp(logits) / torch.exp(logits).sum(dim=1, keepdim=True)
                    - one_hot(target, logits.shape[1])
                ) / len(logits),
                "exp overflows at large logits. `torch.softmax` subtracts the largest one first.",
            ),
            CodeMistake(
                lambda logits, target: (
                    _p_minus_y(logits, target) * one_hot(target, logits.shape[1]) / len(logits)
                ),
                "Only the target's column is filled. The loss depends on the other logits too: "
                "they stand in the sum of exp.",
            ),
            CodeMistake(_gradient(TWICE.function), TWICE.hint),
            CodeMistake(
                cross_entropy,
                "That is the loss, one number. Its gradient has one for each logit.",
            ),
        ),
        "What the model says, minus what is right, shared out over the batch.",
        by_hand("But autograd took the gradient. Write it down from the probabilities.", AUTOGRAD),
    ),
    Exercise(
        one_step,
        _step_cases,
        (
            CodeMistake(
                lambda logits, target, rate: logits + rate * GRADIENT(logits, target),
                "That goes with the gradient, to where the loss rises.",
            ),
            CodeMistake(
                lambda logits, target, rate: logits - GRADIENT(logits, target),
                "The learning rate is not used.",
            ),
            CodeMistake(
                lambda logits, target, rate: logits - rate * _p_minus_y(logits, target),
                "That is the step of `sum`: it is N times too long. The loss is the mean.",
            ),
            CodeMistake(
                lambda logits, target, rate: GRADIENT(logits, target),
                "That is the gradient. The logits after the step are asked for.",
            ),
            CodeMistake(
                lambda logits, target, rate: rate * GRADIENT(logits, target),
                "That is learning rate × gradient. The logits are still to be moved by it.",
            ),
            CodeMistake(
                lambda logits, target, rate: -rate * GRADIENT(logits, target),
                "That is the step alone. The logits after it are asked for.",
            ),
            CodeMistake(
                lambda logits, target, rate: (
                    torch.softmax(logits, dim=1) - rate * GRADIENT(logits, target)
                ),
                "The step starts from the probabilities. The logits are what moves.",
            ),
            CodeMistake(
                lambda logits, target, rate: (
                    logits - rate * _gradient(TWICE.function)(logits, target)
                ),
                TWICE.hint,
            ),
            CodeMistake(
                lambda logits, target, rate: logits - rate * cross_entropy(logits, target),
                "That subtracts the loss, the same number from each logit. Softmax would not "
                "notice. Each logit has a slope of its own.",
            ),
            CodeMistake(
                lambda logits, target, rate: logits.clone(),
                "Those are the logits as they were given. No step was taken.",
            ),
        ),
        "Against the gradient, as far as the learning rate says.",
        by_hand("But this task is to let autograd take the gradient.", needs=(AUTOGRAD,)),
    ),
)  # fmt: skip
