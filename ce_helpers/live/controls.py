"""Controls of live pictures: ipywidgets' own models; the browser's modules draw them."""

import ipywidgets as widgets
import traitlets

LARGEST = 1000.0  # of a logit that may be typed


class ExactSlider(widgets.FloatSlider):
    """A slider that keeps its value exactly; `step` is the stride of a key.

    What the browser sends is not echoed, for an echo may be stale by then. Shown on its own it is a
    field: a slider's view would round the value to a step and send that back.
    """

    _view_name = traitlets.Unicode("FloatTextView").tag(sync=True)
    value = traitlets.CFloat(0.0).tag(sync=True, echo_update=False)


class TargetButtons(widgets.ToggleButtons):
    """One button per class; what the browser sends is not echoed."""

    index = traitlets.Int(None, allow_none=True).tag(sync=True, echo_update=False)


class ElementSlider(widgets.IntSlider):
    """The chosen element's place among all; what the browser sends is not echoed."""

    value = traitlets.CInt(0).tag(sync=True, echo_update=False)
