"""What the browser gets is every file once, and each import finds what it names."""

import re

import pytest

from ce_helpers.live.modules import EXPORT, FOLDER, IMPORT, module

FILES = {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.js"))}


def test_each_file_stands_once_in_what_the_browser_gets():
    text = module("page.js")
    for name, source in FILES.items():
        assert text.count(source.splitlines()[0]) == 1, name
    assert not re.search(r"^import |\bfrom \"", text, re.M)
    assert len(text) < 1.1 * sum(map(len, FILES.values()))


@pytest.mark.parametrize("name", FILES)
def test_what_is_imported_is_exported_there(name):
    """The browser itself would say so only where files are loaded one by one."""
    imports = IMPORT.findall(FILES[name])
    assert len(imports) == len(re.findall("^import ", FILES[name], re.M))
    for names, other in imports:
        wanted = re.findall(r"\w+", names) if names.startswith("{") else []
        assert set(wanted) <= set(EXPORT.findall(FILES[other])), other
