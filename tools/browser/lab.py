"""A real JupyterLab on loopback, driven by a real browser."""

import contextlib
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat
from playwright.sync_api import Browser, Error, Locator, Page, sync_playwright

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
QUIET_CHROMIUM = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SCREEN = {"width": 1280, "height": 720}  # a classroom projector


def find_chromium() -> str | None:
    """The path of an installed Chromium or Chrome, or None.

    Debian's shell of Chromium goes before: without a window's frame a page costs it a fourth.
    """
    names = (
        "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome",
    )  # fmt: skip
    return next(filter(None, map(shutil.which, names)), None)


@contextlib.contextmanager
def running_browser() -> Iterator[Browser]:
    """Headless Chromium, closed at the end."""
    as_root = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=[*QUIET_CHROMIUM, *as_root]
        )
        yield browser
        browser.close()


@contextlib.contextmanager
def running_lab(folder: Path, notebooks: Path = NOTEBOOKS) -> Iterator[str]:
    """JupyterLab with a copy of `notebooks` in `folder`; yields its address with the token."""
    shutil.copytree(notebooks, folder / "notebooks")
    # Else a busy machine's autosave crosses a test's save, and a dialog asks which is right.
    settings = folder / "config/lab/user-settings/@jupyterlab/docmanager-extension"
    settings.mkdir(parents=True)
    (settings / "plugin.jupyterlab-settings").write_text(
        '{"autosave": false, "lastModifiedCheckMargin": 60000}', encoding="utf-8"
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    home = {"HOME": str(folder), "JUPYTER_CONFIG_DIR": str(folder / "config")}
    server = subprocess.Popen(
        [
            sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root",
            "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0",
            f"--ServerApp.root_dir={folder}", f"--IdentityProvider.token={token}",
            "--LabApp.expose_app_in_browser=True",
        ],
        env=os.environ | home | {"JUPYTER_PREFER_ENV_PATH": "1"},
        stdout=(folder / "lab.log").open("w"),
        stderr=subprocess.STDOUT,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_served(f"{address}/api/status?token={token}", server, folder / "lab.log")
        yield f"{address}/lab?token={token}"
    finally:
        server.terminate()  # JupyterLab ends its kernels with it
        server.wait(30)


def _wait_until_served(url: str, server: subprocess.Popen, log: Path) -> None:
    for _ in range(300):
        if server.poll() is not None:
            break
        with contextlib.suppress(OSError), urllib.request.urlopen(url):
            return
        time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()}")


def write_notebook(path: Path, cells: Iterable[str]) -> None:
    """Writes a notebook of code cells for the project's kernel; without one JupyterLab asks."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    code = [nbformat.v4.new_code_cell(source) for source in cells]
    nbformat.write(nbformat.v4.new_notebook(cells=code, metadata={"kernelspec": kernel}), path)


def open_notebook(page: Page, lab: str, name: str) -> None:
    """Loads JupyterLab with a notebook and waits for its kernel."""
    # reset: a workspace without the notebooks that were opened before
    page.goto(lab.replace("/lab?", f"/lab/tree/notebooks/{name}?reset&"), timeout=120_000)
    page.get_by_text("| Idle").wait_for(timeout=120_000)


def open_next(page: Page, name: str) -> None:
    """Opens a notebook in a JupyterLab that is loaded, in a third of the time."""
    page.evaluate(
        """async (path) => {
          const notebook = await jupyterapp.commands.execute("docmanager:open", { path });
          await notebook.context.ready;
          await notebook.sessionContext.ready;
        }""",
        f"notebooks/{name}",
    )
    page.get_by_text("| Idle").wait_for(timeout=120_000)


def close_notebook(page: Page) -> None:
    """Ends the kernel of the notebook that stands open and closes it; nothing is saved."""
    page.evaluate("""async () => {
      for (const notebook of [...jupyterapp.shell.widgets("main")]) {
        if (!notebook.context) continue;
        await notebook.sessionContext.shutdown();
        notebook.context.model.dirty = false; // else a dialog asks
        notebook.close();
      }
    }""")


def kernel_of(lab: str, name: str) -> str:
    """The identity of the kernel behind a notebook."""
    with urllib.request.urlopen(lab.replace("/lab?", "/api/sessions?")) as answer:
        (found,) = (each for each in json.load(answer) if each["path"].endswith(name))
    return found["kernel"]["id"]


def run_all(page: Page, path: Path) -> dict:
    """Chooses Run → Run All Cells, waits for the end and returns the saved notebook.

    Raises:
        AssertionError: a cell raised, with its traceback.
    """
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    with contextlib.suppress(Error):  # it may have been too short to be seen
        page.get_by_text("| Busy").wait_for(timeout=1000)  # each waiting cell has lost its number
    for _ in range(240):
        page.get_by_text("| Idle").wait_for(timeout=120_000)
        notebook = save(page, path)
        code_cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        outputs = [output for cell in code_cells for output in cell["outputs"]]
        errors = [output for output in outputs if output["output_type"] == "error"]
        assert not errors, "\n".join(errors[0]["traceback"])
        if all(cell["execution_count"] for cell in code_cells):
            return notebook
        page.wait_for_timeout(200)
    raise TimeoutError(f"{path.name} did not reach its last cell")


def save(page: Page, path: Path) -> dict:
    """Presses the toolbar's Save and returns what is in the file."""
    before = path.stat().st_mtime_ns
    button = page.locator('.jp-NotebookPanel-toolbar [data-jp-item-name="save"]')
    for tenth in range(1800):
        if tenth % 20 == 0:
            button.click()  # again: JupyterLab passes over it while it still saves
        with contextlib.suppress(json.JSONDecodeError):  # it is being written
            if path.stat().st_mtime_ns != before:
                return json.loads(path.read_text(encoding="utf-8"))
        page.wait_for_timeout(100)
    raise TimeoutError(f"{path.name} was not saved")


def live(page: Page, index: int = 0) -> Locator:
    """A live widget on the page, scrolled into view."""
    widget = page.locator(".ce-live").nth(index)
    widget.scroll_into_view_if_needed()
    return widget


def slider(widget: Page | Locator, name: str) -> Locator:
    """A slider by what it moves; a logit's name says too whether it is the target's."""
    words = re.compile(f"^(logit of )?{re.escape(name)}(, target)?$")
    return widget.get_by_role("slider", name=words)


def press_slider(widget: Locator, name: str, key: str, times: int = 1) -> None:
    """Presses a key on the slider with this description."""
    found = slider(widget, name)
    for _ in range(times):
        found.press(key)
