"""The files that install the project agree with one another."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CONDA_NAMES = {"torch": "pytorch-cpu", "matplotlib": "matplotlib-base"}


def conda_dependencies():
    text = (ROOT / "environment.yml").read_text()
    listed = text.partition("dependencies:")[2]
    return re.findall(r"^  - ([\w-]+)([<>=][\d.,<>=]+)?$", listed, flags=re.M)


def test_environment_yml_has_the_ranges_of_pyproject():
    conda = dict(conda_dependencies())
    for line in PROJECT["dependencies"]:
        requirement = Requirement(line)
        name = CONDA_NAMES.get(requirement.name, requirement.name)
        given = Requirement(f"{requirement.name}{conda[name]}").specifier
        assert given == requirement.specifier, name
    extra = conda.keys() - {
        CONDA_NAMES.get(Requirement(line).name, Requirement(line).name)
        for line in PROJECT["dependencies"]
    }
    assert extra == {"python", "pip"}
    assert (
        Version(conda["python"].lstrip("="))
        in Requirement(f"python{PROJECT['requires-python']}").specifier
    )
    assert "- pip:\n      - -e .\n" in (ROOT / "environment.yml").read_text()


@pytest.mark.parametrize("group", ["dependencies", *PROJECT["optional-dependencies"]])
def test_constraints_pin_a_version_in_the_range(group):
    pins = dict(re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "constraints.txt").read_text(), re.M))
    groups = PROJECT["optional-dependencies"] | {"dependencies": PROJECT["dependencies"]}
    for requirement in map(Requirement, groups[group]):
        assert pins[requirement.name] in requirement.specifier, requirement
