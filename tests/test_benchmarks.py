"""The benchmark's arithmetic, words and proxy; nothing here depends on how fast the machine is."""

import ast
import dataclasses
import re
import socket
import threading
import time

import pytest
from PIL import Image

from benchmarks.callback import CASES
from benchmarks.candidates import CELLS, FLOOR, OURS, file_name, picture_size, write_notebooks
from benchmarks.kernel import STARTS
from benchmarks.pages import Burst, Setting, Turn, burst_of
from benchmarks.plot import save_plot
from benchmarks.proxy import delaying_proxy
from benchmarks.report import Goal, Measurements, browser_table, goals, median_ratio, report, table

SLOWNESS = {FLOOR: 1, OURS: 1.5, "ipympl": 5, "interact + plt.show()": 8}
FLOORS = [10.0, 20.0, 40.0]  # ms, of a machine that gets busier


def turns_of(slowness=SLOWNESS):
    turns = {}
    for name in CELLS:
        times = slowness.get(name, 4)
        burst = Burst(30 if times < 2 else 30 / times, 100)
        turns[name] = [Turn([floor * times] * 3, burst) for floor in FLOORS]
    return turns


def measurements(**changes):
    parts = {"move": 10.0, "compute": 1.0, "blit": 4.0, "encode": 2.0, "send": 0.5, "bytes": 20_000}
    times = zip(STARTS, [(1.0, 250.0), (2.0, 300.0), (2.5, 330.0)], strict=True)
    return dataclasses.replace(
        Measurements(
            turns={Setting(1): turns_of(), Setting(2): turns_of(), Setting(2, 50): turns_of()},
            moves=[dict(parts) for _ in CASES],
            moved=5000,
            growth=1.0,
            starts=dict(times),
        ),
        **changes,
    )


def met(seen):
    return {goal.text: goal.met for goal in goals(seen)}


def test_ratios_compare_within_a_round_and_not_between_rounds():
    turns = turns_of()
    assert median_ratio(turns, OURS, FLOOR) == 1.5
    turns[FLOOR].append(turns[FLOOR].pop(0))  # the same in all, in other rounds: 20, 40, 10
    assert median_ratio(turns, OURS, FLOOR) == 0.75
    assert median_ratio({"a": [Turn([9, 1, 5], None)], "b": [Turn([2], None)]}, "a", "b") == 2.5


def test_a_burst_counts_from_the_first_key_and_settles_after_the_last():
    assert burst_of(keys=[100, 200, 300], frames=[150, 350, 600]) == Burst(6.0, 300)


def test_the_browser_table_has_median_worst_ratios_and_burst():
    turns = turns_of()
    turns[OURS][0].presses[0] = 99.0
    assert f"| {OURS} | 30 | 99 | 1.50 | 1.00 | 30.0 | 100 |" in browser_table(turns)
    assert [line.split(" |")[0][2:] for line in browser_table(turns).splitlines()[2:]] == [*CELLS]


def test_a_table_is_markdown():
    assert table(["a", "b"], [[1, "x"]]) == "| a | b |\n| --- | --- |\n| 1 | x |\n"


@pytest.mark.parametrize(
    ("measured", "at_most", "expected"),
    [(2, True, True), (2.01, True, False), (2, False, True), (1.99, False, False)],
)
def test_a_goal_is_met_up_to_its_bound(measured, at_most, expected):
    assert Goal("", 2, measured, "", at_most).met is expected


def test_each_goal_looks_at_its_own_measurement():
    assert all(met(measurements()).values())
    slow = SLOWNESS | {OURS: 2.2}
    moves = {case: dict(measurements().moves[0]) for case in CASES}
    moves[(1, 100), 2]["move"] = 15.1
    moves[(1, 4, 256, 256), 2]["move"] = 20.1
    far = {Setting(2, 50): turns_of()}
    cases = {
        "pixel ratio 1": {"turns": {Setting(1): turns_of(slow), Setting(2): turns_of()} | far},
        "100 classes|256²": {"moves": [*moves.values()]},
        "5,000 moves": {"growth": 5.1},
        "first live explorer": {
            "starts": dict(zip(STARTS, [(1, 9), (2, 9), (2.7, 9)], strict=True))
        },
        "floor, pixel ratio 2": {
            "turns": {Setting(1): turns_of(), Setting(2): turns_of(SLOWNESS | {OURS: 2.6})} | far
        },
    }  # fmt: skip
    for pattern, change in cases.items():
        for text, was_met in met(measurements(**change)).items():
            assert was_met is not bool(re.search(pattern, text)), (pattern, text)


def test_a_goal_that_is_not_met_says_where_the_time_goes():
    moves = measurements().moves
    moves[CASES.index(((1, 100), 2))]["move"] = 17.5
    text = report("a machine", measurements(moves=moves))
    line = "| a move with 100 classes to one with 4 | ≤ 1.5 | 1.75 | not met |"
    reason = "17.5 ms: compute 1.0, blit 4.0, encode 2.0, send 0.5, rest 10.0"
    assert line in text
    assert reason in text
    assert (text.count("| not met |"), text.count("- Not met")) == (1, 1)
    assert "not met" not in report("a machine", measurements()).lower()


def test_the_notebooks_hold_python_and_every_file_has_a_name_of_its_own(tmp_path):
    write_notebooks(tmp_path / "new", ratio=2)
    names = {file_name(candidate) for candidate in CELLS}
    assert names | {"panels.py"} == {path.name for path in (tmp_path / "new").iterdir()}
    for cell in CELLS.values():
        ast.parse(re.sub("^%.*$", "", cell.format(ratio=1, inline_format="png"), flags=re.M))
    assert picture_size(OURS, 2) == (1696, 600)


def test_the_plot_is_small(tmp_path):
    save_plot(measurements().turns, tmp_path / "plot.png")
    assert (tmp_path / "plot.png").stat().st_size < 60_000
    assert Image.open(tmp_path / "plot.png").width > 800


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
    before = threading.active_count()
    with delaying_proxy(9, 0) as port, socket.create_connection(("127.0.0.1", port)) as near:
        near.settimeout(30)
        assert near.recv(1) == b""  # nobody listens behind it
    assert threading.active_count() == before
