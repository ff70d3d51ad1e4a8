"""What is uploaded is searched at once, or is refused in one line and leaves nothing behind."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from fakes import FakeEmbedder

from qa.errors import UnknownArticleError, UploadError
from qa.uploads import FOLDER, MOST_UPLOAD_BYTES, Uploads
from vectorstore.errors import IndexBusyError
from vectorstore.store import Store

FERRY = b"date 2020-01-02\ntitle: Ferry sails\n\nThe ferry sailed from the north quay."
TWO = b'{"id": "a", "text": "The judge heard a trial."}\n{"id": "b", "text": "The dam held all winter."}\n'


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Give an empty index."""
    with Store.open(tmp_path / "index", FakeEmbedder(), create=True) as opened:
        yield opened


@pytest.fixture
def uploads(store: Store) -> Uploads:
    """Return what takes articles into the index."""
    return Uploads(store)


def kept(store: Store) -> list[str]:
    """Return the names of the files and folders that were kept."""
    folder = store.folder / FOLDER
    return sorted(path.name for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


def found(store: Store, words: str) -> list[str]:
    return [hit.passage.article_id for hit in store.search_lexical([words], 10)[0]]


def test_an_uploaded_file_is_found_at_once_and_twice_is_once(store: Store, uploads: Uploads) -> None:
    first, second = uploads.take_in("ferry.txt", FERRY), uploads.take_in("ferry.txt", FERRY)
    assert (first.added, second.added, second.unchanged) == (1, 0, 1)
    (ferry,) = found(store, "quay")
    assert store.articles([ferry])[ferry].title == "Ferry sails"
    assert kept(store) == ["ferry.txt"]


def test_files_of_one_name_do_not_take_each_others_place(store: Store, uploads: Uploads) -> None:
    uploads.take_in("news.txt", FERRY)
    uploads.take_in("news.txt", b"date 2021-01-02\n\nThe judge heard a fraud trial.")
    assert len(found(store, "quay")) == len(found(store, "judge")) == 1
    assert kept(store) == ["news.txt", "news.txt"]


def test_entries_that_fail_are_told_and_the_rest_is_taken_in(store: Store, uploads: Uploads) -> None:
    report = uploads.take_in("news.jsonl", TWO + b"{broken\n")
    assert (report.added, len(report.failed)) == (2, 1)
    assert "not JSON" in report.failed[0].reason
    assert found(store, "dam") == ["b"]


@pytest.mark.parametrize(
    "name",
    [
        "../ferry.txt",
        "..\\ferry.txt",
        "/etc/cron.d/ferry.txt",
        "C:ferry.txt",
        "a/../../ferry.txt",
        ".ferry.txt",
        "..",
        "",
        "ferry\0.txt",
        "ferry\n.txt",
        " ferry.txt",
        "ferry\ud800.txt",
        "x" * 197 + ".txt",
        "ferry.exe",
        "ferry",
        "ferry.txt.zip",
    ],
)
def test_a_name_that_is_no_plain_name_of_an_article_file_is_refused(store: Store, uploads: Uploads, name: str) -> None:
    with pytest.raises(UploadError) as refused:
        uploads.take_in(name, FERRY)
    assert len(str(refused.value).splitlines()) == 1
    assert not (store.folder / FOLDER).exists()


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("large.txt", b"x" * (MOST_UPLOAD_BYTES + 1), "upload at most 20,000,000"),
        ("empty.txt", b"", "empty.txt was not taken in: "),
        ("fake.pdf", FERRY, "fake.pdf was not taken in: "),
        ("fake.docx", b"PK\x03\x04 nothing", "fake.docx was not taken in: "),
        ("none.jsonl", b"{broken\n", "none.jsonl was not taken in: it is not JSON"),
        ("nothing.jsonl", b"\n", "nothing.jsonl was not taken in: "),
        ("picture.html", b"\x89PNG\r\n\x1a\n", "picture.html was not taken in: "),
    ],
)
def test_what_holds_no_article_is_refused_and_leaves_nothing(
    store: Store, uploads: Uploads, name: str, content: bytes, problem: str
) -> None:
    with pytest.raises(UploadError, match=problem):
        uploads.take_in(name, content)
    assert not (store.folder / FOLDER).exists()
    assert (store.status().articles, store.database.rows("SELECT count(*) FROM files")) == (0, [(0,)])


def test_a_pasted_text_is_data_whatever_it_says(store: Store, uploads: Uploads) -> None:
    words = 'The regatta was off.\n{"id": "x"}\ndate 1999-01-01\ntitle: not this'
    assert uploads.paste(words, title=" Off \n again", published=date(2020, 5, 6), source="Wire").added == 1
    (name,) = found(store, "regatta")
    article = store.articles([name])[name]
    assert (article.text, article.title, article.published_day, article.source) == (
        words,
        "Off again",
        date(2020, 5, 6),
        "Wire",
    )
    with pytest.raises(UploadError, match="pasted"):
        uploads.paste("  ")


def test_a_removed_article_is_gone_and_so_is_a_file_that_held_nothing_else(store: Store, uploads: Uploads) -> None:
    uploads.take_in("two.jsonl", TWO)
    assert uploads.remove("a").text == "The judge heard a trial."
    assert (found(store, "judge"), kept(store)) == ([], ["two.jsonl"])
    uploads.remove("b")
    assert (found(store, "dam"), (store.folder / FOLDER).exists()) == ([], False)
    with pytest.raises(UnknownArticleError):
        uploads.remove("b")


def test_a_file_outside_the_uploads_is_never_deleted(store: Store, uploads: Uploads, tmp_path: Path) -> None:
    from vectorstore.sync import sync

    (tmp_path / "mine.jsonl").write_bytes(TWO)
    sync(store, [tmp_path / "mine.jsonl"])
    uploads.remove("a")
    uploads.remove("b")
    assert (tmp_path / "mine.jsonl").read_bytes() == TWO


def test_while_another_process_writes_an_upload_is_refused_and_leaves_nothing(store: Store, uploads: Uploads) -> None:
    with store.writing(), pytest.raises(IndexBusyError, match="is writing to the index"):
        uploads.take_in("ferry.txt", FERRY)
    assert not (store.folder / FOLDER).exists()
    assert uploads.take_in("ferry.txt", FERRY).added == 1


def test_uploads_at_once_wait_for_each_other(store: Store, uploads: Uploads) -> None:
    started = threading.Barrier(4)

    def upload(number: int) -> int:
        started.wait()
        return uploads.take_in(f"{number}.jsonl", json.dumps({"text": f"Ferry number{number} sailed."}).encode()).added

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(upload, range(4))) == [1, 1, 1, 1]
    assert store.status().articles == 4
