"""Firefox, driven by the few words of its Marionette protocol that a smoke test needs."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # how WebDriver names an element
KEYS = {"ArrowRight": "\ue014", "ArrowLeft": "\ue012", "PageUp": "\ue00e", "Enter": "\ue007"}
WAIT = 60  # seconds


def find_firefox() -> str | None:
    """The path of an installed Firefox, or None."""
    return next(filter(None, map(shutil.which, ("firefox-esr", "firefox"))), None)


class Firefox:
    """One page.

    Args:
        port: where Firefox listens.
    """

    def __init__(self, port: int) -> None:
        end = time.monotonic() + WAIT
        while True:
            try:
                self._socket = socket.create_connection(("127.0.0.1", port), timeout=WAIT)
                break
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)
        self._bytes = self._socket.makefile("rb")
        self._read()  # its greeting
        self._count = 0
        self.tell("NewSession")

    def _read(self):
        length = b""
        while (byte := self._bytes.read(1)) != b":":
            length += byte
        return json.loads(self._bytes.read(int(length)))

    def tell(self, command: str, **parameters):
        """Sends a WebDriver command and returns its answer.

        Raises:
            RuntimeError: Firefox refused.
        """
        self._count += 1
        message = json.dumps([0, self._count, f"WebDriver:{command}", parameters])
        self._socket.sendall(f"{len(message.encode())}:{message}".encode())
        _, _, error, answer = self._read()
        if error:
            raise RuntimeError(f"{command}: {error['error']}: {error['message']}")
        return answer

    def open(self, path: Path) -> None:
        """Opens a page in a file and waits for its explorer."""
        self.tell("Navigate", url=path.as_uri())
        end = time.monotonic() + WAIT
        while not self.evaluate("return Boolean(window.models)"):
            if time.monotonic() > end:
                raise TimeoutError("the page made no explorer")
            time.sleep(0.2)

    def evaluate(self, script: str, *arguments):
        """What a script returns."""
        return self.tell("ExecuteScript", script=script, args=list(arguments))["value"]

    def find(self, selector: str) -> str:
        """The first element that a selector finds."""
        found = self.tell("FindElement", using="css selector", value=selector)
        return found["value"][ELEMENT]

    def press(self, selector: str, *keys: str) -> None:
        """Presses keys, or types text, on an element."""
        text = "".join(KEYS.get(key, key) for key in keys)
        self.tell("ElementSendKeys", id=self.find(selector), text=text)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Drags the mouse from one place to another."""
        actions = [
            {"type": "pointerMove", "x": round(start[0]), "y": round(start[1])},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerMove", "x": round(end[0]), "y": round(end[1]), "duration": 100},
            {"type": "pointerUp", "button": 0},
        ]
        mouse = {"type": "pointer", "id": "mouse", "actions": actions}
        self.tell("PerformActions", actions=[mouse])

    def screenshot(self) -> str:
        """The page as PNG, in base64."""
        return self.tell("TakeScreenshot", full=True)["value"]


@contextlib.contextmanager
def running_firefox(folder: Path) -> Iterator[Firefox]:
    """Headless Firefox with a new profile, ended at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "user.js").write_text(
        f'user_pref("marionette.port", {port});\nuser_pref("ui.prefersReducedMotion", 1);\n'
        'user_pref("browser.shell.checkDefaultBrowser", false);\n'
    )
    process = subprocess.Popen(
        [find_firefox(), "--marionette", "--headless", "--no-remote", "--profile", str(folder)],
        env=os.environ | {"HOME": str(folder), "MOZ_REMOTE_SETTINGS_DEVTOOLS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield Firefox(port)
    finally:
        process.terminate()
        process.wait(30)
