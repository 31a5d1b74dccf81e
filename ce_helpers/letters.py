"""A text of 18 sentences, and the smallest language model for it: a row of logits a letter."""

from collections.abc import Callable

import torch

from ce_helpers.threads import one_thread

# Written for this lesson, one sentence a line; short ones stand beside long ones, so that padding
# to the longest fills more than half of a batch.
TEXT = """\
the harbour was quiet.
nora kept the small light at the end of the pier, and every evening she climbed the narrow \
stairs with a can of oil, a box of matches and a book that she had read three times before.
who goes by?
nobody.
the wind came from the west that night, and it brought the smell of rain, the sound of a bell \
and, once in a while, a voice that seemed to call from the rocks beyond the second buoy.
she lit the lamp.
she counted the turns of the glass, as her mother had taught her, for a light that turns too \
slowly is taken for a star, and a light that turns too fast is taken for a joke.
ahoy!
a boat with a torn sail was drifting between the rocks, and the man at the oars had stopped \
rowing, because he had seen her lamp, then lost it, then seen it again where it could not be.
which way, up?
left, called nora, go left, and then, when the bell is behind you and the lamp is in front of \
you, pull as hard as you can and do not look at the water.
zeb obeyed.
the boat turned, waited for the next wave to lift it, scraped over the last of the black stones \
with a noise like a drawer full of knives, and was through, in the calm water, under the light.
phew!
who are you, joe?
no, zeb.
they drank tea from one cup, and he told her of the quick, lazy grey fox that lives on the outer\
 island, steals eggs, swims from rock to rock and is afraid of nothing but the lamp.
in the morning the sea was flat, the sail was mended, and nobody in the village would believe a \
word of it.
"""
VOCABULARY = "abcdefghijklmnopqrstuvwxyz .,?!\n"
WINDOW = 32  # letters in a window: as many as there are classes, so that no shape tells T from C
PAD = VOCABULARY.index("\n")


def encode(text: str) -> torch.Tensor:
    """Each letter's index in the vocabulary, int64, of shape (T).

    Raises:
        ValueError: a letter is not among the 32.

    Example:
        >>> encode("abc")
        tensor([0, 1, 2])
    """
    strange = sorted(set(text) - set(VOCABULARY))
    if strange:
        raise ValueError(
            f"text holds {strange}; expected small letters a to z, space, newline and . , ? !"
        )
    return torch.tensor([VOCABULARY.index(letter) for letter in text])


def decode(ids: torch.Tensor) -> str:
    """The text of a row of indices, of shape (T)."""
    return "".join(VOCABULARY[index] for index in ids.tolist())


def windows() -> tuple[torch.Tensor, torch.Tensor]:
    """All stretches of 32 letters, and what follows each letter: both int64, of shape (N, T)."""
    stretches = encode(TEXT).unfold(0, WINDOW + 1, 1)  # (N, T + 1)
    return stretches[:, :-1], stretches[:, 1:]


def sentences() -> tuple[torch.Tensor, torch.Tensor]:
    """The 18 sentences as a batch, padded at the end with newlines.

    Returns:
        The letters, int64 (18, T), and which of them are real, bool (18, T); a sentence's own
        newline is real.
    """
    rows = [encode(line) for line in TEXT.splitlines(keepends=True)]
    padded = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=PAD)
    lengths = torch.tensor([len(row) for row in rows])
    return padded, torch.arange(padded.shape[1]) < lengths[:, None]


@one_thread()
def train_bigram(
    loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    inputs: torch.Tensor,
    target: torch.Tensor,
    steps: int = 300,
) -> torch.Tensor:
    """Trains a table of logits, one row for each letter, by Adam with a rate of 0.1.

    Each step draws 64 rows of the batch, in the same order every time.

    Args:
        loss: takes logits (64, T, C), as a model returns them, and a target (64, T).
        inputs: letters, int64 (N, T).
        target: what is to be predicted at each place, int64 (N, T).
        steps: how many.

    Returns:
        The table `W`, float32 (C, C): `W[x]` are the logits of what follows the letter `x`.
    """
    draw = torch.Generator().manual_seed(0)
    table = torch.zeros(len(VOCABULARY), len(VOCABULARY), requires_grad=True)
    optimizer = torch.optim.Adam([table], lr=0.1)
    for _ in range(steps):
        rows = torch.randint(len(inputs), (64,), generator=draw)
        optimizer.zero_grad()
        loss(table[inputs[rows]], target[rows]).backward()
        optimizer.step()
    return table.detach()


def counted_bigram() -> torch.Tensor:
    """The table with the lowest loss on the text: the log of how often each pair of letters stands.

    Float32 (C, C); −inf for pairs that never stand.
    """
    ids = encode(TEXT)
    pairs = torch.zeros(len(VOCABULARY), len(VOCABULARY))
    pairs.index_put_((ids[:-1], ids[1:]), torch.ones(len(ids) - 1), accumulate=True)
    return (pairs / pairs.sum(dim=1, keepdim=True)).log()


def write(table: torch.Tensor, length: int = 60, start: str = "\n") -> str:
    """Text that the model makes, letter by letter, the same each time.

    Args:
        table: `W`, float (C, C).
        length: how many letters.
        start: the letter before the first.
    """
    draw = torch.Generator().manual_seed(0)
    letter, written = encode(start), []
    for _ in range(length):
        letter = torch.multinomial(table[letter].softmax(dim=1), 1, generator=draw)[:, 0]
        written.append(letter)
    return decode(torch.cat(written))
