"""The dense index against brute force, and its file against whatever may happen to it."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEmbedder, make_article
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.types import Passage
from vectorstore import dense
from vectorstore.contents import Keys, Prepared, article_keys, forget_removals, put_articles, take_out
from vectorstore.database import Database
from vectorstore.dense import DenseIndex, saved_files
from vectorstore.errors import StorageError
from vectorstore.rows import VECTOR
from vectorstore.schema import PASSAGE_BITS
from vectorstore.store import manifest_of
from vectorstore.vectors import Vectors, unit_norm

DIMENSION = 16
FAKE = FakeEmbedder(dimension=DIMENSION)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(tmp_path, manifest_of(FAKE), create=True)
    yield opened
    opened.close()


def some_vectors(count: int, seed: int = 0) -> Vectors:
    return unit_norm(np.random.default_rng(seed).standard_normal((count, DIMENSION)))


def store_vectors(database: Database, article_id: str, vectors: Vectors) -> None:
    """Store an article of one passage a vector."""
    article = make_article(article_id, "x" * len(vectors))
    passages = tuple(Passage(f"{article_id}#{i}-{i + 1}", article_id, i, i + 1, "x") for i in range(len(vectors)))
    with database.transaction():
        put_articles(database, [Prepared(article, passages, (), vectors)])


def caught_up(database: Database) -> DenseIndex:
    index = DenseIndex.empty(DIMENSION, database.identity)
    index.catch_up(database)
    return index


def brute_force(keys: Keys, vectors: Vectors, query: Vectors, k: int) -> list[int]:
    """Return the keys nearest to a vector by plain numpy, over vectors as they are stored."""
    scores = vectors.astype(VECTOR).astype(np.float32) @ query
    return [int(key) for key in keys[np.lexsort((keys, -scores))][:k]]


def nearest(index: DenseIndex, query: Vectors, k: int, articles: Sequence[int] | None = None) -> list[int]:
    chosen = None if articles is None else np.asarray(articles, np.int64)
    return [key for key, _ in index.search(query[None], k, chosen)[0]]


@settings(max_examples=40, deadline=None)
@given(
    sizes=st.lists(st.integers(0, 40), min_size=1, max_size=12),
    k=st.integers(1, 60),
    chosen=st.none() | st.sets(st.integers(0, 13)),
    seed=st.integers(0, 1000),
)
def test_search_finds_what_brute_force_finds_with_and_without_a_filter(
    sizes: list[int], k: int, chosen: set[int] | None, seed: int
) -> None:
    vectors = some_vectors(sum(sizes), seed)
    owners = np.repeat(np.arange(len(sizes)), sizes)
    keys = (owners.astype(np.int64) << PASSAGE_BITS) + np.arange(len(owners))
    index = DenseIndex.empty(DIMENSION, "i")
    index.add(keys, vectors)
    query = some_vectors(1, seed + 1)[0]
    allowed = np.ones(len(keys), bool) if chosen is None else np.isin(owners, sorted(chosen))
    expected = brute_force(keys[allowed], vectors[allowed], query, k)
    assert nearest(index, query, k, None if chosen is None else sorted(chosen)) == expected


def test_equal_vectors_come_in_the_order_of_their_keys_even_at_the_last_place() -> None:
    index = DenseIndex.empty(DIMENSION, "i")
    vector = some_vectors(1)
    keys = np.asarray([7, 3, 9, 1, 5], np.int64)
    index.add(keys, np.repeat(vector, 5, axis=0))
    assert nearest(index, vector[0], 2) == [1, 3]
    assert [score for _, score in index.search(vector, 5)[0]] == pytest.approx([1.0] * 5, abs=1e-3)


def test_nothing_and_too_much_are_asked_for() -> None:
    index = DenseIndex.empty(DIMENSION, "i")
    assert index.search(some_vectors(2), 5) == [[], []]
    index.add(np.asarray([1], np.int64), some_vectors(1))
    assert index.search(some_vectors(0), 5) == []
    assert nearest(index, some_vectors(1)[0], 100) == [1]
    assert nearest(index, some_vectors(1)[0], 5, []) == []
    assert nearest(index, some_vectors(1)[0], 5, [99]) == []


def test_catching_up_adds_replaces_and_removes_what_the_database_did(database: Database) -> None:
    first, second, third = (some_vectors(3, seed) for seed in range(3))
    store_vectors(database, "a", first)
    store_vectors(database, "b", second)
    index = caught_up(database)
    (old, kept) = article_keys(database, ["a", "b"])
    store_vectors(database, "a", third)
    index.catch_up(database)
    (new,) = article_keys(database, ["a"])
    assert nearest(index, third[0], 1) == [new << PASSAGE_BITS]
    assert {key >> PASSAGE_BITS for key in nearest(index, first[0], 10)} == {new, kept} != {old, kept}
    with database.transaction():
        assert take_out(database, ["b"]) == 1
    index.catch_up(database)
    assert {key >> PASSAGE_BITS for key in nearest(index, second[0], 10)} == {new}
    assert (index.count, index.generation) == (3, database.generation)


def test_an_index_too_far_behind_to_be_told_what_was_removed_is_made_anew(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_vectors(database, "a", some_vectors(3, 0))
    index = caught_up(database)
    store_vectors(database, "a", some_vectors(2, 1))
    monkeypatch.setattr("vectorstore.contents.MAX_REMEMBERED", 0)
    forget_removals(database)
    index.catch_up(database)
    (new,) = article_keys(database, ["a"])
    assert sorted(nearest(index, some_vectors(1)[0], 10)) == [(new << PASSAGE_BITS), (new << PASSAGE_BITS) + 1]


@pytest.fixture
def saves_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "LAG_PASSAGES", 0)
    monkeypatch.setattr(dense, "LAG_SHARE", 0.0)


@pytest.mark.usefixtures("saves_always")
def test_what_is_saved_is_what_is_loaded_and_older_files_go(database: Database) -> None:
    store_vectors(database, "a", some_vectors(5, 0))
    index = caught_up(database)
    index.save(database.folder)
    store_vectors(database, "b", some_vectors(5, 1))
    index.catch_up(database)
    index.save(database.folder)
    (path,) = saved_files(database.folder)
    assert path.name == f"dense-{database.identity}-2.faiss"
    loaded = DenseIndex.load(database.folder, DIMENSION, database.identity)
    query = some_vectors(1, 7)
    assert loaded.generation == 2
    assert loaded.search(query, 10) == index.search(query, 10)
    assert list(database.folder.glob(".*part")) == []


@pytest.mark.usefixtures("saves_always")
@pytest.mark.parametrize("content", [b"", b"garbage" * 100, None], ids=["empty", "garbage", "cut in half"])
def test_a_damaged_file_is_noticed_and_the_database_has_it_all(
    database: Database, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    store_vectors(database, "a", some_vectors(50, 0))
    index = caught_up(database)
    index.save(database.folder)
    (path,) = saved_files(database.folder)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2] if content is None else content)
    with caplog.at_level(logging.WARNING):
        loaded = DenseIndex.load(database.folder, DIMENSION, database.identity)
    assert "the dense index is made anew" in caplog.text
    assert "\n" not in caplog.messages[0]
    assert loaded.count == 0
    loaded.catch_up(database)
    query = some_vectors(1, 7)
    assert loaded.search(query, 10) == index.search(query, 10)


@pytest.mark.usefixtures("saves_always")
def test_a_file_of_another_identity_or_dimension_is_no_use(database: Database) -> None:
    store_vectors(database, "a", some_vectors(5, 0))
    caught_up(database).save(database.folder)
    assert DenseIndex.load(database.folder, DIMENSION, "another").count == 0
    assert DenseIndex.load(database.folder, DIMENSION + 1, database.identity).count == 0
    assert DenseIndex.load(database.folder, DIMENSION, database.identity).count == 5


def test_a_few_new_passages_are_not_worth_writing_the_file_again(database: Database) -> None:
    store_vectors(database, "a", some_vectors(dense.LAG_PASSAGES + 1, 0))
    index = caught_up(database)
    index.save(database.folder)
    before = saved_files(database.folder)
    store_vectors(database, "b", some_vectors(10, 1))
    index.catch_up(database)
    index.save(database.folder)
    assert saved_files(database.folder) == before
    loaded = DenseIndex.load(database.folder, DIMENSION, database.identity)
    loaded.catch_up(database)
    assert loaded.count == index.count == dense.LAG_PASSAGES + 11


@pytest.mark.usefixtures("saves_always")
def test_a_file_that_cannot_be_written_leaves_the_one_before_it(database: Database) -> None:
    store_vectors(database, "a", some_vectors(5, 0))
    index = caught_up(database)
    index.save(database.folder)
    store_vectors(database, "b", some_vectors(5, 1))
    index.catch_up(database)
    (database.folder / f".dense-{database.identity}-2.faiss.part").symlink_to("/dev/full")
    with pytest.raises(StorageError, match="No space left on device"):
        index.save(database.folder)
    assert [path.name for path in saved_files(database.folder)] == [f"dense-{database.identity}-1.faiss"]
    assert list(database.folder.glob(".*part")) == []
