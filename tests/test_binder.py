"""What Binder's builder would do with this repository, asked without building it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from repo2docker.app import Repo2Docker

ROOT = Path(__file__).parents[1]
bash = pytest.mark.skipif(shutil.which("bash") is None, reason="Binder's scripts need bash")


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """The files that Binder would clone, as the current folder, where the builder looks."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, tmp_path / name, follow_symlinks=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def build_pack():
    """The first build pack that accepts the current folder, as repo2docker itself picks it."""
    candidates = (pack("buildpack-deps:jammy") for pack in Repo2Docker().buildpacks)
    pack = next(pack for pack in candidates if pack.detect())
    pack.platform = "linux/amd64"
    return pack


def commands(scripts):
    return [(user, " ".join(command.split())) for user, command in scripts]


def test_it_is_a_conda_build_of_our_environment(checkout):
    pack = build_pack()
    assert type(pack).__name__ == "CondaBuildPack"
    assert pack.environment_yaml_path == "binder/environment.yml"
    assert pack.python_version == "3.12"
    # the server and the kernel share one environment, made before the repository is copied
    assert not pack.separate_kernel_env
    assert "conda/environment.py-3.12-linux-64.lock" in pack.get_build_script_files()
    assert pack.get_assemble_scripts() == []
    ((user, command),) = commands(pack.get_preassemble_scripts())
    assert user == "${NB_USER}"
    assert "env update -p ${NB_PYTHON_PREFIX}" in command and '"binder/environment.yml"' in command


def test_it_runs_our_scripts(checkout):
    pack = build_pack()
    assert pack.get_post_build_scripts() == ["binder/postBuild"]
    assert pack.get_start_script() == "${REPO_DIR}/binder/start"
    for name in ("binder/postBuild", "binder/start"):
        assert os.access(checkout / name, os.X_OK), name
        assert (checkout / name).read_bytes().startswith(b"#!/bin/bash\n"), name
    dockerfile = pack.render({"NB_USER": "reader", "NB_UID": "1000"})
    assert "./binder/postBuild" in dockerfile
    assert 'ENV R2D_ENTRYPOINT="${REPO_DIR}/binder/start"' in dockerfile


def test_no_other_file_has_a_say(checkout):
    assert not (checkout / ".binder").exists()
    names = {path.name for path in (checkout / "binder").iterdir()}
    assert names == {"environment.yml", "postBuild", "start"}


@bash
def test_start_sets_one_thread_and_hands_over(tmp_path):
    program = "import os, sys; print(os.environ['OMP_NUM_THREADS'], sys.argv[1:]); sys.exit(3)"
    ended = subprocess.run(
        [ROOT / "binder/start", sys.executable, "-c", program, "two words", "$HOME"],
        check=False, cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert ended.stdout == "1 ['two words', '$HOME']\n"
    assert ended.returncode == 3


@bash
def test_post_build_installs_the_package_draws_a_picture_and_finds_the_settings(tmp_path):
    pip = tmp_path / "pip"  # in place of the real one, which would ask the network
    pip.write_text('#!/bin/bash\necho "pip $* in $PWD"\n')
    pip.chmod(0o755)
    path = os.pathsep.join([str(tmp_path), str(Path(sys.executable).parent), os.environ["PATH"]])
    ended = subprocess.run(
        [ROOT / "binder/postBuild"], cwd=ROOT, env={"HOME": str(tmp_path), "PATH": path},
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith(f"pip install --no-deps -e . in {ROOT}\n")
    assert "loss = −log(0.9963) = 0.0037" in ended.stdout
    assert list(tmp_path.glob(".cache/matplotlib/fontlist*.json"))
