"""The benchmarks' tables and notebooks; nothing here depends on how fast the machine is."""

import ast
import re
from pathlib import Path

import nbformat
import pytest
import torch

from benchmarks import costs
from benchmarks.__main__ import NEAR, SETTINGS, table, times_ours
from benchmarks.candidates import CANDIDATES, EXPLORER, write_notebooks
from benchmarks.costs import measure
from benchmarks.pages import Turns
from benchmarks.report import report

BUSIER = [1.0, 2.0, 4.0]  # a machine that gets slower from round to round
ROOT = Path(__file__).parents[1]
LESSON = ROOT / "notebooks/09_language_model.ipynb"
BY_OPTIONS = "the same with `options=LinearCrossEntropyOptions()`"


def turns_of(slowness):
    presses = [[slowness * busy] * 3 for busy in BUSIER]
    return Turns(1000 * slowness, presses, [60 / slowness] * 6, [slowness / 10] * 3)


def test_ratios_compare_within_a_round_and_not_between_rounds():
    turns = {EXPLORER: turns_of(10), "a": turns_of(15)}
    assert times_ours(turns, "a") == 1.5
    rounds = turns[EXPLORER].presses
    rounds.append(rounds.pop(0))  # the same in all, in other rounds
    assert times_ours(turns, "a") == 0.75
    turns = {EXPLORER: Turns(0, [[2]], [], []), "a": Turns(0, [[9, 1, 5]], [], [])}
    assert times_ours(turns, "a") == 2.5


def test_the_table_has_each_candidate_in_each_setting():
    seen = {
        setting: {name: turns_of(base + place) for place, name in enumerate(CANDIDATES)}
        for setting, base in zip(SETTINGS, (10, 20, 30), strict=True)
    }
    header, *rows = table(seen)
    assert header == (
        "drawn by", "× ours", "ratio 1, ms", "ratio 1, frames/s", "ratio 2, ms",
        "50 ms each way, ms", "50 ms each way, frames/s", "kernel, ms", "first picture, s",
    )  # fmt: skip
    assert [row[0] for row in rows] == [*CANDIDATES]
    assert rows[1] == (EXPLORER, "1.0", "22.0", "5", "42.0", "62.0", "2", "1.6", "11.00")


def test_an_explorer_of_ours_stands_beside_the_first_in_one_setting():
    (_, *rows) = table({NEAR: {EXPLORER: turns_of(10), "DimLens()": turns_of(5)}})
    assert rows[1] == ("DimLens()", "0.5", "10.0", "12", "0.5", "5.00")


def test_the_notebooks_hold_python_in_two_cells(tmp_path):
    names = write_notebooks(tmp_path / "new", 2, CANDIDATES)
    assert {*names.values(), "panels.py"} == {path.name for path in (tmp_path / "new").iterdir()}
    assert list(names) == list(CANDIDATES)
    for name in names.values():
        cells = nbformat.read(tmp_path / "new" / name, as_version=4).cells
        first, second = (re.sub("^%.*$", "", cell.source, flags=re.M) for cell in cells)
        imports = [ast.Import, ast.ImportFrom]
        assert all(type(line) in imports for line in ast.parse(first).body), first
        assert not any(type(line) in imports for line in ast.parse(second).body), second
    interact = (tmp_path / "new" / names["interact + plt.show()"]).read_text().replace("\\", "")
    assert 'figure_format = "retina"' in interact


def test_a_table_is_printed_and_takes_the_place_of_the_one_before(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("benchmarks.report.__file__", str(tmp_path / "report.py"))
    (tmp_path / "one.md").write_text("before")
    report("Here.", [("a", "b"), ("1", "2")], "About.", "one.md")
    told = capsys.readouterr().out
    assert told == "Here.\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\nAbout.\n"
    assert (tmp_path / "one.md").read_text() == told
    report("Here.", [("a",)], "", None)
    assert [path.name for path in tmp_path.iterdir()] == ["one.md"]


def test_every_way_to_a_vocabulary_s_loss_gives_the_same_loss_and_gradients():
    hidden, weight, target = given = costs.inputs((12, 5, 40))
    named = costs.ways()
    assert (BY_OPTIONS in named) == hasattr(torch.nn.functional, "linear_cross_entropy")
    loss = torch.nn.functional.cross_entropy(hidden @ weight.T, target)
    grads = torch.autograd.grad(loss, (hidden, weight))
    ways = [*named.values(), lambda *given: costs.by_rows(*given, rows=5)]  # 5, 5 and 2
    for way in ways:
        torch.testing.assert_close(way(*given), loss)
        torch.testing.assert_close(torch.autograd.grad(way(*given), (hidden, weight)), grads)


def test_what_is_kept_for_the_gradient_is_what_the_lesson_says():
    named = costs.ways()
    kept = {name: costs.kept(way, costs.KEPT_AT) for name, way in named.items()}
    (told,) = re.findall(r"From 512 rows.*", LESSON.read_text("utf-8"))
    plain, *_, loop = kept.values()
    count, width, num_classes = costs.KEPT_AT
    inputs = 4 * (count + num_classes) * width / 2**20
    assert f"{plain:.1f} MiB are kept for the gradient, {plain - inputs:.0f} of them" in told
    assert loop == pytest.approx(inputs, abs=0.01)  # beside them the target
    if BY_OPTIONS in kept:
        assert f"with `options` keeps {kept[BY_OPTIONS]:.1f} MiB" in told
    recorded = (ROOT / "benchmarks/costs.md").read_text("utf-8")
    for name, mib in kept.items():
        assert re.search(rf"^\| .* \| {re.escape(name)} \|.*\| {mib:.1f} \|$", recorded, re.M), name


def test_a_call_is_measured_and_the_peak_of_memory_is_its_own():
    logits = 40  # MB
    seconds, megabytes = measure("`cross_entropy`", (500, 20_000))
    assert seconds > 0
    assert 0.9 * logits < megabytes < 3 * logits  # log_softmax's result beside the logits
    (plain, *_) = costs.ways()
    _, megabytes = measure(plain, (500, 4, 20_000))
    assert 0.9 * logits < megabytes < 4 * logits
