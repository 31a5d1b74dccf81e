"""What the user's shell and home hold does not reach the lesson that `make lab` opens.

The real Makefile starts the real JupyterLab, with the environment that the tests run in.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = [
    pytest.mark.sweep,
    pytest.mark.skipif(
        shutil.which("make") is None or Path(sys.prefix) != ROOT / ".venv",
        reason="these tests need make, and the environment that it made",
    ),
]
OTHER_PACKAGE = 'raise ImportError("another ce_helpers was found on PYTHONPATH")\n'
CONFIG = """\
c.ServerApp.root_dir = {other!r}
c.ServerApp.preferred_dir = {other!r}
"""
# what a notebook's first cell meets; printed as one line of JSON
PROBE = """\
import json, os, sys, ce_helpers, matplotlib, torch
print(json.dumps([sys.prefix, ce_helpers.__file__, os.getcwd(), matplotlib.rcParams["font.size"]]))
"""
RUN_PROBE = """\
import subprocess, sys
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="python3", stderr=subprocess.DEVNULL)  # its own log
said = []
client.execute_interactive(sys.argv[1], timeout=120, output_hook=lambda message: said.append(
    message["content"].get("text") or "\\n".join(message["content"].get("traceback", []))))
manager.shutdown_kernel(now=True)
print("".join(said))
"""


def a_python3_kernel(folder):
    """Writes a kernel named python3 that is not the project's."""
    spec = folder / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(json.dumps({"argv": ["false"], "display_name": "other", "language": "python"}))


@pytest.fixture
def surroundings(tmp_path):
    """A shell and a home with everything in them that could reach in."""
    home, other = tmp_path / "home", tmp_path / "other"
    (other / "ce_helpers").mkdir(parents=True)
    (other / "ce_helpers" / "__init__.py").write_text(OTHER_PACKAGE)
    (home / ".jupyter").mkdir(parents=True)
    (home / ".jupyter" / "jupyter_server_config.py").write_text(CONFIG.format(other=str(other)))
    a_python3_kernel(home / ".local" / "share" / "jupyter")
    a_python3_kernel(other / "jupyter")
    (home / ".config" / "matplotlib").mkdir(parents=True)
    (home / ".config" / "matplotlib" / "matplotlibrc").write_text("font.size: 33\n")
    return clean_environment() | {
        "HOME": str(home),
        "PYTHONPATH": str(other),
        "JUPYTER_PATH": str(other / "jupyter"),
        "MATPLOTLIBRC": str(home / ".config" / "matplotlib" / "matplotlibrc"),
    }


@pytest.fixture
def no_home(tmp_path):
    """A home that not even root can write: it lies below a file."""
    (tmp_path / "file").write_text("")
    return clean_environment() | {"HOME": str(tmp_path / "file" / "home")}


def clean_environment():
    """The shell's variables without those that the make around these tests set for them."""
    ours = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MPLCONFIGDIR", "JUPYTER_PREFER_ENV_PATH"}
    return {name: value for name, value in os.environ.items() if name not in ours}


def make(environment, *arguments):
    """Calls make to its end; returns what it printed."""
    ended = subprocess.run(
        ["make", *arguments], cwd=ROOT, env=environment, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout
    return ended.stdout


def kernel_under_make(environment, tmp_path):
    """What a kernel prints that is started with the variables that make hands on."""
    rule = tmp_path / "probe.mk"
    rule.write_text('include Makefile\nprobe:\n\t@$(BIN)/python -c "$$RUN_PROBE" "$$PROBE"\n')
    return make(environment | {"RUN_PROBE": RUN_PROBE, "PROBE": PROBE}, "-f", str(rule), "probe")


def test_a_kernel_is_the_projects_own(surroundings, tmp_path):
    printed = kernel_under_make(surroundings, tmp_path)
    prefix, package, _, font_size = json.loads(printed)
    assert prefix == sys.prefix
    assert Path(package) == ROOT / "ce_helpers" / "__init__.py"
    assert font_size == 10


def test_a_home_that_cannot_be_written_is_said_in_one_line_and_warns_of_nothing(no_home, tmp_path):
    first, answer = kernel_under_make(no_home, tmp_path).strip().splitlines()
    assert first.startswith("The home folder ") and "build/home instead" in first
    assert json.loads(answer)[0] == sys.prefix


@pytest.fixture(params=["surroundings", "no_home"])
def lab(request, tmp_path):
    """The address, token and log of what `make lab` serves in these surroundings."""
    environment = request.getfixturevalue(request.param)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path / "lab.log"
    options = f"--no-browser --port={port} --ServerApp.port_retries=0 --IdentityProvider.token=t"
    server = subprocess.Popen(
        ["make", "lab", f"ARGS={options}"], cwd=ROOT, env=environment, stdout=log.open("w"),
        stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    try:
        yield f"http://127.0.0.1:{port}", log, server
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def test_lab_serves_this_folder(lab):
    address, log, server = lab
    url = f"{address}/api/contents/notebooks/01_single_sample.ipynb?content=0&token=t"
    for _ in range(300):
        assert server.poll() is None, log.read_text()
        with contextlib.suppress(ConnectionRefusedError, urllib.error.URLError):
            if urllib.request.urlopen(url).status == 200:
                break
        time.sleep(0.2)
    else:
        pytest.fail(log.read_text())
    assert "Traceback" not in log.read_text()
