"""Changes one digit or a few pixels of a live picture, and says which tests notice.

Each change breaks a copy of the project; the tests that look at pictures must fail on it. A change
that none notices ends this with an error.

Usage: python -m tests.mutations [WORD …]; only changes whose name holds one of the words.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PAGE = "tests/browser/test_browser_live.py"
COPIED = ("ce_helpers", "tests", "pyproject.toml", "constraints.txt", "notebooks")


class Mutation(NamedTuple):
    """One change: a name, a file below `ce_helpers`, what stands there, what shall stand there."""

    name: str
    file: str
    old: str
    new: str
    tests: str = f"{PAGE} -k lies_where"


SAMPLE, ELEMENTS = "explorers/sample_panels.py", "explorers/element_panels.py"
PARTS, FORMULAS, NUMBERS = "live/js/parts.js", "live/js/formulas.js", "live/js/numbers.js"
DIGITS = f"{PAGE} -k shown_digits"
BITS = "tests/browser/test_browser_formulas.py"
WALKS = f"{PAGE} -k walks"


def shaped(kind: str, test: str = "lies_where") -> str:
    """The test of one shape."""
    return f"{PAGE} -k '{test} and {kind}'"


MUTATIONS = [
    # a single sample
    Mutation("single: −log p is a straight line", FORMULAS, "Math.exp(-loss)", "1 - loss / most"),
    Mutation("single: softplus is a ramp", FORMULAS, "+ Math.log1p(Math.exp(-Math.abs(s)))", ""),
    Mutation("single: the loss's last digit", FORMULAS, "loss: f32(f32(", "loss: 1e-4 + f32(f32(",
             shaped("single", "shown_digits")),
    Mutation("single: s has the other sign", FORMULAS, "s: apart - z[target]", "s: z[target] - apart",
             shaped("single")),
    Mutation("C: bars end 2 px further", PARTS, "const zero = along(x, 0, v), marked = marks(mark, v);\n    values",
             "const zero = along(x, 0, v) + 2, marked = marks(mark, v);\n    values", shaped("alone")),
    Mutation("C: p of the wrong class", FORMULAS, "p: probs[target]", "p: probs[0]", shaped("alone")),
    Mutation("C: the target's bar is as blue as the others", PARTS,
             'if (colors) put(paths[c], "fill", colors[Number(marked.includes(c))]);',
             'if (colors) put(paths[c], "fill", colors[0]);', shaped("alone")),
    Mutation("hundred: sums are added one after another", FORMULAS, "if (terms.length < lanes)", "if (true)",
             BITS),
    Mutation("ten: a row lies 2 px lower", PARTS, "rows[c] - half}H", "rows[c] - half + 2}H", shaped("ten")),
    Mutation("ten: the others' p lacks one class", FORMULAS, "(c === target ? a : a + p), 0)",
             "(c === target || c === 0 ? a : a + p), 0)", shaped("ten")),
    # a hundred classes
    Mutation("hundred: the handle's row is one off", "live/js/live.js", "row_logit: values.logits[row]",
             "row_logit: values.logits[row + 1]", shaped("hundred")),
    Mutation("hundred: p of the row is the target's", "live/js/live.js", "row_p: values.probs[row]",
             "row_p: values.p", f"{PAGE} -k hundred_rows_say"),
    Mutation("hundred: a press takes the row below", "live/js/handles.js",
             "hand.choose(nearest(placeOf(panel, event).y));", "hand.choose(nearest(placeOf(panel, event).y) + 3);",
             f"{PAGE} -k hundred_rows"),
    # tables
    Mutation("positions: a cell's bar of p is 3 px longer", PARTS, "Math.max(full * p, least)}v5",
             "Math.max(full * p, least) + 3}v5", shaped("positions")),
    Mutation("positions: the frame is on the next element", FORMULAS, "found.element = element;",
             "found.element = (element + 1) % tensors.losses.length;", shaped("positions")),
    Mutation("positions: the mean is the sum", FORMULAS, "mean: total / count", "mean: total",
             shaped("positions", "shown_digits")),
    Mutation("inner: losses are added as a last dimension", FORMULAS, "inner ? exps.reduce", "false ? exps.reduce",
             BITS),
    Mutation("batch: dots stand 3 px higher", PARTS, "translate(${x - x0} ${y - y0})", "translate(${x - x0} ${y - y0 - 3})",
             shaped("batch")),
    Mutation("batch: how many coincide is one more", PARTS, "formats.times(isShown ? count : 0)",
             "formats.times(isShown ? count + 1 : 0)", f"{PAGE} -k coincide"),
    Mutation("batch: cells show another element", FORMULAS, "cell_logits: columns.flatMap",
             "cell_logits: columns.reverse().flatMap", shaped("batch")),
    # maps
    Mutation("map: the caret is on a linear scale", PARTS, "/ high) ** gamma;", "/ high);", shaped("map")),
    Mutation("map: rows and columns are swapped", FORMULAS, "cell: [Math.floor(place / columns), place % columns]",
             "cell: [place % rows, Math.floor(place / rows)]", shaped("map")),
    Mutation("map: a share lacks the first pixel", FORMULAS, "shares[target] += 100 / count", "shares[target] += 90 / count",
             shaped("map")),
    Mutation("map: a bin of the histogram is 2 px higher", PARTS, "(30 * counts[k]) / most", "(32 * counts[k]) / most",
             shaped("map")),
    Mutation("map: ↑ is down", "live/js/elements.js", "ArrowUp: [-1, 0], ArrowDown: [1, 0]",
             "ArrowUp: [1, 0], ArrowDown: [-1, 0]", f"{PAGE} -k a_map_is"),
    # kinds of parts
    Mutation("ticks: 50 for 0.5", NUMBERS, "export function short(value) {", "export function short(value) {\n  value *= 100;",
             shaped("alone")),
    Mutation("ticks: labels stand 2 px aside", PARTS, "along(scale, places[k], v) - drawn", "along(scale, places[k], v) - drawn + 2",
             shaped("alone")),
    Mutation("ticks: one is missing", "live/js/limits.js", "Math.floor(high / step + 1e-9)", "Math.floor(high / step + 1e-9) - 1",
             shaped("alone")),
    Mutation("path: a guide is missing", PARTS, "path({ paths: [node], points }, v) {",
             "path({ paths: [node], points }, v) {\n    points = points.slice(0, 2);", shaped("alone")),
    Mutation("path: a guide ends 2 px higher", PARTS, "[pixel(x, v), pixel(y, v)])));\n  },",
             "[pixel(x, v), pixel(y, v) - 2])));\n  },", shaped("alone")),
    Mutation("arrow: no head", PARTS, "Math.abs(b - a) > 9", "Math.abs(b - a) > 900", shaped("alone")),
    Mutation("arrow: it points the other way", PARTS, "way = b < a ? -6 : 6", "way = b < a ? 6 : -6", shaped("alone")),
    Mutation("place: 2 px to the right", PARTS, "translate(${to[0] - drawn[0]}", "translate(${to[0] - drawn[0] + 2}", shaped("alone")),
    Mutation("beside: s on the wrong side", PARTS, "Math.max(...places) < most", "Math.max(...places) < 0", shaped("alone")),
    Mutation("marks: they show the present", "live/js/live.js", 'v[`before.${name}`] = earlier[name]',
             'v[`before.${name}`] = values[name]', WALKS),
    Mutation("marks: 2 px aside", PARTS, "translate(${at - drawn[c]} 0)", "translate(${at - drawn[c] + 2} 0)", WALKS),
    Mutation("limits: they never grow", "live/js/limits.js", "const more = reached &&", "const more = false &&", WALKS),
    Mutation("texts: the wrong one is bold", PARTS, "if (looks) dress(node, looks[Number(marked.includes(c))]);",
             "if (looks) dress(node, looks[Number(marked.includes(c + 1))]);", shaped("alone")),
    Mutation("rich: words of a piece are lost", PARTS, 'put(spans[k], "text", written(piece, v))',
             'put(spans[k], "text", k === 1 ? "" : written(piece, v))', shaped("alone")),
    Mutation("rich: asked stays when it is reached", PARTS, "near: (a, b) => a === b || Math.abs(a - b) < APART",
             "near: () => false", f"{PAGE} -k presets"),
    Mutation("show: no triangle beyond the limit", PARTS, "above: (a, b) => a > b", "above: () => false",
             f"{PAGE} -k beyond_the_edge"),
    Mutation("numbers: ties are rounded up", NUMBERS, "return Number(kept.at(-1)) % 2 ? text : kept;", "return text;",
             "tests/browser/test_browser_numbers.py"),
    Mutation("numbers: 1 in N is one less", NUMBERS, "Math.floor(n + 0.5)).replace", "Math.floor(n - 0.5)).replace",
             "tests/browser/test_browser_numbers.py"),
    Mutation("Python: matplotlib draws a bar 2 px longer", "live/shapes.py", "Rectangle((0, row - half), end,",
             "Rectangle((0, row - half), 1.1 * end,", shaped("alone")),
    Mutation("Python: a scale starts 2 px further", "live/panel.py", "Scale(x0, x1, *xlim)", "Scale(x0 + 2, x1, *xlim)",
             shaped("alone")),
]  # fmt: skip


def broken(mutation: Mutation, folder: Path) -> None:
    """Writes the change into a copy."""
    path = folder / "ce_helpers" / mutation.file
    text = path.read_text(encoding="utf-8")
    if text.count(mutation.old) != 1:
        count = text.count(mutation.old)
        raise ValueError(f"{mutation.name}: {count} times {mutation.old!r} in {mutation.file}")
    path.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")


def noticed(mutation: Mutation, folder: Path) -> str:
    """The first test that fails on the change, or nothing."""
    file, _, chosen = mutation.tests.partition(" -k ")
    arguments = [file, "-x", "-q", "--no-header", "-p", "no:cacheprovider"]
    if chosen:
        arguments += ["-k", chosen.strip("'")]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=folder, env=os.environ | {"PYTHONPATH": str(folder)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if run.returncode not in (0, 1):
        raise RuntimeError(f"{mutation.name}: no test ran\n{run.stdout[-2000:]}{run.stderr[-500:]}")
    if not run.returncode:
        return ""
    return re.search(r"^_{2,} (?:ERROR at setup of )?(.+?) _{2,}$", run.stdout, re.M)[1]


def main(words: list[str]) -> None:
    """Tries each change on a copy of its own."""
    chosen = [one for one in MUTATIONS if not words or any(word in one.name for word in words)]
    missed = []
    for mutation in chosen:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for part in COPIED:
                source = ROOT / part
                if source.is_dir():
                    shutil.copytree(source, folder / part)
                else:
                    shutil.copy(source, folder / part)
            broken(mutation, folder)
            test = noticed(mutation, folder)
        print(f"{mutation.name}: {test or 'NOT NOTICED'}", flush=True)
        missed += [] if test else [mutation.name]
    print(f"{len(chosen) - len(missed)} of {len(chosen)} noticed")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
