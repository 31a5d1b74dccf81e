"""The benchmark's table, notebooks and proxy; nothing here depends on how fast the machine is."""

import ast
import re
import socket
import threading
import time

import nbformat
import pytest
import torch

from benchmarks import vocabulary
from benchmarks.__main__ import (
    HEADER,
    OTHERS_HEADER,
    SETTINGS,
    others_table,
    table,
    times_ours,
)
from benchmarks.alone import measure, measured
from benchmarks.candidates import CELLS, OTHERS, OURS, file_name, write_notebooks
from benchmarks.pages import Turns
from benchmarks.proxy import delaying_proxy
from benchmarks.results import RESULTS, record, rows_of

BUSIER = [1.0, 2.0, 4.0]  # a machine that gets slower from round to round


LESSON = RESULTS.parents[1] / "notebooks/09_language_model.ipynb"
BY_OPTIONS = "the same with `options=LinearCrossEntropyOptions()`"


def turns_of(slowness):
    presses = [[slowness * busy] * 3 for busy in BUSIER]
    return Turns(1000 * slowness, presses, [60 / slowness] * 6, [slowness / 10] * 3)


def test_ratios_compare_within_a_round_and_not_between_rounds():
    turns = {OURS: turns_of(10), "a": turns_of(15)}
    assert times_ours(turns, "a") == 1.5
    turns[OURS].presses.append(turns[OURS].presses.pop(0))  # the same in all, in other rounds
    assert times_ours(turns, "a") == 0.75
    turns = {OURS: Turns(0, [[2]], [], []), "a": Turns(0, [[9, 1, 5]], [], [])}
    assert times_ours(turns, "a") == 2.5


def test_the_table_has_each_candidate_in_each_setting():
    seen = {
        setting: {name: turns_of(base + place) for place, name in enumerate(CELLS)}
        for setting, base in zip(SETTINGS, (10, 20, 30), strict=True)
    }
    header, _, *rows = table(seen).splitlines()
    assert header == f"| {' | '.join(HEADER)} |"
    assert [row.split(" | ")[0][2:] for row in rows] == [*CELLS]
    assert rows[1] == f"| {OURS} | 22.0 | 1.0 | 42.0 | 62.0 | 5 | 2 | 1.6 | 11.00 |"


def test_the_others_have_a_table_of_their_own():
    header, _, row = others_table({"DimLens": turns_of(10)}).splitlines()
    assert header == f"| {' | '.join(OTHERS_HEADER)} |"
    assert row == "| DimLens | 20.0 | 6 | 1.0 | 10.00 |"


def test_the_notebooks_hold_python_in_two_cells_and_every_file_has_a_name_of_its_own(tmp_path):
    write_notebooks(tmp_path / "new", ratio=2)
    names = {file_name(candidate) for candidate in CELLS | OTHERS}
    assert names | {"panels.py"} == {path.name for path in (tmp_path / "new").iterdir()}
    for name in names:
        cells = nbformat.read(tmp_path / "new" / name, as_version=4).cells
        first, second = (re.sub("^%.*$", "", cell.source, flags=re.M) for cell in cells)
        imports = [ast.Import, ast.ImportFrom]
        assert all(type(line) in imports for line in ast.parse(first).body), first
        assert not any(type(line) in imports for line in ast.parse(second).body), second
    assert 'figure_format = "retina"' in (
        tmp_path / "new" / file_name("interact + plt.show()")
    ).read_text().replace("\\", "")


def echo(server):
    connection, _ = server.accept()
    with connection:
        while chunk := connection.recv(65536):
            connection.sendall(chunk)


def test_the_proxy_passes_every_byte_on_late_each_way_but_side_by_side():
    sent = bytes(range(256)) * 2000
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=echo, args=(server,)).start()
        with delaying_proxy(server.getsockname()[1], 0.1) as port:
            start = time.monotonic()
            with socket.create_connection(("127.0.0.1", port)) as near:
                near.settimeout(30)
                threading.Thread(target=near.sendall, args=(sent,)).start()
                received = near.recv(65536)
                assert time.monotonic() - start >= 0.2  # a bound that a busy machine cannot break
                while len(received) < len(sent):
                    received += near.recv(65536)
    assert received == sent


def test_the_proxy_leaves_nothing_running():
    before = set(threading.enumerate())
    with delaying_proxy(9, 0) as port, socket.create_connection(("127.0.0.1", port)) as near:
        near.settimeout(30)
        assert near.recv(1) == b""  # nobody listens behind it
    assert set(threading.enumerate()) <= before  # others of this process may have ended meanwhile


def test_a_table_takes_the_place_of_the_one_before_and_leaves_the_others(tmp_path, capsys):
    path = tmp_path / "results.md"
    path.write_text("# One\n\n1\n\n# Two\n\n2\n")
    record("One", rows_of(["a"], [["b"]]), path)
    assert capsys.readouterr().out == "| a |\n| --- |\n| b |\n"
    record("Three", "3\n", path)
    record("Two", "4\n", path)
    sections = ["# One", "| a |\n| --- |\n| b |", "# Two", "4", "# Three", "3"]
    assert path.read_text() == "\n\n".join(sections) + "\n"


def test_every_way_to_a_vocabulary_s_loss_gives_the_same_loss_and_gradients():
    hidden, weight, target = given = vocabulary.inputs((12, 5, 40))
    named = vocabulary.ways()
    assert (BY_OPTIONS in named) == hasattr(torch.nn.functional, "linear_cross_entropy")
    loss = torch.nn.functional.cross_entropy(hidden @ weight.T, target)
    grads = torch.autograd.grad(loss, (hidden, weight))
    ways = [*named.values(), lambda *given: vocabulary.by_rows(*given, rows=5)]  # 5, 5 and 2
    for way in ways:
        torch.testing.assert_close(way(*given), loss)
        torch.testing.assert_close(torch.autograd.grad(way(*given), (hidden, weight)), grads)


def test_what_is_kept_for_the_gradient_is_what_the_lesson_says():
    named = vocabulary.ways()
    kept = {name: vocabulary.kept(way, vocabulary.KEPT_AT) for name, way in named.items()}
    (told,) = re.findall(r"From 512 rows.*", LESSON.read_text("utf-8"))
    plain, *_, loop = kept.values()
    count, width, num_classes = vocabulary.KEPT_AT
    inputs = 4 * (count + num_classes) * width / 2**20
    assert f"{plain:.1f} MiB are kept for the gradient, {plain - inputs:.0f} of them" in told
    assert loop == pytest.approx(inputs, abs=0.01)  # beside them the target
    if BY_OPTIONS in kept:
        assert f"with `options` keeps {kept[BY_OPTIONS]:.1f} MiB" in told
    recorded = RESULTS.read_text("utf-8")
    for name, mib in kept.items():
        assert re.search(rf"^\| {re.escape(name)} \|.*\| {mib:.1f} \|$", recorded, re.M), name


def test_a_call_is_measured_here_and_in_a_process_of_its_own():
    sizes, logits = (500, 20_000), 40  # MB
    seconds, megabytes = measure("benchmarks.explained", "torch", sizes)
    assert seconds > 0
    assert 0.9 * logits < megabytes < 3 * logits  # log_softmax's result beside the logits
    (plain, *_) = vocabulary.ways()
    seconds, megabytes = measured("benchmarks.vocabulary", plain, (500, 4, 20_000))
    assert seconds > 0
    assert 1.9 * logits < megabytes < 4 * logits
