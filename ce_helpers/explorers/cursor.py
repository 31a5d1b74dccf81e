"""Explorers of tensors that stand still: a hand moves a cursor over them."""

from ce_helpers.explorers.cursor_state import CursorState
from ce_helpers.live.base import LiveExplorer
from ce_helpers.live.controls import WholeSlider


class CursorExplorer(LiveExplorer):
    """A cursor with a slider for its row and one for its column.

    Args:
        state: what torch answered everywhere.
        controls: more controls than these two.
        choices: rows of buttons.
    """

    def __init__(self, state: CursorState, controls: dict, choices: list[dict]) -> None:
        self.row_slider, self.column_slider = (
            WholeSlider(max=size - 1, value=index, description=name)
            for name, size, index in zip(state.cell_names, state.shape, state.start, strict=True)
        )
        controls = {
            "row": (self.row_slider, "value"), "column": (self.column_slider, "value"), **controls,
        }  # fmt: skip
        page = {
            "preview": "lookup", "ahead": state.ahead(), "choices": choices,
            "loads": [{"key": "reset", "caption": "↺ Reset"}],
        }  # fmt: skip
        super().__init__(state, controls, {"reset": state.reset}, page)

    @property
    def cell(self) -> tuple[int, int]:
        """The marked row and column."""
        return self._state.cell
