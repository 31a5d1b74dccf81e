"""Questions of 04_mean_and_weights, and its code exercises."""

import numpy as np

from ce_helpers.calls.steps import cross_entropy_steps
from ce_helpers.learning.questions import Mistake, Numbers, Question
from ce_helpers.learning.tasks.common import options
from ce_helpers.learning.tasks.mean_and_weights_exercises import EXERCISES

__all__ = ["EXERCISES", "QUESTIONS"]

LOGITS = np.array(
    [[3, 0.5, 0], [0, 2.5, 0.5], [1.5, 0, 0.5], [0.5, 0, 1], [1, 1, 1]], dtype=np.float32
)  # (N, C): the notebook's five samples
TARGET = np.array([0, 1, 2, 2, 0])  # (N): cat, dog, bird, bird, cat


def heavier_birds(numbers: Numbers) -> Question:
    """A heavier class draws the mean towards its own losses."""
    heavy = numbers.pick(3, range(2, 7))
    plain = cross_entropy_steps(LOGITS, TARGET)
    steps = cross_entropy_steps(LOGITS, TARGET, weight=[1.0, 1.0, heavy])
    birds = plain.per_element_loss[TARGET == 2]
    before, after = plain.loss.item(), steps.loss.item()
    ways = {
        "It falls.": "Below the line something grows. But the birds' losses above it grow, too.",
        "It stays.": "It would, if the birds' losses were like the others'. Are they?",
        "It rises.": "",
        f"It becomes {heavy} times as large.": "That is what becomes of the birds' part above the "
        "line. And below it?",
    }
    return Question(
        f"The mean is {before:.4f}. The weight of bird grows from 1 to {heavy}. What does the mean "
        "do?",
        "It rises." if after > before else "It falls.",
        f"The birds enter {heavy} times above the line and {heavy} times below it. Together they "
        f"cost {birds.mean():.4f} on average, more than all five, though one of them costs only "
        f"{birds.min():.4f}. So the mean goes to {after:.4f}.",
        (
            "A bird that counts several times is as good as several birds. Is a bird an easy one?",
            "Compare the birds' two losses, taken together, with the mean.",
        ),
        *options(numbers, ways),
    )


def two_weights(numbers: Numbers) -> Question:
    """The mean divides by the targets' weights."""
    losses = np.array([numbers.pick(2, range(1, 4)), numbers.pick(4, range(5, 9))], float)
    weight = np.array([numbers.pick(1, range(1, 3)), numbers.pick(5, range(6, 9)), 3], float)
    target = [0, 2]
    logits = _logits_of_loss(losses, target)
    steps = cross_entropy_steps(logits, target, weight=weight)
    total = steps.numerator.item()
    return Question(
        f"Two samples have the losses {losses[0]:g} and {losses[1]:g}, before any weight. Their "
        f"targets are class 0 and class 2, and `weight = {weight.astype(int).tolist()}`. What does "
        "`cross_entropy` return by default?",
        steps.loss.item(),
        f"{weight[0]:g} · {losses[0]:g} + {weight[2]:g} · {losses[1]:g} = {total:g} stands above "
        f"the line, {weight[0]:g} + {weight[2]:g} below it.",
        (
            "The default is the mean: a sum of weighted losses above a line. What is below it?",
            "Which weight belongs to which sample? Each target picks one.",
        ),
        (
            Mistake(total / 2, "That divides by the number of samples. Weights stand there too."),
            Mistake(total, "That is what stands above the line. The mean divides it."),
            Mistake(losses.mean(), "That is the mean without weights."),
            Mistake(
                total / weight.sum(),
                "That divides by the weights of all classes. Class 1 is nobody's target.",
            ),
            Mistake(total / 3, "That divides by the number of classes."),
            Mistake(
                (weight[:2] @ losses / weight[:2].sum()).item(),
                "That takes the weights in their order. Each target picks its own.",
            ),
            Mistake(
                losses.sum() / steps.denominator,
                "Below the line that is right. Above it each loss has its weight as well.",
            ),
        ),
    )


def one_hot_floor(numbers: Numbers) -> Question:
    """Probabilities bring no weight below the line."""
    heavy = numbers.pick(3, range(2, 7))
    weight = np.array([1, 1, heavy], np.float32)
    indices = cross_entropy_steps(LOGITS, TARGET, weight=weight)
    rows = cross_entropy_steps(LOGITS, np.eye(3, dtype=np.float32)[TARGET], weight=weight)
    total = rows.numerator.item()
    return Question(
        f"The five samples again, with `weight = {weight.astype(int).tolist()}`. Above the line "
        f"stands {total:.4f}, and indices give {indices.loss:.4f}. What do one-hot rows give?",
        rows.loss.item(),
        f"The same {total:.4f}, divided by the number of rows: {total:.4f} / {len(TARGET)}. "
        "Probabilities bring no weight below the line.",
        (
            "Above the line nothing changes. What may stand below it if no index picks a weight?",
            "Each row adds the same to the denominator, whatever its class.",
        ),
        (
            Mistake(
                indices.loss.item(),
                "That is the mean of indices. PyTorch reads rows as probabilities.",
            ),
            Mistake(total, "That is what stands above the line. The mean divides it."),
            Mistake(total / 3, "That divides by the classes. A row has one loss, for all of them."),
            Mistake(
                total / weight.sum().item(),
                "That divides by each class's weight once. Rows bring no weight below the line.",
            ),
            Mistake(
                cross_entropy_steps(LOGITS, TARGET).loss.item(),
                "That leaves the weights out. They still stand above the line.",
            ),
        ),
    )


def all_ignored(numbers: Numbers) -> Question:
    """The mean over nothing is 0 / 0."""
    samples = numbers.pick(5, range(2, 12))
    num_classes = numbers.pick(3, range(2, 12))
    blank = np.zeros((samples, num_classes), dtype=np.float32)
    loss = cross_entropy_steps(blank, [-100] * samples).loss
    # what is said to come out, as a number, and the hint for it
    claims = {
        "0": (0, "That is what `sum` gives. The mean divides it by something."),
        f"ln {num_classes}": (
            np.log(num_classes),
            "That is a blind guess. Here no guess counts at all.",
        ),
        "inf": (np.inf, "Something above 0 would be inf. What stands above the line here?"),
        "nan": (np.nan, ""),
    }
    answer = next(text for text in claims if np.isclose(claims[text][0], loss, equal_nan=True))
    return Question(
        f"A batch has {samples} samples and {num_classes} classes. Every target is −100, the "
        "default `ignore_index`. What does `cross_entropy` return by default?",
        answer,
        "Nothing is left above the line, and no weight below it: 0 / 0.",
        (
            "Write it as a fraction. What is left above the line, and what below?",
            "Which float is neither a number nor infinite?",
        ),
        *options(numbers, {text: hint for text, (_, hint) in claims.items()}),
    )


def mean_of_means(numbers: Numbers) -> Question:
    """A mean stands for as many losses as it was made of."""
    count = numbers.pick(4, range(3, 7))
    first = numbers.pick(0.6, (0.2, 0.4, 0.5, 0.8))
    last = numbers.pick(1.1, (1.2, 1.5, 2.1, 2.4))
    losses = np.array([first] * count + [last])
    target = [0] * len(losses)
    loss = cross_entropy_steps(_logits_of_loss(losses, target), target).loss.item()
    total = losses.sum().item()
    return Question(
        f"A batch of {count + 1} is split: {count} samples have a mean of {first:g}, and the last "
        f"one alone costs {last:g}. What is the mean of all {count + 1}?",
        loss,
        f"{count} · {first:g} + {last:g} = {total:g}, divided once, by {count + 1}. Sums may be "
        "added; means may not.",
        (
            "Go back from a mean to a sum: what do the first samples cost together?",
            "Add the sums of both parts. Divide once, by all samples.",
        ),
        (
            Mistake(
                (first + last) / 2,
                "That is the mean of the two means. It counts the last sample as much as all "
                "others together.",
            ),
            Mistake(total, "That is the sum of all losses. It is still to be divided."),
            Mistake(first + last, "That adds two means. How many losses does each stand for?"),
            Mistake(
                (first + last) / (count + 1),
                "Below the line that is right. Above it the first mean stands for several losses.",
            ),
        ),
    )


def divided_by(numbers: Numbers) -> Question:
    """Elements that count stand below the line, not samples."""
    samples, positions = numbers.pick(4, range(3, 9)), numbers.pick(10, range(10, 31, 5))
    num_classes, ignored = numbers.pick(5, range(3, 8)), numbers.pick(6, range(4, 9))
    target = np.zeros((samples, positions), dtype=int)
    target.flat[:ignored] = -100
    blank = np.zeros((samples, num_classes, positions), dtype=np.float32)
    return Question(
        f"`logits` has shape {blank.shape}, `target` {target.shape}. {ignored} of the targets are "
        "−100, the default `ignore_index`; there are no weights. By which number does the mean "
        "divide?",
        cross_entropy_steps(blank, target).denominator.item(),
        f"{samples} · {positions} elements, less the {ignored} that are ignored.",
        (
            'How many losses does `reduction="none"` give for such a target?',
            "An ignored target stands neither above the line nor below it.",
        ),
        (
            Mistake(samples, "Those are the samples. Each of their positions has a loss."),
            Mistake(positions, "Those are the positions of one sample."),
            Mistake(target.size, "Those are all elements. Some of them do not count."),
            Mistake(blank.size, "That counts the classes too. An element has one loss."),
            Mistake(ignored, "Those are the elements that do not count."),
        ),
        exact=True,
    )


def largest_lead(numbers: Numbers) -> Question:
    """A smoothed target can be passed."""
    smoothing = numbers.pick(0.1, (0.1, 0.2, 0.3))
    num_classes = numbers.pick(4, range(3, 8))
    leads = (numbers.pick(4, (4, 5)), 10)
    asked = 1 - smoothing + smoothing / num_classes
    steps = [
        cross_entropy_steps(
            np.array([[lead, *[0] * (num_classes - 1)]], np.float32), [0],
            label_smoothing=smoothing,
        )
        for lead in leads
    ]  # fmt: skip
    losses, probs = ([getattr(one, name).flat[0] for one in steps] for name in ("loss", "probs"))
    ways = {
        "It falls towards 0.": f"So it is without smoothing. What is asked now is p = {asked:.3g}.",
        "It falls and comes to rest.": "Each class that is not the target is asked for a share "
        "too. What does −log of its p do?",
        "It stays.": f"p moves from {probs[0]:.3f} to {probs[1]:.4f}. Which is nearer to what is "
        "asked?",
        "It rises.": "",
    }
    return Question(
        f"Of {num_classes} classes the target leads all others by {leads[0]}, with "
        f"`label_smoothing={smoothing:g}`. Its lead grows to {leads[1]}. What does the loss do?",
        "It rises." if losses[1] > losses[0] else "It falls towards 0.",
        f"From {losses[0]:.4f} to {losses[1]:.4f}: p has passed the {asked:.3g} that is asked, and "
        "the other classes, which are asked for the rest, have almost nothing.",
        (
            "How large a p does the target ask for, with smoothing?",
            "The others' share of the target costs −log of their p, which is tiny.",
        ),
        *options(numbers, ways),
    )


def _logits_of_loss(losses: np.ndarray, target: list[int]) -> np.ndarray:
    """Logits (N, 3) of samples with these losses, in nats: log(1 + 2 · (e^loss − 1) / 2)."""
    logits = np.repeat(np.log(np.expm1(losses) / 2)[:, None], 3, axis=1)
    logits[np.arange(len(target)), target] = 0
    return logits


QUESTIONS = (
    heavier_birds, two_weights, one_hot_floor, all_ignored, mean_of_means, divided_by, largest_lead
)  # fmt: skip
