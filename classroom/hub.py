"""A real JupyterHub on 127.0.0.1 in a folder of its own, and what its processes use."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import requests

from classroom import COURSE

ROOT = Path(__file__).parents[1]
CONFIG = Path(__file__).with_name("loopback_config.py")


class Hub:
    """A running hub.

    Args:
        address: where students find it.
        process: the hub's own process; the proxy and the students' servers descend from it.
    """

    def __init__(self, address: str, process: psutil.Process) -> None:
        self.address = address
        self.process = process
        self.started: set[psutil.Process] = set()

    def processes(self) -> set[psutil.Process]:
        """The hub and all that descends from it; kept, so that `stop` finds them all."""
        with contextlib.suppress(psutil.NoSuchProcess):
            self.started |= {self.process, *self.process.children(recursive=True)}
        return self.started

    def cpu_seconds(self) -> float:
        """Processor time that the hub, its proxy, the servers and the kernels used so far."""
        times = [process.cpu_times() for process in self.processes() if process.is_running()]
        return sum(time.user + time.system for time in times)

    def memory(self) -> list[tuple[int, int]]:
        """Bytes of each student's server and kernel; shared pages count in proportion (PSS)."""
        servers = [
            child
            for child in self.process.children()
            if any("jupyterhub-singleuser" in word for word in child.cmdline())
        ]
        return [
            (_pss(server), sum(map(_pss, server.children(recursive=True)))) for server in servers
        ]

    def stop(self) -> None:
        """Ends what was started here: asks the hub, which ends the rest, then kills leftovers."""
        processes = self.processes()
        with contextlib.suppress(psutil.NoSuchProcess):
            self.process.terminate()
        for process in psutil.wait_procs(processes, timeout=60)[1]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()


def _pss(process: psutil.Process) -> int:
    return process.memory_full_info().pss


@contextlib.contextmanager
def running_hub(folder: Path, names: list[str]) -> Iterator[Hub]:
    """Starts a hub in `folder` with a home for each name; stops all its processes at the end."""
    for name in names:
        shutil.copytree(ROOT / "notebooks", folder / name / COURSE / "notebooks")
    public, api, inner = (f"http://127.0.0.1:{port}" for port in _free_ports(3))
    log = folder / "hub.log"
    process = subprocess.Popen(
        [
            sys.executable, "-m", "jupyterhub", f"--config={CONFIG}",
            f"--JupyterHub.bind_url={public}",
            f"--JupyterHub.hub_bind_url={inner}",
            f"--ConfigurableHTTPProxy.api_url={api}",
            f"--SimpleLocalProcessSpawner.home_dir_template={folder}/{{username}}",
        ],
        cwd=folder,  # for its database and its cookie secret
        env=os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        stdout=log.open("w"),
        stderr=subprocess.STDOUT,
    )  # fmt: skip
    hub = Hub(public, psutil.Process(process.pid))
    try:
        _wait_until_served(hub, log)
        yield hub
    finally:
        hub.stop()


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def _wait_until_served(hub: Hub, log: Path) -> None:
    for _ in range(300):
        hub.processes()
        if not hub.process.is_running() or hub.process.status() == psutil.STATUS_ZOMBIE:
            break
        with contextlib.suppress(requests.ConnectionError):
            if requests.get(f"{hub.address}/hub/health", timeout=10).ok:
                return
        time.sleep(0.2)
    raise RuntimeError(f"JupyterHub did not start:\n{log.read_text()}")
