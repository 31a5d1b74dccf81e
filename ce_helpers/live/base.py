"""What all live explorers share: the way of a move, Reset, errors, pictures without a kernel.

control → `moved(name, value)` → `state.set` → torch's values, which the browser's picture shows.
"""

import base64
import contextlib
import threading
from collections.abc import Callable, Iterator

import ipywidgets as widgets
import numpy as np
import torch

from ce_helpers.live.picture import PNG_WIDTH
from ce_helpers.live.reruns import close_earlier_run
from ce_helpers.live.values import plain
from ce_helpers.live.view import LiveView, packed
from ce_helpers.saving import CAN_GO


class LiveExplorer(widgets.VBox):
    """A `VBox` round one live view.

    A subclass gives its state (`set`, `values`, `controls`, `reset`, `tensors`, `code`, `summary`),
    its controls, what buttons do, and its picture.

    Args:
        state: what torch computes.
        controls: a widget and its trait for each name that `state.set` knows.
        loads: for each button that sets a new state: a caption, and what sets it.
        page: what the browser needs beside the picture.
    """

    remedy = "Press Reset to start again."
    reloads = frozenset({"element"})  # controls that set others
    _drawn = None  # a picture of the start, as long as nothing has moved

    def __init__(self, state, controls: dict, loads: dict, page: dict) -> None:
        self.lock = threading.RLock()  # JupyterLab runs callbacks on more than one thread
        self.error: Exception | None = None
        self._state, self._controls, self._loads = state, controls, loads
        self._loading, self._answered = False, ""
        drawn = self.picture()
        self._load_controls()
        self.view = LiveView(
            dict if "ahead" in page else state.tensors,  # what was sent ahead never changes
            picture={**drawn.spec(), **plain(page)},
            controls={name: control for name, (control, _) in controls.items()},
            start={**state.tensors(), "controls": state.controls()},
            answer=self._torchs_answer(),
        )
        for name, (control, trait) in controls.items():
            control.observe(lambda change, name=name: self.moved(name, change.new), trait)
        self.view.on_msg(lambda _view, message, _buffers: self._received(message))
        super().__init__([self.view], layout={"width": "100%", "max_width": f"{PNG_WIDTH}px"})
        self.add_class("ce-live")
        self._drawn = drawn
        close_earlier_run(self)

    # The way of a move.

    def moved(self, name: str, value: float) -> None:
        """A control moved, by a script, a link or a hand."""
        with self._guarded():
            if self._loading:
                return
            if not np.isfinite(value):
                self._load_controls()  # a slider has no place for it
                return
            self._state.set(name, value)
            control, trait = self._controls[name]
            if getattr(control, trait) != value:  # taken back while this waited for its turn
                self._write(name, value)
            if name in self.reloads:
                self._load_controls()
            self._answer()

    def _received(self, message: dict) -> None:
        """A hand moved controls in the browser or pressed a button; answered once, by number."""
        with self._guarded():
            try:
                for name, value in message.get("controls", {}).items():
                    self._write(name, value, from_browser=True)
                    self._state.set(name, value)
                if "load" in message:
                    self._loads[message["load"]]()
                    self._show_error(None)
                if "load" in message or self.reloads & message.get("controls", {}).keys():
                    self._load_controls(from_browser=True)
            finally:
                self._answered = message["n"]
                self._answer()

    def _write(self, name: str, value: float, *, from_browser: bool = False) -> None:
        """Sets a control, so that its observers run; a browser's own value is not sent back."""
        control, trait = self._controls[name]
        with self._loading_controls():
            if from_browser:
                control.set_state({trait: value})
            else:
                setattr(control, trait, value)

    def _load_controls(self, *, from_browser: bool = False) -> None:
        """Makes the controls show the state; writes nothing to it."""
        for name, value in self._state.controls().items():
            control, trait = self._controls[name]
            if getattr(control, trait) != value:
                self._write(name, value, from_browser=from_browser)

    @contextlib.contextmanager
    def _loading_controls(self) -> Iterator[None]:
        before, self._loading = self._loading, True
        try:
            yield
        finally:
            self._loading = before

    def _answer(self) -> None:
        """Sends what torch gives now."""
        self._drop_picture()
        self.view.answer = self._torchs_answer()

    def _torchs_answer(self) -> dict:
        """Torch's values, the controls they belong to, and the newest message they know."""
        controls = {name: getattr(*pair) for name, pair in self._controls.items()}
        values = plain(self._state.values())
        return {"n": self._answered, "controls": controls, "values": values}

    def _show_all(self) -> None:
        """A script changed everything."""
        self.view.present += 1
        self._load_controls()
        self._answer()

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        """One move at a time; an error is kept and shown, for JupyterLab shows none."""
        # grad mode belongs to the thread, so it is set here and not once at the start
        with self.lock, torch.no_grad():
            try:
                yield
            except Exception as error:
                self._show_error(error)

    def _show_error(self, error: Exception | None) -> None:
        self.error = error
        name = type(error).__name__
        self.view.error = "" if error is None else f"{name}: {error} {self.remedy}"

    # For scripts.

    @property
    def logits(self) -> torch.Tensor:
        """A copy of the logits, in the shape that was given."""
        return self._state.logits.clone()

    @property
    def target(self) -> torch.Tensor:
        """A copy of the target's class indices."""
        return self._state.target.clone()

    @property
    def loss(self) -> torch.Tensor:
        """What `cross_entropy` returned for the present state, in nats."""
        return self._state.loss.clone()

    def _change(self, change: Callable[[], None]) -> None:
        """Changes the state and shows it; what a wrong argument raises goes to the script."""
        with self.lock, torch.no_grad():
            change()
            self._show_all()

    def reset(self) -> None:
        """Returns to what the explorer was made with."""
        with self.lock:
            self._change(self._state.reset)
            self._show_error(None)

    def code(self) -> str:
        """PyTorch lines that give the present loss; of a long tensor, the selected element's."""
        return self._state.code()

    def text(self) -> str:
        """The state in words: what the picture shows."""
        return "\n".join((repr(self), *self._state.summary()))

    def picture(self):
        """What matplotlib draws of the present state; a subclass makes it."""
        raise NotImplementedError

    def _take_picture(self):
        """A picture of the present state, to be freed: the one of the start while it is true."""
        drawn, self._drawn = self._drawn or self.picture(), None
        return drawn

    def _drop_picture(self) -> None:
        """Frees the picture of the start, which shows another state now."""
        if self._drawn is not None:
            self._take_picture().free()

    def page_state(self) -> dict:
        """All that a page without a kernel needs, as JSON; whole tensors gzipped, in base64."""
        with self.lock:
            start = dict(self.view.start)
            controls = start.pop("controls")
            start = {name: packed(name, data) for name, data in start.items()}
            start["controls"] = controls
            traits = {name: trait for name, (_, trait) in self._controls.items()}
            seen = {"picture": self.view.picture, "answer": self.view.answer}
            return {**seen, "start": start, "traits": traits}

    def _repr_mimebundle_(self, **kwargs: object) -> tuple[dict, dict]:
        """The live widget, and for readers without a kernel its picture and its text."""
        with self.lock:
            live = {} if self.comm is None else super()._repr_mimebundle_(**kwargs)
            drawn = self._take_picture()
            try:
                png = base64.b64encode(drawn.png()).decode("ascii")
            finally:
                drawn.free()
            still = {"image/png": png, "text/plain": self.text()}
            return live | still, {**CAN_GO, "image/png": {"width": PNG_WIDTH}}

    def close(self) -> None:
        """Frees the explorer: all its widgets, and what listens to them. A picture stays."""
        self._drop_picture()
        for control in self._parts():
            control.unobserve_all()
            for part in ("style", "layout"):
                if (widget := getattr(control, part, None)) is not None:
                    widget.close()
            if control is not self:
                control.close()
        if "view" in self.__dict__:
            # IPython's Out keeps the explorer: only what the still picture needs stays
            self.view.picture = self.view.answer = self.view.start = {}
        super().close()
        self.__dict__.pop("_repr_mimebundle_", None)  # ipywidgets put None there

    def _parts(self) -> list[widgets.Widget]:
        """All widgets; none yet, if the arguments were refused."""
        if "view" not in self.__dict__:
            return []
        return [self.view, *(control for control, _ in self._controls.values()), self]
