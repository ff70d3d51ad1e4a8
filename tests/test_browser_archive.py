"""The archive's page in a real browser: what is held, reading it, adding to it, deleting from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import VIEWS, Watched, launched, watched_page
from chat_fakes import FakePipeline, new_year, served
from fakes import FakeEmbedder

from qa.chat.blocks import EXAMPLES
from qa.chat.page import fitting_examples
from qa.pipeline import Limits, Pipeline, open_reader
from qa.reader import SentenceReader
from qa.settings import read_settings
from qa.types import Answer
from qa.uploads import Uploads
from vectorstore.embedder import load_embedder
from vectorstore.store import Store
from vectorstore.sync import sync

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SHIPPED = Path(__file__).parents[1] / "corpus" / "articles"
FERRY = "date 2021-03-05\ntitle: Ferry named\nsource: Harbour Wire\n\nThe new ferry was named Aurora on Wednesday.\n"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Give a browser."""
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Store]]:
    """Give the address of a chat over the shipped articles, to which may be added, and its store."""
    embedder = FakeEmbedder()
    with Store.open(tmp_path_factory.mktemp("shelf"), embedder, create=True) as store:
        sync(store, [SHIPPED])
        with served(Pipeline(store, SentenceReader(embedder), Limits()), uploads=Uploads(store)) as url:
            yield url, store


@pytest.fixture
def watched(browser: Any, shelf: tuple[str, Store]) -> Iterator[Watched]:
    """Give the archive's page."""
    with watched_page(browser, shelf[0] + "#archive") as watching:
        watching.page.wait_for_selector(".held-row")
        yield watching


def taken(watching: Watched) -> str:
    """Return what became of the last thing that was added or deleted, once that is known."""
    last = "document.querySelector('.taken li:last-child')"
    watching.page.wait_for_function(f"{last} && !/: (waiting|sending|reading)/.test({last}.textContent)")
    return str(watching.page.inner_text(".taken li:last-child"))


def test_the_page_tells_what_is_held_and_since_when(watched: Watched, shelf: tuple[str, Store]) -> None:
    status = shelf[1].status()
    held = watched.page.inner_text(".shelf .held")
    assert held.startswith(
        f"{status.articles} articles, {status.passages} passages, 22 January 2015 to 11 September 2025"
    )
    assert watched.page.locator(".histogram rect").count() == len({day.isoformat()[:7] for day in shelf[1].days()})
    assert f"{len(status.sources)} sources" in watched.page.inner_text(".held-sources summary")


def test_any_article_is_found_listed_and_read(watched: Watched, shelf: tuple[str, Store]) -> None:
    page = watched.page
    assert "25 shown, latest first" in page.inner_text("[data-listing]")
    latest = shelf[1].list_articles(limit=1).articles[0]
    assert page.inner_text(".held-row a >> nth=0") == latest.title
    page.click("[data-offset='25']")
    page.wait_for_selector("[data-listing] >> text=26 to 50 shown")
    page.click("[data-year='2019']")
    page.wait_for_selector("[data-listing] >> text=/^\\d+ articles, 1 to \\d+ shown/")
    days = page.locator(".held-row .byline").all_inner_texts()
    assert days
    assert all(day.endswith("2019") for day in days)
    page.click(".held-sources summary")
    page.click("[data-source='Harbour Wire']")
    page.wait_for_function("document.querySelector('.looking [name=from]').value === ''")
    page.wait_for_function(
        "[...document.querySelectorAll('.held-row .byline')].every(line => line.textContent.startsWith('Harbour Wire'))"
    )
    page.select_option(".looking [name=source]", "")
    page.fill("[name=words]", "Lantern Fair cancelled")
    page.press("[name=words]", "Enter")
    page.wait_for_selector("[data-listing] >> text=best first")
    page.click(".held-row a >> nth=0")
    page.wait_for_selector("#source-panel mark")
    assert "Lantern Fair" in page.inner_text("#source-panel")


def test_a_file_is_uploaded_found_answered_from_and_deleted_again(watched: Watched, shelf: tuple[str, Store]) -> None:
    page, before = watched.page, shelf[1].status().articles
    page.click(".adding > summary")
    files = [("ferry.txt", FERRY), ("empty.txt", ""), ("ferry.exe", FERRY)]
    page.set_input_files(
        "[type=file]", [{"name": name, "mimeType": "text/plain", "buffer": text.encode()} for name, text in files]
    )
    page.wait_for_function("document.querySelectorAll('.taken li').length === 3")
    assert "ferry.exe' is of no form that can be read" in taken(watched)
    lines = page.locator(".taken li").all_inner_texts()
    assert lines[0] == "ferry.txt: 1 article added"
    assert "empty.txt was not taken in: " in lines[1]
    assert page.locator(".taken .wrong").count() == 2
    page.wait_for_selector(f".shelf .held >> text=/^{before + 1} articles/")
    page.fill("[name=words]", "ferry named Aurora")
    page.press("[name=words]", "Enter")
    page.wait_for_selector("[data-listing] >> text=best first")
    row = page.locator(".held-row", has_text="Ferry named")
    row.locator("[data-delete-article]").click()
    assert "“Ferry named”" in page.inner_text("#confirm-sheet")
    page.click("#confirm-sheet [value=no]")
    assert shelf[1].status().articles == before + 1, "it is deleted only when that is confirmed"
    row.locator("[data-delete-article]").click()
    page.click("#confirm-sheet [value=yes]")
    page.wait_for_selector(f".shelf .held >> text=/^{before} articles/")
    assert taken(watched) == "Ferry named was deleted."
    refusals = [problem for problem in watched.problems if "status of 400" in problem]
    assert refusals == watched.problems, "the browser itself notes each upload that was refused"
    watched.problems.clear()


def test_a_text_is_pasted_and_one_without_words_is_refused(watched: Watched, shelf: tuple[str, Store]) -> None:
    page, hostile = watched.page, "<img src=x onerror=window.hacked=1>"
    page.click(".adding > summary")
    page.fill(".pasting [name=text]", f"The pier of Oldhaven was opened again. {hostile}")
    page.fill(".pasting [name=title]", f"Pier {hostile}")
    page.fill(".pasting [name=published]", "2024-02-03")
    page.fill(".pasting [name=source]", hostile)
    page.click(".pasting .send")
    assert taken(watched) == f"Pier {hostile}: 1 article added"
    page.wait_for_function("document.querySelector('.pasting [name=text]').value === ''")
    page.fill(".pasting [name=text]", "   ")
    page.click(".pasting .send")
    page.wait_for_selector(".taken .wrong")
    page.fill("[name=words]", "pier of Oldhaven")
    page.press("[name=words]", "Enter")
    page.wait_for_selector("[data-listing] >> text=best first")
    page.locator(".held-row", has_text="Pier <img").locator("a").click()
    page.wait_for_selector("#source-panel h2 >> text=Pier")
    assert page.inner_text("#source-panel h2") == f"Pier {hostile}"
    page.locator(".held-row", has_text="Pier <img").locator("[data-delete-article]").click()
    page.click("#confirm-sheet [value=yes]")
    page.wait_for_selector(".taken >> text=was deleted")
    assert page.evaluate("window.hacked") is None


def test_an_empty_archive_says_what_to_do_and_takes_the_first_article(browser: Any, tmp_path: Path) -> None:
    embedder = FakeEmbedder()
    with Store.open(tmp_path / "index", embedder, create=True) as store:
        pipeline = Pipeline(store, SentenceReader(embedder), Limits(threshold=0.1))
        with served(pipeline, uploads=Uploads(store)) as url, watched_page(browser, url) as watching:
            page = watching.page
            assert f"dateline index --index {tmp_path / 'index'} PATH" in page.inner_text(".welcome")
            assert watching.serious_violations() == []
            assert watching.beyond_the_edges() == []
            page.click(".welcome a")
            page.wait_for_selector(".shelf h2 >> text=The archive is empty")
            page.click(".adding > summary")
            assert watching.serious_violations() == []
            assert watching.beyond_the_edges() == []
            page.set_input_files("[type=file]", [{"name": "f.txt", "mimeType": "text/plain", "buffer": FERRY.encode()}])
            assert taken(watching) == "f.txt: 1 article added"
            page.wait_for_selector(".held-row >> text=Ferry named")
            page.click("[data-page=ask]")
            watching.ask("When was the new ferry named?")
            assert page.inner_text(".short-answer") == "3 March 2021"


def test_nobody_is_offered_to_add_or_delete_where_that_is_not_allowed(browser: Any) -> None:
    with served(FakePipeline(())) as url, watched_page(browser, url + "#archive") as watching:
        assert "dateline index" in watching.page.inner_text(".shelf")
        assert watching.page.locator(".adding").count() == 0


@pytest.mark.parametrize(("size", "scheme"), VIEWS)
def test_the_page_can_be_used_at_any_size_and_in_any_light(
    browser: Any, shelf: tuple[str, Store], size: dict[str, int], scheme: str
) -> None:
    with watched_page(browser, shelf[0] + "#archive", viewport=size, color_scheme=scheme) as watching:
        page = watching.page
        page.wait_for_selector(".held-row")
        page.click(".adding > summary")
        page.click(".held-sources summary")
        assert watching.serious_violations() == []
        assert watching.beyond_the_edges() == []
        page.click("[data-delete-article] >> nth=0")
        assert watching.serious_violations() == []
        assert watching.beyond_the_edges() == []
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog[open]", state="detached")


@pytest.mark.model
def test_the_examples_are_answered_by_the_shipped_archive_and_each_citation_opens_its_words(
    browser: Any, tmp_path: Path
) -> None:
    embedder = load_embedder()
    with Store.open(tmp_path / "archive", embedder, create=True) as store:
        sync(store, [SHIPPED])
        settings = read_settings({}, index=tmp_path / "archive")
        archive = Pipeline(store, open_reader(settings, embedder), Limits())  # as the page is served
        assert fitting_examples(store, EXAMPLES) == tuple(example.question for example in EXAMPLES)
        answers = [archive.ask(example.question, today=new_year()) for example in EXAMPLES]
        with served(archive) as url, watched_page(browser, url) as watching:
            for answer in answers:
                open_all(watching, archive, answer)
    wanted = ("30 November 2019", "16 January 2020", "six years", "the pandemic", "Teodor Balint")
    assert [words for answer, words in zip(answers, wanted, strict=True) if words not in answer.short_answer] == []
    for example, answer in zip(EXAMPLES, answers, strict=True):
        assert example.article_id in {citation.article_id for citation in answer.citations}


def open_all(watching: Watched, archive: Pipeline, answer: Answer) -> None:
    """Ask for an answer in a conversation of its own, and open each of its citations."""
    watching.page.click("#sidebar [data-restart]")
    watching.page.wait_for_selector(".welcome")
    watching.ask(answer.question)
    for citation in answer.citations:
        link = watching.page.locator(f'#latest .source-link[data-number="{citation.number}"]')
        marked = watching.open_citation(link)
        assert marked == citation.quote
        assert archive.article(citation.article_id).text[citation.start : citation.end] == marked
