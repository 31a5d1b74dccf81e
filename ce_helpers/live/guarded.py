"""What widgets without a picture share: callbacks that fail in the open, a text for readers."""

import contextlib
import functools
import html
import threading
from collections.abc import Callable

import ipywidgets as widgets
import torch

from ce_helpers.saving import CAN_GO

WIDTH = 848  # CSS pixels, as a live picture


class GuardedWidget(widgets.VBox):
    """A `VBox` whose callbacks fail in the open, with a text for readers without a kernel.

    JupyterLab swallows what a callback raises and runs callbacks on more than one thread. So each
    callback goes through `guarded`: it holds the lock, records no gradients, and an exception is
    stored in `error` and shown as a red line in the widget.

    Args:
        lock: what a callback holds while it runs, re-entrant; one of its own if left out.
    """

    remedy = "Run the cell again."

    def __init__(self, lock: contextlib.AbstractContextManager | None = None) -> None:
        self.lock = lock or threading.RLock()
        self.error: Exception | None = None
        self._error_line = widgets.HTML()
        super().__init__(layout={"width": f"{WIDTH}px", "max_width": "100%"})

    def guarded(self, callback: Callable[[], None]) -> Callable[[object], None]:
        """Wraps `callback` for `observe` or `on_click`; it reads the controls, not the event.

        By the time the lock is free the event may be out of date, and the controls are not.
        """

        @functools.wraps(callback)
        def run(_event: object) -> None:
            # grad mode belongs to the thread, so it is set here and not once at the start
            with self.lock, torch.no_grad():
                try:
                    callback()
                except Exception as error:
                    self._show_error(error)

        return run

    def _show_error(self, error: Exception | None) -> None:
        self.error = error
        self._error_line.value = "" if error is None else (
            '<p role="alert" style="color:#ffffff;background:#b00020;margin:0;padding:4px 8px">'
            f"{type(error).__name__}: {html.escape(str(error))} {self.remedy}</p>"
        )  # fmt: skip

    def text(self) -> str:
        """What the widget shows, in words; subclasses tell it."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: object) -> tuple[dict, dict]:
        """The live widget, and for readers without a kernel its text."""
        with self.lock:
            data = super()._repr_mimebundle_(**kwargs) | {"text/plain": self.text()}
            return data, dict(CAN_GO)
