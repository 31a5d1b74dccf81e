"""JupyterLab sends widget messages on a subshell, which runs on a thread of its own."""

import pytest
from jupyter_client.manager import start_new_kernel

SET_UP = """
import threading, torch
from ce_helpers import SCENARIOS, CrossEntropyExplorer
explorer = CrossEntropyExplorer(SCENARIOS["confident_right"])
threads = []
explorer.logit_sliders[3].observe(lambda _: threads.append(threading.current_thread()), "value")
print(explorer.view.comm.comm_id, explorer.logit_sliders[3].comm.comm_id)
"""
TELL = """
on_another = any(thread is not threading.main_thread() for thread in threads)
print(explorer.logits.tolist(), f"{explorer.loss.item():.4f}", explorer.error, on_another)
"""


@pytest.fixture(scope="module")
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


def send(client, comm_id, subshell_id, data):
    """Sends what a view sends and waits until the kernel is done, as JupyterLab does."""
    message = client.session.msg("comm_msg", {"comm_id": comm_id, "data": data})
    message["header"]["subshell_id"] = subshell_id
    client.shell_channel.send(message)
    while True:
        answer = client.get_iopub_msg(timeout=10)
        is_mine = answer["parent_header"].get("msg_id") == message["header"]["msg_id"]
        if is_mine and answer["content"].get("execution_state") == "idle":
            return


def send_move(client, comm_id, subshell_id, value):
    """What a hand sends that moves the last bar."""
    content = {"n": f"view:{value}", "controls": {"logits.3": value}}
    send(client, comm_id, subshell_id, {"method": "custom", "content": content})


def test_moves_on_a_subshell_thread_move_the_loss(kernel):
    view, _ = run(kernel, SET_UP).split()
    subshell_id = create_subshell(kernel)
    for value in (9.0, 5.0, 3.5):
        send_move(kernel, view, subshell_id, value)
    # the first of them may still run on the main thread
    assert run(kernel, TELL) == "[[4.0, 3.0, 2.0, 3.5]] 1.2466 None True"


def test_a_slider_message_without_a_number_changes_nothing(kernel):
    view, slider = run(kernel, SET_UP).split()
    subshell_id = create_subshell(kernel)
    send_move(kernel, view, subshell_id, 6.0)
    update = {"method": "update", "state": {"value": None}, "buffer_paths": []}
    send(kernel, slider, subshell_id, update)
    assert run(kernel, TELL).startswith("[[4.0, 3.0, 2.0, 6.0]]")
    update["state"]["value"] = 5.0
    send(kernel, slider, subshell_id, update)
    assert run(kernel, TELL).startswith("[[4.0, 3.0, 2.0, 5.0]] 0.4402 None")
