"""Prints the links that open the first notebook on Binder and on a JupyterHub with nbgitpuller.

The address comes from the git remote `origin`, or from the only remote; an address copied from
the browser will do. The repository must be public, and what a link opens is what was pushed.

Usage: python -m tools.launch_links [REF]; REF is a branch or a tag, without it the default branch.
"""

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode, urlsplit

ROOT = Path(__file__).parents[1]
FIRST = "lab/tree/notebooks/01_single_sample.ipynb"
BINDER_NAMES = {"github.com": "gh", "gitlab.com": "gl"}
SCP_LIKE = re.compile(r"(?:[^@/:]+@)?(?P<host>[^@/:]{2,}):/?(?P<path>.*)")  # C:\ is no host
SCHEMES = {"https", "http", "ssh", "git", "git+ssh"}
# the address bar's, and those that carry ssh over port 443
HOST_PREFIX = re.compile(r"^(www|ssh|altssh)\.")
# what follows owner/name in the address bar; GitLab lets no group have the first three as a name
PAGES = {"-", "tree", "blob", "commits", "issues", "pulls", "releases", "wiki", "actions"}
REMEDY = "git remote set-url origin https://github.com/OWNER/NAME.git"
PART = re.compile(r"[\w.-]+", re.ASCII)


class Repository(NamedTuple):
    """Where a repository lives: host "github.com", path "owner/name"."""

    host: str
    path: str


def parse_remote(url: str) -> Repository:
    """Reads a remote in https, ssh or scp-like form; a user name or password in it is dropped.

    Raises:
        ValueError: the host is neither github.com nor gitlab.com, or the path is no repository's.

    >>> parse_remote("git@github.com:owner/name.git")
    Repository(host='github.com', path='owner/name')
    """
    if scp_like := None if "://" in url else SCP_LIKE.fullmatch(url):
        host, path = scp_like["host"].lower(), scp_like["path"]
    else:
        address = urlsplit(url)
        host, path = address.hostname or "", address.path
        if address.scheme not in SCHEMES:
            host = ""
    host = HOST_PREFIX.sub("", host)
    if host not in BINDER_NAMES:
        raise ValueError(
            f"The remote's host is {host or 'this machine'!r}; links are made for "
            f"{' and '.join(BINDER_NAMES)}. Push the repository to one of them, then: {REMEDY}"
        )
    parts = path.strip("/").split("/")
    page = next((i for i, part in enumerate(parts) if i >= 2 and part in PAGES), len(parts))
    parts = [*parts[: page - 1], parts[page - 1].removesuffix(".git")]
    # GitLab has groups within groups
    enough = len(parts) == 2 or (len(parts) > 2 and host == "gitlab.com")
    if not enough or not all(map(PART.fullmatch, parts)):
        raise ValueError(
            f"The remote's path is {path.strip('/')!r}; expected owner/name. Correct it: {REMEDY}"
        )
    return Repository(host, "/".join(parts))


def binder_link(repository: Repository, ref: str = "HEAD", notebook: str = FIRST) -> str:
    """The link that builds the repository on mybinder.org and opens a notebook."""
    # on GitLab the whole path is one part of the address
    path = quote(repository.path, safe="/" if repository.host == "github.com" else "")
    name = BINDER_NAMES[repository.host]
    return f"https://mybinder.org/v2/{name}/{path}/{quote(ref, safe='')}?urlpath={notebook}"


def nbgitpuller_link(repository: Repository, ref: str | None = None) -> str:
    """The link that copies the repository into a hub's home folder; YOUR-HUB is to be replaced."""
    folder = repository.path.rpartition("/")[2]
    query = {"repo": f"https://{repository.host}/{repository.path}"}
    if ref:
        query["branch"] = ref
    query["urlpath"] = FIRST.replace("lab/tree/", f"lab/tree/{folder}/")
    return f"https://YOUR-HUB/hub/user-redirect/git-pull?{urlencode(query)}"


def remote_url(root: Path) -> str:
    """The address of `origin`, or of the only remote.

    Raises:
        ValueError: there is no remote, or several and none is `origin`, or the repository is
            another one's.
    """
    if inside := _git(root, "rev-parse", "--show-prefix").strip():
        raise ValueError(
            f"This folder is {inside} of another repository, and no link leads into it. "
            "Give it a repository of its own: git init"
        )
    names = _git(root, "remote").split()
    if not names:
        raise ValueError(
            "This repository has no git remote, so there is nothing to link to. "
            "Push it first: git remote add origin https://github.com/OWNER/NAME.git"
        )
    if "origin" not in names and len(names) > 1:
        raise ValueError(
            f"The remotes are {', '.join(names)}; expected one named origin. "
            f"Rename the one to link to: git remote rename {names[0]} origin"
        )
    return _git(root, "remote", "get-url", "origin" if "origin" in names else names[0]).strip()


def check_ref(root: Path, ref: str) -> None:
    """Looks for a branch or tag of this name, here or where it was pushed to.

    Raises:
        ValueError: there is none.
    """
    names = _git(root, "for-each-ref", "--format=%(refname)").split()
    kinds = r"refs/(heads|tags|remotes/[^/]+)/"
    if not any(re.fullmatch(kinds + re.escape(ref), name) for name in names):
        raise ValueError(
            f"There is no branch or tag {ref!r} here. If it was pushed from elsewhere, fetch it "
            "first: git fetch --all --tags"
        )


def _git(root: Path, *arguments: str) -> str:
    try:
        return subprocess.run(
            ["git", *arguments], cwd=root, check=True, text=True, capture_output=True
        ).stdout
    except FileNotFoundError:
        raise ValueError("git was not found. Install it, then call this again.") from None
    except subprocess.CalledProcessError as error:
        raise ValueError(f"git does not know this folder: {error.stderr.strip()}") from None


def main(arguments: list[str], root: Path = ROOT) -> None:
    """Prints both links, or ends with one sentence and exit code 1."""
    ref = " ".join(arguments) or None
    try:
        repository = parse_remote(remote_url(root))
        if ref:
            check_ref(root, ref)
    except ValueError as error:
        sys.exit(str(error))
    print("Binder:", binder_link(repository, ref or "HEAD"), sep="\n")
    print("A hub with nbgitpuller:", nbgitpuller_link(repository, ref), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
