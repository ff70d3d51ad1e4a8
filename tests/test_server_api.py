"""The JSON endpoints: what they give is what the command line gives, and what is wrong is told in one form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from chat_fakes import ARTICLES, FakePipeline, served
from fakes import FakeEmbedder
from http_calls import call, form

from qa.pipeline import Limits, Pipeline
from qa.reader import SentenceReader
from qa.records import answer_record, article_record
from qa.server.models import AnswerOut, ArticleOut, SearchOut
from qa.uploads import FOLDER, Uploads
from vectorstore.store import Store

TODAY = date(2026, 1, 1)
FIRST = "When was the first India-Japan 2+2?"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Give the address of a server over the articles of the fakes."""
    with served(FakePipeline(ARTICLES)) as url:
        yield url


def test_ask_gives_the_record_of_the_answer(address: str) -> None:
    expected = answer_record(FakePipeline(ARTICLES).ask(FIRST, today=TODAY))
    given = call(address, "/api/v1/ask", {"question": FIRST})
    assert (given.status, given.record) == (200, json.loads(json.dumps(expected)))


def test_ask_takes_history_scope_and_day(address: str) -> None:
    sent = {
        "question": "And the 2+2?",
        "history": [FIRST],
        "published_to": "2020-12-31",
        "sources": ["Capital Post"],
        "today": "2022-02-03",
    }
    record = call(address, "/api/v1/ask", sent).record
    assert record["standalone_question"] == f"And the 2+2? (after: {FIRST})"
    assert {hit["article_id"] for hit in record["hits"]} == {ARTICLES[1].id}
    assert record["notes"] == ["asked on 2022-02-03"]


def test_search_gives_passages_best_first(address: str) -> None:
    record = call(address, "/api/v1/search", {"query": "harbour bridge", "k": 1}).record
    assert record["query"] == "harbour bridge"
    assert [hit["text"] for hit in record["hits"]] == ["The harbour bridge of Ostrava opened on 3 May 2021."]


def test_articles_are_listed_a_page_at_a_time(address: str) -> None:
    first = call(address, "/api/v1/articles?limit=2").record
    assert (first["total"], [listed["date"] for listed in first["articles"]]) == (3, ["2022-09-06", "2021-05-04"])
    last = call(address, "/api/v1/articles?limit=2&offset=2").record
    assert [listed["title"] for listed in last["articles"]] == ["India and the United States meet"]
    some = call(address, "/api/v1/articles?source=Capital%20Post&published_from=2020-01-01").record
    assert [listed["title"] for listed in some["articles"]] == ["Harbour bridge opens"]


def test_an_article_is_given_whole_so_that_citations_can_be_checked(address: str) -> None:
    record = call(address, "/api/v1/ask", {"question": FIRST}).record
    (citation,) = record["citations"]
    article = call(address, f"/api/v1/articles/{citation['article_id']}").record
    assert article == json.loads(json.dumps(article_record(ARTICLES[0])))
    assert article["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_what_is_given_is_what_the_description_says(address: str) -> None:
    for model, path, sent in (
        (AnswerOut, "/api/v1/ask", {"question": FIRST}),
        (AnswerOut, "/api/v1/ask", {"question": "Who painted it?"}),
        (SearchOut, "/api/v1/search", {"query": "bridge"}),
        (ArticleOut, f"/api/v1/articles/{ARTICLES[0].id}", None),
    ):
        record = call(address, path, sent).record
        assert set(record) == set(model.model_fields)
        model.model_validate(record)


@pytest.mark.parametrize(
    ("path", "sent", "status", "problem"),
    [
        ("/api/v1/ask", {}, 422, "question: Field required"),
        ("/api/v1/ask", {"question": " "}, 422, "question: Value error, it is blank"),
        ("/api/v1/ask", {"question": "x" * 10_001}, 422, "at most 10000"),
        ("/api/v1/ask", {"question": "\ud800"}, 422, "no character"),
        ("/api/v1/ask", {"question": FIRST, "colour": "red"}, 422, "colour: Extra inputs are not permitted"),
        ("/api/v1/ask", {"question": FIRST, "today": "2021-13-01"}, 422, "today: "),
        ("/api/v1/ask", {"question": FIRST, "today": 5}, 422, "today: "),
        (
            "/api/v1/ask",
            {"question": FIRST, "published_from": "2021-01-02", "published_to": "2021-01-01"},
            422,
            "after",
        ),
        ("/api/v1/ask", {"question": FIRST, "history": "no list"}, 422, "history: "),
        ("/api/v1/ask", {"question": "fail"}, 400, "the index is being rebuilt"),
        ("/api/v1/ask", {"question": "burst"}, 500, "Something went wrong inside Dateline, and its log says what."),
        ("/api/v1/search", {"query": "bridge", "k": 0}, 422, "k: Input should be greater than or equal to 1"),
        ("/api/v1/articles/none", None, 404, "there is no article 'none'"),
        ("/api/v1/articles?limit=0", None, 422, "limit: "),
        ("/api/v1/articles?offset=99999999999999999999", None, 422, "offset: "),
        ("/api/v1/articles?published_from=today", None, 422, "published_from: "),
        ("/api/v1/nothing", None, 404, "there is no GET /api/v1/nothing here"),
    ],
)
def test_what_is_wrong_is_told_in_one_form(
    address: str, path: str, sent: dict[str, Any] | None, status: int, problem: str
) -> None:
    given = call(address, path, sent)
    assert given.status == status
    assert set(given.record["error"]) == {"message", "type", "param", "code"}
    assert problem in given.problem
    assert "a defect" not in given.text


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b"\xff", b"null", b"[]", b"1e999", b'{"question": NaN}'])
def test_a_body_that_is_no_question_is_refused(address: str, body: bytes) -> None:
    given = call(address, "/api/v1/ask", body=body, headers={"content-type": "application/json"})
    assert given.status in {400, 422}
    assert given.problem


def test_the_description_is_a_page_that_loads_nothing(address: str) -> None:
    document, page = call(address, "/api/v1/openapi.json").record, call(address, "/api")
    assert {"/api/v1/ask", "/api/v1/search", "/api/v1/articles", "/v1/chat/completions", "/readyz"} <= set(
        document["paths"]
    )
    assert document["components"]["securitySchemes"]["API key"]["scheme"] == "bearer"
    for path in document["paths"]:
        assert path in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for loading in ("<script", "<link", "<img", "src="):
        assert loading not in page.text


def test_the_server_says_whether_it_lives_and_can_be_asked(address: str) -> None:
    for prefix in ("", "/api/v1"):
        assert call(address, f"{prefix}/healthz").record == {"status": "alive"}
        assert call(address, f"{prefix}/readyz").record == {"status": "ready", "articles": 3, "generation": 1}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Give an index of words with nothing in it."""
    with Store.open(tmp_path / "index", FakeEmbedder(), create=True) as opened:
        yield opened


def test_an_uploaded_article_can_be_asked_about_and_removed(store: Store) -> None:
    text = b"date 2021-05-04\ntitle: Bridge opens\n\nThe harbour bridge of Ostrava opened on 3 May 2021."
    pipeline = Pipeline(store, SentenceReader(store.embedder), Limits())
    with served(pipeline, uploads=Uploads(store)) as address:
        body, headers = form("bridge.txt", text)
        counts = {"added": 1, "updated": 0, "unchanged": 0, "removed": 0, "failures": []}
        assert call(address, "/api/v1/articles", body=body, headers=headers).record == {"name": "bridge.txt", **counts}
        question = {"question": "When did the harbour bridge of Ostrava open?"}
        (citation, *_) = call(address, "/api/v1/ask", question).record["citations"]
        assert citation["quote"] == "The harbour bridge of Ostrava opened on 3 May 2021."
        removed = call(address, f"/api/v1/articles/{citation['article_id']}", method="DELETE")
        assert (removed.status, removed.record["title"]) == (200, "Bridge opens")
        assert call(address, "/api/v1/ask", question).record["status"] == "not_in_corpus"
        assert call(address, f"/api/v1/articles/{citation['article_id']}", method="DELETE").status == 404
        assert call(address, "/readyz").record["articles"] == 0


@pytest.mark.parametrize(
    "name", ["../../evil.txt", "/etc/evil.txt", "evil.exe", "a\\b.txt", "", "..", "x" * 300 + ".txt"]
)
def test_an_upload_with_a_bad_name_leaves_nothing_behind(store: Store, name: str) -> None:
    pipeline = Pipeline(store, SentenceReader(store.embedder), Limits())
    with served(pipeline, uploads=Uploads(store)) as address:
        body, headers = form(name, b"The harbour bridge opened.")
        given = call(address, "/api/v1/articles", body=body, headers=headers)
        assert given.status in {400, 422}
        assert given.problem
        assert not (store.folder / FOLDER).exists()
        assert not list(store.folder.parent.rglob("evil*"))


def test_an_archive_that_takes_no_uploads_says_so(address: str) -> None:
    body, headers = form("bridge.txt", b"text")
    assert call(address, "/api/v1/articles", body=body, headers=headers).status == 404
    assert call(address, f"/api/v1/articles/{ARTICLES[0].id}", method="DELETE").status == 404
