"""A text, a table of logits for the letter after each letter, and what one place costs."""

import math

import torch
from torch.nn.functional import cross_entropy

from ce_helpers.formatting import shortest, to_numpy

MOST_LETTERS = 64  # of the text that is shown
SHOWN = 5  # logits with a bar; the rest is one
NAMES = {" ": "␣", "\n": "↵"}
FULL = 0.55  # how much of its colour a blind guess has; what is worse has nearly all of it


class SequenceState:
    """A bigram model: the logits of the next letter depend on the letter before alone.

    Shape:
        tables: each (C, C), the logits of what follows each letter. ids: (T) with 2 ≤ T ≤ 64.

    Args:
        tables: by name, for the buttons; the first is shown first.
        ids: the text, as indices.
        vocabulary: the C letters.

    Raises:
        ValueError: another shape, fewer than six letters, or an index outside the vocabulary.
    """

    def __init__(self, tables: dict[str, torch.Tensor], ids, vocabulary: str) -> None:
        ids, count = torch.as_tensor(ids), len(vocabulary)
        if count <= SHOWN:
            raise ValueError(f"vocabulary has {count} letters; expected more than {SHOWN}.")
        for name, table in tables.items():
            if tuple(table.shape) != (count, count):
                raise ValueError(
                    f"table {name!r} has shape {tuple(table.shape)}; {count} letters need "
                    f"({count}, {count})."
                )
        if ids.ndim != 1 or not 2 <= len(ids) <= MOST_LETTERS:
            raise ValueError(
                f"ids have shape {tuple(ids.shape)}; expected 2 to {MOST_LETTERS} letters in a row."
            )
        if not bool(((ids >= 0) & (ids < count)).all()):
            raise ValueError(f"ids hold {ids.tolist()}; expected indices from 0 to {count - 1}.")
        self.ids, self.letters = ids.clone(), [NAMES.get(letter, letter) for letter in vocabulary]
        self.tables = {name: table.detach().float().clone() for name, table in tables.items()}
        self.reset()

    def reset(self) -> None:
        """Returns to the first table, unchanged, and to the place that costs most in it."""
        self.model, self.place = 0, 1
        self.table = next(iter(self.tables.values())).clone()
        self.place = 1 + int(self.losses.argmax())
        self._choose()

    def set(self, name: str, value: float) -> None:
        """One control moved: `model`, `place`, or `logits.2` of the rows that are shown."""
        if name == "model":
            self.model = int(value)
            self.table = [*self.tables.values()][self.model].clone()
            self._choose()
        elif name == "place":
            self.place = min(max(int(value), 1), len(self.ids) - 1)
            self._choose()
        else:
            self.table[self.before, self.rows[int(name.removeprefix("logits."))]] = value

    def _choose(self) -> None:
        """Which letters have a bar: the target, and the four others with the largest logits."""
        row, own = self.table[self.before].tolist(), int(self.ids[self.place])
        others = sorted((c for c in range(len(row)) if c != own), key=lambda c: (-row[c], c))
        self.rows = sorted([own, *others[: SHOWN - 1]], key=lambda c: (-row[c], c))

    @property
    def before(self) -> int:
        """The letter before the chosen place: the row of the table."""
        return int(self.ids[self.place - 1])

    @property
    def logits(self) -> torch.Tensor:
        """The logits at every place but the first, (T − 1, C)."""
        return self.table[self.ids[:-1]]

    @property
    def losses(self) -> torch.Tensor:
        """Each place's loss in nats, (T − 1)."""
        return cross_entropy(self.logits, self.ids[1:], reduction="none")

    @property
    def loss(self) -> torch.Tensor:
        """Their mean."""
        return cross_entropy(self.logits, self.ids[1:])

    # For everything that is drawn or written.

    def controls(self) -> dict[str, float]:
        """What each control shows."""
        logits = to_numpy(self.table[self.before, self.rows])
        found = {f"logits.{k}": float(shortest(z)) for k, z in enumerate(logits)}
        return {"model": self.model, "place": self.place, **found}

    def tensors(self) -> dict[str, bytes]:
        """Nothing beside the table."""
        return {}

    def values(self) -> dict:
        """The flat table. sequence.js computes the same names until these arrive."""
        row, target = self.table[self.before], int(self.ids[self.place])  # (C)
        probs, losses = torch.softmax(row, dim=0), self.losses
        rest = [c for c in range(len(row)) if c not in self.rows]
        blind, mean = math.log(len(row)), self.loss.item()
        costs = losses.tolist()
        same = (self.ids[:-1] == self.before).int()
        return {
            "model": self.model,
            "place": self.place,
            "table": self.table.flatten().tolist(),
            "rows": self.rows,
            "names": [self.letters[c] for c in self.rows],
            "target": self.rows.index(target),
            "target_letter": self.letters[target],
            "target_index": target,
            "before": self.before,
            "before_letter": self.letters[self.before],
            "logits": row[self.rows].tolist(),
            "probs": probs[self.rows].tolist(),
            "others": torch.logsumexp(row[rest], dim=0).item(),
            "others_p": probs[rest].sum().item(),
            "p": probs[target].item(),
            "losses": costs,
            "loss": costs[self.place - 1],
            "share": 100 * costs[self.place - 1] / total if (total := sum(costs)) else 0.0,
            "mean": mean,
            "perplexity": math.exp(mean),
            "bits": mean / math.log(2),
            "shades": [0.0, *(shade(loss, blind) for loss in costs)],
            "dark": [k + 1 for k, loss in enumerate(costs) if loss > blind],
            "same": [0, *same.tolist()],
            "same_count": int(same.sum()),
        }

    def code(self) -> str:
        """A PyTorch line that gives the mean."""
        count = len(self.ids) - 1
        return (
            f"F.cross_entropy(W[ids[:-1]], ids[1:])   # logits ({count}, {len(self.letters)}), "
            f"target ({count})"
        )

    def summary(self) -> list[str]:
        """What the picture shows, in lines of text; two digits, for a training is behind them."""
        found = self.values()
        return [
            f"{[*self.tables][self.model]}: mean loss {found['mean']:.2g}, perplexity "
            f"{found['perplexity']:.2g}, {found['bits']:.2g} bits",
            f"{found['target_letter']} after {found['before_letter']}: loss {found['loss']:.2g}",
        ]


def shade(loss: float, blind: float) -> float:
    """How much of its colour a place has; what is worse than a blind guess leaps out."""
    return FULL * loss / blind if loss <= blind else min(1.0, 0.92 + 0.08 * (loss / blind - 1))
