"""Code exercises of 08_training."""

import torch
from torch.nn.functional import cross_entropy, one_hot

from ce_helpers.learning.exercises import CodeMistake, Exercise
from ce_helpers.learning.tasks.common import logits_and_target, softmax_twice, summed, unreduced


def pulls(logits, target):
    """How hard each sample pulls at its target's logit: 1 − p of the target."""
    probs = torch.softmax(logits, dim=1)
    return 1 - probs[torch.arange(len(target)), target]


def tempered_loss(logits, target, temperature):
    """The mean loss of all logits divided by a temperature."""
    return cross_entropy(logits / temperature, target)


def _cases():
    return [*map(logits_and_target, ((4, 3), (1, 4), (3, 3), (2, 5), (5, 7)))]


def _tempered_cases():
    temperatures = (2.0, 0.5, 5.0, 1.0, 10.0)
    return [(*case, t) for case, t in zip(_cases(), temperatures, strict=True)]


def _target_probs(logits, target):
    return (torch.softmax(logits, dim=1) * one_hot(target, logits.shape[1])).sum(dim=1)


def _tempered_losses(logits, target, temperature):
    return cross_entropy(logits / temperature, target, reduction="none")


EXERCISES = (
    Exercise(
        pulls,
        _cases,
        (
            CodeMistake(
                _target_probs, "That is p of the target. How far is it from what is asked, 1?"
            ),
            CodeMistake(
                lambda logits, target: _target_probs(logits, target) - 1,
                "The size is right. A pull upwards counts as positive here.",
            ),
            CodeMistake(
                lambda logits, target: cross_entropy(logits, target, reduction="none"),
                "That is each sample's loss. The pull is how far p is from 1.",
            ),
            CodeMistake(
                lambda logits, target: (
                    one_hot(target, logits.shape[1]) - torch.softmax(logits, dim=1)
                ),
                "That is the pull on every class. Take each row's target alone.",
            ),
            CodeMistake(
                lambda logits, target: (1 - _target_probs(logits, target)) / len(target),
                "That is the pull on the mean loss. Leave out the division by N.",
            ),
            CodeMistake(
                lambda logits, target: 1 - torch.softmax(logits, dim=1).max(dim=1).values,
                "The largest p is that of the predicted class. The target's is asked for.",
            ),
        ),
        "A point that is sure and right hardly pulls at all.",
    ),
    Exercise(
        tempered_loss,
        _tempered_cases,
        (
            CodeMistake(
                lambda logits, target, temperature: cross_entropy(logits, target) / temperature,
                "That divides the loss. The temperature divides the logits.",
            ),
            CodeMistake(
                lambda logits, target, temperature: cross_entropy(logits * temperature, target),
                "That multiplies. A higher temperature makes the gaps smaller.",
            ),
            CodeMistake(
                lambda logits, target, temperature: cross_entropy(logits, target),
                "The temperature is not used.",
            ),
            softmax_twice(lambda logits, target, t: cross_entropy(logits / t, target), dim=1),
            CodeMistake(
                lambda logits, target, t: cross_entropy(torch.softmax(logits / t, dim=1), target),
                "Softmax runs twice: `cross_entropy` takes logits.",
            ),
            summed(_tempered_losses),
            unreduced(_tempered_losses),
        ),
        "One number changes how sure the model is, and not what it says.",
    ),
)
