"""Measures the site with Lighthouse, as on a phone: the median of five runs a page.

Usage: python -m tools.site.lighthouse [PAGE …]; without names the index, 01, 02 and 06. The machine
must be idle; `make lighthouse` fetches Lighthouse with npm.
"""

import gzip
import http.server
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from tools.browser.lab import find_chromium
from tools.site.notebooks import ROOT

SITE = ROOT / "build" / "site"
LIGHTHOUSE = ROOT / "build" / "lighthouse" / "node_modules" / ".bin" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
RUNS = 5


class Compressed(http.server.SimpleHTTPRequestHandler):
    """Serves the site as a host does: compressed. Lighthouse cannot open files."""

    def do_GET(self) -> None:
        """Answers with a file of the site."""
        path = SITE / self.path.strip("/").partition("?")[0]
        if path.parent != SITE or not path.is_file():
            self.send_error(404)
            return
        body = gzip.compress(path.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def measured(url: str) -> dict[str, float]:
    """The four scores of one run, from 0 to 100."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        flags = "--headless=new --no-sandbox --disable-gpu"
        done = subprocess.run(
            [
                LIGHTHOUSE, url, "--quiet", "--output=json", f"--output-path={report}",
                f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={flags}",
            ],
            env=os.environ | {"CHROME_PATH": find_chromium() or ""},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"Lighthouse failed: {done.stderr.strip()[-500:]}")
        found = json.loads(report.read_text())["categories"]
    return {name: 100 * found[name]["score"] for name in CATEGORIES}


def main(names: list[str]) -> None:
    """Prints a table of medians."""
    numbered = ("index", "01_", "02_", "06_")
    pages = [path.name for path in sorted(SITE.glob("*.html")) if ".slides." not in path.name]
    names = names or [page for page in pages if page.startswith(numbered)]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Compressed)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name in names:
        runs = [measured(f"http://127.0.0.1:{server.server_port}/{name}") for _ in range(RUNS)]
        told = ", ".join(
            f"{category} {statistics.median(run[category] for run in runs):.0f}"
            f" ({', '.join(f'{run[category]:.0f}' for run in runs)})"
            for category in CATEGORIES
        )
        print(f"{name}: {told}", flush=True)
    server.shutdown()


if __name__ == "__main__":
    main(sys.argv[1:])
