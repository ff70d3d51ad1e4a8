"""What an index holds: articles put in and taken out, and what of that a derived index has not seen yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.types import Article, Passage, TimeExpression
from vectorstore.database import Database, json_list
from vectorstore.rows import (
    ARTICLE_COLUMNS,
    TIME_COLUMNS,
    article_row,
    time_row,
    to_article,
    to_passage,
    to_time,
    to_vectors,
    vector_bytes,
)
from vectorstore.schema import MAX_PASSAGES, PASSAGE_BITS
from vectorstore.types import Filters, ListedArticle, Listing, SourceCount
from vectorstore.vectors import Vectors

PASSAGES_TOGETHER = 4096  # read at once: 3 MB of vectors
# Removals are remembered for indexes that are behind. Past this many an index that far behind is made anew instead.
MAX_REMEMBERED = 100_000
FORGOTTEN = "forgotten"  # the note of the generation up to which removals are forgotten

Keys = NDArray[np.int64]
Found = list[tuple[int, float]]  # keys of passages with their scores, best first


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article ready to be stored: its passages, its times, and a vector a passage, float32 (passages, dimension)."""

    article: Article
    passages: tuple[Passage, ...]
    times: tuple[TimeExpression, ...]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Entry:
    """What the lexical index needs of a passage; `day` is the proleptic ordinal of publication, or None."""

    key: int
    title: str
    source: str
    day: int | None
    text: str


def article_of(key: int) -> int:
    """Return the key of the article that the passage with this key belongs to."""
    return key >> PASSAGE_BITS


def put_articles(database: Database, items: Iterable[Prepared]) -> None:
    """Store articles, each in place of the one with its id, as a new generation. Call it inside a transaction."""
    generation = database.next_generation()
    for item in items:
        _take_out(database, [item.article.id], generation)
        row = {**article_row(item.article), "generation": generation, "passages": len(item.passages)}
        article = database.run(
            f"INSERT INTO articles({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", *row.values()
        )
        first = article << PASSAGE_BITS
        vectors = vector_bytes(item.vectors)
        assert len(item.passages) == len(vectors) <= MAX_PASSAGES
        database.run_many(
            "INSERT INTO passages VALUES (?, ?, ?, ?)",
            [
                (first + number, passage.start, passage.end, vector)
                for number, (passage, vector) in enumerate(zip(item.passages, vectors, strict=True))
            ],
        )
        put_times(database, article, item.times)


def put_times(database: Database, article: int, times: Sequence[TimeExpression]) -> None:
    """Store the times of an article, by its key, in place of those it had. Call it inside a transaction."""
    database.run("DELETE FROM times WHERE article = ?", article)
    database.run_many(
        "INSERT INTO times VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(article, number, *time_row(time)) for number, time in enumerate(times)],
    )


def take_out(database: Database, ids: Sequence[str]) -> int:
    """Remove articles by id, as a new generation, and return how many there were. Call it inside a transaction."""
    if not database.rows("SELECT 1 FROM articles WHERE id IN (SELECT value FROM json_each(?)) LIMIT 1", json_list(ids)):
        return 0
    return _take_out(database, ids, database.next_generation())


def _take_out(database: Database, ids: Sequence[str], generation: int) -> int:
    keys = article_keys(database, ids)
    for key in keys:
        database.run("INSERT INTO removed VALUES (?, ?)", key, generation)
        database.run("DELETE FROM passages WHERE key >= ? AND key < ?", key << PASSAGE_BITS, (key + 1) << PASSAGE_BITS)
        database.run("DELETE FROM times WHERE article = ?", key)
        database.run("DELETE FROM articles WHERE key = ?", key)
    return len(keys)


def forget_removals(database: Database) -> None:
    """Drop the memory of removals where it has grown too long."""
    with database.transaction():
        if database.rows("SELECT count(*) FROM removed")[0][0] > MAX_REMEMBERED:
            database.set_meta(FORGOTTEN, str(database.generation))
            database.run("DELETE FROM removed")


def remembers(database: Database, generation: int) -> bool:
    """Whether all that was removed after a generation is still known."""
    return generation >= int(database.meta(FORGOTTEN) or 0)


def removed_since(database: Database, generation: int) -> Keys:
    """Return the keys of the articles removed after a generation."""
    return _keys(database.rows("SELECT article FROM removed WHERE generation > ? ORDER BY article", generation))


def vectors_since(database: Database, generation: int, dimension: int) -> Iterator[tuple[Keys, Vectors]]:
    """Yield the passages stored after a generation, in order of key: keys and vectors, float32 (n, dimension)."""
    for rows in _passages_since(database, generation, "p.key, p.vector"):
        yield _keys(rows), to_vectors([row[1] for row in rows], dimension)


def entries_since(database: Database, generation: int) -> Iterator[Entry]:
    """Yield the passages stored after a generation, in order of key."""
    columns = "p.key, a.title, a.source, a.day, substr(a.text, p.start + 1, p.end - p.start)"
    for rows in _passages_since(database, generation, columns):
        yield from (Entry(*row) for row in rows)


def _passages_since(database: Database, generation: int, columns: str) -> Iterator[list[tuple[Any, ...]]]:
    last = -1
    if first := database.rows("SELECT min(key) FROM articles WHERE generation > ?", generation)[0][0]:
        last = (first << PASSAGE_BITS) - 1
    else:
        return
    # Articles get their keys in the order of generations, so that all the later ones lie behind the first.
    while rows := database.rows(
        f"SELECT {columns} FROM passages p JOIN articles a ON a.key = p.key >> {PASSAGE_BITS}"
        " WHERE p.key > ? ORDER BY p.key LIMIT ?",
        last,
        PASSAGES_TOGETHER,
    ):
        yield rows
        last = rows[-1][0]


def article_keys(database: Database, ids: Iterable[str]) -> list[int]:
    """Return the keys of articles by id, in order of key; an unknown id has none."""
    statement = "SELECT key FROM articles WHERE id IN (SELECT value FROM json_each(?)) ORDER BY key"
    return [row[0] for row in database.rows(statement, json_list(ids))]


def filtered_articles(database: Database, filters: Filters) -> Keys:
    """Return the keys of the articles that may be searched."""
    where, values = _where(filters)
    return _keys(database.rows(f"SELECT key FROM articles{where} ORDER BY key", *values))


def list_articles(database: Database, filters: Filters, *, offset: int, limit: int) -> Listing:
    """Return a page of the articles that the filters admit, latest first and undated ones last."""
    where, values = _where(filters)
    ((total,),) = database.rows(f"SELECT count(*) FROM articles{where}", *values)
    rows = database.rows(
        f"SELECT id, title, day, source FROM articles{where} ORDER BY day DESC, key LIMIT ? OFFSET ?",
        *values,
        limit,
        offset,
    )
    listed = (ListedArticle(key, title, day and date.fromordinal(day), source) for key, title, day, source in rows)
    return Listing(total, tuple(listed))


def count_days(database: Database) -> dict[date, int]:
    """Return how many articles were published on each day, oldest first; undated ones are not counted."""
    rows = database.rows("SELECT day, count(*) FROM articles WHERE day IS NOT NULL GROUP BY day ORDER BY day")
    return {date.fromordinal(day): count for day, count in rows}


def _where(filters: Filters) -> tuple[str, list[object]]:
    """Return the clause that admits what the filters admit, and the values of its parameters."""
    clauses: list[str] = []
    values: list[object] = []
    for clause, day in (("day >= ?", filters.published_from), ("day <= ?", filters.published_to)):
        if day:
            clauses.append(clause)
            values.append(day.toordinal())
    sources = {source.casefold() for source in filters.sources}
    for column, wanted in (("folded_source", sources), ("id", filters.article_ids)):
        if wanted:
            clauses.append(f"{column} IN (SELECT value FROM json_each(?))")
            values.append(json_list(wanted))
    return f" WHERE {' AND '.join(clauses)}" if clauses else "", values


def read_articles(database: Database, ids: Iterable[str]) -> dict[str, Article]:
    """Return articles by id; an unknown id is left out."""
    wanted = list(ids)
    rows = database.rows(
        f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id IN (SELECT value FROM json_each(?))", json_list(wanted)
    )
    found = {article.id: article for article in map(to_article, rows)}
    return {article_id: found[article_id] for article_id in wanted if article_id in found}


def read_times(database: Database, ids: Iterable[str]) -> dict[str, tuple[TimeExpression, ...]]:
    """Return the time expressions of articles by id, in order of place; an unknown article has none."""
    wanted = list(ids)
    rows = database.rows(
        f"SELECT a.id, {TIME_COLUMNS} FROM articles a JOIN times t ON t.article = a.key"
        " WHERE a.id IN (SELECT value FROM json_each(?)) ORDER BY t.article, t.start, t.end, t.number",
        json_list(wanted),
    )
    found: dict[str, list[TimeExpression]] = {article_id: [] for article_id in wanted}
    for article_id, *row in rows:
        found[article_id].append(to_time(row))
    return {article_id: tuple(times) for article_id, times in found.items()}


def read_passages(database: Database, keys: Iterable[int]) -> dict[int, Passage]:
    """Return passages by key; an unknown key is left out."""
    rows = database.rows(
        "SELECT p.key, a.id, p.start, p.end, substr(a.text, p.start + 1, p.end - p.start)"
        f" FROM passages p JOIN articles a ON a.key = p.key >> {PASSAGE_BITS}"
        " WHERE p.key IN (SELECT value FROM json_each(?))",
        json_list(keys),
    )
    return {key: to_passage(*row) for key, *row in rows}


def passages_of(database: Database, article_id: str) -> list[Passage]:
    """Return the passages of an article, in order; an unknown one has none."""
    rows = database.rows(
        "SELECT p.start, p.end, substr(a.text, p.start + 1, p.end - p.start) FROM articles a JOIN passages p"
        f" ON p.key >= a.key << {PASSAGE_BITS} AND p.key < (a.key + 1) << {PASSAGE_BITS} WHERE a.id = ? ORDER BY p.key",
        article_id,
    )
    return [to_passage(article_id, *row) for row in rows]


def count_sources(database: Database) -> tuple[SourceCount, ...]:
    """Return the sources of the articles, those with most first; articles that name none are left out.

    Spellings that differ in case only are one source, under the first of them in the alphabet.
    """
    rows = database.rows(
        "SELECT min(source), count(*) FROM articles WHERE folded_source != '' GROUP BY folded_source"
        " ORDER BY count(*) DESC, folded_source"
    )
    return tuple(SourceCount(*row) for row in rows)


def _keys(rows: Sequence[tuple[Any, ...]]) -> Keys:
    return np.fromiter((row[0] for row in rows), np.int64, len(rows))
