"""The store: what it finds, what it refuses, and how it heals."""

import json
import logging
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from fakes import FakeEmbedder, make_article, write_article

from corpus.passages import embedded_text, passage_header
from corpus.times import find_times
from corpus.types import TimeExpression
from vectorstore import dense
from vectorstore.database import FILE
from vectorstore.dense import saved_files
from vectorstore.errors import (
    IndexBusyError,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
    NewerIndexError,
    StorageError,
)
from vectorstore.lexical import FOLDER
from vectorstore.lock import HOLDER
from vectorstore.store import REBUILD_UNFINISHED, REBUILDING, Store
from vectorstore.sync import put, sync
from vectorstore.types import Filters, ListedArticle, Origin, SourceCount

FAKE = FakeEmbedder()
ARTICLES = (
    make_article("ferry", "The ferry sailed from the quay.", published=date(2020, 1, 2), source="Harbour News"),
    make_article("trial", "The judge heard a fraud trial.", published=date(2021, 1, 2), source="Gazette"),
    make_article("quay", "The quay was closed after the trial.", published=date(2022, 1, 2), source="GAZETTE"),
    make_article("undated", "A ferry was late; nobody knows when."),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of four articles."""
    with Store.open(tmp_path / "index", FAKE, create=True) as store:
        put(store, ARTICLES)
    return tmp_path / "index"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with Store.open(folder, FAKE) as opened:
        yield opened


def dense_ids(store: Store, words: str, k: int = 10, filters: Filters | None = None) -> list[str]:
    return [hit.passage.article_id for hit in store.search_dense([words], k, filters)[0]]


def lexical_ids(store: Store, words: str, k: int = 10, filters: Filters | None = None) -> list[str]:
    return [hit.passage.article_id for hit in store.search_lexical([words], k, filters)[0]]


def test_dense_search_ranks_as_the_vectors_do(store: Store) -> None:
    assert [p.text for a in ARTICLES for p in store.passages_of(a.id)] == [a.text for a in ARTICLES]
    question = "the judge heard a fraud trial"
    (hits,) = store.search_dense([question], 10)
    texts = [
        embedded_text(passage_header(article, piece_spans=FAKE.piece_spans, window=FAKE.window), passage)
        for article in ARTICLES
        for passage in store.passages_of(article.id)
    ]
    cosines = FAKE.embed_passages(texts) @ FAKE.embed_queries([question])[0]
    best = sorted(zip(cosines.tolist(), ARTICLES, strict=True), key=lambda pair: -pair[0])
    assert [hit.passage.article_id for hit in hits] == [article.id for _, article in best]
    assert [hit.score for hit in hits] == pytest.approx([cosine for cosine, _ in best], abs=1e-3)
    assert {hit.origin for hit in hits} == {Origin.DENSE}


def test_several_texts_are_searched_at_once_and_a_blank_one_finds_nothing(store: Store) -> None:
    judge, blank, ferry = store.search_dense(["judge fraud", " \n", "ferry sailed"], 1)
    assert [hits[0].passage.article_id for hits in (judge, ferry)] == ["trial", "ferry"]
    assert blank == []
    assert store.search_lexical(["judge", "", "ferry sailed"], 1)[1] == []
    assert store.search_dense([], 3) == store.search_lexical([], 3) == []
    assert store.search_vectors(np.zeros((0, FAKE.dimension), np.float32), 3) == []


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(published_from=date(2021, 1, 2)), {"trial", "quay"}),
        (Filters(published_to=date(2021, 1, 1)), {"ferry"}),
        (Filters(sources=frozenset({"gazette"})), {"trial", "quay"}),
        (Filters(sources=frozenset({"gazette", "nobody"}), published_from=date(2022, 1, 1)), {"quay"}),
        (Filters(article_ids=frozenset({"undated", "ferry", "unknown"})), {"undated", "ferry"}),
        (Filters(article_ids=frozenset({"unknown"})), set()),
        (Filters(), {"ferry", "trial", "quay", "undated"}),
    ],
)
def test_both_searches_keep_to_the_same_filters(store: Store, filters: Filters, expected: set[str]) -> None:
    everything = "ferry judge quay"
    assert set(dense_ids(store, everything, filters=filters)) == expected
    assert set(lexical_ids(store, everything, filters=filters)) == expected
    if expected:
        best = dense_ids(store, everything)
        assert dense_ids(store, everything, 1, filters) == [next(name for name in best if name in expected)]


def test_k_is_honoured(store: Store) -> None:
    assert len(dense_ids(store, "ferry", 2)) == 2
    assert len(dense_ids(store, "ferry", 100)) == 4
    assert len(lexical_ids(store, "ferry", 1)) == 1
    for search in (store.search_dense, store.search_lexical):
        with pytest.raises(ValueError, match="k is 0"):
            search(["ferry"], 0)


def test_equal_scores_go_by_article_and_place(tmp_path: Path) -> None:
    with Store.open(tmp_path / "index", FAKE, create=True) as store:
        for name in ("c", "a", "b"):
            put(store, [make_article(name, "The same words.", title="Title")])
        assert dense_ids(store, "same words") == lexical_ids(store, "same words") == ["a", "b", "c"]


def test_unknown_ids_are_left_out(store: Store) -> None:
    assert list(store.articles(["quay", "unknown", "ferry"])) == ["quay", "ferry"]
    assert store.articles(["quay"])["quay"] == ARTICLES[2]
    assert store.times(["unknown"]) == {"unknown": ()}
    assert store.passages_of("unknown") == []
    assert store.articles([]) == {}


def test_articles_are_listed_latest_first_and_page_by_page(store: Store) -> None:
    assert [article.id for article in store.list_articles().articles] == ["quay", "trial", "ferry", "undated"]
    page = store.list_articles(offset=1, limit=2)
    assert (page.total, [article.id for article in page.articles]) == (4, ["trial", "ferry"])
    assert page.articles[0] == ListedArticle("trial", ARTICLES[1].title, date(2021, 1, 2), "Gazette")
    by_one = store.list_articles(Filters(published_from=date(2021, 1, 3), sources=frozenset({"gazette"})))
    assert (by_one.total, [article.id for article in by_one.articles]) == (1, ["quay"])


def test_articles_are_counted_by_the_day_of_publication(store: Store) -> None:
    assert store.days() == {date(2020, 1, 2): 1, date(2021, 1, 2): 1, date(2022, 1, 2): 1}


def test_sources_are_counted_whatever_their_case(store: Store) -> None:
    assert store.sources() == (SourceCount("GAZETTE", 2), SourceCount("Harbour News", 1))


def test_the_status_tells_what_there_is(store: Store) -> None:
    status = store.status()
    assert (status.articles, status.undated, status.passages) == (4, 1, 4)
    assert (status.earliest, status.latest) == (date(2020, 1, 2), date(2022, 1, 2))
    assert (status.manifest.model, status.manifest.dimension, status.generation) == ("fake words", 64, 1)
    assert status.bytes_on_disk["database"] > 0 < status.bytes_on_disk["lexical"]
    assert (status.healthy, status.problems) == (True, ())


def test_an_empty_index_finds_nothing_and_is_healthy(tmp_path: Path) -> None:
    with Store.open(tmp_path / "index", FAKE, create=True) as store:
        assert dense_ids(store, "ferry") == lexical_ids(store, "ferry") == []
        status = store.status()
        assert (status.articles, status.passages, status.earliest, status.healthy) == (0, 0, None, True)
        assert store.remove(["unknown"]) == 0
    with Store.open(tmp_path / "index", FakeEmbedder(name="other", dimension=8), create=True) as store:
        assert store.status().manifest.model == "other"


def test_a_missing_index_is_told_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match='make one with "dateline index --index'):
        Store.open(tmp_path / "index", FAKE)
    assert list(tmp_path.iterdir()) == []


def note_other_tables(folder: Path) -> None:
    """Make an index one whose times were found before the tables were noted, and lose them."""
    with Store.open(folder, FAKE) as store, store.database.transaction():
        noted = json.loads(store.database.meta("manifest"))
        del noted["times"]
        store.database.set_meta("manifest", json.dumps(noted))
        store.database.run("DELETE FROM times")


class NeverEmbeds(FakeEmbedder):
    def embed_passages(self, texts: object) -> object:  # type: ignore[override]
        raise AssertionError("passages need not be embedded to find times")


def test_an_index_whose_times_other_tables_found_is_refused_until_they_are_found_anew(folder: Path) -> None:
    with Store.open(folder, FAKE) as store:
        put(store, [make_article("dated", "It opened on 4 May 2019.", published=date(2020, 1, 2))])
        known = store.times(["dated"])
    note_other_tables(folder)
    told = r"made with other tables of times \(unnamed\) than this .* \(times-\d+\): .*: rebuild it with"
    with pytest.raises(IndexMismatchError, match=told):
        Store.open(folder, FAKE)
    with Store.open(folder, NeverEmbeds(), rebuild=True) as store:
        assert sync(store, [], rebuild=True).rebuilt == 5
    with Store.open(folder, FAKE) as store:
        assert store.times(["dated"]) == known
        assert known["dated"]
        assert store.status().healthy
        assert sorted(dense_ids(store, "ferry")) == sorted(["ferry", "quay", "trial", "undated", "dated"])
        assert sorted(lexical_ids(store, "ferry")) == ["ferry", "undated"]


def test_times_alone_are_renewed_once_and_nothing_is_ever_embedded_for_it(folder: Path) -> None:
    note_other_tables(folder)
    for rebuilt in (4, 0):
        with Store.open(folder, NeverEmbeds(), rebuild=True) as store:
            assert sync(store, [], renew_times=True).rebuilt == rebuilt
    with Store.open(folder, NeverEmbeds(name="other"), rebuild=True) as store:
        with pytest.raises(IndexMismatchError, match="built with 'fake words'"):
            sync(store, [], renew_times=True)
        store.database.set_meta(REBUILDING, "another recipe")
        with pytest.raises(IndexMismatchError, match="is not finished: run"):
            sync(store, [], renew_times=True)


def test_times_that_a_crash_left_half_found_are_found_in_the_end(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {f"dated-{number}": f"It opened on {number} May 2019." for number in range(1, 4)}
    with Store.open(folder, FAKE) as store:
        put(store, [make_article(name, text, published=date(2020, 1, 2)) for name, text in texts.items()])
        known = store.times(list(texts))
    note_other_tables(folder)

    def find_two(text: str, day: date | None) -> list[TimeExpression]:
        if text == texts["dated-3"]:
            raise KeyboardInterrupt
        return find_times(text, day)

    reader = Store.open(folder, NeverEmbeds(), rebuild=True)
    with monkeypatch.context() as patched, Store.open(folder, NeverEmbeds(), rebuild=True) as store:
        patched.setattr("vectorstore.sync.BATCH_ARTICLES", 1)
        patched.setattr("vectorstore.sync.find_times", find_two)
        with pytest.raises(KeyboardInterrupt):
            sync(store, [], rebuild=True)
        assert store.status().problems == (REBUILD_UNFINISHED,)
        assert store.times(list(texts)) == {**known, "dated-3": ()}
    with pytest.raises(IndexBusyError, match="is being rebuilt"):
        lexical_ids(reader, "ferry")
    with pytest.raises(IndexBusyError, match="is being rebuilt"):
        put(reader, [make_article("late", "It came late.")])
    with pytest.raises(IndexBusyError, match="is being rebuilt"):
        sync(reader, [])
    reader.close()
    with Store.open(folder, NeverEmbeds(), rebuild=True) as store:
        assert sync(store, [], rebuild=True).rebuilt == 7
        assert store.times(list(texts)) == known
        assert store.status().healthy


def test_what_another_rebuild_left_half_done_is_embedded_whatever_the_tables(folder: Path) -> None:
    class Failing(FakeEmbedder):
        def embed_passages(self, texts: object) -> object:  # type: ignore[override]
            raise KeyboardInterrupt

    note_other_tables(folder)
    with Store.open(folder, Failing(window=100), rebuild=True) as store, pytest.raises(KeyboardInterrupt):
        sync(store, [], rebuild=True)
    with Store.open(folder, NeverEmbeds(), rebuild=True) as store, pytest.raises(AssertionError):
        sync(store, [], rebuild=True)
    with Store.open(folder, FAKE, rebuild=True) as store:
        assert sync(store, [], rebuild=True).rebuilt == 4
        assert store.status().healthy


@pytest.mark.parametrize(
    ("embedder", "told"),
    [
        (FakeEmbedder(name="other"), r"built with 'fake words' \(64 dimensions\) but .* ask for 'other' \(64\)"),
        (FakeEmbedder(dimension=8), r"built with 'fake words' \(64 dimensions\) but .* 'fake words' \(8\)"),
        (FakeEmbedder(digest="1" * 64), "built with weights of 'fake words' whose SHA-256 begins 000000000000 but"),
        (FakeEmbedder(window=128), "for a window of 256 but this Dateline splits by 'sentences-1' for 128"),
    ],
)
def test_another_recipe_is_refused_with_the_command_that_mends_it(
    folder: Path, embedder: FakeEmbedder, told: str
) -> None:
    with pytest.raises(
        IndexMismatchError, match=f'{told}.*: rebuild it with "dateline index --rebuild --index {folder}"'
    ):
        Store.open(folder, embedder)
    with Store.open(folder, embedder, rebuild=True) as store:
        report = sync(store, [], rebuild=True)
        assert (report.rebuilt, report.updated) == (4, 0)
        assert sorted(dense_ids(store, "words")) == ["ferry", "quay", "trial", "undated"]
        assert store.status().healthy
    with Store.open(folder, embedder) as store:
        assert sorted(lexical_ids(store, "ferry")) == ["ferry", "undated"]
    with pytest.raises(IndexMismatchError):
        Store.open(folder, FAKE)


def test_rebuilding_splits_anew_and_then_brings_files_in_line(folder: Path, tmp_path: Path) -> None:
    path = write_article(tmp_path / "a.txt", "The tram ran. " * 40)
    with Store.open(folder, FAKE) as store:
        sync(store, [path])
        before = store.status().passages
    with Store.open(folder, FakeEmbedder(window=64), rebuild=True) as store:
        report = sync(store, [path], rebuild=True)
        assert (report.rebuilt, report.unchanged, report.added, report.updated) == (5, 1, 0, 0)
        assert store.status().passages > before


def test_an_unfinished_rebuild_is_told_and_goes_on_where_it_was(folder: Path) -> None:
    class Failing(FakeEmbedder):
        def embed_passages(self, texts: object) -> object:  # type: ignore[override]
            raise KeyboardInterrupt

    other = FakeEmbedder(window=100)
    with Store.open(folder, Failing(window=100), rebuild=True) as store, pytest.raises(KeyboardInterrupt):
        sync(store, [], rebuild=True)
    with pytest.raises(IndexMismatchError, match="is not finished: run"):
        Store.open(folder, FAKE)
    with Store.open(folder, other, rebuild=True) as store:
        assert store.status().problems == (REBUILD_UNFINISHED,)
        assert store.remove(["quay"]) == 1
        assert sync(store, [], rebuild=True).rebuilt == 3
        assert sorted(dense_ids(store, "words")) == ["ferry", "trial", "undated"]
    with Store.open(folder, other) as store:
        assert store.status().healthy


def test_an_index_of_a_newer_version_is_refused(folder: Path) -> None:
    with sqlite3.connect(folder / FILE) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    connection.close()
    with pytest.raises(NewerIndexError, match=r"written by a newer Dateline \(format 99, this one reads 1\)"):
        Store.open(folder, FAKE)
    with pytest.raises(NewerIndexError):
        Store.open(folder, FAKE, create=True, rebuild=True)


@pytest.mark.parametrize("content", [b"not a database, but long enough to be one" * 100, None])
def test_a_damaged_database_is_told_in_one_line(folder: Path, content: bytes | None) -> None:
    path = folder / FILE
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2] if content is None else content)

    def use() -> None:
        with Store.open(folder, FAKE) as store:
            put(store, [replace(article, text="New. " * 500) for article in ARTICLES])

    with pytest.raises(IndexDamagedError, match="is damaged") as told:
        use()
    assert str(told.value).endswith("): delete the folder and index the articles again")
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("lost", ["dense", "lexical", "both", "lexical damaged"])
def test_lost_or_damaged_derived_indexes_are_made_anew_without_embedding(
    folder: Path, lost: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Silent(FakeEmbedder):
        def embed_passages(self, texts: object) -> object:  # type: ignore[override]
            raise AssertionError("nothing is embedded again")

    monkeypatch.setattr(dense, "LAG_PASSAGES", 0)
    with Store.open(folder, FAKE) as store:
        put(store, [make_article("more", "More words.")])
        expected = dense_ids(store, "ferry quay"), lexical_ids(store, "ferry quay")
    if lost in ("dense", "both"):
        for path in saved_files(folder):
            path.unlink()
    if lost in ("lexical", "both"):
        shutil.rmtree(folder / FOLDER)
    if lost == "lexical damaged":
        (folder / FOLDER / "meta.json").write_text("{")
    with caplog.at_level(logging.WARNING), Store.open(folder, Silent()) as store:
        assert (dense_ids(store, "ferry quay"), lexical_ids(store, "ferry quay")) == expected
        assert store.status().healthy
    assert ("made anew" in caplog.text) == (lost == "lexical damaged")


def test_a_lexical_index_that_refuses_a_writer_is_made_anew(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    lock = folder / FOLDER / ".tantivy-writer.lock"
    with Store.open(folder, FAKE) as store, caplog.at_level(logging.WARNING):
        lock.unlink(missing_ok=True)
        lock.mkdir()
        put(store, [make_article("comet", "A comet shone.")])
        assert lexical_ids(store, "comet quay") == ["comet", "quay", "ferry"]
        assert store.status().healthy
    assert "the lexical index is made anew" in caplog.text


def test_an_open_reader_sees_what_another_connection_adds_updates_and_removes(folder: Path) -> None:
    with Store.open(folder, FAKE) as reader, Store.open(folder, FAKE) as writer:
        assert dense_ids(reader, "comet") != ["comet"]
        put(writer, [make_article("comet", "A comet shone."), make_article("ferry", "The tram ran late.")])
        assert dense_ids(reader, "a comet shone", 1) == lexical_ids(reader, "comet") == ["comet"]
        assert lexical_ids(reader, "tram") == ["ferry"]
        assert lexical_ids(reader, "sailed") == []
        writer.remove(["comet", "trial"])
        assert "comet" not in dense_ids(reader, "a comet shone")
        assert lexical_ids(reader, "comet") == lexical_ids(reader, "judge") == []
        assert reader.generation == writer.generation
        assert reader.status().articles == 3


def test_a_removal_is_unseen_even_where_the_derived_indexes_were_not_brought_up_to_it(folder: Path) -> None:
    from vectorstore.contents import take_out

    with Store.open(folder, FAKE) as reader, Store.open(folder, FAKE) as writer:
        assert lexical_ids(reader, "ferry", 1) == ["ferry"]
        with writer.database.transaction():  # as far as a writer gets that is killed now
            take_out(writer.database, ["ferry"])
        assert lexical_ids(reader, "ferry", 1) == ["undated"]
        assert "ferry" not in dense_ids(reader, "ferry")
    with Store.open(folder, FAKE) as healed:
        assert healed.status().healthy


def test_a_reader_notices_that_the_index_was_rebuilt_with_another_recipe(folder: Path) -> None:
    with Store.open(folder, FAKE) as reader:
        with Store.open(folder, FakeEmbedder(dimension=8), rebuild=True) as writer:
            sync(writer, [], rebuild=True)
        with pytest.raises(IndexMismatchError, match="rebuild it with"):
            dense_ids(reader, "ferry")


def test_a_reader_goes_on_after_a_rebuild_with_its_own_recipe(folder: Path) -> None:
    with Store.open(folder, FAKE) as reader, Store.open(folder, FAKE, rebuild=True) as writer:
        expected = dense_ids(reader, "ferry"), lexical_ids(reader, "ferry")
        sync(writer, [], rebuild=True)
        assert (dense_ids(reader, "ferry"), lexical_ids(reader, "ferry")) == expected
        assert reader.status().healthy


def test_a_second_writer_is_refused_with_the_process_that_writes(folder: Path) -> None:
    with Store.open(folder, FAKE) as first, Store.open(folder, FAKE) as second:
        with first.writing():
            (folder / HOLDER).unlink()  # as in the moment before the writer has noted its number
            with pytest.raises(IndexBusyError, match=r"^another process is writing to the index at"):
                sync(second, [])
        with first.writing(), pytest.raises(IndexBusyError, match=f"process {os.getpid()} is writing to the index at"):
            second.remove(["ferry"])
        assert second.remove(["ferry"]) == 1


def test_an_index_in_a_folder_that_cannot_be_written_to_is_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.rmtree(folder / FOLDER)
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)  # root may write wherever it likes
    (folder / "writer.lock").unlink()
    (folder / "writer.lock").mkdir()
    before = sorted(folder.rglob("*"))
    with caplog.at_level(logging.WARNING), Store.open(folder, FAKE) as store:
        assert sorted(lexical_ids(store, "ferry")) == ["ferry", "undated"]
        assert dense_ids(store, "judge fraud trial", 1) == ["trial"]
        with pytest.raises(StorageError):
            put(store, ARTICLES)
    assert sorted(folder.rglob("*")) == before
    assert "made in memory" in caplog.text


def test_an_index_cannot_be_made_where_a_file_stands(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("in the way")
    with pytest.raises(StorageError, match="cannot use the index at"):
        Store.open(tmp_path / "index", FAKE, create=True)


def test_threads_may_search_while_another_writes(folder: Path) -> None:
    problems: list[BaseException] = []

    def search(store: Store) -> None:
        try:
            for _ in range(60):
                assert "ferry" in dense_ids(store, "ferry sailed quay")
                assert "undated" in lexical_ids(store, "ferry sailed quay")
        except BaseException as problem:
            problems.append(problem)

    with Store.open(folder, FAKE) as store:
        threads = [Thread(target=search, args=[store]) for _ in range(3)]
        for thread in threads:
            thread.start()
        for number in range(10):
            put(store, [make_article(f"n{number}", f"Number {number}."), make_article("ferry", f"The ferry {number}.")])
            store.remove([f"n{number - 1}"])
        for thread in threads:
            thread.join()
        assert problems == []
        assert store.status().healthy


def test_the_note_of_a_rebuild_holds_readers_off(folder: Path) -> None:
    with Store.open(folder, FAKE) as reader, Store.open(folder, FAKE) as writer:
        with writer.database.transaction():
            writer.database.next_generation()
            writer.database.set_meta(REBUILDING, "1 other")
        with pytest.raises(IndexBusyError, match="is being rebuilt: ask again when it is done"):
            dense_ids(reader, "ferry")
