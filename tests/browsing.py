"""A page in a real browser, with everything that goes wrong in it: for the tests that drive the chat."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
VIEWS = [
    pytest.param(size, scheme, id=f"{name}-{scheme}")
    for name, size in (("phone", NARROW), ("wide", WIDE))
    for scheme in ("light", "dark")
]
PATIENCE_MS = 120_000  # a test fails for what is wrong, not because the machine has other work
# Whatever can be used, lies to the right or left of the window, and cannot be scrolled to there.
USED = "main :is(a, button, input, select, textarea, summary)"
BEYOND = (
    f"() => [...document.querySelectorAll('{USED}')]"
    + """.filter((one) => {
  const box = one.getBoundingClientRect();
  const seen = one.checkVisibility({ visibilityProperty: true }) && box.width > 1 && !one.closest("[inert], .chips");
  return seen && (box.left < 0 || box.right > innerWidth + 0.5);
}).map((one) => one.outerHTML.slice(0, 120))"""
)
SERIOUS = ("serious", "critical")
LOOPBACK = ("127.0.0.1", "::1", "localhost", None, "", b"127.0.0.1")


@dataclass
class Watched:
    """A page, with everything that went wrong in it and every host it asked."""

    page: Any
    problems: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def open(self, url: str) -> Watched:
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", lambda said: self.problems.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname or request.url[:5]))
        self.page.goto(url)
        self.page.wait_for_selector("body[data-page][data-working] #question", state="attached")
        return self

    def ask(self, question: str, *, turn: int = 0) -> None:
        """Ask, and wait until the question with this number is answered."""
        self.page.fill("#question", question)
        self.page.press("#question", "Enter")
        self.answered(turn)

    def answered(self, turn: int = 0) -> None:
        self.page.wait_for_selector(f'#latest .turn[data-state="done"][data-turn="{turn}"]')
        self.page.wait_for_selector('body[data-working="no"]')

    def open_citation(self, link: Any) -> str:
        """Click a link and return the words that are then marked in the panel."""
        link.click()
        self.page.wait_for_function("link => link.getAttribute('aria-current')", arg=link.element_handle())
        self.page.wait_for_selector("#source-panel mark")
        return "".join(self.page.locator("#source-panel mark").all_inner_texts())

    def beyond_the_edges(self) -> list[str]:
        """Return what can be used, but lies wholly or in part beside the window."""
        wide, window = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        return [*self.page.evaluate(BEYOND), *([f"the page is {wide} px wide"] if wide > window else [])]

    def serious_violations(self) -> list[str]:
        """Return what axe-core finds of serious and critical barriers."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        return [
            f"{rule['id']}: {node['html'][:200]}"
            for rule in found
            if rule["impact"] in SERIOUS
            for node in rule["nodes"]
        ]

    def close(self) -> None:
        """Close the page; nothing may have gone wrong in it, and it may have asked no other host."""
        self.page.close()
        assert self.problems == []
        assert self.hosts <= {"127.0.0.1", "data:", "blob:"}


@contextmanager
def watched_page(browser: Any, url: str, **options: Any) -> Iterator[Watched]:
    """Give a page of a visitor of its own."""
    watching = Watched(browser.new_page(**{"viewport": WIDE, **options})).open(url)
    yield watching
    watching.close()


@contextmanager
def launched() -> Iterator[Any]:
    """Give Debian's Chromium, driven by Playwright."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("install Debian's chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


class Lookout:
    """Notes each host outside this machine that this process looks up or connects to while it is on."""

    def __init__(self) -> None:
        self.hosts: list[Any] = []
        self.on = False
        sys.addaudithook(self._heard)  # which Python cannot take away again; it does nothing while it is off

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.on or event not in ("socket.connect", "socket.getaddrinfo"):
            return
        address = arguments[1] if event == "socket.connect" else arguments
        host = address[0] if isinstance(address, tuple) else None  # a local socket has a path
        if host not in LOOPBACK:
            self.hosts.append(host)
