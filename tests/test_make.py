"""The Makefile installs in sight, and notices an environment that does not fit any more.

The real Makefile runs, in a small copy of the project, with a pip that only writes down its calls.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="these tests need make")
FILES = ("Makefile", "pyproject.toml", "constraints.txt")
PYTHON = f"""\
#!/bin/sh
[ "$1 $2" != "-m venv" ] || set -- -m venv --without-pip .venv
exec "{sys.executable}" "$@"
"""
OTHER_PYTHON = PYTHON.replace("\n", '\n[ "$1" != -I ] || exec echo "Python 3.12 in /other"\n', 1)
PIP = 'echo "pip at work: $*"; echo "$*" >> pip.log'


@pytest.fixture
def project(tmp_path):
    """A folder, with a space in its name, where `make` has installed once."""
    folder = tmp_path / "a course"
    for name in (*FILES, "tools/venv.sh"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    (folder / "ce_helpers").mkdir()
    (folder / "ce_helpers" / "__init__.py").write_text("")
    for name, text in {"python3": PYTHON, "python3.12": OTHER_PYTHON, "pip": PIP}.items():
        path = tmp_path / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
    assert make(folder, ".venv/runtime").returncode == 0
    return folder


def make(folder, *arguments, pip="sh ../bin/pip"):
    """Calls make as a user would: without the variables of a make around these tests."""
    ours = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHON"}
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    environment["PATH"] = f"{folder.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["make", f"PIP={pip}", *arguments], cwd=folder, env=environment, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def pip_calls(folder):
    return (folder / "pip.log").read_text().splitlines()


def new_constraints(folder):
    """Makes what was installed older than constraints.txt, as after git pull."""
    os.utime(folder / ".venv" / "runtime", (1, 1))


def expect_made_again(folder, reason, *arguments):
    """The next make says why in one line, starts from nothing, and the one after has no work."""
    left = folder / ".venv" / "left over"
    left.write_text("")
    calls = len(pip_calls(folder))
    ended = make(folder, ".venv/runtime", *arguments)
    assert ended.returncode == 0, ended.stdout
    assert re.findall(r"^Making \.venv again: (.*)\.$", ended.stdout, re.M) == [reason]
    assert not left.exists()
    assert len(pip_calls(folder)) == calls + 1
    again = make(folder, ".venv/runtime")
    assert again.returncode == 0 and "Making" not in again.stdout, again.stdout
    assert len(pip_calls(folder)) == calls + 1


def test_it_installs_once_in_sight_and_what_a_learner_needs_only(project):
    assert pip_calls(project) == ["-e ."]
    assert "up to date" in make(project, ".venv/runtime").stdout
    ended = make(project, ".venv/installed")
    assert re.search(r"^Installing .* \d+ MB to load, .* GB on the disk\.$", ended.stdout, re.M)
    assert "pip at work: -e .[test]" in ended.stdout
    assert pip_calls(project) == ["-e .", "-e .[test]"]


def test_pip_is_not_muted():
    assert not re.search(r"pip.*(--quiet|-q\b)", (ROOT / "Makefile").read_text())


def test_torch_comes_first_and_from_where_it_was_asked(project):
    new_constraints(project)
    assert make(project, ".venv/runtime", "TORCH_INDEX=https://example.org").returncode == 0
    assert pip_calls(project) == ["-e .", "--index-url https://example.org torch", "-e ."]


def test_a_moved_folder(project):
    moved = project.rename(project.with_name("another course"))
    reason = f"it was made for {project}, before this folder was moved or copied"
    expect_made_again(moved, reason)


def test_a_copy_leaves_the_original_alone(project):
    copy = project.with_name("copy")
    shutil.copytree(project, copy, symlinks=True)
    kept = (project / ".venv" / "made-for").read_text()
    expect_made_again(copy, f"it was made for {project}, before this folder was moved or copied")
    assert str(copy) in (copy / ".venv" / "made-for").read_text()
    assert (project / ".venv" / "made-for").read_text() == kept
    assert "up to date" in make(project, ".venv/runtime").stdout


def test_another_python(project):
    reason = "it was made with another Python than python3.12"
    expect_made_again(project, reason, "PYTHON=python3.12")


def test_another_python_on_the_path_is_no_reason(project):
    shutil.copy(project.parent / "bin" / "python3.12", project.parent / "bin" / "python3")
    assert "up to date" in make(project, ".venv/runtime").stdout


def test_a_python_that_is_gone(project):
    python = project / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")
    expect_made_again(project, "the Python that it was made with has changed or gone")


@pytest.mark.parametrize("target", [".venv/runtime", ".venv/installed"])
def test_an_interrupted_installation(project, target):
    new_constraints(project)
    assert make(project, target, pip="kill -KILL $$$$; true").returncode != 0
    expect_made_again(project, "it holds no finished installation")


def test_an_environment_that_somebody_else_made(project):
    (project / ".venv" / "made-for").unlink()
    expect_made_again(project, "it holds no finished installation")


def test_a_pip_that_fails_is_heard_and_leaves_the_environment(project):
    ended = make(project, ".venv/installed", pip="echo No space left on device; false")
    assert ended.returncode != 0
    assert re.search(r"No space left.*\npip could not install this; why stands above", ended.stdout)
    assert "up to date" in make(project, ".venv/runtime").stdout  # make lab still works
    assert "Making" not in make(project, ".venv/installed").stdout
    assert (project / ".venv" / "installed").exists()


# the real check runs, and believes that it is run by an old Python
OLD_PYTHON = f"""\
#!/bin/sh
[ "$1" = - ] || exit 9
{{ echo "import sys; sys.version_info = (2, 7, 18); sys.version = '2.7.18 old'"; cat; }} |
    "{sys.executable}" -
"""
NO_VENV = f"""\
#!/bin/sh
case "$*" in *ensurepip* | -I*) exit 1;; esac
exec "{sys.executable}" "$@"
"""
NO_PYTHON = r"There is no python9 here\. Name another Python, for example: PYTHON="
TOO_OLD = r"Python 3\.11 to 3\.14 is needed, and this is 2\.7\.18\."
CANNOT = (
    r"python9 cannot make environments\. On Debian and Ubuntu .* apt-get install python3-venv\n"
)


@pytest.mark.parametrize(
    ("target", "script", "sentence"),
    [
        (".venv/runtime", None, NO_PYTHON),
        (".venv/runtime", OLD_PYTHON, TOO_OLD),
        (".venv/runtime", NO_VENV, CANNOT),
        ("links", None, NO_PYTHON),
        ("links", OLD_PYTHON, TOO_OLD),
    ],
)
def test_a_python_that_will_not_do_gets_a_sentence_and_removes_nothing(
    project, target, script, sentence
):
    if script:
        path = project.parent / "bin" / "python9"
        path.write_text(script)
        path.chmod(0o755)
    ended = make(project, target, "PYTHON=python9")
    assert ended.returncode != 0
    assert re.search(sentence, ended.stdout), ended.stdout
    assert "Traceback" not in ended.stdout and "SyntaxError" not in ended.stdout
    assert "up to date" in make(project, ".venv/runtime").stdout


@pytest.mark.parametrize("arguments", [(), ("help",)])
def test_help_lists_each_target(project, arguments):
    text = make(project, *arguments).stdout
    rules = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.M)[0].split()
    assert set(rules) - {"again"} == set(re.findall(r"^make ([\w-]+)", text, re.M))
    assert "TORCH_INDEX" in text and "#" not in text


def test_a_target_is_a_file_written_last(project):
    """A folder that npm began and did not finish is no proof that it did."""
    npm = project.parent / "bin" / "npm"
    npm.write_text(
        "#!/bin/sh\nmkdir -p classroom/.proxy build/npm build/lighthouse\nexit ${NPM_ENDS:-0}\n"
    )
    npm.chmod(0o755)
    for target in re.findall(
        r"^(?:PROXY|REVEAL|LIGHTHOUSE) := (.*)$", (ROOT / "Makefile").read_text(), re.M
    ):
        (project / target).parent.mkdir(parents=True, exist_ok=True)
        assert make(project, target, "NPM_ENDS=1").returncode != 0
        assert make(project, target).returncode == 0
        assert (project / target).is_file()
        assert "up to date" in make(project, target).stdout
