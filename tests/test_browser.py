"""The chat in a real browser: a question is asked, its citation is opened, and nothing hostile runs or is fetched."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from chat_fakes import ARTICLES, FakePipeline, make_article, served

import app
from qa.chat.blocks import EXAMPLES
from qa.chat.page import fitting_examples
from qa.pipeline import Limits, Pipeline
from qa.reader import SentenceReader
from vectorstore.embedder import load_embedder
from vectorstore.store import Store
from vectorstore.sync import sync

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIRST = "when was the first India-Japan 2+2"
QUOTE = "The first India-Japan 2+2 was held in New Delhi on 30 November 2019."
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}

HOSTILE = (
    "<script>window.hacked=1</script><img src=x onerror=window.hacked=1><svg onload=window.hacked=1>"
    "![p](http://evil.example/p.png) [x](javascript:window.hacked=1) <style>*{background:url(//evil.example)}</style>"
    "${window.hacked=1} {{constructor}} </textarea><iframe src=//evil.example></iframe> `'\""
)


@dataclass
class Watched:
    """A page, with everything that went wrong in it and every host it asked."""

    page: Any
    problems: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def open(self, url: str) -> Watched:
        self.page.on("console", lambda said: self.problems.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname or request.url))
        self.page.goto(url)
        self.page.wait_for_selector("#question")
        return self

    def ask(self, question: str, *, turns: int = 1) -> None:
        self.page.fill("#question", question)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector(f':nth-match(.turn[data-state="done"], {turns})')

    def open_citation(self, link: Any) -> str:
        """Click a link and return the words that are then marked in the panel."""
        link.click()
        self.page.wait_for_function("link => link.getAttribute('aria-current')", arg=link.element_handle())
        self.page.wait_for_selector("#source-panel mark")
        return "".join(self.page.locator("#source-panel mark").all_inner_texts())


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Give Debian's Chromium, driven by Playwright."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("install Debian's chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Give the address of a chat over the articles of the fakes."""
    with served(FakePipeline(ARTICLES)) as url:
        yield url


@pytest.fixture
def watched(browser: Any, address: str) -> Iterator[Watched]:
    """Give a page in which nothing may go wrong and which may ask no other host."""
    page = browser.new_page(viewport=WIDE)
    watching = Watched(page).open(address)
    yield watching
    page.close()
    assert watching.problems == []
    assert watching.hosts == {"127.0.0.1"}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    """Give the real pipeline over the articles that come with Dateline."""
    embedder = load_embedder()
    with Store.open(tmp_path_factory.mktemp("archive"), embedder, create=True) as store:
        sync(store, [Path(app.__file__).parent / "corpus" / "articles"])
        yield Pipeline(store, SentenceReader(embedder), Limits())


@pytest.mark.model
def test_the_shipped_archive_says_when_the_first_india_japan_meeting_was(browser: Any, archive: Pipeline) -> None:
    with served(archive) as url:
        page = browser.new_page(viewport=WIDE)
        watching = Watched(page).open(url)
        watching.ask(FIRST)
        assert page.inner_text(".short-answer") == "30 November 2019"
        answer = archive.ask(FIRST, today=date(2026, 1, 1))
        for citation in answer.citations:
            marked = watching.open_citation(page.locator(f'.source-link[data-number="{citation.number}"]'))
            assert marked == citation.quote
            assert archive.article(citation.article_id).text[citation.start : citation.end] == marked
        page.close()
        assert watching.problems == []
        assert watching.hosts == {"127.0.0.1"}


@pytest.mark.model
def test_the_examples_are_answered_by_the_shipped_archive(archive: Pipeline) -> None:
    assert fitting_examples(archive.store, EXAMPLES) == tuple(example.question for example in EXAMPLES)
    answers = [archive.ask(example.question, today=date(2026, 1, 1)) for example in EXAMPLES]
    wanted = ("30 November 2019", "16 January 2020", "six years", "the pandemic", "Teodor Balint")
    assert [words for answer, words in zip(answers, wanted, strict=True) if words not in answer.short_answer] == []
    for example, answer in zip(EXAMPLES, answers, strict=True):
        assert example.article_id in {citation.article_id for citation in answer.citations}


def test_a_question_is_answered_and_its_citation_opens_the_article_at_the_words(watched: Watched) -> None:
    watched.ask(FIRST)
    assert watched.page.inner_text(".short-answer") == "30 November 2019"
    assert watched.open_citation(watched.page.locator(".cite").first) == QUOTE
    panel = watched.page.locator("#source-panel")
    for words in (
        "Source 1",
        "India and Japan hold second 2+2 in Tokyo",
        "Meridian Wire",
        "6 September 2022",
        "A. Rao",
    ):
        assert words in panel.inner_text()
    assert panel.locator("a.out").get_attribute("href") == "https://news.example/2plus2?a=1&b=2"
    assert panel.locator("a.out").get_attribute("rel") == "noopener noreferrer"
    assert panel.locator(".article-text p").count() == 61  # the whole article, not the passage


def test_the_marked_words_are_on_the_screen_when_the_panel_opens(watched: Watched) -> None:
    watched.ask(FIRST)
    watched.open_citation(watched.page.locator(".cite").first)
    watched.page.wait_for_function("document.querySelector('#source-panel').scrollTop > 1000")
    mark, head = (watched.page.locator(f"#source-panel {part}").bounding_box() for part in ("mark", ".source-head"))
    assert head["y"] >= 0
    assert head["y"] + head["height"] < mark["y"] < mark["y"] + mark["height"] < WIDE["height"]


def test_every_citation_of_twenty_answers_opens_its_own_words(browser: Any) -> None:
    towns = [f"Town{number}" for number in range(20)]
    pipeline = FakePipeline(
        [
            make_article(
                f"{town} {copy}", f"Rain fell. The {town} bridge {copy} opened in May. It is long.", published=None
            )
            for town in towns
            for copy in ("north", "south")
        ]
    )
    questions = [f"When did the {town} bridge open in May?" for town in towns]
    answers = [pipeline.ask(question, today=date(2026, 1, 1)) for question in questions]
    with served(pipeline) as url:
        page = browser.new_page(viewport=WIDE)
        watching = Watched(page).open(url)
        for number, question in enumerate(questions, 1):
            watching.ask(question, turns=number)
        for turn, answer in reversed(list(enumerate(answers))):
            assert [citation.number for citation in answer.citations] == [1, 2]
            for citation in answer.citations:
                link = page.locator(f'.turn[data-turn="{turn}"] .cite[data-number="{citation.number}"]')
                assert watching.open_citation(link) == citation.quote
                assert page.inner_text("#source-panel h2") == citation.title
                assert f"Source {citation.number}" in page.inner_text("#source-panel")
        page.close()
        assert watching.problems == []


def test_the_keyboard_alone_asks_opens_a_source_and_comes_back(watched: Watched) -> None:
    page = watched.page
    page.locator("#question").focus()
    page.keyboard.type(FIRST)
    page.keyboard.press("Enter")
    page.wait_for_selector('.turn[data-state="done"]')
    page.locator(".cite").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#source-panel mark")
    page.wait_for_function("document.activeElement.id === 'source-title'")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.className === 'cite'")
    assert page.locator("#source-panel mark").count() == 0


def test_a_refusal_links_the_nearest_articles(watched: Watched) -> None:
    watched.ask("Who won the harbour regatta of 2034?")
    assert watched.page.inner_text(".refusal .short-answer") == "Not in this archive"
    watched.page.click(".refusal .source-link")
    watched.page.wait_for_selector("#source-panel h2 >> text=Harbour bridge opens")
    assert watched.page.locator("#source-panel a.out").count() == 0  # its address is a script
    assert watched.page.locator("#source-panel mark").count() == 0


def test_a_follow_up_is_read_in_the_light_of_the_question_before(watched: Watched) -> None:
    watched.ask(FIRST)
    watched.ask("And the US?", turns=2)
    assert f"And the US? (after: {FIRST})" in watched.page.inner_text('[data-turn="1"]')


def test_an_example_is_asked_with_one_click(watched: Watched) -> None:
    watched.page.click(".example >> nth=0")
    watched.page.wait_for_selector('.turn[data-state="done"]')
    assert watched.page.inner_text(".short-answer") == "30 November 2019"
    assert not watched.page.is_visible(".welcome")


def test_the_scope_narrows_what_is_searched(watched: Watched) -> None:
    watched.page.click(".scope summary")
    watched.page.select_option("[name=source]", "Capital Post")
    watched.page.fill("[name=to]", "2020-12-31")
    assert watched.page.inner_text("[data-scope-words]") == "Up to 2020-12-31, Capital Post"
    watched.ask(FIRST)
    assert watched.page.inner_text(".short-answer") == "6 September 2018"
    assert "Scope: published up to 31 December 2020, by Capital Post" in watched.page.inner_text(".turn")


def test_an_edited_question_replaces_its_turn(watched: Watched) -> None:
    watched.ask(FIRST)
    watched.page.click("[data-edit]")
    watched.page.locator("#question").fill("When did the harbour bridge of Ostrava open?")
    watched.page.keyboard.press("Enter")
    watched.page.wait_for_selector('.short-answer >> text="3 May 2021"')
    assert watched.page.locator(".turn").count() == 1


def test_a_new_conversation_begins_where_the_first_began(watched: Watched) -> None:
    watched.ask(FIRST)
    watched.open_citation(watched.page.locator(".cite").first)
    watched.page.click("[data-restart]")
    watched.page.wait_for_selector(".welcome")
    assert watched.page.locator(".turn, #source-panel mark").count() == 0
    watched.ask("And the US?")
    assert "Understood as" not in watched.page.inner_text(".turn")


def test_problems_and_defects_are_told_and_the_next_question_is_answered(watched: Watched) -> None:
    watched.ask("fail")
    assert "the index is being rebuilt: ask again in a minute" in watched.page.inner_text(".problem")
    watched.ask("burst", turns=2)
    watched.ask(FIRST, turns=3)
    assert watched.page.inner_text(".short-answer") == "30 November 2019"


def test_a_server_that_is_gone_is_told_in_the_panel(browser: Any, address: str) -> None:
    page = browser.new_page(viewport=WIDE)
    Watched(page).open(address).ask(FIRST)
    page.route("**/component_server**", lambda route: route.abort())
    page.click(".cite")
    page.wait_for_selector("#source-panel >> text=The server did not answer.")
    page.unroute("**/component_server**")
    page.click("[data-close]")
    page.click(".cite")
    page.wait_for_selector("#source-panel mark")
    page.close()


def test_an_article_that_was_removed_is_told_in_the_panel(browser: Any) -> None:
    pipeline = FakePipeline(ARTICLES)
    with served(pipeline) as url:
        page = browser.new_page(viewport=WIDE)
        watching = Watched(page).open(url)
        watching.ask(FIRST)
        del pipeline.store.held[ARTICLES[0].id]
        page.click(".cite")
        page.wait_for_selector("#source-panel .warning >> text=there is no article")
        page.close()
        assert watching.problems == []


def test_stopping_ends_the_wait_and_the_next_question_is_answered(browser: Any) -> None:
    with served(FakePipeline(ARTICLES, pause_s=1.0)) as url:
        page = browser.new_page(viewport=WIDE)
        watching = Watched(page).open(url)
        page.fill("#question", FIRST)
        page.keyboard.press("Enter")
        page.click("[data-stop]")
        page.wait_for_selector("text=Stopped before an answer was found.", timeout=900)
        watching.ask(FIRST, turns=2)
        assert page.inner_text(".short-answer") == "30 November 2019"
        page.close()
        assert watching.problems == []


def test_nothing_moves_while_an_answer_comes(browser: Any) -> None:
    with served(FakePipeline(ARTICLES, pause_s=0.2)) as url:
        page = browser.new_page(viewport=WIDE)
        watching = Watched(page).open(url)
        page.evaluate(
            "() => { window.shifts = 0; new PerformanceObserver(list => list.getEntries().forEach(entry =>"
            " { window.shifts += entry.value; })).observe({ type: 'layout-shift' }); }"
        )
        watching.ask(FIRST)
        page.wait_for_timeout(500)
        assert page.evaluate("window.shifts") < 0.01
        page.close()


def test_an_empty_archive_says_what_to_do(browser: Any) -> None:
    with served(FakePipeline(())) as url:
        page = browser.new_page(viewport=WIDE)
        watching = Watched(page).open(url)
        assert "dateline index --index fake PATH" in page.inner_text(".welcome")
        page.close()
        assert watching.problems == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_source_covers_the_page_and_closes_again(browser: Any, address: str, scheme: str) -> None:
    page = browser.new_page(viewport=PHONE, color_scheme=scheme)
    watching = Watched(page).open(address)
    watching.ask(FIRST)
    assert watching.open_citation(page.locator(".cite").first) == QUOTE
    assert page.locator("#source-panel").bounding_box()["width"] == PHONE["width"]
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.click("[data-close]")
    assert not page.is_visible("#source-panel")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.close()
    assert watching.problems == []


def test_hostile_words_in_articles_and_questions_stay_words(browser: Any) -> None:
    article = make_article(
        HOSTILE, f"{HOSTILE} regatta harbour.", published=date(2021, 1, 1), source=HOSTILE, author=HOSTILE, url=HOSTILE
    )
    with served(FakePipeline((article,))) as url:
        page = browser.new_page(viewport=WIDE)
        watching = Watched(page).open(url)
        watching.ask("regatta harbour " + HOSTILE)
        page.click(".source-link, .passage-link >> nth=0")
        page.wait_for_selector("#source-panel h2")
        page.wait_for_timeout(300)
        assert page.inner_text("#source-panel h2") == HOSTILE
        assert page.inner_text(".question") == "regatta harbour " + HOSTILE
        assert page.evaluate("window.hacked") is None
        assert page.locator("#conversation img, #source-panel img, iframe").count() == 0
        page.close()
        assert watching.problems == []
        assert watching.hosts == {"127.0.0.1"}
