"""The one widget that is seen, and how whole tensors reach a page without a kernel."""

import base64
import gzip
from collections.abc import Callable

import anywidget
import ipywidgets as widgets
import numpy as np
import traitlets

from ce_helpers.live.modules import module, style

STEPS_OF_TEN = (1.0, 0.1, 0.01, 0.001, 0.0001)


class LiveView(anywidget.AnyWidget):
    """All that is seen. `picture` is sent once; `answer` is torch's, with the message it answers.

    `start` and `present` hold whole tensors: the browser shows any element without asking.
    """

    _esm = module("live.js")
    _css = style()
    picture = traitlets.Dict().tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)
    error = traitlets.Unicode("").tag(sync=True)
    controls = traitlets.Dict().tag(sync=True, **widgets.widget_serialization)
    start = traitlets.Dict().tag(sync=True)
    # a count; what is sent is what stands there at that moment, also to a page that is opened again
    present = traitlets.Int(0).tag(
        sync=True, to_json=lambda count, view: view.read_present() if count else {}
    )

    def __init__(self, read_present: Callable[[], dict], **traits) -> None:
        self.read_present = read_present
        super().__init__(**traits)


def packed(name: str, data: bytes) -> dict:
    """Logits as int16 in the coarsest decimal step that keeps each exactly, everything gzipped."""
    step = None
    if name == "logits":
        values = np.frombuffer(data, np.float32)
        for candidate in STEPS_OF_TEN:
            counts = np.round(values.astype(float) / candidate)
            if np.abs(counts).max() < 2**15 and np.array_equal(
                (counts * candidate).astype(np.float32), values
            ):
                step, data = candidate, counts.astype("<i2").tobytes()
                break
    packed = base64.b64encode(gzip.compress(data, mtime=0)).decode("ascii")
    return {"gzip": packed, "step": step}
