"""Lines of a training: what a step moves by, and what is reported of it."""

from ce_helpers.learning.cards.card import RIGHT, WRONG, Card

CARDS = {
    "no_zero_grad": Card(
        "training",
        "The gradient of the second step.",
        "logits = torch.zeros(1, 2, requires_grad=True)\n"
        "target = torch.tensor([0])\n"
        "optimizer = torch.optim.SGD([logits], lr=1.0)\n"
        "F.cross_entropy(logits, target).backward()\n"
        "optimizer.step()",
        "loss = F.cross_entropy(logits, target)\nloss.backward()\nlogits.grad",
        WRONG,
        "backward adds to the gradient that is there, so the first step's is in it again. A loss "
        "that moves in waves is the sign.",
        "optimizer.zero_grad()\n"
        "loss = F.cross_entropy(logits, target)\n"
        "loss.backward()\n"
        "logits.grad",
    ),
    "accuracy_off_by_one": Card(
        "training",
        "The accuracy on three samples, whose labels are 1, 2 and 3.",
        "logits = torch.tensor([[2.0, 0, 0], [0, 2, 0], [0, 0, 2]])\n"
        "labels = torch.tensor([1, 2, 3])\n"
        "loss = F.cross_entropy(logits, labels - 1)  # 0.2395",
        "(logits.argmax(dim=1) == labels).float().mean()",
        WRONG,
        "argmax counts from 0. Where the loss is low and fewer are right than by a blind guess, "
        "one of the two counts from 1.",
        "(logits.argmax(dim=1) == labels - 1).float().mean()",
    ),
    "weight_of_zero": Card(
        "training",
        "A mean loss in which rare classes count more.",
        "counts = torch.tensor([60.0, 30, 0])  # of each class in the data\n"
        "logits = torch.tensor([[2.0, 0, 0], [0, 2, 0], [2, 0, 0]])\n"
        "target = torch.tensor([0, 1, 2])",
        "F.cross_entropy(logits, target, weight=counts / counts.sum())",
        WRONG,
        "The most common class counts most. Class 2 weighs 0: its sample, the only wrong one, is "
        "in neither sum, and the loss looks good.",
        "F.cross_entropy(logits, target, weight=1 / counts.clamp(min=1))",
    ),
    "sum_at_a_lower_rate": Card(
        "training",
        "The step that the mean loss of four samples takes at a learning rate of 0.3.",
        "logits = torch.zeros(4, 2, requires_grad=True)\ntarget = torch.tensor([0, 1, 1, 1])",
        'loss = F.cross_entropy(logits, target, reduction="sum")\n'
        "loss.backward()\n"
        "-0.3 / 4 * logits.grad",
        RIGHT,
        "The sum's gradient is 4 times the mean's, and a quarter of the rate makes up for it. At "
        "0.3 each step would be 4 times as long.",
    ),
}
