"""What a card of the error clinic holds, and how its call is run."""

import ast
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import torch
from torch import nn

from ce_helpers.calls.diagnose import Diagnosis, diagnose

RAISES, WRONG, RIGHT = "raises", "runs and is wrong", "runs and is right"
OUTCOMES = (RAISES, WRONG, RIGHT)
GROUPS = ("shape", "type", "value", "averaging", "training")


@dataclass(frozen=True)
class Card:
    """One call to judge.

    Args:
        group: one of `GROUPS`.
        wish: what the writer of the call wants.
        setup: lines of code that make its arguments.
        call: the lines that are judged; the last is an expression.
        outcome: one of `OUTCOMES`.
        reason: why, in a few sentences.
        remedy: lines that give what was wished; empty where `call` does.
    """

    group: str
    wish: str
    setup: str
    call: str
    outcome: str
    reason: str
    remedy: str = ""

    def run(self, code: str) -> object:
        """What the last line of `code` gives after `setup`; it raises what torch raises."""
        names = self._names()
        *before, last = ast.parse(code).body
        exec(compile(ast.Module(before, []), "<card>", "exec"), names)
        return eval(compile(ast.Expression(last.value), "<card>", "eval"), names)

    def diagnosis(self) -> Diagnosis | None:
        """What `diagnose` says of the call, if it is one of cross_entropy alone."""
        if not self.call.startswith("F.cross_entropy("):
            return None
        return eval(self.call, self._names() | {"F": SimpleNamespace(cross_entropy=diagnose)})

    def _names(self) -> dict[str, object]:
        names = {"torch": torch, "nn": nn, "F": nn.functional, "np": np}
        exec(self.setup, names)
        return names
