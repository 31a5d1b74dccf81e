"""Questions of 09_language_model, and its code exercises."""

import math

from ce_helpers.learning.questions import Mistake, Numbers, Question
from ce_helpers.learning.tasks.common import options
from ce_helpers.learning.tasks.language_model_exercises import EXERCISES

__all__ = ["EXERCISES", "QUESTIONS"]


def first_letter_loss(numbers: Numbers) -> Question:
    """An untrained model guesses blindly among its letters."""
    letters = numbers.pick(32, (16, 26, 64, 96, 128))
    blind = math.log(letters)
    return Question(
        f"A model of {letters} letters has learnt nothing: all its logits are 0. What is its loss, "
        "in nats for a letter?",
        blind,
        f"A blind guess among {letters} costs ln {letters}.",
        (
            f"Each letter gets p = 1/{letters}.",
            f"−ln of 1/{letters} is ln {letters}.",
        ),
        (
            Mistake(math.log2(letters), "That is measured in bits. A loss is in nats: use ln."),
            Mistake(math.log10(letters), "That is log base 10. Losses use ln, the natural log."),
            Mistake(1 / letters, "That is p of each letter. The loss is −ln of it."),
            Mistake(0, "That would be a model that is sure and right."),
            Mistake(letters, "As if of so many letters: that is its perplexity."),
        ),
    )


def fell_to_nothing(numbers: Numbers) -> Question:
    """A target that equals its input teaches a model to repeat."""
    choices = {
        "It knows the text by heart.": (
            "It sees one letter. After a t, could it know which letter follows?"
        ),
        "It says each letter again.": "",
        "The learning rate was too high.": "Then the loss would leap, not fall to 0.",
        "Its softmax runs twice.": "Then the loss could not get near 0.",
    }
    return Question(
        "`cross_entropy(logits.transpose(1, 2), inputs)`: after 300 steps the loss is 0.004. This "
        "model sees one letter at a time. What has it learnt?",
        "It says each letter again.",
        "The target is the input itself. No model that sees one letter can know the next one so "
        "well.",
        (
            "Read the call again. What stands in the place of the target?",
            "Which letter can be told from a letter without any doubt?",
        ),
        *options(numbers, choices),
    )


def stuck_at_blind(numbers: Numbers) -> Question:
    """(N, T, C) with T = C runs, and learns nothing."""
    size = numbers.pick(32, (26, 40, 64, 96))
    choices = {
        "The letters compete along the text.": "",
        "The text is too short.": "On the same text a right call gets far below that.",
        "The learning rate is too low.": "At the same rate a right call gets far below that.",
        "The labels are shuffled.": "They are as they were. Look at the shapes.",
    }
    return Question(
        f"Another run: `cross_entropy(logits, target)` with logits `(64, {size}, {size})` and "
        f"target `(64, {size})`. No error, and a loss that stays at about ln {size}. Why?",
        "The letters compete along the text.",
        "Logits (N, T, C) stand as (N, C, d1) here: `dim=1` holds the places of the text. T = C, "
        "so nothing notices.",
        (
            "Which dimension does `cross_entropy` take for the classes?",
            f"`dim=1` holds T = {size} places of the text. And C is {size}.",
        ),
        *options(numbers, choices),
    )


def learnt_padding(numbers: Numbers) -> Question:
    """Padding that counts is easy, and pulls the mean down."""
    share = numbers.pick(57, range(40, 70, 3))
    real = numbers.pick(2.07, (1.8, 2.2, 2.4, 2.6))
    mean = (1 - share / 100) * real
    return Question(
        f"{share}% of a batch is padding, and a model has learnt to predict padding at a loss of "
        f"0. Its real letters cost {real:g}. What does the mean over all places say?",
        mean,
        f"{100 - share}% of the places cost {real:g}, the others nothing: the loss looks good, "
        "and the model is no better.",
        (
            "Which share of the places costs anything?",
            f"{100 - share}% cost {real:g} each.",
        ),
        (
            Mistake(real, "That is the mean over the letters alone, as with `ignore_index`."),
            Mistake(share / 100 * real, "That share is the padding's, which costs nothing."),
            Mistake(real / (1 - share / 100), "Padding that costs nothing lowers the mean."),
            Mistake(0, "The letters still cost what they cost."),
        ),
    )


def perplexity_of_two(numbers: Numbers) -> Question:
    """Perplexity is exp of the mean over all tokens."""
    short, long = numbers.pick((1, 9), ((1, 4), (2, 8), (1, 19), (3, 12)))
    cheap, dear = numbers.pick((2.0, 4.0), ((1.0, 3.0), (2.0, 3.0), (1.5, 3.5)))
    mean = (long * cheap + short * dear) / (short + long)
    each = (cheap + dear) / 2
    return Question(
        f"Two sentences: {long} tokens that cost {cheap:g} nats each, and {short} that cost "
        f"{dear:g}. What is the perplexity of the two together?",
        math.exp(mean),
        f"exp of the mean over all {short + long} tokens, {mean:.4g} nats.",
        (
            "Perplexity is exp of the mean loss. The mean over what?",
            f"All {short + long} tokens count alike. First the mean, then exp.",
        ),
        (
            Mistake(math.exp(each), "That is the mean of the two sentences. Tokens count, not "
                    "sentences."),
            Mistake((math.exp(cheap) + math.exp(dear)) / 2, "That is the mean of two perplexities. "
                    "First the mean over all tokens, then exp."),
            Mistake((long * math.exp(cheap) + short * math.exp(dear)) / (short + long),
                    "That takes exp of each token first. First the mean, then exp."),
            Mistake(mean, "That is the mean loss in nats. Perplexity is exp of it."),
            Mistake(2**mean, "2 to the power of it would be right for bits. These are nats."),
        ),
    )  # fmt: skip


def accumulated(numbers: Numbers) -> Question:
    """The mean of means weighs small batches too much."""
    few = numbers.pick((1, 2, 3), ((1, 1), (2, 4), (1, 2, 6), (2, 2, 5)))
    many = numbers.pick(5, range(4, 9))
    losses = [*few, *[10] * many]
    right, wrong = sum(losses) / len(losses), (sum(few) / len(few) + 10) / 2
    told = ", ".join(map(str, few))
    return Question(
        f"Gradient accumulation: one micro-batch has the losses {told}, the other {many} times 10. "
        "Each gives its mean, and the two are averaged. By how much does the result miss the mean "
        f"of all {len(losses)} losses?",
        right - wrong,
        f"The mean of all is {right:g}, the mean of the two means {wrong:g}. Divide each sum by "
        "the count of all instead.",
        (
            f"The two means are {sum(few) / len(few):g} and 10.",
            f"The mean of the means is {wrong:g}. And the mean of all {len(losses)}?",
        ),
        (
            Mistake(wrong - right, "The size is right. Which of the two is larger?"),
            Mistake(0, "They agree only where both have the same number of losses."),
            Mistake(right, "That is the mean of all. How far is the mean of the means from it?"),
            Mistake(wrong, "That is the mean of the means. How far is the mean of all from it?"),
        ),
    )


def masked_target(numbers: Numbers) -> Question:
    """A target that is masked costs inf, and its gradient is finite."""
    first, second = numbers.pick((1, 2), ((2, 1), (0, 1), (0, 2), (3, 1), (2, 4)))
    p = 1 / (1 + math.exp(second - first))
    choices = {
        "Both are inf or nan.": "The gradient is p − y. What is p here?",
        "The loss is inf, its gradient is finite.": "",
        "The loss is finite, its gradient is 0.": "The target's p is 0. What is −log 0?",
        "Both are 0.": "Only an ignored target costs 0. This one counts.",
    }
    return Question(
        f"The logits are `[{first}, {second}, -inf]`: class 2 is masked. By mistake it is the "
        "target. What are loss and gradient?",
        "The loss is inf, its gradient is finite.",
        f"−log 0 is inf. But the gradient is p − y, and p is {p:.2f}, {1 - p:.2f} and 0: an "
        "optimizer steps as if nothing were wrong.",
        (
            "What is −log of the target's p?",
            "The gradient is p − y. Is there anything in it that is not finite?",
        ),
        *options(numbers, choices),
    )


QUESTIONS = (
    first_letter_loss, fell_to_nothing, stuck_at_blind, learnt_padding, perplexity_of_two,
    accumulated, masked_target,
)  # fmt: skip
