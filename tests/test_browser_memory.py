"""What is kept, in a real browser: conversations that outlive the server, their names, their export, and opinions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import NARROW, VIEWS, WIDE, Watched, launched, watched_page
from chat_fakes import ARTICLES, FakePipeline, served

from qa.questions import read_questions

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIRST = "When was the first India-Japan 2+2?"
BRIDGE = "When did the harbour bridge of Ostrava open?"
HOSTILE = "<img src=x onerror=window.hacked=1>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Give a browser."""
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Give the address of a chat over the articles of the fakes."""
    with served(FakePipeline(ARTICLES)) as url:
        yield url


@pytest.fixture
def watched(browser: Any, address: str) -> Iterator[Watched]:
    """Give a page of a visitor who has asked one question."""
    with watched_page(browser, address) as watching:
        watching.ask(FIRST)
        watching.page.wait_for_selector(".history a")
        yield watching


def titles(watching: Watched) -> list[str]:
    return [str(title) for title in watching.page.locator(".history a").all_inner_texts()]


def exported(watching: Watched, button: str) -> str:
    """Return the text of the file that a button gives."""
    with watching.page.expect_download() as download:
        watching.page.click(button)
    return Path(download.value.path()).read_text(encoding="utf-8")


def test_a_conversation_is_resumed_when_the_server_was_started_again(browser: Any, tmp_path: Path) -> None:
    context, memory = browser.new_context(viewport=WIDE), tmp_path / "memory.sqlite3"
    with served(FakePipeline(ARTICLES), memory=memory) as url:
        watching = Watched(context.new_page()).open(url)
        watching.ask(FIRST)
        link = watching.page.evaluate("location.hash")
        watching.close()
    with served(FakePipeline(ARTICLES), memory=memory) as url:
        watching = Watched(context.new_page()).open(url)
        watching.page.click(".history a")
        watching.answered()
        assert watching.page.evaluate("location.hash") == link
        watching.ask("And the US?", turn=1)
        assert f"(after: {FIRST})" in watching.page.inner_text("#latest")
        watching.page.wait_for_selector(".evidence >> text=Cited")
        watching.open_citation(watching.page.locator("#earlier .cite"))
        watching.page.reload()
        watching.page.wait_for_selector('#latest .turn[data-turn="1"]')
        assert watching.page.inner_text("#earlier .short-answer") == "30 November 2019"
        watching.page.wait_for_selector(".history [aria-current]")
        watching.close()
        with watched_page(browser, url + link) as stranger:
            stranger.page.wait_for_selector("text=there is no such conversation")
            assert titles(stranger) == []
    context.close()


def test_a_new_conversation_begins_where_the_first_began_and_the_first_is_kept(watched: Watched) -> None:
    page = watched.page
    watched.open_citation(page.locator(".cite").first)
    page.click("#sidebar [data-restart]")
    page.wait_for_selector(".welcome")
    assert page.locator(".turn, #source-panel mark").count() == 0
    watched.ask("And the US?")
    assert "Understood as" not in page.inner_text(".turn")
    page.wait_for_function("document.querySelectorAll('.history a').length === 2")
    assert titles(watched) == ["And the US?", FIRST]
    page.click(f".history a >> text={FIRST}")
    page.wait_for_selector('.short-answer >> text="30 November 2019"')
    assert page.inner_text(".history [aria-current]") == FIRST


def test_a_conversation_is_renamed_and_its_name_stays_words(watched: Watched) -> None:
    page = watched.page
    page.click("[data-sheet]")
    page.fill("#conversation-sheet [name=title]", HOSTILE)
    page.click("[data-rename]")
    page.wait_for_selector(".history >> text=onerror")
    assert titles(watched) == [HOSTILE]
    page.click("[data-sheet]")
    assert page.input_value("#conversation-sheet [name=title]") == HOSTILE
    page.click("#conversation-sheet [data-cancel]")
    assert page.evaluate("window.hacked") is None


def test_a_conversation_is_exported_with_its_citations_as_markdown_and_as_json(watched: Watched) -> None:
    watched.page.click("[data-sheet]")
    markdown = exported(watched, "[data-export=md]")
    assert markdown.startswith("# When was the first India-Japan 2+2?\n")
    assert "> The first India-Japan 2+2 was held in New Delhi on 30 November 2019." in markdown
    record = json.loads(exported(watched, "[data-export=json]"))
    (turn,) = record["turns"]
    quote = turn["answer"]["citations"][0]
    assert ARTICLES[0].text[quote["start"] : quote["end"]] == quote["quote"]


def test_a_conversation_is_deleted_only_when_that_is_confirmed(watched: Watched) -> None:
    page = watched.page
    page.click("[data-sheet]")
    page.click("[data-delete]")
    page.click("#confirm-sheet [value=no]")
    assert titles(watched) == [FIRST]
    page.click("[data-sheet]")
    page.click("[data-delete]")
    page.click("#confirm-sheet [value=yes]")
    page.wait_for_selector(".history", state="detached")
    page.wait_for_selector(".welcome")
    assert page.evaluate("location.hash") == "#ask"


def test_a_thumb_and_its_reason_are_kept_shown_and_given_out_as_questions(watched: Watched, tmp_path: Path) -> None:
    page = watched.page
    page.click("[data-verdict=up]")
    page.wait_for_selector("[data-verdict=up][aria-pressed=true]")
    page.click("[data-verdict=down]")
    page.click(".opinion .send")
    assert page.is_visible(".opinion"), "a thumb down has a reason"
    page.check(".opinion [value='wrong date']")
    page.fill(".opinion [name=right_answer]", "1 December 2019")
    page.click(".opinion .send")
    page.wait_for_selector("text=Noted: wrong date")
    assert page.get_attribute("[data-verdict=up]", "aria-pressed") == "false"
    page.reload()
    page.wait_for_selector("[data-verdict=down][aria-pressed=true]")
    file = tmp_path / "feedback.jsonl"
    file.write_text(exported(watched, "[data-export-feedback]"), encoding="utf-8")
    (question,) = read_questions(file)
    assert (question.question, question.answers) == (FIRST, ("1 December 2019",))
    page.click("[data-verdict=down]")
    page.wait_for_selector("[data-verdict=down][aria-pressed=false]")


def test_further_questions_are_offered_only_where_the_archive_answers_them(watched: Watched) -> None:
    watched.ask("Who cut a ribbon at the harbour bridge of Ostrava?", turn=1)
    watched.page.wait_for_timeout(300)
    for question in watched.page.locator(".follow-ups button").all_inner_texts():
        asked = FakePipeline(ARTICLES)
        assert question in ("When was that?", "What happened next?", "Where was that?")
        assert asked.store.articles([ARTICLES[2].id])


@pytest.mark.parametrize(("size", "scheme"), VIEWS)
def test_what_is_kept_is_at_hand_at_any_size_and_in_any_light(
    browser: Any, address: str, size: dict[str, int], scheme: str
) -> None:
    with watched_page(browser, address, viewport=size, color_scheme=scheme, reduced_motion="reduce") as watching:
        page = watching.page
        watching.ask(BRIDGE)
        if size == NARROW:
            assert not page.is_visible(".history a")
            page.click("[data-menu]")
            page.wait_for_function("'menuClose' in document.activeElement.dataset")
        page.wait_for_selector(".history a")
        assert watching.serious_violations() == []
        assert watching.beyond_the_edges() == []
        page.click("[data-sheet]")
        assert watching.serious_violations() == []
        assert watching.beyond_the_edges() == []
        page.keyboard.press("Escape")
        if size == NARROW:
            page.click("[data-menu-close]")
            page.wait_for_selector(".history a", state="hidden")
            page.wait_for_function("'menu' in document.activeElement.dataset")
