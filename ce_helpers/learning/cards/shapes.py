"""Calls whose dimensions stand where torch takes them for something else, or only seem to."""

from ce_helpers.learning.cards.card import RAISES, RIGHT, WRONG, Card

CARDS = {
    "target_column": Card(
        "shape",
        "The mean loss of three samples, of the classes 0, 1 and 1.",
        "logits = torch.tensor([[2.0, 0, 0], [0, 2, 0], [0, 0, 2]])\n"
        "target = torch.tensor([[0], [1], [1]])",
        "F.cross_entropy(logits, target)",
        RAISES,
        "Logits (N, C) need class indices of shape (N). The shape (3, 1) has a dimension too many.",
        "F.cross_entropy(logits, target.squeeze(1))",
    ),
    "two_positions": Card(
        "shape",
        "Two losses for one sample with two positions.",
        "logits = torch.tensor([[[4.0, 10], [3, 2], [2, 3], [10, 4]]])  # (1, 4, 2)\n"
        "target = torch.tensor([[3, 1]])  # (1, 2)",
        'F.cross_entropy(logits, target, reduction="none")',
        RIGHT,
        "The classes stand at dim=1 and the target has the shape that is left without them.",
    ),
    "square_tokens": Card(
        "shape",
        "The mean loss of three tokens, each with three classes: (N, T, C).",
        "logits = torch.tensor([[[5.0, 0, 0], [5, 0, 0], [0, 0, 5]]])\n"
        "target = torch.tensor([[0, 0, 2]])  # right at every token",
        "F.cross_entropy(logits, target)",
        WRONG,
        "torch takes dim=1 for the classes. Here dim=1 holds the tokens. Since T = C, it cannot "
        "notice.",
        "F.cross_entropy(logits.transpose(1, 2), target)",
    ),
    "one_image": Card(
        "shape",
        "The mean loss of one image with 2 classes and 2 × 2 pixels: (C, H, W).",
        "logits = torch.tensor([[[3.0, -3], [3, -3]], [[-3.0, 3], [-3, 3]]])\n"
        "target = torch.tensor([[0, 1], [0, 1]])  # right at every pixel",
        "F.cross_entropy(logits, target)",
        WRONG,
        "Without a batch dimension (C, H, W) is read as (N, C, d1): two samples, and the rows of "
        "the image as classes. The sizes happen to fit.",
        "F.cross_entropy(logits.unsqueeze(0), target.unsqueeze(0))",
    ),
    "mask_channel": Card(
        "shape",
        "The mean loss of an image with 2 classes and 2 × 3 pixels.",
        "logits = torch.zeros(1, 2, 2, 3)  # (N, C, H, W)\n"
        "target = torch.tensor([[[[0, 1, 0], [1, 0, 1]]]])",
        "F.cross_entropy(logits, target)",
        RAISES,
        "The mask came with a channel, (1, 1, 2, 3). Without the classes (1, 2, 3) is left.",
        "F.cross_entropy(logits, target.squeeze(1))",
    ),
    "channels_last": Card(
        "shape",
        "The mean loss of an image with 4 classes and 2 × 3 pixels.",
        "logits = torch.zeros(1, 2, 3, 4)  # (N, H, W, C)\n"
        "target = torch.tensor([[[0, 1, 2], [3, 0, 1]]])  # (N, H, W)",
        "F.cross_entropy(logits, target)",
        RAISES,
        "torch takes dim=1, the rows, for the classes. With C = H = W there would be a number, and "
        "a wrong one.",
        "F.cross_entropy(logits.movedim(-1, 1), target)",
    ),
}
