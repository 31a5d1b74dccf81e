"""A simulated student: logs in, opens a notebook, runs all its cells and moves a slider.

It says to the hub what a browser with JupyterLab says, over the same HTTP and websocket.
"""

import json
import queue
import random
import threading
import time
from collections.abc import Iterator

import requests
import websocket
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from jupyter_server.services.kernels.connection.base import deserialize_binary_message

from classroom import NOTEBOOK

WAIT = 300  # seconds until a silent server counts as dead


class Student:
    """One student with a browser's cookies and one open notebook.

    Args:
        address: the hub's.
        name: the name to log in with; any password will do.
    """

    def __init__(self, address: str, name: str) -> None:
        self.name = name
        self.address = address
        self._http = requests.Session()
        self._session = Session(username=name)
        self._socket: websocket.WebSocket | None = None
        self._frames: queue.SimpleQueue[str | bytes] = queue.SimpleQueue()  # "" for the end
        self._models: dict[str, str] = {}  # kind of model → id, of the first explorer
        self._picture = b""

    def log_in(self) -> None:
        """Logs in and waits until the student's server shows JupyterLab."""
        self._http.get(f"{self.address}/hub/login", timeout=WAIT)
        token = self._http.cookies.get("_xsrf", path="/hub/")
        form = {"username": self.name, "password": "", "_xsrf": token}
        self._http.post(f"{self.address}/hub/login", data=form, timeout=WAIT).raise_for_status()
        lab = f"{self.address}/user/{self.name}/lab"
        for _ in range(WAIT):
            answer = self._http.get(lab, timeout=WAIT)
            if answer.ok and answer.url == lab:  # before that, it is the hub's waiting page
                return
            time.sleep(1)
        raise RuntimeError(f"{self.name}: the server did not start.")

    def run_all(self) -> int:
        """Opens the notebook with a kernel, runs its code cells and returns their number.

        Raises:
            RuntimeError: a cell raised.
        """
        notebook = self._api("GET", f"contents/{NOTEBOOK}")["content"]
        opened = {"path": NOTEBOOK, "name": "", "type": "notebook", "kernel": {"name": "python3"}}
        kernel = self._api("POST", "sessions", opened)["kernel"]["id"]
        own = f"/user/{self.name}/"
        cookies = [f"{c.name}={c.value}" for c in self._http.cookies if c.path in ("/", own)]
        self._socket = websocket.create_connection(
            f"{self.address.replace('http', 'ws', 1)}{own}api/kernels/{kernel}/channels",
            cookie="; ".join(cookies),
        )
        threading.Thread(target=self._read, daemon=True).start()
        cells = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
        for code in cells:
            self._run(code)
        # JupyterLab sends widget messages to a subshell
        answers = self._answers("control", "create_subshell_request", {})
        reply = next(a for a in answers if a["msg_type"] == "create_subshell_reply")
        self._subshell = reply["content"]["subshell_id"]
        return len(cells)

    def move(self, moves: int, pause: float) -> list[float]:
        """Moves a slider `moves` times and returns the seconds until each new picture.

        Args:
            moves: how often.
            pause: seconds between two moves, on average.

        Raises:
            RuntimeError: a move brought no new picture.
        """
        pauses = random.Random(self.name)
        seconds = []
        for move in range(moves):
            time.sleep(pause * pauses.uniform(0.5, 1.5))
            before, state = self._picture, {"value": 9.0 - move % 18}
            data = {"method": "update", "state": state, "buffer_paths": []}
            content = {"comm_id": self._models["FloatSliderModel"], "data": data}
            start, seen = time.perf_counter(), None
            for _ in self._until_idle("shell", "comm_msg", content, self._subshell):
                if seen is None and self._picture != before:
                    seen = time.perf_counter() - start
            if seen is None:
                raise RuntimeError(f"{self.name}: {state} brought no new picture.")
            seconds.append(seen)
        return seconds

    def leave(self) -> None:
        """Closes the connections, as a closed browser does."""
        if self._socket:
            self._socket.close()
        self._http.close()

    def _api(self, method: str, path: str, body: dict | None = None) -> dict:
        own = f"/user/{self.name}/"
        token = {"X-XSRFToken": self._http.cookies.get("_xsrf", path=own)}
        url = f"{self.address}{own}api/{path}"
        answer = self._http.request(method, url, json=body, headers=token, timeout=WAIT)
        answer.raise_for_status()
        return answer.json()

    def _read(self) -> None:
        """Reads all the time, as a browser does: a server hangs up on who answers no ping."""
        frame = "-"
        while frame:
            try:
                frame = self._socket.recv()
            except (websocket.WebSocketException, OSError):
                frame = ""
            self._frames.put(frame)

    def _run(self, code: str) -> None:
        request = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
        opened = {}
        for message in self._until_idle("shell", "execute_request", request):
            content = message["content"]
            if message["msg_type"] == "error":
                raise RuntimeError(f"{self.name}: {content['ename']}: {content['evalue']}\n{code}")
            if message["msg_type"] == "comm_open":
                opened[content["data"]["state"]["_model_name"]] = content["comm_id"]
        if {"FloatSliderModel", "ImageModel"} <= opened.keys() and not self._models:
            self._models = opened

    def _until_idle(self, channel, kind, content, subshell=None) -> Iterator[dict]:
        """Sends a message and gives its answers until the kernel is done with it."""
        for answer in self._answers(channel, kind, content, subshell):
            if answer["content"].get("execution_state") == "idle":
                return
            yield answer

    def _answers(self, channel, kind, content, subshell=None) -> Iterator[dict]:
        """Sends a message and gives its answers without end; keeps the latest picture.

        Raises:
            RuntimeError: the connection ended, or nothing came for long.
        """
        request = self._session.msg(kind, content)
        request["header"]["subshell_id"] = subshell
        message = request | {"channel": channel, "buffers": []}
        self._socket.send(json.dumps(message, default=json_default))
        while True:
            try:
                frame = self._frames.get(timeout=WAIT)
            except queue.Empty:
                frame = ""
            if not frame:
                raise RuntimeError(f"{self.name}: the kernel no longer answers.")
            binary = isinstance(frame, bytes)
            answer = deserialize_binary_message(frame) if binary else json.loads(frame)
            if answer["parent_header"].get("msg_id") != request["msg_id"]:
                continue
            image = self._models.get("ImageModel")
            if answer["buffers"] and answer["content"].get("comm_id") == image:
                self._picture = bytes(answer["buffers"][0])
            yield answer
