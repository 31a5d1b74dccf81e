"""JupyterLab sends widget messages on a subshell, which runs on a thread of its own."""

import pytest
from jupyter_client.manager import start_new_kernel

SET_UP = """
import threading, torch
from ce_helpers import SCENARIOS, CrossEntropyExplorer
explorer = CrossEntropyExplorer(SCENARIOS["confident_right"])
threads = []
explorer.logit_sliders[3].observe(lambda _: threads.append(threading.current_thread()), "value")
slider = explorer.logit_sliders[3]
print(slider.comm.comm_id, slider.get_state()["_set"][0])
"""
TELL = """
on_another = any(thread is not threading.main_thread() for thread in threads)
print(explorer.logits.tolist(), f"{explorer.loss.item():.4f}", explorer.error, on_another)
"""


@pytest.fixture
def kernel():
    manager, client = start_new_kernel()
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def run(client, code):
    printed = []
    reply = client.execute_interactive(
        code,
        timeout=60,
        output_hook=lambda message: printed.append(message["content"].get("text", "")),
    )
    assert reply["content"]["status"] == "ok", reply["content"]
    return "".join(printed).strip()


def create_subshell(client):
    client.control_channel.send(client.session.msg("create_subshell_request", {}))
    return client.get_control_msg(timeout=10)["content"]["subshell_id"]


def send_move(client, slider, subshell_id, value):
    """Sends what a moved slider sends and waits until the kernel is done, as JupyterLab does."""
    comm_id, seen = slider.split()
    data = {"method": "update", "state": {"_moved": [int(seen), value]}, "buffer_paths": []}
    message = client.session.msg("comm_msg", {"comm_id": comm_id, "data": data})
    message["header"]["subshell_id"] = subshell_id
    client.shell_channel.send(message)
    while True:
        answer = client.get_iopub_msg(timeout=10)
        is_mine = answer["parent_header"].get("msg_id") == message["header"]["msg_id"]
        if is_mine and answer["content"].get("execution_state") == "idle":
            return


def test_moves_on_a_subshell_thread_move_the_loss(kernel):
    slider = run(kernel, SET_UP)
    subshell_id = create_subshell(kernel)
    for value in (9.0, 5.0, 3.5):
        send_move(kernel, slider, subshell_id, value)
    # the first of them may still run on the main thread
    assert run(kernel, TELL) == "[[4.0, 3.0, 2.0, 3.5]] 1.2466 None True"


def test_a_move_that_a_reset_has_overtaken_changes_nothing(kernel):
    slider = run(kernel, SET_UP)
    subshell_id = create_subshell(kernel)
    send_move(kernel, slider, subshell_id, 6.0)
    run(kernel, "explorer.reset_button.click()")
    send_move(kernel, slider, subshell_id, 5.0)
    assert run(kernel, TELL).startswith("[[4.0, 3.0, 2.0, 10.0]] 0.0037 None")
