"""How many threads torch computes with while it trains something small."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def one_thread() -> Iterator[None]:
    """Lets torch compute in one thread, here or in a function that is decorated with this.

    Small tensors gain nothing from a second one, and while a browser draws, each `backward` waits
    until the second one has its turn: a hundred times as long as the work takes.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
