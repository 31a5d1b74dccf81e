"""Every control of every explorer of every notebook tells the truth, in a real JupyterLab.

Controls are found by role and name, as a screen reader finds them; what must come of each stands in
`models.py`. After each move four things are compared: the tensors, what torch makes of them, the
words, and where the sliders stand.
"""

import re
import time

import numpy as np
import pytest
from playwright.sync_api import ElementHandle, Locator

from ce_helpers.formatting import format_number
from tests.browser.conftest import few_of
from tests.browser.kernel import attached
from tests.browser.models import MODELS
from tools.browser.lab import NOTEBOOKS, kernel_of, live

NAMES = [
    path.name for path in sorted(NOTEBOOKS.glob("*.ipynb"))
    if re.search(rf"\b({'|'.join(MODELS)})\(", path.read_text(encoding="utf-8"))
]  # fmt: skip
KEYS = ("ArrowRight", "Home", "PageUp", "ArrowLeft", "End", "PageDown")  # one, unless --cases
NUMBER = r"\d+(?:\.\d+)?(?:e[+-]\d+)?"
KEY_STRIDES = {"ArrowRight": 1, "ArrowLeft": -1, "PageUp": 10, "PageDown": -10}
INDICES = ("sample", "position", "row", "column")
STRIDES = dict.fromkeys((*INDICES, "gap", "samples before the cut"), 1)
STRIDES["label_smoothing"] = 0.01
SETTINGS = ("learning rate", "temperature", "label_smoothing", "samples before the cut")
TOGETHER = "all logits together"
PRESSES = 25
PATIENCE = 15  # seconds
GROWING = 800  # milliseconds until an axis that grows at rest stands still
LATE = 100  # milliseconds in which a late answer would undo what was done
# A widget's words, where its sliders stand, which of its choices are on.
SEEN = """(widget, [sliders, choices]) => [
  widget.innerText,
  sliders.map((s) => Number(s.value ?? s.ariaValueNow)),
  choices.map((c) => c.checked || c.ariaPressed === "true" || c.classList.contains("mod-active")),
]"""


class Driver:
    """Moves one explorer's controls and compares what came of it with its model.

    Args:
        kernel: behind the notebook.
        index: which explorer, counted from the last.
        widget: the same on the page.
    """

    def __init__(self, kernel, index: int, widget: Locator) -> None:
        self._kernel, self._index, self._widget = kernel, index, widget
        look = kernel.explorer(index)
        self._bounds = look["bounds"]
        self.sliders = {self._name(slider): slider for slider in self._all("slider")}
        self.choices = {
            self._name(choice): choice
            for role in ("button", "radio", "checkbox")
            for choice in self._all(role)
        }
        self.choices.pop("Presenter", None)  # changes nothing that a model holds
        self.maps = self._all("application")
        self.class_names = [
            name for name in self.sliders
            if name not in (TOGETHER, *INDICES, *SETTINGS)
        ]  # fmt: skip
        self.model = MODELS[look["kind"]](
            look, [name.removeprefix("weight ") for name in self.class_names]
        )

    def _all(self, role: str) -> list[ElementHandle]:
        return self._widget.get_by_role(role).element_handles()

    @staticmethod
    def _name(control: ElementHandle) -> str:
        """What a control is called, but for the words that say what it does."""
        name = control.evaluate("c => c.ariaLabel || c.labels?.[0]?.textContent || c.textContent")
        return re.sub("logit of | is the target$|, target$|↺", "", name).strip()

    def press(self, name: str, key: str) -> None:
        """A key on a slider; the model takes where a stride from here leads."""
        slider = self.sliders[name]
        if key in ("Home", "End"):
            self._widget.page.wait_for_timeout(GROWING)
        measure = next(iter(self.sliders.values())) if name == TOGETHER else slider
        low, high = (
            float(measure.evaluate(f"s => s.{end} ?? s.ariaValue{end[0].upper()}{end[1:]}"))
            for end in ("min", "max")
        )
        if measure is not slider or name in self.class_names:
            for least, most in self._bounds:  # an axis may reach further than its explorer's limit
                low, high = max(low, least), min(high, most)
        ends = {"Home": low, "End": high}
        stride = KEY_STRIDES.get(key, 0) * STRIDES.get(name, 0.1)
        slider.press(key)
        if name == TOGETHER:
            ((least, most),) = self._bounds
            self.model.shift(ends.get(key, stride), key in ends, least, most)
        else:
            moved = ends.get(key, round(self.model.sliders()[name] + stride, 6))
            self.model.move(name, min(max(moved, low), high))
        self.compare(f"{name}: {key}")

    def walk(self, field: ElementHandle) -> None:
        """The arrow keys on a map of elements."""
        for key, row, column in (("ArrowDown", 1, 0), ("ArrowRight", 0, 1), ("ArrowUp", -1, 0)):
            field.press(key)
            self.model.walk(row, column)
            self.compare(f"map: {key}")

    def choose(self, name: str) -> None:
        """A button, a radio button or a box."""
        self.choices[name].press("Space")
        self.model.move(name, None)
        self.compare(name)

    def reset_at_once_after_keys(self, name: str) -> None:
        """Quick presses on a slider, and Reset while they are under way."""
        self.sliders[name].focus()
        for _ in range(PRESSES):
            self._widget.page.keyboard.press("ArrowLeft")
        self.choices["Reset"].press("Space")
        self.model.move("Reset", None)
        self.compare(f"{name}: {PRESSES} presses, then Reset")

    def compare(self, done: str) -> None:
        """Waits until all four agree, and looks again when a late answer would have come."""
        ends = time.monotonic() + PATIENCE
        while self._differences() and time.monotonic() < ends:
            self._widget.page.wait_for_timeout(50)
        self._widget.page.wait_for_timeout(LATE)
        assert self._differences() == [], done

    def _differences(self) -> list[object]:
        """Where tensors, torch, words or controls are not as the model has them."""
        look = self._kernel.explorer(self._index)
        holds = self.model.holds().items()
        found = [(name, look[name], held) for name, held in holds if not same(look[name], held)]
        seen, stand, on = self._widget.evaluate(
            SEEN, [[*self.sliders.values()], [*self.choices.values()]]
        )
        words = " ".join(seen.split())
        told = look["text"].partition("\n")[2]  # the first line makes the explorer again
        numbers = set(re.findall(NUMBER, words))
        unsaid = {  # a list of torch's has one exponent for all, a column its own for each
            number for number in set(re.findall(NUMBER, told)) - numbers
            if format_number(float(number)) not in numbers
        }  # fmt: skip
        found += [(unsaid, words)] if unsaid else []
        found += [
            (said, words)
            for said in map(" ".join, map(str.split, self.model.numbers()))
            if said not in words
        ]
        stand = dict(zip(self.sliders, stand, strict=True))
        stand.pop(TOGETHER, None)
        should = {name: self.model.sliders()[name] for name in stand}
        found += [] if stand == pytest.approx(should, abs=1e-6) else [(stand, should)]
        chosen = {name for name, is_on in zip(self.choices, on, strict=True) if is_on}
        model = self.model.chosen()
        found += [] if chosen == model else [(chosen, model)]
        return found if look["error"] == "None" else [*found, look["error"]]


def same(value: object, other: object) -> bool:
    """Whether both are the same to the last digit; nan is nan."""
    if isinstance(value, dict) and isinstance(other, dict):
        return value.keys() == other.keys() and all(same(value[key], other[key]) for key in value)
    if isinstance(value, str):
        return value == other
    return np.array_equal(np.array(value, float), np.array(other, float), equal_nan=True)


@pytest.mark.parametrize("name", few_of(NAMES))
def test_every_control_tells_the_truth(opened, lab, lab_folder, name, cases):
    page = opened(name)
    every, tried = cases > 1, set()
    with attached(lab_folder, kernel_of(lab, name)) as kernel:
        count = page.locator(".ce-live").count()
        assert count > 0
        for index in range(count):
            look = kernel.explorer(count - index)
            layout = look["kind"], np.ndim(look["target"] or 0)
            if layout in tried and not every:
                continue
            tried.add(layout)
            driver = Driver(kernel, count - index, live(page, index))
            assert driver.sliders
            driver.compare("at the start")
            for slider in driver.sliders:
                for key in KEYS if every else KEYS[:1]:
                    driver.press(slider, key)
            for choice in driver.choices:
                driver.choose(choice)
            for field in driver.maps:
                driver.walk(field)
            if "Reset" in driver.choices:
                for slider in list(driver.sliders)[: None if every else 1]:
                    driver.reset_at_once_after_keys(slider)
