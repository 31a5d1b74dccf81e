"""Questions of 03_batched."""

import itertools
import math

import numpy as np

from ce_helpers.calls.steps import cross_entropy_steps
from ce_helpers.learning.questions import Mistake, Numbers, Question
from ce_helpers.learning.tasks.common import classes, normal, options
from ce_helpers.scenarios import SCENARIOS


def mean_of_four(numbers: Numbers) -> Question:
    """The mean divides by samples times positions."""
    wanted = numbers.pick(4, range(3, 7))
    logits, target = _four_elements()
    start = cross_entropy_steps(logits, target).loss.item()

    def mean_at(logit):
        moved = logits.copy()
        moved[0, 0, 0] = logit
        return cross_entropy_steps(moved, target).loss.item()

    rest = 4 * start - cross_entropy_steps(logits[0, :, 0], [3]).loss.item()
    kept = np.logaddexp.reduce([3.0, 2.0, 2.0])
    answer = 4 * wanted - rest + 2 + math.log1p(-math.exp(kept - 4 * wanted + rest - 2))
    by_two, one = 2 * wanted + 2, wanted + 2
    return Question(
        f"Four losses have the mean {start:.4f}. At sample 0, position 0, the logits are "
        "`[4, 3, 2, 2]` and the target is class 3. Only class 0 of these may move. Where must it "
        f"stand for the mean to be {wanted}?",
        answer,
        f"The sum must be {4 * wanted}, and the three others are almost 0. So class 0 stands "
        f"{4 * wanted} above the target’s 2: each step adds only a quarter to the mean.",
        (
            "What must the sum of the four losses be?",
            "The other three are almost 0. How far must this target lie below class 0?",
        ),
        (
            Mistake(by_two, f"That divides by 2 samples. There the mean is {mean_at(by_two):.4f}."),
            Mistake(one, "That makes one loss so large. The mean is over four."),
            Mistake(4 * wanted, "That is the sum. From which bar must it be counted?"),
            Mistake(4 * wanted + 4, "Count from the target’s bar, not from where class 0 stood."),
        ),
    )


def why_not_two(numbers: Numbers) -> Question:
    """The gap to the top is the least that a loss can be: the others add to it."""
    gap = numbers.pick(2, (1, 3))
    logits = [4.0, 3.0, 2.0, 4.0 - gap]
    loss = cross_entropy_steps([logits], [3]).loss.item()
    hints = {
        "The float is rounded.": "Rounding errs in the seventh digit.",
        "The other sample counts too.": "Move the other sample. Does this loss change?",
        "The sum is divided by the number of classes.": "Nothing is divided before the mean.",
        "The other classes count too.": "",
    }
    return Question(
        f"In `{[int(x) for x in logits]}` the target, class 3, lies {gap} below the top. Why is "
        f"the loss {loss:.4f}, and not {gap}?",
        "The other classes count too.",
        "The target lies below all of them together, itself included. The gap to the top is the "
        "least that the loss can be.",
        (
            "What stands in the sum of exp?",
            "If only class 0 and nobody else were in that sum, the loss would be the gap.",
        ),
        *options(numbers, hints),
    )


def one_bad_element(numbers: Numbers) -> Question:
    """The mean divides by samples times positions."""
    samples = numbers.pick(2, range(3, 7))
    positions = numbers.pick(3, range(7, 11))
    bad = numbers.pick(12, range(8, 25))
    logits = np.zeros((samples, 2, positions), dtype=np.float32)
    logits[:, 0] = 100  # class 0 is sure, and the target
    logits[0, :, 0] = 0, bad
    target = np.zeros((samples, positions), dtype=np.int64)
    mean = cross_entropy_steps(logits, target).loss.item()
    total = cross_entropy_steps(logits, target, reduction="sum").loss.item()
    return Question(
        f"A batch has {samples} samples with {positions} positions each. One element has a loss "
        f"of {bad}, all others have 0. What does `cross_entropy` return by default?",
        mean,
        f"The mean divides by the number of elements, {samples} × {positions}.",
        (
            "The default is the mean. What does it divide by?",
            "Each sample has a loss at each of its positions. How many losses are there in all?",
        ),
        (
            Mistake(total, "That is the sum. The default is the mean."),
            Mistake(total / samples, "That divides by the samples. Positions count as well."),
            Mistake(total / positions, "That divides by the positions. Samples count as well."),
            Mistake(
                total / logits.size,
                "That divides by the number of logits. Each element has one loss, not one for "
                "each class.",
            ),
            Mistake(0, "The mean is 0 only if every loss is."),
        ),
    )


def largest_share(numbers: Numbers) -> Question:
    """The loss of a sample is how far its target lies below the top."""
    gap = numbers.pick(7, range(5, 10))
    rows = ([4, 0, 0], [gap + 1, 1, 0], [0, 0, 0], [20, 0, 19])
    targets = (0, 1, 2, 2)
    hints = (
        "Its target has the largest logit. That sample costs little.",
        "",
        "Equal logits are a blind guess, at a modest price. Another target lies far below.",
        "The logits are large, but only their differences count.",
    )
    order = numbers.pick((2, 0, 3, 1), itertools.permutations(range(4)))
    rows, targets, hints = ([given[i] for i in order] for given in (rows, targets, hints))
    losses = cross_entropy_steps(np.array(rows, dtype=np.float32), targets, reduction="none").loss
    dominant = int(losses.argmax())
    names = tuple(f"sample {i}: {row}, target {targets[i]}" for i, row in enumerate(rows))
    return Question(
        "Four samples, three classes. Which sample makes up most of the mean loss?",
        names[dominant],
        f"Its target lies {gap} below the largest logit. The four losses are "
        f"{', '.join(f'{loss:.4f}' for loss in losses)}.",
        (
            "In which samples is the target's logit the largest? They cost little.",
            "For the others: how far is the target below the largest logit?",
        ),
        tuple(Mistake(names[i], hint) for i, hint in enumerate(hints)),
        choices=names,
    )


def all_right(numbers: Numbers) -> Question:
    """With as many tokens as classes, the wrong dimension competes and nobody notices."""
    height = numbers.pick(5, range(4, 9))
    tokens = height * np.eye(3, dtype=np.float32)[[[0, 0, 2]]]  # (N, T, C)
    target = [[0, 0, 2]]
    plain = cross_entropy_steps(tokens, target).loss.item()
    right = cross_entropy_steps(tokens.transpose(0, 2, 1), target).loss.item()
    hints = {
        "an error": "There are as many tokens as classes: what could it notice?",
        "a small loss, as it should be": "Which dimension competes in the plain call?",
        "a wrong loss, and no error": "",
        "nan": "Nothing is too large here.",
    }
    return Question(
        f"Three tokens, three classes, logits `(1, 3, 3)`. At each token the right class has "
        f"{height} and the others 0. What does `F.cross_entropy(logits, target)` give?",
        "a wrong loss, and no error",
        f"The tokens competed, not the classes: {plain:.4f} instead of {right:.4f}.",
        (
            "At which dimension does PyTorch look for the classes?",
            "What stands there, and how many of them?",
        ),
        *options(numbers, hints),
    )


def classes_last(numbers: Numbers) -> Question:
    """The classes must stand at dim 1."""
    samples = numbers.pick(2, range(3, 7))
    tokens = numbers.pick(7, range(7, 12))
    num_classes = numbers.pick(50, range(20, 60, 10))
    logits = normal((samples, tokens, num_classes)).numpy()  # (N, T, C)
    target = classes((samples, tokens), num_classes).numpy()  # (N, T)
    flat = cross_entropy_steps(logits.reshape(-1, num_classes), target.reshape(-1)).loss
    calls = {
        "cross_entropy(logits, target)": (
            lambda: cross_entropy_steps(logits, target),
            f"It would take the {tokens} tokens for classes, and refuse the target's shape.",
        ),
        "cross_entropy(logits.transpose(1, 2), target)": (
            lambda: cross_entropy_steps(logits.transpose(0, 2, 1), target),
            "",
        ),
        f"cross_entropy(logits.view({samples}, {num_classes}, {tokens}), target)": (
            lambda: cross_entropy_steps(logits.reshape(samples, num_classes, tokens), target),
            "The shape fits, but `view` only cuts the same row of numbers anew: it mixes tokens.",
        ),
        f"cross_entropy(logits.view(-1, {num_classes}), target)": (
            lambda: cross_entropy_steps(logits.reshape(-1, num_classes), target),
            "Flat logits need a flat target.",
        ),
    }
    answer = next(text for text, (call, _) in calls.items() if _gives(call, flat))
    return Question(
        f"A language model gives logits `({samples}, {tokens}, {num_classes})`: {samples} texts, "
        f"{tokens} tokens, {num_classes} classes. The target is `({samples}, {tokens})`. "
        "Which call is right?",
        answer,
        "It moves the classes to `dim=1`, and each token keeps its own logits.",
        (
            "At which dimension does PyTorch look for the classes?",
            "Changing the order of dimensions is not the same as cutting a row of numbers anew.",
        ),
        *options(numbers, {text: hint for text, (_, hint) in calls.items()}),
    )


def _gives(call, loss) -> bool:
    try:
        return bool(np.isclose(call().loss, loss))
    except ValueError:
        return False


def rise_to_even(numbers: Numbers) -> Question:
    """S is how far the target must rise to be level with all others together."""
    logits = numbers.pick([4, 3, 2, 2], ([5, 3, 2, 1], [4, 4, 1, 2], [6, 5, 3, 3], [5, 4, 2, 2]))
    *rest, own = map(float, logits)
    others = float(np.logaddexp.reduce(rest))
    loss = cross_entropy_steps([[*rest, own]], [3]).loss.item()
    return Question(
        f"The logits are `{logits}`, and the target is class 3. By how much must the target rise "
        "for p to be ½?",
        others - own,
        "That is s: how far the target lies below the others as one. The loss, softplus(s), is a "
        f"little more: {loss:.4f}.",
        (
            "At which s is p a half?",
            "Where would the three others stand, if they were one class?",
        ),
        (
            Mistake(max(rest) - own, "That makes it level with the largest alone."),
            Mistake(loss, "That is the loss. How far is it on the other axis?"),
            Mistake(others, "That is where it must stand, not how far it must rise."),
            Mistake(math.log(2), "That is the loss it then has."),
        ),
    )


def _four_elements() -> tuple[np.ndarray, np.ndarray]:
    """Logits (2, 4, 2) and target (2, 2) of the article's last call."""
    call = SCENARIOS["batch_of_two"]
    return call.logits.numpy(), call.target.numpy()


QUESTIONS = (
    mean_of_four, why_not_two, one_bad_element, largest_share, all_right, classes_last,
    rise_to_even,
)  # fmt: skip
