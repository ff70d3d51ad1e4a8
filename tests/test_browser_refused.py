"""A question that the server does not take, or does not answer: the page says why, and it can be sent again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import WIDE, Watched, launched
from chat_fakes import ARTICLES, FakePipeline, served

from qa.server.access import Access
from qa.server.application import Doors
from qa.server.listener import LOOPBACK_NAMES

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIRST = "when was the first India-Japan 2+2"
RATE = 2  # questions a minute


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Give a browser."""
    with launched() as browser:
        yield browser


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """Give a page that may meet with errors."""
    page = browser.new_page(viewport=WIDE)
    yield page
    page.close()


def told(page: Any) -> str:
    """Return what the page says beside the box."""
    page.wait_for_selector("[data-refused]:not([hidden])")
    return str(page.inner_text("[data-refused] span"))


def test_who_asks_too_often_is_told_how_long_to_wait_and_the_question_stays_in_the_box(page: Any) -> None:
    doors = Doors(Access(Path(os.devnull) / "none"), LOOPBACK_NAMES, RATE)
    with served(FakePipeline(ARTICLES), doors=doors) as url:
        watched = Watched(page).open(url)
        for turn in range(RATE):
            watched.ask(f"{FIRST} {turn}", turn=turn)
        page.fill("#question", "When did the harbour bridge of Ostrava open?")
        page.press("#question", "Enter")
        assert told(page).startswith("Those were many questions in a short time. Try again in ")
        assert page.input_value("#question") == "When did the harbour bridge of Ostrava open?"
        assert watched.serious_violations() == []


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (503, "Too many questions are waiting at the server. Try again in a minute."),
        (401, "You are no longer signed in: open this page anew."),
        (413, "The question was not taken: it is too long."),
        (0, "The server did not answer. Is it still running?"),
    ],
)
def test_a_question_that_was_not_taken_is_sent_again_with_one_click(page: Any, status: int, words: str) -> None:
    with served(FakePipeline(ARTICLES)) as url:
        watched = Watched(page).open(url)

        def refuse(route: Any) -> None:
            if status:
                route.fulfill(status=status, json={"error": {"message": "it is too long"}})
            else:
                route.abort()

        page.route("**/queue/join**", refuse)
        page.fill("#question", FIRST)
        page.press("#question", "Enter")
        assert told(page) == words
        page.unroute("**/queue/join**")
        page.click("[data-again]")
        watched.answered()
        assert page.inner_text(".short-answer") == "30 November 2019"
        assert not page.is_visible("[data-refused]")


def test_an_answer_that_breaks_off_is_told_and_asked_for_again(page: Any) -> None:
    with served(FakePipeline(ARTICLES)) as url:
        watched = Watched(page).open(url)
        page.route("**/queue/data**", lambda route: route.abort())
        page.fill("#question", FIRST)
        page.press("#question", "Enter")
        assert told(page) == "The answer broke off: the server has stopped or cannot be reached."
        page.unroute("**/queue/data**")
        page.click("[data-again]")
        watched.answered()
        assert page.inner_text(".short-answer") == "30 November 2019"
