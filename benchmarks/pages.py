"""Key press to new picture, in a real JupyterLab and a real browser."""

import contextlib
import dataclasses
import random
import statistics
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from benchmarks.candidates import CELLS, file_name, picture_size, write_notebooks
from benchmarks.proxy import delaying_proxy
from tests.browser.lab import SCREEN, open_notebook, running_lab

PROBE = Path(__file__).with_name("probe.js")
KEY_REPEAT = 1 / 30  # seconds between the key events of an arrow key that is held down
PAUSE = 60  # ms without a picture before the next single press


@dataclasses.dataclass(frozen=True)
class Setting:
    """How the candidates are shown: device pixels per CSS pixel, and a delay each way in ms."""

    ratio: int
    delay: int = 0

    def __str__(self) -> str:
        far = f", {self.delay} ms added each way" if self.delay else ""
        return f"Pixel ratio {self.ratio}{far}"


@dataclasses.dataclass(frozen=True)
class Effort:
    """How much is measured: rounds, single presses in all of them, key events of each's burst."""

    rounds: int
    presses: int
    burst: int


@dataclasses.dataclass(frozen=True)
class Burst:
    """Frames per second from the first key to the last picture, and ms from the last key to it."""

    frames_per_second: float
    settle: float


@dataclasses.dataclass(frozen=True)
class Turn:
    """What one candidate did in one round: ms of each single press, and a burst."""

    presses: list[float]
    burst: Burst

    @property
    def median(self) -> float:
        """Of the single presses, in ms."""
        return statistics.median(self.presses)


def measure(browser: Browser, setting: Setting, effort: Effort) -> dict[str, list[Turn]]:
    """Runs every candidate in each round, and returns their turns, one a round."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        write_notebooks(folder / "candidates", setting.ratio)
        (folder / "lab").mkdir()
        lab = stack.enter_context(running_lab(folder / "lab", folder / "candidates"))
        if setting.delay:
            port = urllib.parse.urlsplit(lab).port
            near = stack.enter_context(delaying_proxy(port, setting.delay / 1000))
            lab = lab.replace(f":{port}/", f":{near}/")
        context = browser.new_context(viewport=SCREEN, device_scale_factor=setting.ratio)
        stack.callback(context.close)
        context.add_init_script(path=PROBE)
        pages = {name: _open(context, lab, file_name(name)) for name in CELLS}
        turns = {name: [] for name in CELLS}
        for step in range(effort.rounds):
            presses = len(range(step, effort.presses, effort.rounds))  # of 25 in 3 rounds: 9, 8, 8
            burst_key = ("ArrowLeft", "ArrowRight")[step % 2]  # away and back
            for name in random.sample(list(CELLS), len(CELLS)):
                print(f"{setting}, round {step + 1} of {effort.rounds}: {name}", file=sys.stderr)
                turn = _take_turn(pages[name], presses, burst_key, effort.burst, setting.delay)
                _check_sizes(pages[name], picture_size(name, setting.ratio))
                turns[name].append(turn)
        return turns


def _open(context: BrowserContext, lab: str, name: str) -> Page:
    page = context.new_page()
    open_notebook(page, lab, name)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    _target_slider(page).wait_for(timeout=120_000)
    return page


def _target_slider(page: Page):
    """The handle of the target's slider: it changes all three panels."""
    name = page.get_by_text("class 3", exact=True)
    return page.locator(".widget-slider", has=name).locator(".noUi-handle")


def _take_turn(page: Page, presses: int, burst_key: str, burst: int, delay: int) -> Turn:
    page.bring_to_front()
    _target_slider(page).focus()
    long_pause = 300 + 2 * delay  # ms; longer than any candidate needs for a picture
    for key in ("ArrowLeft", "ArrowRight"):  # not counted: the page was in the background
        _press_once(page, key, long_pause // 2)
    singles = [
        _press_once(page, ("ArrowLeft", "ArrowRight")[step % 2], PAUSE + random.randrange(20))
        for step in range(presses)
    ]
    return Turn(singles, _hold(page, burst_key, burst, long_pause))


def _press_once(page: Page, key: str, pause: int) -> float:
    """Milliseconds from one key to its picture."""
    page.evaluate("probe.clear()")
    page.keyboard.press(key)
    seen = page.evaluate("pause => probe.settled(pause)", pause)
    (key_time,) = seen["keys"]
    return seen["frames"][0]["time"] - key_time


def _hold(page: Page, key: str, times: int, pause: int) -> Burst:
    """Holds a key until it has repeated this many times."""
    page.evaluate("probe.clear()")
    start = time.monotonic()
    for step in range(times):
        time.sleep(max(0, start + step * KEY_REPEAT - time.monotonic()))
        page.keyboard.down(key)  # without a key up it repeats
    page.keyboard.up(key)
    seen = page.evaluate("pause => probe.settled(pause)", pause)
    if len(seen["keys"]) != times:
        raise RuntimeError(f"{len(seen['keys'])} of {times} keys came.")
    return burst_of(seen["keys"], [frame["time"] for frame in seen["frames"]])


def burst_of(keys: list[float], frames: list[float]) -> Burst:
    """What the times of keys and of pictures (in ms) say.

    Example:
        >>> burst_of(keys=[0, 100, 200], frames=[40, 250])
        Burst(frames_per_second=8.0, settle=50)
    """
    return Burst(1000 * len(frames) / (frames[-1] - keys[0]), frames[-1] - keys[-1])


def _check_sizes(page: Page, expected: tuple[int, int]) -> None:
    """Each picture has the size that all are to draw."""
    seen = {(frame["width"], frame["height"]) for frame in page.evaluate("probe.frames")}
    if seen != {expected}:
        raise RuntimeError(f"Pictures of {seen} device pixels came; expected {expected}.")
