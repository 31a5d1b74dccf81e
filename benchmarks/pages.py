"""Key press to the next frame, in a real JupyterLab and a real browser."""

import contextlib
import random
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import psutil
import torch
from playwright.sync_api import Browser, Locator, Page

from benchmarks.candidates import CANDIDATES, EXPLORER, write_notebooks
from benchmarks.panels import LOGITS, TARGET
from tools.browser.lab import SCREEN, open_notebook, running_lab

PROBE = Path(__file__).with_name("probe.js")
ROUNDS, PRESSES = 2, 10  # in each round; an even number of presses ends where it began
BURST, PERIOD = 60, 1 / 60  # presses; seconds between two: a display shows no more frames


class Setting(NamedTuple):
    """Device pixels per CSS pixel, ms of the way to the kernel, whether bursts are measured."""

    name: str
    ratio: int
    delay: int = 0
    bursts: bool = True


class Turns(NamedTuple):
    """A candidate's times: of single presses in ms, frames per second in bursts, kernel's ms."""

    first_picture: float
    presses: list[list[float]]
    frames: list[float]
    kernel: list[float]


def measure(browser: Browser, setting: Setting, candidates: dict[str, str]) -> dict[str, Turns]:
    """In each round the candidates take turns in random order, so a busy machine favours none."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        notebooks = write_notebooks(folder / "candidates", setting.ratio, candidates)
        (folder / "lab").mkdir()
        lab = stack.enter_context(running_lab(folder / "lab", folder / "candidates"))
        context = browser.new_context(viewport=SCREEN, device_scale_factor=setting.ratio)
        stack.callback(context.close)
        context.add_init_script(f"const DELAY = {setting.delay};\n{PROBE.read_text()}")
        pages, turns = {}, {}
        for name, notebook in notebooks.items():
            pages[name] = context.new_page()
            open_notebook(pages[name], lab, notebook)
            turns[name] = Turns(_first_picture(pages[name]), [], [], [])
        for step in range(ROUNDS):
            for name in random.sample([*turns], len(turns)):
                print(f"{setting.name}, round {step + 1}: {name}", file=sys.stderr)
                _take_turn(pages[name], name, setting, turns[name])
        return turns


def _first_picture(page: Page) -> float:
    """Runs the imports, then the cell; the milliseconds from its key to its first frame."""
    page.locator(".jp-InputPrompt").first.click()
    page.keyboard.press("Shift+Enter")
    page.get_by_text("[1]:", exact=True).first.wait_for(timeout=120_000)
    page.wait_for_timeout(1000)
    page.evaluate("probe.clear()")
    page.keyboard.press("Shift+Enter")
    seen = page.evaluate("probe.settled(1000)")
    return seen["frames"][0] - seen["keys"][-1]  # the keys are Shift and Enter


def slider(page: Page) -> Locator:
    """What takes the arrow keys: the first slider, of class 0."""
    return page.locator(".jp-OutputArea-output").get_by_role("slider").first


def _take_turn(page: Page, name: str, setting: Setting, turns: Turns) -> None:
    page.bring_to_front()
    slider(page).focus()
    pause = 150 + 2 * setting.delay  # ms without a frame: nothing of the last press is under way
    keys = ["ArrowLeft", "ArrowRight"]
    if slider(page).evaluate("s => (s.value ?? s.ariaValueNow) === (s.min ?? s.ariaValueMin)"):
        keys.reverse()
    for key in keys:  # not counted: the page was in the background
        _press(page, [key], pause)
    before = _kernels_seconds()
    singles = []
    for step in range(PRESSES):
        (pressed,), frames = _press(page, [keys[step % 2]], pause + random.randrange(20))
        singles.append(next(frame for frame in frames if frame > pressed) - pressed)
    turns.presses.append(singles)
    turns.kernel.append(1000 * (_kernels_seconds() - before) / PRESSES)
    for key in keys if setting.bursts else ():
        # a slider of few places goes to and fro
        run = [key] * BURST if name in CANDIDATES else keys * (BURST // 2)
        pressed, frames = _press(page, run, 4 * pause)
        turns.frames.append(1000 * len(frames) / (frames[-1] - pressed[0]))
        if name == EXPLORER:
            _check_last_state(page, BURST if key == keys[0] else 0)


def _press(page: Page, keys: Sequence[str], pause: int) -> tuple[list[float], list[float]]:
    """When keys went down, one after the other, and when frames came; in ms."""
    page.evaluate("probe.clear()")
    start = time.monotonic()
    for step, key in enumerate(keys):
        time.sleep(max(0, start + step * PERIOD - time.monotonic()))
        page.keyboard.down(key)  # without a key up it repeats
    page.keyboard.up(keys[-1])
    seen = page.evaluate("pause => probe.settled(pause)", pause)
    if len(seen["keys"]) != len(keys):
        raise RuntimeError(f"{len(seen['keys'])} of {len(keys)} presses came.")
    return seen["keys"], seen["frames"]


def _check_last_state(page: Page, lowered: int) -> None:
    """The picture or its words tell the loss after so many presses to the left."""
    logits = torch.tensor([LOGITS])
    logits[0, 0] -= lowered / 10
    loss = torch.nn.functional.cross_entropy(logits, torch.tensor([TARGET])).item()
    text = page.locator(".jp-OutputArea-output", has=page.get_by_role("slider")).text_content()
    if f"{loss:.4f}" not in re.findall(r"\d+\.\d{4}", text):
        raise RuntimeError(f"After a burst the loss is {loss:.4f}, but what is shown says: {text}")


def _kernels_seconds() -> float:
    """Processor time that all kernels used so far; those of other candidates rest."""
    descendants = psutil.Process().children(recursive=True)
    kernels = [each.cpu_times() for each in descendants if "ipykernel_launcher" in each.cmdline()]
    return sum(times.user + times.system for times in kernels)
