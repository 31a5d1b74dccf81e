"""The launch links are made from any form of a remote, and never carry a password."""

import subprocess
from urllib.parse import parse_qs, urlsplit

import pytest

from tools.launch_links import (
    FIRST,
    ROOT,
    Repository,
    binder_link,
    main,
    nbgitpuller_link,
    parse_remote,
)

GITHUB = Repository("github.com", "owner/a-name")
GITLAB = Repository("gitlab.com", "group/sub.group/name")


@pytest.fixture
def repository(tmp_path):
    git(tmp_path, "init", "--quiet")
    return tmp_path


def git(folder, *arguments):
    subprocess.run(["git", *arguments], cwd=folder, check=True)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/owner/a-name", GITHUB),
        ("https://github.com/owner/a-name.git", GITHUB),
        ("https://github.com/owner/a-name/", GITHUB),
        ("https://someone:secret@GitHub.com/owner/a-name.git", GITHUB),
        ("ssh://git@github.com/owner/a-name.git", GITHUB),
        ("ssh://git@github.com:22/owner/a-name", GITHUB),
        ("git@github.com:owner/a-name.git", GITHUB),
        ("github.com:owner/a-name", GITHUB),
        ("https://gitlab.com/group/sub.group/name.git", GITLAB),
        ("git@gitlab.com:group/sub.group/name.git", GITLAB),
        # from the address bar
        ("https://github.com/owner/a-name/tree/main", GITHUB),
        ("https://www.github.com/owner/a-name/blob/main/README.md?plain=1#L1", GITHUB),
        ("https://github.com/owner/a-name/issues", GITHUB),
        ("https://gitlab.com/group/sub.group/name/-/tree/main?ref_type=heads", GITLAB),
        ("https://github.com/owner/wiki", Repository("github.com", "owner/wiki")),
        # ssh over port 443, and a path from the root
        ("ssh://git@ssh.github.com:443/owner/a-name.git", GITHUB),
        ("ssh://git@altssh.gitlab.com:443/group/sub.group/name.git", GITLAB),
        ("git@github.com:/owner/a-name.git", GITHUB),
    ],
)
def test_each_form_of_a_remote(url, expected):
    assert parse_remote(url) == expected


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("https://git.example.org/owner/name.git", "host is 'git.example.org'"),
        ("https://github.com.example.org/owner/name", "host is 'github.com.example.org'"),
        ("git@bitbucket.org:owner/name.git", "host is 'bitbucket.org'"),
        ("/srv/git/name.git", "host is 'this machine'"),
        ("../name", "host is 'this machine'"),
        ("file:///srv/git/name.git", "host is 'this machine'"),
        (r"C:\git\name", "host is 'this machine'"),
        ("https://github.com/name", "path is 'name'; expected owner/name"),
        ("https://github.com/owner/a-name/of/more", "expected owner/name"),
        ("https://github.com/owner//a-name", "expected owner/name"),
        ("https://github.com/owner/a name", "expected owner/name"),
        ("https://github.com/owner/.git", "expected owner/name"),
        ("https://gitlab.com/name", "expected owner/name"),
        ("git@github.com:", "expected owner/name"),
        ("file://github.com/owner/a-name", "host is 'this machine'"),
        ("github.com/owner/a-name", "host is 'this machine'"),
        ("git@github-at-work:owner/a-name", "host is 'github-at-work'"),
    ],
)
def test_a_remote_without_a_link_gets_a_sentence(url, sentence):
    with pytest.raises(ValueError, match=sentence):
        parse_remote(url)


def test_binder_links():
    first = "?urlpath=lab/tree/notebooks/01_single_sample.ipynb"
    assert binder_link(GITHUB) == f"https://mybinder.org/v2/gh/owner/a-name/HEAD{first}"
    assert binder_link(GITLAB, "a/branch") == (
        f"https://mybinder.org/v2/gl/group%2Fsub.group%2Fname/a%2Fbranch{first}"
    )


def test_the_link_opens_a_notebook_that_exists():
    assert (ROOT / FIRST.removeprefix("lab/tree/")).is_file()


def test_nbgitpuller_links():
    query = parse_qs(urlsplit(nbgitpuller_link(GITHUB)).query)
    assert query == {
        "repo": ["https://github.com/owner/a-name"],
        "urlpath": ["lab/tree/a-name/notebooks/01_single_sample.ipynb"],
    }
    assert parse_qs(urlsplit(nbgitpuller_link(GITLAB, "v1")).query)["branch"] == ["v1"]


def test_it_prints_links_to_origin_without_the_password(repository, capsys):
    git(repository, "remote", "add", "fork", "https://example.org/a/b")
    git(repository, "remote", "add", "origin", "https://me:secret@github.com/owner/a-name.git")
    main([], repository)
    printed = capsys.readouterr().out
    assert binder_link(GITHUB) in printed and nbgitpuller_link(GITHUB) in printed
    assert "secret" not in printed
    with pytest.raises(SystemExit, match="no branch or tag 'v1' here"):
        main(["v1"], repository)
    author = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    git(repository, *author, "commit", "--quiet", "--allow-empty", "-m", "first")
    git(repository, "tag", "v1")
    main(["v1"], repository)
    assert "/v1?urlpath" in capsys.readouterr().out


def test_the_only_remote_may_have_any_name(repository, capsys):
    git(repository, "remote", "add", "upstream", "git@gitlab.com:group/sub.group/name.git")
    main([], repository)
    assert binder_link(GITLAB) in capsys.readouterr().out


@pytest.mark.parametrize(
    ("remotes", "sentence"),
    [
        ([], "has no git remote"),
        (["one", "two"], "remotes are one, two; expected one named origin"),
        (["origin"], "host is 'example.org'"),
    ],
)
def test_without_a_link_it_ends_with_a_sentence(repository, remotes, sentence):
    for name in remotes:
        git(repository, "remote", "add", name, "https://me:secret@example.org/owner/name")
    with pytest.raises(SystemExit, match=sentence) as ended:
        main([], repository)
    assert "secret" not in str(ended.value)


def test_inside_another_repository(repository):
    git(repository, "remote", "add", "origin", "https://github.com/owner/a-name")
    (repository / "course").mkdir()
    with pytest.raises(SystemExit, match="folder is course/ of another repository"):
        main([], repository / "course")


def test_outside_a_repository(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(SystemExit, match="git does not know this folder"):
        main([], tmp_path)
