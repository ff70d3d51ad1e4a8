"""Makes the README's pictures of the page: `make screenshots`.

    python benchmarks/screenshots.py --index INDEX --out docs

The index is of the shipped articles.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from pages import chromium, served_chat

QUESTION = "When was the first India-Japan 2+2?"
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 760}
PATIENCE_MS = 120_000
MOST_BYTES = 300_000


def opened(browser: Any, url: str, size: dict[str, int], scheme: str) -> Any:
    """Return a page at a size, in a light."""
    page = browser.new_page(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    page.set_default_timeout(PATIENCE_MS)
    page.goto(url)
    page.wait_for_selector("body[data-page][data-working] #question", state="attached")
    return page


def ask(page: Any) -> None:
    """Ask the question, and open its first source."""
    page.fill("#question", QUESTION)
    page.press("#question", "Enter")
    page.wait_for_selector('#latest .turn[data-state="done"]')
    page.click(".cite >> nth=0")
    page.wait_for_selector("#source-panel mark")
    page.wait_for_timeout(2000)


def main() -> None:
    """Make the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    told = parser.parse_args()
    told.out.mkdir(parents=True, exist_ok=True)
    with served_chat(told.index) as url, chromium() as browser:
        page = opened(browser, url, WIDE, "light")
        ask(page)
        page.screenshot(path=told.out / "conversation.png")
        page = opened(browser, url, PHONE, "dark")
        page.fill("#question", QUESTION)
        page.press("#question", "Enter")
        page.wait_for_selector('#latest .turn[data-state="done"]')
        page.wait_for_timeout(2000)
        page.screenshot(path=told.out / "phone.png")
        page = opened(browser, url + "#archive", WIDE, "light")
        page.wait_for_selector(".held-row")
        page.wait_for_timeout(500)
        page.screenshot(path=told.out / "archive.png")
    for picture in sorted(told.out.glob("*.png")):
        size = picture.stat().st_size
        assert size < MOST_BYTES, f"{picture} has {size:,} bytes"
        print(f"{picture}: {size:,} bytes")


if __name__ == "__main__":
    main()
