"""Which room may import from which, as docs/architecture.md draws it, and where tests stand."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ARROWS = {
    "top": {"top"},
    "calls": {"top", "calls"},
    "live": {"top", "live"},
    "explorers": {"top", "calls", "live", "explorers"},
    "learning": {"top", "calls", "live", "learning"},
}
TORCH_FREE = r"style|formatting|calls\.steps|calls\.softmax"
MODULES = sorted((ROOT / "ce_helpers").rglob("*.py"))


def name_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(path):
    """The modules that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write the module's whole name"
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                path_of_name = ROOT / name.replace(".", "/")
                is_module = path_of_name.is_dir() or path_of_name.with_suffix(".py").exists()
                yield name if is_module else node.module


def room_of(module):
    """The room of a module of the project; "names" for the package itself."""
    inside = module.removeprefix("ce_helpers").lstrip(".")
    if not inside:
        return "names"
    first = inside.partition(".")[0]
    return first if first in ARROWS else "top"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_go_along_the_arrows(path):
    names = set(imported(path))
    room = room_of(name_of(path))
    ours = {name for name in names if name.split(".")[0] == "ce_helpers"}
    if room != "names":
        assert {room_of(name) for name in ours} <= ARROWS[room], ours
    if path.stem == "formatting":
        assert ours == set()
    assert not any("pyplot" in name for name in names)
    if re.fullmatch(TORCH_FREE, name_of(path).removeprefix("ce_helpers.")):
        assert not any(name.split(".")[0] == "torch" for name in names)


@pytest.mark.parametrize("folder", ["ce_helpers", "tools", "benchmarks", "classroom"])
def test_production_never_imports_tests(folder):
    for path in (ROOT / folder).rglob("*.py"):
        names = {name for name in imported(path) if name.split(".")[0] == "tests"}
        assert not names, path


def test_the_readers_of_imports_find_what_is_forbidden(tmp_path):
    file = tmp_path / "file.py"
    file.write_text("def late():\n    from ce_helpers.learning import record\nimport torch.nn\n")
    assert set(imported(file)) == {"ce_helpers.learning.record", "torch.nn"}
    assert [room_of(f"ce_helpers{name}") for name in (
        "", ".style", ".calls.steps", ".live", ".live.base", ".explorers.a.picture",
        ".learning.tasks.batched",
    )] == [
        "names", "top", "calls", "live", "live", "explorers", "learning",
    ]  # fmt: skip


# What has its tests in a file of another name.
TESTED_WITH = {
    "calls.arguments": "calls/test_steps",
    "calls.binary": "calls/test_readings",
    "calls.call": "calls/test_rules_against_torch",
    "calls.evidence": "calls/test_diagnose",
    "calls.explained": "calls/test_explain",
    "calls.indices": "calls/test_readings",
    "calls.inputs": "calls/test_rules_against_torch",
    "calls.losses": "calls/test_explain",
    "calls.outputs": "calls/test_readings",
    "calls.refusals": "calls/test_rules_against_torch",
    "calls.shapes": "calls/test_rules_against_torch",
    "calls.softmax": "calls/test_steps",
    "calls.suspicious": "calls/test_diagnose",
    "explorers.cross_entropy_picture": "browser/test_browser_live",
    "explorers.cursor": "explorers/test_pixel_maps",
    "explorers.cursor_state": "explorers/test_pixel_maps",
    "explorers.dim_lens_picture": "browser/test_browser_lookup",
    "explorers.dim_lens_state": "explorers/test_dim_lens",
    "explorers.element_panels": "browser/test_browser_live",
    "explorers.gradient_picture": "browser/test_browser_steps",
    "explorers.ledger_picture": "browser/test_browser_steps",
    "explorers.ledger_state": "explorers/test_ledger",
    "explorers.map_panels": "browser/test_browser_lookup",
    "explorers.pixel_maps_picture": "browser/test_browser_lookup",
    "explorers.pixel_maps_state": "explorers/test_pixel_maps",
    "explorers.precision_picture": "browser/test_browser_lookup",
    "explorers.precision_state": "explorers/test_precision",
    "explorers.sample_panels": "browser/test_browser_live",
    "explorers.sequence_picture": "browser/test_browser_sequence",
    "explorers.sequence_state": "explorers/test_sequence",
    "explorers.smoothing_picture": "browser/test_browser_steps",
    "explorers.smoothing_state": "explorers/test_smoothing",
    "explorers.softmax_panel": "browser/test_browser_lookup",
    "explorers.plane": "explorers/test_training",
    "explorers.temperature": "explorers/test_training",
    "explorers.temperature_picture": "browser/test_browser_training",
    "explorers.temperature_state": "explorers/test_training",
    "explorers.training_cards": "explorers/test_training",
    "explorers.training_cards_picture": "browser/test_browser_training",
    "explorers.training_cards_state": "explorers/test_training",
    "explorers.training_picture": "browser/test_browser_training",
    "explorers.training_state": "explorers/test_training",
    "live.ahead": "explorers/test_dim_lens",
    "live.base": "explorers/test_cross_entropy",
    "live.guarded": "learning/test_question_widget",
    "live.controls": "explorers/test_cross_entropy",
    "live.limits": "live/test_panel",
    "live.looks": "live/test_panel",
    "live.modules": "live/test_modules",
    "live.reruns": "explorers/test_cross_entropy",
    "live.view": "explorers/test_cross_entropy",
    "live.picture": "browser/test_browser_live",
    "live.points": "browser/test_browser_live",
    "live.shapes": "browser/test_browser_live",
    "live.values": "live/test_panel",
}


def test_each_module_has_its_tests_in_a_folder_like_its_own():
    for path in MODULES:
        name = name_of(path).removeprefix("ce_helpers.").removeprefix("ce_helpers")
        if path.stem == "__init__":
            continue
        *folders, stem = re.sub(r"^(learning\.(?:cards|tasks))\..*", r"\1", name).split(".")
        tests = TESTED_WITH.get(name, "/".join([*folders, f"test_{stem}"]))
        assert (ROOT / "tests" / f"{tests}.py").exists(), f"{name}: tests/{tests}.py"
