"""The conversation in a real browser: asking, reading the sources, and nothing hostile that runs or is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from threading import Event
from typing import Any

import pytest
from browsing import NARROW, PATIENCE_MS, VIEWS, WIDE, Lookout, Watched, launched, watched_page
from chat_fakes import ARTICLES, FakePipeline, make_article, served

from qa.types import Answer

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIRST = "when was the first India-Japan 2+2"
QUOTE = "The first India-Japan 2+2 was held in New Delhi on 30 November 2019."

HOSTILE = (
    "<script>window.hacked=1</script><img src=x onerror=window.hacked=1><svg onload=window.hacked=1>"
    "![p](http://evil.example/p.png) [x](javascript:window.hacked=1) <style>*{background:url(//evil.example)}</style>"
    "${window.hacked=1} {{constructor}} </textarea><iframe src=//evil.example></iframe> `'\" \u202egnp\u2066"
)


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
    """Give a page in which nothing may go wrong and which may ask no other host."""
    with watched_page(browser, address) as watching:
        yield watching


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
    articles = [
        make_article(
            f"{town} {copy}", f"Rain fell. The {town} bridge {copy} opened in May. It is long.", published=None
        )
        for town in towns
        for copy in ("north", "south")
    ]
    pipeline = FakePipeline(articles)
    questions = [f"When did the {town} bridge open in May?" for town in towns]
    answers = [pipeline.ask(question, today=date(2026, 1, 1)) for question in questions]
    with served(pipeline) as url, watched_page(browser, url) as watching:
        page = watching.page
        for turn, question in enumerate(questions):
            watching.ask(question, turn=turn)
        for turn, answer in reversed(list(enumerate(answers))):
            assert [citation.number for citation in answer.citations] == [1, 2]
            for citation in answer.citations:
                link = page.locator(f'.turn[data-turn="{turn}"] .cite[data-number="{citation.number}"]')
                assert watching.open_citation(link) == citation.quote
                assert page.inner_text("#source-panel h2") == citation.title
                assert f"Source {citation.number}" in page.inner_text("#source-panel")


def test_the_keyboard_alone_asks_opens_a_source_and_comes_back(watched: Watched) -> None:
    page = watched.page
    page.locator("#question").focus()
    page.keyboard.type(FIRST)
    page.keyboard.press("Enter")
    watched.answered()
    assert page.evaluate("document.activeElement.id") == "question"
    page.locator(".cite").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#source-panel mark")
    page.wait_for_function("document.activeElement.id === 'source-title'")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.className === 'cite'")
    assert page.locator("#source-panel mark").count() == 0


def test_what_happens_is_said_to_those_who_hear_the_page(watched: Watched) -> None:
    watched.page.evaluate(
        "() => { window.said = []; new MutationObserver(() => window.said.push(document.querySelector('[data-status]')"
        ".textContent)).observe(document.querySelector('[data-status]'), { childList: true }); }"
    )
    watched.ask(FIRST)
    watched.page.wait_for_function("window.said.at(-1) === '30 November 2019'")
    assert all("<" not in words for words in watched.page.evaluate("window.said"))


def test_what_was_read_and_not_used_is_beside_the_answer_with_its_scores(watched: Watched) -> None:
    watched.ask(FIRST)
    watched.page.wait_for_selector(".evidence >> text=Found, but not used")
    assert QUOTE in watched.page.inner_text(".evidence .cited blockquote")
    watched.page.click(".evidence .unused a")
    watched.page.wait_for_selector("#source-panel h2 >> text=India and the United States meet")
    watched.page.click("#source-panel [data-evidence]")
    watched.page.wait_for_selector(".evidence >> text=Found, but not used")


def test_an_article_that_was_asked_for_is_not_lost_to_the_sources_of_an_answer_that_just_ended(
    watched: Watched,
) -> None:
    watched.ask(FIRST)
    watched.page.wait_for_selector(".evidence >> text=Found, but not used")
    watched.page.evaluate(
        "() => { const turn = document.querySelector('.turn'); turn.querySelector('.cite').click(); "
        "document.dispatchEvent(new CustomEvent('dateline:answered', { detail: turn })); }"
    )
    watched.page.wait_for_selector("#source-panel mark")


def test_a_refusal_links_the_nearest_articles(watched: Watched) -> None:
    watched.ask("Who won the harbour regatta of 2034?")
    assert watched.page.inner_text(".refusal .short-answer") == "Not in this archive"
    watched.page.click(".refusal .source-link")
    watched.page.wait_for_selector("#source-panel h2 >> text=Harbour bridge opens")
    assert watched.page.locator("#source-panel a.out").count() == 0  # its address is a script
    assert watched.page.locator("#source-panel mark").count() == 0


def test_a_follow_up_is_read_in_the_light_of_the_question_before(watched: Watched) -> None:
    watched.ask(FIRST)
    watched.ask("And the US?", turn=1)
    assert f"And the US? (after: {FIRST})" in watched.page.inner_text('[data-turn="1"]')


def test_an_example_is_asked_with_one_click(watched: Watched) -> None:
    watched.page.click(".example >> nth=0")
    watched.answered()
    assert watched.page.inner_text(".short-answer") == "30 November 2019"
    assert not watched.page.is_visible(".welcome")


def test_the_scope_narrows_what_is_searched(watched: Watched) -> None:
    watched.page.click(".scope summary")
    watched.page.check("[name=sources][value='Capital Post']")
    watched.page.fill(".composer [name=to]", "2020-12-31")
    watched.page.fill(".composer [name=today]", "2021-01-01")
    assert watched.page.inner_text("[data-scope-words]") == "Up to 2020-12-31, Capital Post, as of 2021-01-01"
    watched.ask(FIRST)
    assert watched.page.inner_text(".short-answer") == "6 September 2018"
    said = "Scope: published up to 31 December 2020, by Capital Post, as if asked on 1 January 2021"
    assert said in watched.page.inner_text(".turn")
    assert "asked on 2021-01-01" in watched.page.inner_text(".turn .notes")
    watched.page.click("[data-clear-scope]")
    assert watched.page.inner_text("[data-scope-words]") == "All days, all sources"


def test_what_was_read_from_the_question_is_taken_away_with_one_click_and_put_back(watched: Watched) -> None:
    watched.ask(FIRST)
    assert "the first" in watched.page.inner_text(".implied")
    watched.page.click("[data-implied]")
    watched.page.wait_for_selector(".implied >> text=Not heeded")
    watched.answered()
    assert watched.page.locator(".turn").count() == 1
    watched.page.click(".implied button")
    watched.page.wait_for_selector(".implied >> text=Read from the question")


def test_an_edited_question_replaces_its_turn(watched: Watched) -> None:
    watched.ask(FIRST)
    watched.page.click("[data-edit]")
    assert watched.page.input_value("#question") == FIRST
    watched.page.fill("#question", "When did the harbour bridge of Ostrava open?")
    watched.page.press("#question", "Enter")
    watched.page.wait_for_selector('.short-answer >> text="3 May 2021"')
    assert watched.page.locator(".turn").count() == 1


def test_an_answer_is_copied_with_its_source(watched: Watched) -> None:
    watched.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    watched.ask(FIRST)
    watched.page.click("[data-copy]")
    watched.page.wait_for_selector("[data-copy] >> text=Copied")
    copied = watched.page.evaluate("navigator.clipboard.readText()")
    assert f"[1] India and Japan hold second 2+2 in Tokyo, Meridian Wire, 6 September 2022\n    “{QUOTE}”" in copied


def test_problems_and_defects_are_told_and_the_next_question_is_answered(watched: Watched) -> None:
    watched.ask("fail")
    assert "the index is being rebuilt: ask again in a minute" in watched.page.inner_text(".problem")
    watched.ask("burst", turn=1)
    watched.ask(FIRST, turn=2)
    assert watched.page.inner_text(".short-answer") == "30 November 2019"


def test_a_server_that_is_gone_is_told_in_the_panel(browser: Any, address: str) -> None:
    page = browser.new_page(viewport=WIDE)
    Watched(page).open(address).ask(FIRST)
    page.wait_for_selector(".evidence")
    page.route("**/component_server**", lambda route: route.abort())
    page.click(".cite")
    page.wait_for_selector("#source-panel >> text=The server did not answer.")
    page.unroute("**/component_server**")
    page.click("#source-panel [data-close]")
    page.click(".cite")
    page.wait_for_selector("#source-panel mark")
    page.close()


def test_an_article_that_was_removed_is_told_in_the_panel(browser: Any) -> None:
    pipeline = FakePipeline(ARTICLES)
    with served(pipeline) as url, watched_page(browser, url) as watching:
        watching.ask(FIRST)
        del pipeline.store.held[ARTICLES[0].id]
        watching.page.click(".cite")
        watching.page.wait_for_selector("#source-panel .warning >> text=there is no article")


class Held(FakePipeline):
    """Answers no question about the 2+2 until it is let go."""

    def __init__(self) -> None:
        super().__init__(ARTICLES)
        self.gate = Event()

    def stages(self, question: str, **options: Any) -> Iterator[str | Answer]:
        yield "searching"
        if "2+2" in question:
            self.gate.wait(PATIENCE_MS / 1000)
        yield from super().stages(question, **options)


def test_stopping_ends_the_wait_at_once_and_the_next_question_is_answered(browser: Any) -> None:
    pipeline = Held()
    with served(pipeline) as url, watched_page(browser, url) as watching:
        watching.page.fill("#question", FIRST)
        watching.page.press("#question", "Enter")
        watching.page.click("[data-stop]")
        watching.page.wait_for_selector("text=Stopped before an answer was found.")  # while it is still held
        watching.ask("When did the harbour bridge of Ostrava open?", turn=1)
        assert watching.page.inner_text("#latest .short-answer") == "3 May 2021"
        pipeline.gate.set()
        watching.page.wait_for_timeout(200)
        assert watching.page.locator(".short-answer").count() == 1, "what was stopped stays stopped"


def test_nothing_moves_while_an_answer_comes(browser: Any) -> None:
    with served(FakePipeline(ARTICLES, pause_s=0.2)) as url, watched_page(browser, url) as watching:
        watching.page.evaluate(
            "() => { window.shifts = []; new PerformanceObserver(list => list.getEntries().forEach(entry =>"
            " window.shifts.push(entry))).observe({ type: 'layout-shift' }); }"
        )
        watching.ask(FIRST)
        watching.page.wait_for_selector(".evidence")
        watching.page.wait_for_timeout(500)
        moved = "entry.sources.map(source => source.node?.outerHTML?.slice(0, 80)).join()"
        shifts = watching.page.evaluate(f"window.shifts.map(entry => [entry.value, {moved}])")
        assert sum(value for value, _ in shifts) < 0.01, shifts


@pytest.mark.parametrize(("size", "scheme"), VIEWS)
def test_everything_can_be_reached_at_any_size_and_in_any_light(
    browser: Any, address: str, size: dict[str, int], scheme: str
) -> None:
    options = {"viewport": size, "color_scheme": scheme, "reduced_motion": "reduce"}
    with watched_page(browser, address, **options) as watching:
        page = watching.page
        assert watching.serious_violations() == []
        assert watching.beyond_the_edges() == []
        watching.ask(FIRST)
        page.click('[data-verdict="down"]')
        page.click(".scope summary")
        assert watching.serious_violations() == []
        assert watching.beyond_the_edges() == []
        page.click("[data-opinion-cancel]")
        page.click(".scope summary")
        page.click(".actions [data-evidence]")
        page.wait_for_selector(".evidence .unused")
        assert watching.serious_violations() == []
        assert watching.beyond_the_edges() == []
        page.click(".evidence .source-link >> nth=0")
        page.wait_for_selector("#source-panel mark")
        assert page.inner_text("#source-panel mark") == QUOTE
        assert watching.serious_violations() == []
        assert watching.beyond_the_edges() == []
        if size == NARROW:
            assert page.locator("#source-panel").bounding_box()["width"] == NARROW["width"]
        page.click("#source-panel [data-close]")
        page.wait_for_selector("#source-panel mark", state="detached")
        assert page.is_visible("#source-panel") is (size != NARROW)
        watching.ask("Who won the harbour regatta of 2034?", turn=1)
        assert watching.serious_violations() == []
        assert watching.beyond_the_edges() == []
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 24, 26)"
        assert dark is (scheme == "dark")


def test_hostile_words_in_articles_and_questions_stay_words_and_nothing_leaves_the_machine(browser: Any) -> None:
    article = make_article(
        HOSTILE, f"{HOSTILE} regatta harbour.", published=date(2021, 1, 1), source=HOSTILE, author=HOSTILE, url=HOSTILE
    )
    lookout = Lookout()
    with served(FakePipeline((article,))) as url, watched_page(browser, url) as watching:
        lookout.on = True
        page = watching.page
        page.click(".scope summary")
        watching.ask("regatta harbour " + HOSTILE)
        page.click(".turn .source-link >> nth=0")
        page.wait_for_selector("#source-panel .article-text")
        assert page.inner_text("#source-panel h2") == HOSTILE
        assert page.inner_text(".question") == "regatta harbour " + HOSTILE
        page.click("#source-panel [data-close]")
        page.click(".actions [data-evidence]")
        page.wait_for_selector(".evidence")
        page.goto(f"{url}#archive")
        page.wait_for_selector(".held-row")
        page.fill("[name=words]", "regatta " + HOSTILE)
        page.press("[name=words]", "Enter")
        page.wait_for_selector(".listing >> text=best first")
        page.click(".held-row a")
        page.wait_for_selector("#source-panel .article-text")
        page.wait_for_timeout(300)
        assert page.evaluate("window.hacked") is None
        assert page.locator("main :is(img, iframe, script, object, embed)").count() == 0
        lookout.on = False
    assert lookout.hosts == []
