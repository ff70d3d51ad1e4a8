"""Passages by words: a Tantivy index (BM25), derived from the database and caught up with it."""

from __future__ import annotations

import errno
import json
import logging
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from corpus.passages import long_date
from vectorstore.contents import Entry, Found, article_of, entries_since, remembers, removed_since
from vectorstore.database import Database
from vectorstore.errors import about_storage
from vectorstore.types import Filters

FOLDER = "lexical"
ANALYZER = "news"
FORMAT = 1  # of the documents: one of another is no use
HEAP_BYTES = 64_000_000  # of the writer: enough for 20,000 passages between its own flushes
MAX_TERMS = 256  # of a query: the longest question has fewer
SPARE = 32  # hits asked for beyond k, so that ties are broken by key and not by place
# "2+2" and "U.S." are words of the news; any other run of letters and digits is one.
WORD = r"\d+\+\d+|(?:[A-Za-z]\.){2,}|\d+(?:[.,]\d+)+|\w+"
# Words that every question has and that say nothing of what it is about. Leaving them out halves the time of a search;
# MRR@10 by words alone went from .906 to .921 on 3,000 questions to single articles, from .744 to .749 on 690 questions
# to stories, and stayed at .651 on 1,142 questions to several articles. Stemming gives .007, .015 and -.006.
STOP_WORDS = frozenset(
    """
    a an the and or but if of in on at to for from by with about as into than that this these those is are was were
    be been being do does did done has have had having will would can could shall should may might must it its he his
    him she her they their them we our us you your i my me who whom whose which what when where why how there
    """.split()
)
_NOTE = "note"  # the field, and the word, by which the document of the index's own state is found
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class State:
    """What an index reflects: a database's identity and its generation."""

    identity: str
    generation: int


class LexicalIndex:
    """BM25 over title, source, date and text of each passage; holds what the database held at `generation`.

    What it reflects is noted in the index itself, so that both are committed at once. Safe to share between threads.
    """

    def __init__(self, index: Any, state: State, *, stored: bool) -> None:
        self._index = index
        self._analyzer = _analyzer()
        self._plain = _analyzer(stemmed=False)
        self._state = state
        self._swept = False
        self.stored = stored

    @classmethod
    def open(cls, folder: Path, identity: str) -> LexicalIndex:
        """Open the index of this identity that lies in a folder, or an empty one in memory where there is none."""
        import tantivy

        place = folder / FOLDER
        if (place / "meta.json").exists():
            try:
                index = _registered(tantivy.Index.open(str(place)))
                state = _read_state(index)
                if state.identity == identity:
                    return cls(index, state, stored=True)
            except (ValueError, KeyError, OSError) as error:
                _log.warning("the lexical index is made anew: %s cannot be read (%s)", place, _line(error))
        return cls.in_memory(identity)

    @classmethod
    def in_memory(cls, identity: str) -> LexicalIndex:
        """Return an empty index that lies nowhere."""
        import tantivy

        return cls(_registered(tantivy.Index(_schema())), State(identity, 0), stored=False)

    @classmethod
    def create(cls, folder: Path, identity: str) -> LexicalIndex:
        """Make an empty index in a folder, in place of any that is there. For the one writer."""
        import tantivy

        place = folder / FOLDER
        with about_storage(folder), _as_os_error():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(parents=True)
            return cls(_registered(tantivy.Index(_schema(), path=str(place))), State(identity, 0), stored=True)

    @property
    def identity(self) -> str:
        """The identity of the database it was derived from."""
        return self._state.identity

    @property
    def generation(self) -> int:
        """The generation of the database that it reflects."""
        return self._state.generation

    @property
    def count(self) -> int:
        """How many passages it holds."""
        noted = int(self.generation > 0)
        return int(self._index.searcher().num_docs) - noted

    def catch_up(self, database: Database) -> None:
        """Take in what changed in the database since `generation`. For the one writer, or in memory."""
        if database.generation == self.generation:
            return
        with about_storage(database.folder), _as_os_error():
            writer = self._index.writer(HEAP_BYTES, 1)
            try:
                if not self._swept:  # a process killed while it wrote leaves files in the way of the next commit
                    writer.garbage_collect_files()
                    self._swept = True
                state = self._write_changes(writer, database)
                writer.commit()
                writer.wait_merging_threads()
            finally:
                del writer  # Tantivy's own lock goes with it
            self._index.reload()
        self._state = state

    def _write_changes(self, writer: Any, database: Database) -> State:
        with database.snapshot():
            since = self.generation
            if not remembers(database, since):
                writer.delete_all_documents()
                since = 0
            for article in removed_since(database, since):
                writer.delete_documents_by_term("article", int(article))
            for entry in entries_since(database, since):
                writer.add_document(_document(entry))
            state = State(self.identity, database.generation)
        _write_state(writer, state)
        return state

    def reload(self) -> None:
        """See what another process has written."""
        try:
            self._index.reload()
            self._state = _read_state(self._index)
        except (ValueError, KeyError) as error:  # its files are being replaced: the next search looks again
            _log.info("the lexical index is read as it was: %s", _line(error))

    def search(
        self, text: str, k: int, filters: Filters, *, articles: Iterable[int] | None = None, without: Sequence[int] = ()
    ) -> Found:
        """Return the `k` best keys for the words of a text and their BM25 scores, best first; ties go by key.

        The text is words and nothing else: no operator of Tantivy's own query language means anything in it.
        `articles` are the keys of those whose passages alone are candidates, `without` of those that are none.
        """
        import tantivy

        terms = self._terms(text)
        if not terms or k < 1:
            return []
        schema, searcher = self._index.schema, self._index.searcher()
        words = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "text", term)) for term in terms]
        )
        clauses = [(tantivy.Occur.Must, words)]
        clauses += [(tantivy.Occur.Must, clause) for clause in _clauses(schema, filters, articles)]
        if without:
            gone = tantivy.Query.term_set_query(schema, "article", list(without))
            clauses.append((tantivy.Occur.MustNot, gone))
        query, limit = tantivy.Query.boolean_query(clauses), k + SPARE
        hits = searcher.search(query, limit, count=False).hits
        while len(hits) == limit and hits[-1][0] == hits[k - 1][0]:  # all that are as good as the k-th
            limit *= 4
            hits = searcher.search(query, limit, count=False).hits
        keys = searcher.fast_field_values("key", [address for _, address in hits])
        found = [(int(key), float(score)) for key, (score, _) in zip(keys, hits, strict=True)]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:k]

    def _terms(self, text: str) -> list[str]:
        """Return the stemmed words of a question, each once; its function words only when it has no others."""
        pairs = list(zip(self._plain.analyze(text), self._analyzer.analyze(text), strict=True))
        telling = [stem for word, stem in pairs if word not in STOP_WORDS]
        return list(dict.fromkeys(telling or [stem for _, stem in pairs]))[:MAX_TERMS]


def _analyzer(*, stemmed: bool = True) -> Any:
    import tantivy

    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(WORD))
    builder = builder.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())
    return (builder.filter(tantivy.Filter.stemmer("english")) if stemmed else builder).build()


def _registered(index: Any) -> Any:
    index.register_tokenizer(ANALYZER, _analyzer())
    index.config_reader("manual")
    return index


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("key", fast=True)
    builder.add_integer_field("article", indexed=True)
    builder.add_text_field("text", tokenizer_name=ANALYZER, index_option="freq")
    builder.add_text_field("source", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("day", indexed=True, fast=True)
    builder.add_text_field(_NOTE, stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _document(entry: Entry) -> Any:
    import tantivy

    day = date.fromordinal(entry.day) if entry.day is not None else None
    dated = f"{long_date(day)} ({day.isoformat()})" if day else ""
    document = tantivy.Document()
    document.add_integer("key", entry.key)
    document.add_integer("article", article_of(entry.key))
    document.add_text("text", f"{entry.title}\n{entry.source}\n{dated}\n{entry.text}")
    document.add_text("source", entry.source.casefold())
    if entry.day is not None:
        document.add_integer("day", entry.day)
    return document


def _write_state(writer: Any, state: State) -> None:
    import tantivy

    writer.delete_documents_by_term(_NOTE, _NOTE)
    document = tantivy.Document()
    document.add_text(_NOTE, _NOTE)
    note = {"format": FORMAT, "identity": state.identity, "generation": state.generation}
    document.add_text(_NOTE, json.dumps(note))
    writer.add_document(document)


def _read_state(index: Any) -> State:
    """Return what an index notes of itself. Raises ValueError or KeyError where it notes nothing that can be read."""
    import tantivy

    searcher = index.searcher()
    hits = searcher.search(tantivy.Query.term_query(index.schema, _NOTE, _NOTE), 1).hits
    if not hits:
        return State("", 0)
    note = json.loads(searcher.doc(hits[0][1])[_NOTE][1])
    return State(note["identity"] if note["format"] == FORMAT else "", int(note["generation"]))


def _clauses(schema: Any, filters: Filters, articles: Iterable[int] | None) -> list[Any]:
    """Return the filters as clauses that add nothing to a score."""
    import tantivy

    clauses = []
    if filters.published_from or filters.published_to:
        first = filters.published_from.toordinal() if filters.published_from else None
        last = filters.published_to.toordinal() if filters.published_to else None
        clauses.append(tantivy.Query.range_query(schema, "day", tantivy.FieldType.Integer, first, last))
    if filters.sources:
        sources = sorted({source.casefold() for source in filters.sources})
        clauses.append(tantivy.Query.term_set_query(schema, "source", sources))
    if articles is not None:
        clauses.append(tantivy.Query.term_set_query(schema, "article", list(articles)))
    return [tantivy.Query.const_score_query(clause, 0.0) for clause in clauses]


@contextmanager
def _as_os_error() -> Iterator[None]:
    """Tantivy tells what the disk refuses as a ValueError with the system's words in it."""
    try:
        yield
    except ValueError as error:
        full = "os error 28" in str(error) or "No space left" in str(error)
        raise OSError(errno.ENOSPC if full else errno.EIO, _line(error)) from error


def _line(error: Exception) -> str:
    return " ".join(str(error).split())
