"""The benchmark's table, notebooks and proxy; nothing here depends on how fast the machine is."""

import ast
import re
import socket
import threading
import time

import nbformat

from benchmarks.__main__ import HEADER, SETTINGS, table, times_ours
from benchmarks.candidates import CELLS, OURS, file_name, write_notebooks
from benchmarks.pages import Turns
from benchmarks.proxy import delaying_proxy

BUSIER = [1.0, 2.0, 4.0]  # a machine that gets slower from round to round


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
    assert rows[1] == f"| {OURS} | 22.0 | 1.0 | 42.0 | 62.0 | 5 | 2 | 1.1 | 11.00 |"


def test_the_notebooks_hold_python_in_two_cells_and_every_file_has_a_name_of_its_own(tmp_path):
    write_notebooks(tmp_path / "new", ratio=2)
    names = {file_name(candidate) for candidate in CELLS}
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
