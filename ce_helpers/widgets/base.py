"""What all widgets share: callbacks that fail in the open, a text without a kernel."""

import contextlib
import functools
import html
import threading
from collections.abc import Callable, Iterator

import ipywidgets as widgets
import torch

from ce_helpers.figures import FIGURE_WIDTH
from ce_helpers.live_figure import CSS_DPI, LiveFigure
from ce_helpers.saving import CAN_GO
from ce_helpers.style import TARGET_COLOR

WIDTH = round(FIGURE_WIDTH * CSS_DPI)  # CSS pixels, of widgets with a picture and without

# The pressed target button has the target's colour, as the bars have. A picture of WIDTH pixels,
# enlarged, fills a screen of 1280 without the file browser; drawn at twice its size, it is sharp.
STYLE = f"""<style>
.ce-live .widget-toggle-buttons .mod-active {{ background: {TARGET_COLOR}; color: white; }}
.ce-live .widget-html-content {{ line-height: 1.35; }}
.ce-presenter {{ zoom: 1.29; font-weight: 600; }}
.ce-presenter .ce-code {{ display: none; }}
</style>"""

PRE = "margin:2px 0;white-space:pre-wrap"


def text_html(text: str) -> str:
    """Lines of text as they are."""
    return f'<pre style="{PRE}">{html.escape(text)}</pre>'


def code_html(code: str) -> str:
    """Quiet lines of code; one click selects them all."""
    style = f"{PRE};user-select:all;opacity:.75"
    return f'<pre class="ce-code" style="{style}">{html.escape(code)}</pre>'


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
            '<p role="alert" style="color:#b00020;margin:0">'
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


class LiveWidget(GuardedWidget):
    """A guarded widget with a live figure and a text summary beside it.

    Args:
        live_figure: the picture; a subclass gives `live_figure.image` to `_place`.
    """

    remedy = "Press Reset to start again."

    def __init__(self, live_figure: LiveFigure) -> None:
        self.live_figure = live_figure
        self.summary = widgets.HTML()
        self._loading = False
        super().__init__(live_figure.lock)
        self.add_class("ce-live")

    def _place(self, *children: widgets.Widget) -> None:
        """Shows `children`, and below them the summary and the line for errors."""
        style = widgets.HTML(STYLE, layout={"display": "none"})
        self.children = [*children, self.summary, self._error_line, style]

    def _watch(self, control: widgets.Widget, callback: Callable[[], None]) -> None:
        """Calls `callback` when a reader moves `control`, and not while the widget sets it."""
        control.observe(self.guarded(lambda: None if self._loading else callback()), names="value")

    @contextlib.contextmanager
    def _loading_controls(self) -> Iterator[None]:
        """Controls that are set in here call nothing."""
        self._loading = True
        try:
            yield
        finally:
            self._loading = False

    def _repr_mimebundle_(self, **kwargs: object) -> tuple[dict, dict]:
        """The live widget, and for readers without a kernel its picture and its text."""
        with self.lock:
            data, metadata = super()._repr_mimebundle_(**kwargs)
            picture, size = self.live_figure.mimebundle()
            return data | picture, metadata | size
