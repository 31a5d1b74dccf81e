"""The benchmark's probe counts a picture's frames, whatever draws it."""

import asyncio
import threading
from pathlib import Path

import pytest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketHandler

from tools.browser.lab import SCREEN

PROBE = Path(__file__).parents[2] / "benchmarks/probe.js"
PAGE = """
<svg id="icon"><rect width="1"/></svg>
<div class="jp-OutputArea-output">
  <img><canvas></canvas><p>words</p>
  <svg id="picture"><rect width="1"/><text>0.1</text></svg>
</div>
<script>
  const find = (selector) => document.querySelector(selector);
  const pixel = () => {
    const small = document.createElement("canvas");
    small.width = 2;
    return small.toDataURL();
  };
  const changes = {
    image: () => (find("img").src = pixel()),
    bar: () => find("#picture rect").setAttribute("width", Math.random()),
    number: () => (find("#picture text").firstChild.data = Math.random()),
    "another svg": () => (find("#picture").outerHTML = find("#picture").outerHTML),
    "all of the output": () => (find("div").innerHTML = find("div").innerHTML),
    canvas: () => {
      const loaded = new Image();
      loaded.src = pixel();
      loaded.onload = () => {
        const offscreen = document.createElement("canvas");
        offscreen.getContext("2d").drawImage(loaded, 0, 0);
        find("canvas").getContext("2d").drawImage(offscreen, 0, 0);
      };
    },
    words: () => (find("p").textContent = Math.random()),
    "an icon": () => find("#icon rect").setAttribute("width", Math.random()),
  };
  let change = () => {};
  document.addEventListener("keydown", () => change());
</script>
"""


class Page(RequestHandler):
    """Gives the page."""

    def get(self):
        self.write(PAGE)


class Echo(WebSocketHandler):
    """Sends back what it gets."""

    def on_message(self, message):
        self.write_message(message)


@pytest.fixture(scope="module")
def address():
    """Where a server gives the page, and sends back what is sent to `/echo`."""
    (socket,) = bind_sockets(0, "127.0.0.1")
    loop = asyncio.new_event_loop()

    def serve():
        asyncio.set_event_loop(loop)
        HTTPServer(Application([("/", Page), ("/echo", Echo)])).add_socket(socket)
        loop.run_forever()

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"127.0.0.1:{socket.getsockname()[1]}/"
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    socket.close()


@pytest.fixture
def probed(browser, address):
    """A function that opens the page, whose kernel is some ms away."""
    page = browser.new_page(viewport=SCREEN)

    def opened(delay=0):
        page.add_init_script(f"const DELAY = {delay};\n{PROBE.read_text()}")
        page.goto(f"http://{address}")
        page.wait_for_timeout(300)  # until its own pictures are no longer new
        return page

    yield opened
    page.close()


PICTURES = ("image", "bar", "number", "another svg", "all of the output", "canvas")


@pytest.mark.parametrize("what", PICTURES)
def test_each_change_of_a_picture_is_one_frame_after_its_key(probed, what):
    page = probed()
    for _ in range(2):
        page.evaluate("what => { probe.clear(); change = changes[what]; }", what)
        page.keyboard.press("ArrowLeft")
        seen = page.evaluate("probe.settled(200)")
        assert len(seen["keys"]) == len(seen["frames"]) == 1
        assert seen["frames"][0] > seen["keys"][0]


@pytest.mark.parametrize("what", ["words", "an icon"])
def test_what_is_no_picture_is_no_frame(probed, what):
    page = probed()
    page.evaluate("what => { probe.clear(); changes[what](); }", what)
    page.wait_for_timeout(300)
    assert page.evaluate("probe.frames") == []


def test_changes_before_the_same_frame_are_one(probed):
    page = probed()
    page.evaluate("probe.clear(); changes.bar(); changes.number(); changes.bar();")
    page.wait_for_timeout(300)
    assert len(page.evaluate("probe.frames")) == 1


@pytest.mark.parametrize("delay", [0, 60])
def test_a_far_kernel_gets_and_answers_late_and_in_order(probed, address, delay):
    words, took = probed(delay).evaluate(
        """(address) => new Promise((done) => {
          const socket = new WebSocket(`ws://${address}echo`), came = [];
          let sent;
          socket.onmessage = ({ data }) => {
            came.push(data);
            if (came.length === 3) done([came, performance.now() - sent]);
          };
          socket.onerror = () => done(["refused", 0]);
          socket.onopen = () => {
            sent = performance.now();
            for (const word of ["a", "b", "c"]) socket.send(word);
          };
        })""",
        address,
    )
    assert words == ["a", "b", "c"]
    assert took >= 2 * delay - 1  # a bound that a busy machine cannot break
