"""How long does a reader wait? From Enter to the first words of the answer, in a browser, question by question.

    python benchmarks/browser_latency.py --index INDEX [--questions FILE.jsonl …] [--asked 40]

Each question begins a conversation of its own, so that none is read in the light of another; none is asked twice,
because the server remembers answers. Two are asked before the clock runs: the first ones load the models.
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path
from typing import Any

from pages import ROOT, chromium, served_chat

WARMING = 2
REST_MS = 700  # between two questions: the page looks for further ones after each
PATIENCE_MS = 120_000
WATCH = """() => {
  window.waited = null;
  let since = null;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter") since = performance.now();
  }, true);
  new MutationObserver(() => {
    const told = document.querySelector("#latest :is(.short-answer, .sentence)");
    if (since === null || !told) return;
    const began = since;
    since = null;  // at once: a second change before the next frame would be timed from the page's beginning
    requestAnimationFrame(() => { window.waited = performance.now() - began; });
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


def questions_of(paths: list[Path], asked: int) -> list[str]:
    """Return questions from all over the files, evenly spread."""
    every = [json.loads(line)["question"] for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    fresh = list(dict.fromkeys(every))
    step = max(1, len(fresh) // (asked + WARMING))
    return fresh[::step][: asked + WARMING]


def wait_for_answer(page: Any, question: str) -> float:
    """Ask a question in a new conversation and return the milliseconds until its answer's first words are painted."""
    page.click("#sidebar [data-restart]")
    page.wait_for_selector("#latest .turn", state="detached")
    page.evaluate("window.waited = null")
    page.fill("#question", question)
    page.press("#question", "Enter")
    page.wait_for_function("window.waited !== null")
    page.wait_for_selector('#latest .turn[data-state="done"]')
    waited = float(page.evaluate("window.waited"))
    page.wait_for_timeout(REST_MS)
    return waited


def main() -> None:
    """Ask, and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument(
        "--questions", type=Path, nargs="+", default=sorted((ROOT / "corpus/questions").glob("*.jsonl"))
    )
    parser.add_argument("--asked", type=int, default=40)
    told = parser.parse_args()
    with served_chat(told.index) as url, chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(PATIENCE_MS)
        page.goto(url)
        page.wait_for_selector("body[data-page][data-working] #question")
        page.evaluate(WATCH)
        waits = [wait_for_answer(page, question) for question in questions_of(told.questions, told.asked)][WARMING:]
    middle, late = statistics.median(waits), statistics.quantiles(waits, n=20)[-1]
    print(f"{len(waits)} questions: p50 {middle:.0f} ms, p95 {late:.0f} ms, most {max(waits):.0f} ms")


if __name__ == "__main__":
    main()
