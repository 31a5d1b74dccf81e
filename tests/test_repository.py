"""The files that install the project agree with one another."""

import re
import subprocess
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CONDA_NAMES = {"torch": "pytorch-cpu", "matplotlib": "matplotlib-base"}
PINS = dict(re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "constraints.txt").read_text(), re.M))
# each Python that pyproject.toml allows, patch releases to come included
PYTHONS = [
    version
    for version in (f"3.{minor}.{patch}" for minor in range(30) for patch in range(30))
    if version in SpecifierSet(PROJECT["requires-python"])
]


def conda_dependencies():
    text = (ROOT / "environment.yml").read_text()
    listed = text.partition("dependencies:")[2]
    return re.findall(r"^  - ([\w-]+)([<>=][\d.,<>=]+)?$", listed, flags=re.M)


def test_environment_yml_has_the_ranges_of_pyproject():
    conda = dict(conda_dependencies())
    nbval = [line for line in PROJECT["optional-dependencies"]["test"] if line.startswith("nbval")]
    required = {
        CONDA_NAMES.get(requirement.name, requirement.name): requirement
        for requirement in map(Requirement, [*PROJECT["dependencies"], *nbval])
    }
    for name, requirement in required.items():
        given = Requirement(f"{requirement.name}{conda[name]}").specifier
        assert given == requirement.specifier, name
    assert conda.keys() - required.keys() == {"python", "pip"}
    assert Version(conda["python"].lstrip("=")) in SpecifierSet(PROJECT["requires-python"])
    assert "- pip:\n      - -e .\n" in (ROOT / "environment.yml").read_text()


def test_binder_installs_what_conda_does_without_a_link_to_the_package():
    conda, binder = (
        yaml.safe_load((ROOT / name).read_text())
        for name in ("environment.yml", "binder/environment.yml")
    )
    assert conda["dependencies"].pop() == {"pip": ["-e ."]}
    assert binder == conda


def test_links_between_texts_lead_somewhere():
    texts = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    for path in [*texts, *(ROOT / "docs").glob("*.md")]:
        for link in re.findall(r"\]\((?!\w+:|#)([^)#]+)", path.read_text(encoding="utf-8")):
            assert (path.parent / link).exists(), (path.name, link)


def test_the_top_level_shows_the_lesson():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    visible = {name.partition("/")[0] for name in listed.stdout.split("\n") if name[:1] != "."}
    assert len(visible - {""}) <= 15, visible


@pytest.mark.parametrize(
    "name", ["torch", "numpy", "ipywidgets", "matplotlib", "jupyterlab", "nbval"]
)
def test_what_the_project_is_made_of_is_named_in_both(name):
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    assert name in {Requirement(line).name for group in groups for line in group}
    assert CONDA_NAMES.get(name, name) in dict(conda_dependencies())


@pytest.mark.parametrize("group", ["dependencies", *PROJECT["optional-dependencies"]])
def test_constraints_pin_a_version_in_the_range(group):
    groups = PROJECT["optional-dependencies"] | {"dependencies": PROJECT["dependencies"]}
    for requirement in map(Requirement, groups[group]):
        if requirement.name == PROJECT["name"]:
            assert requirement.extras <= groups.keys()
            continue
        assert PINS[requirement.name] in requirement.specifier, requirement


@pytest.mark.parametrize("name", PINS)
def test_each_pin_installs_on_each_python_of_the_project(name):
    try:
        found = distribution(name)
    except PackageNotFoundError:
        pytest.skip("a pin of an extra that is not installed")
    if Version(found.version).public != PINS[name]:
        pytest.skip("another version than the pinned one is installed")
    asked = SpecifierSet(found.metadata["Requires-Python"] or "")
    assert [version for version in PYTHONS if version not in asked] == []


def test_the_range_of_pythons_has_two_ends():
    """The Makefile reads both from pyproject.toml; a pinned torch has wheels up to one."""
    assert re.match(r">=3\.11,.*<3\.\d+$", PROJECT["requires-python"])
    assert PYTHONS[0] == "3.11.0" and len(PYTHONS) > 90
    newest = int(PYTHONS[-1].split(".")[1])
    assert f"3.11 to 3.{newest}" in (ROOT / "Makefile").read_text()
    assert f"Python 3.11 to 3.{newest}" in (ROOT / "README.md").read_text()
    workflow = (ROOT / ".github" / "workflows" / "tests.yml").read_text()
    assert f'python-version: ["3.11", "3.{newest}"]' in workflow
