"""The tables of an index's database, and the recipe by which it was built."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from vectorstore.errors import IndexMismatchError, NewerIndexError, OutdatedTimesError
from vectorstore.types import Manifest

SCHEMA = 1

# A passage's key is its article's key and its number within it: what an article owns lies together, and a list of
# passages tells its articles without a look into the database. Keys are never given twice.
PASSAGE_BITS = 20
MAX_PASSAGES = 1 << PASSAGE_BITS

# Long columns stand last, so that a row's short ones are read without them. What a row of `articles_day` or
# `articles_source` holds answers a filter or a count alone.
TABLES = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles(
  key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, generation INTEGER NOT NULL,
  content_hash TEXT NOT NULL, day INTEGER, passages INTEGER NOT NULL, folded_source TEXT NOT NULL, source TEXT NOT NULL,
  published TEXT, updated TEXT, language TEXT NOT NULL, author TEXT NOT NULL, url TEXT NOT NULL, title TEXT NOT NULL,
  metadata TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX articles_generation ON articles(generation);
CREATE INDEX articles_day ON articles(day, passages);
CREATE INDEX articles_source ON articles(folded_source, source);
CREATE TABLE passages(
  key INTEGER PRIMARY KEY, start INTEGER NOT NULL, end INTEGER NOT NULL, vector BLOB NOT NULL);
CREATE TABLE times(
  article INTEGER NOT NULL, number INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
  earliest TEXT NOT NULL, latest TEXT NOT NULL, granularity TEXT NOT NULL, anchor TEXT NOT NULL, rule TEXT NOT NULL,
  certain INTEGER NOT NULL, PRIMARY KEY(article, number)) WITHOUT ROWID;
CREATE TABLE removed(article INTEGER PRIMARY KEY, generation INTEGER NOT NULL);
CREATE INDEX removed_generation ON removed(generation);
CREATE TABLE files(key INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, digest TEXT, entries INTEGER);
CREATE TABLE holdings(
  file INTEGER NOT NULL, article TEXT NOT NULL, content_hash TEXT NOT NULL, state INTEGER NOT NULL,
  PRIMARY KEY(file, article)) WITHOUT ROWID;
CREATE INDEX holdings_article ON holdings(article)
"""


def check_schema(folder: Path, schema: int) -> None:
    """Raise NewerIndexError for an index whose tables this version does not know."""
    if schema > SCHEMA:
        raise NewerIndexError(
            f"index at {folder} was written by a newer Dateline (format {schema}, this one reads {SCHEMA}): "
            "update Dateline, or name another folder with --index"
        )


def check_recipe(folder: Path, built: Manifest, asked: Manifest) -> None:
    """Raise IndexMismatchError where an index was built by another recipe; OutdatedTimesError for its times alone."""
    if (built.model, built.dimension) != (asked.model, asked.dimension):
        difference = (
            f"built with '{built.model}' ({built.dimension} dimensions) "
            f"but the settings ask for '{asked.model}' ({asked.dimension})"
        )
    elif built.model_digest != asked.model_digest:
        difference = (
            f"built with weights of '{built.model}' whose SHA-256 begins {built.model_digest[:12]} "
            f"but those installed begin {asked.model_digest[:12]}"
        )
    elif (built.window, built.splitter) != (asked.window, asked.splitter):
        difference = (
            f"split by '{built.splitter}' for a window of {built.window} "
            f"but this Dateline splits by '{asked.splitter}' for {asked.window}"
        )
    elif built.times != asked.times:
        difference = (
            f"made with other tables of times ({built.times or 'unnamed'}) than this Dateline has ({asked.times}): "
            "its days may be wrong"
        )
    else:
        return
    kind = OutdatedTimesError if asked == replace(built, times=asked.times) else IndexMismatchError
    mend = f"dateline index --rebuild --index {folder}"
    raise kind(f'index at {folder} was {difference}: rebuild it with "{mend}"')
