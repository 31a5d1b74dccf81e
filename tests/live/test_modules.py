"""Modules joined to one text."""

import json
import shutil
import subprocess

import pytest

from ce_helpers.learning.clinic import DeckView
from ce_helpers.learning.question_widget import QuestionView
from ce_helpers.live.modules import FOLDER, module
from ce_helpers.live.view import LiveView


def write(folder, **texts):
    for name, text in texts.items():
        (folder / f"{name}.js").write_text(text)
    return folder / "main.js"


def test_each_file_stands_once_and_after_what_it_imports():
    text = module("page.js")
    found = [text.index(f"const ${path.stem} = ") for path in FOLDER.glob("*.js")
             if f"const ${path.stem} = " in text]  # fmt: skip
    assert len(found) >= 10 and all(
        text.count(f"const ${name} = ") == 1 for name in ("parts", "live")
    )
    assert text.index("const $numbers") < text.index("const $parts") < text.index("const $live")


@pytest.mark.skipif(not shutil.which("node"), reason="Node.js is not installed")
def test_every_form_of_import_and_export_keeps_its_meaning(tmp_path):
    path = write(
        tmp_path,
        main='import {\n  one as uno,\n} from "./a.js";\nimport * as all from "./b.js";\n'
        'import made from "./c.js";\n'
        "export const told = [uno, all.two(), all.Three.name, made.four];\n"
        "console.log(JSON.stringify(told));",
        a='import { two } from "./b.js";\nexport const one = two() - 1;\nconst own = 1;',
        b="export async function later() {}\nexport function two() { return 2; }\n"
        "export class Three {}\nconst own = 2;",
        c="export default { four: 4 };",
    )
    done = subprocess.run(
        ["node", "--input-type=module", "-e", module(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == [1, 2, "Three", 4]


def test_an_import_of_what_is_not_exported_is_refused(tmp_path):
    path = write(
        tmp_path, main='import { a, b as c } from "./a.js";', a="export const a = 1, b = 2;"
    )
    with pytest.raises(ValueError, match=r"a\.js exports no b, which main\.js imports"):
        module(path)


def test_modules_that_import_each_other_are_refused(tmp_path):
    path = write(tmp_path, main='import { a } from "./a.js";\nexport const b = 1;',
                 a='import { b } from "./main.js";\nexport const a = 1;')  # fmt: skip
    with pytest.raises(ValueError, match=r"main.js and a.js import each other"):
        module(path)


def test_two_modules_of_one_name_are_refused(tmp_path):
    (tmp_path / "sub").mkdir()
    write(tmp_path / "sub", a="export const b = 1;")
    path = write(tmp_path, main='import { a } from "./a.js";\nimport { b } from "./sub/a.js";',
                 a="export const a = 1;")  # fmt: skip
    with pytest.raises(ValueError, match=r"two modules named a\.js: rename one"):
        module(path)


@pytest.mark.parametrize("view", [DeckView, LiveView, QuestionView])
def test_every_view_listens_to_its_kernel_itself(view):
    """As hearing.js says why; tests/browser/test_browser.py shows it of an explorer."""
    assert str(view._esm).rstrip().endswith("export default { initialize, render };")
