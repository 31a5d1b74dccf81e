"""A cursor over tensors that stand still: a row and a column, and what torch answers there."""

import numpy as np

from ce_helpers.live.ahead import Ahead


class CursorState:
    """Where the cursor stands; a subclass computes once, and `values()` reads there.

    Args:
        names: what row and column are called.
        shape: how many of each.
        cell: the row and the column to start with.

    Raises:
        ValueError: a cell outside.
    """

    def __init__(self, names: tuple[str, str], shape: tuple[int, int], cell) -> None:
        if cell not in np.ndindex(shape):
            raise ValueError(
                f"cell is {cell!r}; expected a tuple ({', '.join(names)}) inside {shape}."
            )
        self.cell_names, self.shape, self.start = names, shape, cell
        self.row, self.column = cell

    @property
    def cell(self) -> tuple[int, int]:
        """The row and the column."""
        return self.row, self.column

    def set(self, name: str, value: int) -> None:
        """One control moved."""
        setattr(self, name, int(value))

    def reset(self) -> None:
        """Returns to the first cell."""
        self.row, self.column = self.start

    def controls(self) -> dict[str, int]:
        """What each control shows."""
        return {"row": self.row, "column": self.column}

    def ahead(self) -> Ahead:
        """The answers at every cell."""
        axes = {name: (0, count) for name, count in zip(("row", "column"), self.shape, strict=True)}
        return Ahead(axes, {name: (["row", "column"], maps) for name, maps in self.maps().items()})

    def maps(self) -> dict[str, np.ndarray]:
        """Each value at every cell: (rows, columns) or (rows, columns, k)."""
        raise NotImplementedError

    def tensors(self) -> dict[str, bytes]:
        """What is sent once."""
        return self.ahead().tensors()
