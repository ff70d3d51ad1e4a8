"""The lexical index: words and nothing but words, filtered before they are ranked."""

import json
import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fakes import FakeEmbedder, make_article
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.passages import split_passages
from corpus.types import Article
from vectorstore.contents import Prepared, article_keys, filtered_articles, put_articles, take_out
from vectorstore.database import Database
from vectorstore.errors import StorageError
from vectorstore.lexical import FOLDER, LexicalIndex
from vectorstore.schema import PASSAGE_BITS
from vectorstore.store import manifest_of
from vectorstore.types import Filters

FAKE = FakeEmbedder()
FERRY = make_article(
    "ferry", "The ferry sailed from the north quay.", published=date(2020, 1, 2), source="Harbour News"
)
TRIAL = make_article("trial", "The judge heard a fraud trial.", published=date(2021, 1, 2), source="Court Gazette")
TALKS = make_article("talks", 'Ministers met in the "2+2" format with U.S. aides.', published=date(2022, 9, 8))
UNDATED = make_article("undated", "A ferry was late; nobody knows when.")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(tmp_path, manifest_of(FAKE), create=True)
    yield opened
    opened.close()


def store(database: Database, *articles: Article) -> None:
    prepared = []
    for article in articles:
        passages = tuple(split_passages(article, piece_spans=FAKE.piece_spans, window=FAKE.window))
        prepared.append(Prepared(article, passages, (), FAKE.embed_passages([p.text for p in passages])))
    with database.transaction():
        put_articles(database, prepared)


@pytest.fixture
def index(database: Database) -> LexicalIndex:
    store(database, FERRY, TRIAL, TALKS, UNDATED)
    return made(database)


def made(database: Database) -> LexicalIndex:
    index = LexicalIndex.create(database.folder, database.identity)
    index.catch_up(database)
    return index


def found(database: Database, index: LexicalIndex, text: str, filters: Filters | None = None, k: int = 10) -> list[str]:
    """Return the ids of the articles found, best first."""
    ids = (filters or Filters()).article_ids
    articles = article_keys(database, ids) if ids else None
    names = dict(database.rows("SELECT key, id FROM articles"))
    return [names[key >> PASSAGE_BITS] for key, _ in index.search(text, k, filters or Filters(), articles=articles)]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which judges heard frauds?", ["trial"]),
        ("ferries", ["ferry", "undated"]),
        ("when was the first 2+2", ["talks"]),
        ("u.s. aides", ["talks"]),
        ("Harbour News", ["ferry"]),
        ("8 September 2022", ["talks"]),
        ("2022-09-08", ["talks"]),
        ("FERRY -sailed", ["ferry", "undated"]),
        ('text:"fraud trial"^7 AND NOT (judge', ["trial"]),
        ("title:* OR /.*/ [a TO z] {x} ~7 \\", []),
        ("what is the", ["ferry", "trial", "talks"]),
        ("", []),
        ("   \n\t", []),
        ("?!", []),
        ("渡し船", []),
    ],
)
def test_words_are_words_whatever_else_stands_between_them(
    database: Database, index: LexicalIndex, question: str, expected: list[str]
) -> None:
    assert sorted(found(database, index, question)) == sorted(expected)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
def test_no_text_is_an_error(index: LexicalIndex, text: str) -> None:
    index.search(text, 3, Filters())


def test_ten_thousand_characters_are_searched(database: Database, index: LexicalIndex) -> None:
    assert found(database, index, "nothing " * 1200 + "judge") == ["trial"]


def test_a_rare_word_counts_more_than_a_common_one(database: Database, index: LexicalIndex) -> None:
    assert found(database, index, "ferry quay")[0] == "ferry"
    scores = [score for _, score in index.search("ferry quay", 10, Filters())]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(published_from=date(2021, 1, 2)), ["trial", "talks"]),
        (Filters(published_to=date(2021, 1, 1)), ["ferry"]),
        (Filters(published_from=date(2021, 1, 2), published_to=date(2021, 1, 2)), ["trial"]),
        (Filters(sources=frozenset({"harbour NEWS"})), ["ferry"]),
        (Filters(sources=frozenset({"nobody"})), []),
        (Filters(article_ids=frozenset({"talks", "undated", "unknown"})), ["talks", "undated"]),
        (Filters(article_ids=frozenset({"unknown"})), []),
        (Filters(sources=frozenset({"Court Gazette"}), published_to=date(2020, 12, 31)), []),
    ],
)
def test_filters_restrict_what_is_searched_and_leave_the_scores_alone(
    database: Database, index: LexicalIndex, filters: Filters, expected: list[str]
) -> None:
    words = "ferry judge ministers"
    assert sorted(found(database, index, words, filters)) == sorted(expected)
    assert sorted(row[0] for row in database.rows("SELECT id FROM articles")) != expected
    free = dict(index.search(words, 10, Filters()))
    articles = article_keys(database, filters.article_ids) if filters.article_ids else None
    assert all(free[key] == score for key, score in index.search(words, 10, filters, articles=articles))
    names = dict(database.rows("SELECT key, id FROM articles"))
    assert [names[key] for key in filtered_articles(database, filters).tolist()] == expected


def test_a_filter_reaches_what_a_hundred_better_passages_stand_before(database: Database) -> None:
    store(database, *(make_article(f"n{i}", "ferry ferry ferry", source="Loud") for i in range(100)))
    store(database, make_article("quiet", "Among many other words there was one ferry.", source="Quiet"))
    index = made(database)
    assert found(database, index, "ferry", Filters(sources=frozenset({"quiet"})), k=1) == ["quiet"]


def test_equal_scores_come_in_the_order_of_keys_however_many_there_are(database: Database) -> None:
    for start in range(0, 200, 50):  # several segments
        store(database, *(make_article(f"n{i:03}", "The same words.", title="t") for i in range(start, start + 50)))
        made(database)
    index = made(database)
    assert found(database, index, "same words", k=3) == ["n000", "n001", "n002"]


def test_catching_up_adds_replaces_and_removes_what_the_database_did(database: Database, index: LexicalIndex) -> None:
    store(database, make_article("ferry", "The tram ran late."))
    with database.transaction():
        take_out(database, ["trial"])
    index.catch_up(database)
    assert sorted(found(database, index, "ferry")) == ["ferry", "undated"]  # the title still says it
    assert found(database, index, "quay") == []
    assert found(database, index, "tram") == ["ferry"]
    assert found(database, index, "judge") == []
    assert (index.count, index.generation) == (3, database.generation)


def test_what_was_removed_since_can_be_kept_out_of_an_index_that_is_behind(
    database: Database, index: LexicalIndex
) -> None:
    (ferry,) = article_keys(database, ["ferry"])
    hits = index.search("ferry", 1, Filters(), without=[ferry])
    assert [key >> PASSAGE_BITS for key, _ in hits] == article_keys(database, ["undated"])


def test_another_process_sees_what_was_committed_and_no_more(database: Database, index: LexicalIndex) -> None:
    reader = LexicalIndex.open(database.folder, database.identity)
    assert (reader.stored, reader.generation, reader.count) == (True, 1, 4)
    store(database, make_article("new", "A comet was seen."))
    index.catch_up(database)
    assert reader.search("comet", 1, Filters()) == []
    reader.reload()
    assert reader.generation == 2
    assert found(database, reader, "comet") == ["new"]


def test_an_index_of_another_identity_is_no_use(database: Database, index: LexicalIndex) -> None:
    other = LexicalIndex.open(database.folder, "another")
    assert (other.stored, other.generation, other.count) == (False, 0, 0)


@pytest.mark.parametrize("damage", ["meta", "segment"])
def test_a_damaged_index_is_noticed_and_made_anew(
    database: Database, index: LexicalIndex, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    folder = database.folder / FOLDER
    if damage == "meta":
        (folder / "meta.json").write_text("garbage")
    else:
        for path in folder.glob("*.store"):
            path.unlink()
    with caplog.at_level(logging.WARNING):
        opened = LexicalIndex.open(database.folder, database.identity)
    assert "the lexical index is made anew" in caplog.text
    assert not opened.stored
    assert found(database, made(database), "judge") == ["trial"]


def test_an_index_in_memory_serves_where_the_folder_cannot_be_written_to(database: Database) -> None:
    store(database, FERRY, TRIAL)
    index = LexicalIndex.open(database.folder, database.identity)
    index.catch_up(database)
    assert found(database, index, "judge") == ["trial"]
    assert not (database.folder / FOLDER).exists()


def test_a_folder_that_cannot_be_made_is_told(database: Database) -> None:
    (database.folder / FOLDER).write_text("a file in its place")
    with pytest.raises(StorageError, match="cannot use the index at"):
        LexicalIndex.create(database.folder, database.identity)


def test_the_state_is_one_line_of_json_in_the_index_itself(database: Database, index: LexicalIndex) -> None:
    import tantivy

    searcher = tantivy.Index.open(str(database.folder / FOLDER)).searcher()
    query = tantivy.Query.term_query(index._index.schema, "note", "note")
    ((_, address),) = searcher.search(query, 5).hits
    assert json.loads(searcher.doc(address)["note"][1]) == {
        "format": 1,
        "identity": database.identity,
        "generation": 1,
    }
