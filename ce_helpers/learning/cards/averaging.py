"""Calls that divide a sum by something: by what is wanted, or by something else."""

from ce_helpers.learning.cards.card import RIGHT, WRONG, Card

CARDS = {
    "weighted_mean": Card(
        "averaging",
        "The plain average of the two weighted losses.",
        "logits = torch.tensor([[2.0, 0], [2, 0]])\n"
        "target = torch.tensor([0, 1])\n"
        "weight = torch.tensor([1.0, 3])",
        "F.cross_entropy(logits, target, weight=weight)",
        WRONG,
        "With weights, mean divides by the sum of the targets' weights, here 1 + 3, not by the "
        "number of samples.",
        'F.cross_entropy(logits, target, weight=weight, reduction="none").mean()',
    ),
    "one_hot_weights": Card(
        "averaging",
        "The plain average of the two weighted losses.",
        "logits = torch.tensor([[2.0, 0], [2, 0]])\n"
        "target = torch.tensor([[1.0, 0], [0, 1]])\n"
        "weight = torch.tensor([1.0, 3])",
        "F.cross_entropy(logits, target, weight=weight)",
        RIGHT,
        "With probabilities, mean divides by the number of samples, whatever the weights. The "
        "same call with the indices [0, 1] divides by the sum of their weights, 1 + 3.",
    ),
    "ignored_sample": Card(
        "averaging",
        "The mean loss without sample 0.",
        "logits = torch.tensor([[3.0, 0], [0, 1], [1, 0]])\ntarget = torch.tensor([1, 1, 0])",
        "F.cross_entropy(logits, target, ignore_index=0)",
        WRONG,
        "ignore_index is a value of the target, not a position: this drops each sample of class "
        "0, here sample 2.",
        "F.cross_entropy(logits[1:], target[1:])",
    ),
    "smoothed_weight": Card(
        "averaging",
        "Smoothing of 0.1, with the target's weight as a factor of the sample's whole loss.",
        "logits = torch.tensor([[2.0, 0]])\n"
        "target = torch.tensor([0])\n"
        "weight = torch.tensor([1.0, 9])",
        "F.cross_entropy(logits, target, weight=weight, label_smoothing=0.1)",
        WRONG,
        "Smoothing gives each class a share, and each share is multiplied by the weight of its "
        "own class: the 9 enters although class 1 is not the target.",
        "(weight[target]\n"
        ' * F.cross_entropy(logits, target, label_smoothing=0.1, reduction="none")).mean()',
    ),
    "micro_batches": Card(
        "averaging",
        "The mean loss of four samples that come in two parts of 3 and 1.",
        "logits = torch.tensor([[3.0, 0], [3, 0], [3, 0], [0, 3]])\n"
        "target = torch.tensor([0, 0, 0, 0])",
        "(F.cross_entropy(logits[:3], target[:3]) + F.cross_entropy(logits[3:], target[3:])) / 2",
        WRONG,
        "The mean of means gives the lonely sample as much say as the other three together. Add "
        "sums and divide once.",
        '(F.cross_entropy(logits[:3], target[:3], reduction="sum")\n'
        ' + F.cross_entropy(logits[3:], target[3:], reduction="sum")) / 4',
    ),
    "mean_of_perplexities": Card(
        "averaging",
        "The perplexity of four tokens.",
        "losses = torch.tensor([2.0, 2, 2, 4])  # nats, one for each token",
        "losses.exp().mean()",
        WRONG,
        "Perplexity is exp of the mean loss over all tokens. The mean of the exps is larger, and "
        "a single bad token can rule it.",
        "losses.mean().exp()",
    ),
    "all_ignored": Card(
        "averaging",
        "A batch of nothing but padding should add 0 to the loss.",
        "logits = torch.tensor([[3.0, 0], [0, 3]])\ntarget = torch.tensor([-100, -100])",
        "F.cross_entropy(logits, target)",
        WRONG,
        "The mean over no element is 0 / 0. The gradient is 0, but a nan in a running average "
        "stays. Divide a sum by a count that is at least 1.",
        'F.cross_entropy(logits, target, reduction="sum") / (target != -100).sum().clamp(min=1)',
    ),
}
