"""What a reader's hand does to a slider, as the browser tells it."""

from ce_helpers.widgets.slider import Slider


def seen(slider: Slider) -> int:
    """A count of what was set on the slider so far; the browser sends it with each move."""
    return slider.get_state()["_set"][0]


def move(slider: Slider, value: float, having_seen: int | None = None) -> None:
    """Moves the slider; a reader who had not seen what was set last gives what was seen."""
    count = seen(slider) if having_seen is None else having_seen
    slider.set_state({"_moved": [count, value]})
