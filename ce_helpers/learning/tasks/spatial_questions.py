"""Questions of 02_spatial_outputs; those about pixels stand in `pixel_questions`."""

import math

import numpy as np
import torch

from ce_helpers.calls.steps import cross_entropy_steps
from ce_helpers.learning.questions import Mistake, Numbers, Question, loss_mistakes
from ce_helpers.learning.tasks.common import options
from ce_helpers.learning.tasks.pixel_questions import loss_shape, share_of_wrong, softmax_size

TARGET = [3, 1]  # of the two positions


def which_four(numbers: Numbers) -> Question:
    """Softmax takes one number from each class."""
    first, second = _two_positions(numbers)
    hints = {
        _listed([first[1], second[1]]): "That is one class at both positions: nothing to choose "
        "from.",
        _listed(first): "Those meet at the other position. Positions count from 0.",
        _listed(second): "",
        "all eight": "How many classes compete at one position?",
    }
    return Question(
        f"`logits = {_printed(first, second)}` has shape `(1, 4, 2)`. Which numbers meet in the "
        "softmax at position 1?",
        _listed(second),
        "One from each class: the second number of each pair. In code that is `logits[0, :, 1]`, "
        "and the colon stands at the class dimension.",
        ("Each pair belongs to one class.", "A softmax has one number for each class."),
        *options(numbers, hints),
    )


def second_loss(numbers: Numbers) -> Question:
    """A position is a single sample by itself."""
    first, second = _two_positions(numbers)
    losses = _losses(first, second)
    read = cross_entropy_steps([second], [3]).loss.item()
    one_class = cross_entropy_steps([[first[1], second[1]]], [1]).loss.item()
    return Question(
        f"`logits = {_printed(first, second)}`, and the target is class 3 at position 0, class 1 "
        "at position 1. What is the loss at position 1?",
        losses[1].item(),
        f"Class 0 has {second[0]:g} there and the target {second[1]:g}: the loss is that gap, and "
        "a little more for the other two.",
        (
            "Write down the four logits of position 1, and mark the target’s.",
            "How far does the target lie below the others?",
        ),
        (
            Mistake(losses[0].item(), "That is position 0. Positions count from 0."),
            Mistake(read, "That takes the target of position 0. Read the one of position 1."),
            Mistake(
                one_class, "That compares the two positions of one class. The classes compete."
            ),
            Mistake(losses.mean().item(), "That is the mean of both positions."),
            *loss_mistakes(losses[1]),
        ),
    )


def same_digits(numbers: Numbers) -> Question:
    """The loss is log Σ exp minus the target's logit, and both share the first."""
    first, second = _two_positions(numbers)
    losses = _losses(first, second)
    whole = np.logaddexp.reduce(first)
    hints = {
        "By chance.": "Sort the logits of each position.",
        "float32 rounds both alike.": "In float64 they agree as well.",
        "One position sees the other.": "Move a logit of one and watch the other’s loss.",
        "The same four numbers meet at both.": "",
    }
    return Question(
        f"`logits = {_printed(first, second)}`, and the targets are 3 and 1. Both losses end in "
        "the same four digits. Why?",
        list(hints)[-1],
        f"So the log of the sum of exp is {whole:.4f} at both. Minus {first[3]:g} that is "
        f"{losses[0]:.4f}, minus {second[1]:g} it is {losses[1]:.4f}.",
        (
            "The loss is log(sum of exp) − target’s logit.",
            "In which of the two terms do the positions differ?",
        ),
        *options(numbers, hints),
    )


def rival_gone(numbers: Numbers) -> Question:
    """Without its strongest rival the target still has others above it."""
    first, second = _two_positions(numbers)
    alone = cross_entropy_steps([[-20.0, *second[1:]]], [1]).loss.item()
    before = _losses(first, second)[1].item()
    hints = {
        "0": f"Who still stands above {second[1]:g}?",
        f"{math.log(3):.1f}": "That is so if the three that are left are equal.",
        f"{alone:.1f}": "",
        f"{before:.0f}": f"That was so while class 0 stood at {second[0]:g}.",
    }
    return Question(
        f"At position 1 the logits are `[{_listed(second)}]`, and the target is class 1. Class 0 "
        f"sinks from {second[0]:g} to −20. What is the loss now, about?",
        f"{alone:.1f}",
        f"The two others still stand above the target: it is {alone:.4f}. One rival less is not "
        "enough; raise the target.",
        (
            "Which logits still count in the sum of exp?",
            "How far does the target lie below these?",
        ),
        *options(numbers, hints),
    )


def wrong_dim(numbers: Numbers) -> Question:
    """Softmax along another dimension raises no error and may look better."""
    first, second = _two_positions(numbers)
    logits = torch.tensor([list(zip(first, second, strict=True))])
    hints = {
        "dim=0": "There is one sample: a softmax of one number is 1, and both losses would be 0.",
        "dim=1": "That is the right one. It gives {1}.",
        "dim=2": "",
        "all eight numbers": "One softmax of all eight gives {None}.",
    }
    found = {dim: _losses_along(logits, dim) for dim in (1, 2, None)}
    told = {dim: f"[[{a:.4f}, {b:.4f}]]" for dim, (a, b) in found.items()}
    hints = {text: hint.replace("{1}", told[1]).replace("{None}", told[None])
             for text, hint in hints.items()}  # fmt: skip
    return Question(
        f"`logits = {_printed(first, second)}` has shape `(1, 4, 2)`, and the targets are 3 and 1. "
        f"A colleague’s softmax gives the losses {told[2]}. Along which dimension did it run?",
        "dim=2",
        "There the two positions of one class compete. Nothing raises an error, and the second "
        "loss looks better than it is.",
        (
            "A softmax of two numbers gives losses like these.",
            "Which dimension has size 2?",
        ),
        *options(numbers, hints),
    )


def second_position(numbers: Numbers) -> Question:
    """Read one position of all classes, not all positions of one class."""
    logits = numbers.logits([[[2, 0], [0, 3], [1, 1]]], low=0, high=4)
    target = np.array([[numbers.pick(0, range(3)), numbers.pick(2, range(3))]])
    losses = cross_entropy_steps(logits, target, reduction="none").loss[0]
    c = target[0, 1]
    one_class = cross_entropy_steps(logits[0, [c]], [1]).loss.item()
    shown = ", ".join(str([[int(x) for x in row] for row in sample]) for sample in logits)
    return Question(
        f"`logits = [{shown}]` has shape `(1, 3, 2)`, and `target = {target.tolist()}`. "
        "What is the loss at position 1?",
        losses[1].item(),
        f"The three logits are `{[int(x) for x in logits[0, :, 1]]}`, the second number of each "
        f"pair, and the target is class {c}.",
        (
            "Position 1 is `logits[0, :, 1]`: one number of each of the three classes.",
            "The loss is log(sum of exp) − target's logit, with these three numbers.",
        ),
        (
            Mistake(losses[0].item(), "That is position 0. Positions count from 0."),
            Mistake(
                one_class,
                "That softmax runs over the positions of one class. It must run over the classes.",
            ),
            Mistake(
                float(logits[0, :, 1].max() - logits[0, c, 1]),
                "That is the gap to the largest logit alone. The others count as well.",
            ),
            Mistake(losses.mean().item(), "That is the mean of both positions."),
            Mistake(losses.sum().item(), "That is the sum of both positions."),
            *loss_mistakes(losses[1]),
        ),
    )


def _two_positions(numbers: Numbers) -> tuple[list[float], list[float]]:
    """Logits of two positions: the same four numbers, in turn."""
    first = numbers.pick([4, 3, 2, 10], ([5, 3, 1, 9], [4, 3, 2, 11], [5, 4, 1, 12], [6, 3, 2, 9]))
    first = [float(logit) for logit in first]
    return first, first[::-1]


def _losses(first: list[float], second: list[float]) -> np.ndarray:
    logits = np.array([first, second], dtype=np.float32)
    return cross_entropy_steps(logits, TARGET, reduction="none").loss


def _losses_along(logits: torch.Tensor, dim: int | None) -> list[float]:
    """The losses if softmax runs along `dim`, or over everything."""
    log_probs = torch.log_softmax(logits, dim) if dim is not None else (
        torch.log_softmax(logits.flatten(), 0).view(logits.shape)
    )  # fmt: skip
    return [-log_probs[0, c, d].item() for d, c in enumerate(TARGET)]


def _listed(logits: list[float]) -> str:
    return ", ".join(f"{logit:g}" for logit in logits)


def _printed(first: list[float], second: list[float]) -> str:
    pairs = (f"[{_listed(pair)}]" for pair in zip(first, second, strict=True))
    return f"[[{', '.join(pairs)}]]"


QUESTIONS = (
    which_four, second_loss, same_digits, rival_gone, second_position, wrong_dim, softmax_size,
    loss_shape, share_of_wrong,
)  # fmt: skip
