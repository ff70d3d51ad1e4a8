"""The chat as its visitors have it: a server in a process of its own, and a browser."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[1]
ADDRESS = re.compile(r"http://[\w.:]+")
STOP_WITHIN_S = 20


@contextmanager
def served_chat(index: Path) -> Iterator[str]:
    """Serve the chat over an index on a free port, with an empty memory, and give its address."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, str(ROOT / "app.py"), "--index", str(index), "--port", "0"]
        command += ["--memory", f"{folder}/memory.sqlite3", "--access", f"{folder}/access.json"]
        server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT)
        try:
            yield _address(server)
        finally:
            server.terminate()
            server.wait(STOP_WITHIN_S)


def _address(server: subprocess.Popen[str]) -> str:
    assert server.stderr is not None
    told = []
    for line in server.stderr:
        told.append(line)
        if found := ADDRESS.search(line):
            return found.group() + "/"
    raise RuntimeError(f"the server did not start: {''.join(told)}")


@contextmanager
def chromium() -> Iterator[Any]:
    """Give Debian's Chromium, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium")
    if program is None:
        sys.exit("install Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--headless", "--no-sandbox"])
        yield browser
        browser.close()
