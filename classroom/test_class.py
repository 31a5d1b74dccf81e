"""A real JupyterHub on 127.0.0.1 with this course's configuration, and three students on it.

`make classroom-test` runs it; it needs npm once, for the hub's proxy.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Page, expect

from ce_helpers import SCENARIOS
from tools.browser.lab import live, press_slider, running_browser

HERE = Path(__file__).parent
PROXY = HERE / ".proxy/node_modules/.bin/configurable-http-proxy"
STUDENTS = ("ada", "ben", "cleo")


@pytest.fixture
def hub(tmp_path):
    """The hub's address; anyone gets in under any name, as on no server for real students."""
    for name in STUDENTS:
        shutil.copytree(HERE.parent / "notebooks", tmp_path / name / "cross_entropy/notebooks")
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(3)]
        public, api, inner = (f"http://127.0.0.1:{probe.getsockname()[1]}" for probe in probes)
    log = tmp_path / "hub.log"
    process = subprocess.Popen(
        [
            sys.executable, "-m", "jupyterhub", f"--config={HERE / 'jupyterhub_config.py'}",
            "--JupyterHub.authenticator_class=dummy", "--JupyterHub.spawner_class=simple",
            f"--JupyterHub.bind_url={public}", f"--JupyterHub.hub_bind_url={inner}",
            f"--ConfigurableHTTPProxy.command={PROXY}", f"--ConfigurableHTTPProxy.api_url={api}",
            f"--SimpleLocalProcessSpawner.home_dir_template={tmp_path}/{{username}}",
            *(["--Spawner.args=--allow-root"] if os.geteuid() == 0 else []),
        ],
        cwd=tmp_path,  # for its database and its cookie secret
        env=os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        stdout=log.open("w"), stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{public}/hub/health"):
                break
            assert process.poll() is None, log.read_text()
            time.sleep(0.2)
        yield public
    finally:
        process.terminate()  # the hub ends the proxy and the students' servers with it
        process.wait(60)


def log_in(page: Page, hub: str, name: str) -> None:
    """Logs in and waits for what the configuration opens: notebook 01, with a kernel."""
    page.goto(f"{hub}/hub/login")
    page.get_by_label("Username").fill(name)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("| Idle").wait_for(timeout=180_000)


def test_three_students_open_the_first_notebook_and_move(hub):
    with running_browser() as browser:
        pages = [browser.new_context().new_page() for _ in STUDENTS]
        for page, name in zip(pages, STUDENTS, strict=True):
            log_in(page, hub, name)
        for page in pages:
            page.get_by_role("menuitem", name="Run", exact=True).click()
            page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        for presses, page in enumerate(pages, start=1):
            page.locator(".ce-live").first.wait_for(timeout=120_000)
            press_slider(live(page), "logit of class 3", "ArrowLeft", times=presses)
        for presses, page in enumerate(pages, start=1):  # each has a kernel of its own
            logits, target = SCENARIOS["confident_right"].logits, torch.tensor([3])
            logits[0, 3] -= presses / 10
            loss = torch.nn.functional.cross_entropy(logits, target).item()
            expect(live(page)).to_contain_text(f"{loss:.4f}", timeout=30_000)
