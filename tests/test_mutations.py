"""The list of mutations is complete and fits the code; `python -m tests.mutations` tries them."""

import collections
import re

import pytest

import ce_helpers
from ce_helpers.live.base import LiveExplorer
from tests.browser.live_page import SHAPES
from tests.mutations import ROOT, read_mutations

MUTATIONS = read_mutations()
JS = ROOT / "ce_helpers/live/js"
PARTS = (JS / "parts.js").read_text(encoding="utf-8").partition("const kinds = {")[2]
PLANE = (JS / "plane.js").read_text(encoding="utf-8")
KINDS = re.findall(r"^  (\w+)\(", PARTS.partition("\n};")[0] + PLANE, re.M)
EXPLORERS = [
    name for name in ce_helpers.__all__
    if isinstance(made := getattr(ce_helpers, name), type) and issubclass(made, LiveExplorer)
    if name != "CrossEntropyExplorer"  # it has its shapes
]  # fmt: skip


@pytest.mark.parametrize("label", [*SHAPES, *EXPLORERS, *KINDS])
def test_three_change_each_shape_explorer_and_kind_of_part(label):
    count = collections.Counter(each for one in MUTATIONS for each in one.labels)
    assert count[label] >= 3, f"{label}: write {3 - count[label]} more into tests/mutations.txt"


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.name)
def test_what_it_changes_stands_there_once_and_its_tests_are_named(mutation):
    text = (ROOT / "ce_helpers" / mutation.file).read_text(encoding="utf-8")
    assert text.count(mutation.old) == 1
    assert mutation.old != mutation.new
    file, _, chosen = mutation.tests.partition(" -k ")
    assert (ROOT / file).is_file()
    shapes = set(mutation.labels) & set(SHAPES)
    if file.endswith("test_browser_live.py") and re.match("lies_where|shown_digits", chosen):
        assert not shapes or shapes & set(chosen.split(" and "))


def test_names_are_unlike():
    assert len({one.name for one in MUTATIONS}) == len(MUTATIONS)
