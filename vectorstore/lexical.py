"""Passages by words: a Tantivy index (BM25), derived from the database and caught up with it."""

from __future__ import annotations

import json
import logging
import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any

from vectorstore.database import Database, PassageRow, about_storage
from vectorstore.types import Filters

FOLDER = "lexical"
ANALYZER = "news"
HEAP_BYTES = 64_000_000  # of the writer: enough for 20,000 passages between its own flushes
MAX_TERMS = 256  # of a query: the longest question has fewer
# "2+2" and "U.S." are words of the news; any other run of letters and digits is one.
WORD = r"\d+\+\d+|(?:[A-Za-z]\.){2,}|\d+(?:[.,]\d+)+|\w+"
# Words that every question has and that say nothing of what it is about.
STOP_WORDS = frozenset(
    """
    a an the and or but if of in on at to for from by with about as into than that this these those is are was were
    be been being do does did done has have had having will would can could shall should may might must it its he his
    him she her they their them we our us you your i my me who whom whose which what when where why how there
    """.split()
)
_log = logging.getLogger(__name__)


class LexicalIndex:
    """BM25 over title, source, date and text of each passage; holds what the database held at `generation`."""

    def __init__(self, folder: Path, index: Any, identity: str, generation: int, *, stored: bool) -> None:
        self._folder = folder
        self._stored = stored
        self._index = index
        self._analyzer = _analyzer()
        self._plain = _analyzer(stemmed=False)
        self.identity = identity
        self.generation = generation

    @classmethod
    def open(cls, folder: Path, identity: str, *, writable: bool) -> LexicalIndex:
        """Open the index of this identity in a folder, or an empty one: in memory unless it may be written."""
        import tantivy

        place = folder / FOLDER
        noted = _noted(place)
        if noted.get("identity") == identity:
            try:
                index = tantivy.Index.open(str(place))
                index.register_tokenizer(ANALYZER, _analyzer())
                return cls(place, index, identity, int(noted["generation"]), stored=True)
            except (ValueError, KeyError) as error:
                _log.warning("the lexical index is made anew: %s cannot be read (%s)", place, error)
        if not writable:
            index = tantivy.Index(_schema())
        else:
            with about_storage(folder):
                shutil.rmtree(place, ignore_errors=True)
                place.mkdir(parents=True)
                index = tantivy.Index(_schema(), path=str(place))
        index.register_tokenizer(ANALYZER, _analyzer())
        return cls(place, index, identity, 0, stored=writable)

    @property
    def count(self) -> int:
        """How many passages it holds."""
        return int(self._index.searcher().num_docs)

    @property
    def stored(self) -> bool:
        """Whether it lies on disk; one in memory stands for an index that was never written."""
        return self._stored

    def catch_up(self, database: Database) -> bool:
        """Take in what changed in the database since `generation`; return whether anything did. One writer at a time.

        The note of the generation is written after the commit, so a crash between the two repeats some of the work,
        and what is repeated replaces itself.
        """
        generation = database.generation
        if generation == self.generation:
            return False
        with about_storage(self._folder):
            try:
                writer = self._index.writer(HEAP_BYTES, 1)
                for key in database.removed_since(self.generation):
                    writer.delete_documents_by_term("key", key)
                for row, _ in database.passages_since(self.generation):
                    writer.delete_documents_by_term("key", row.key)
                    writer.add_document(_document(row))
                writer.commit()
                writer.wait_merging_threads()
            except ValueError as error:
                raise OSError(str(error)) from error
            self._index.reload()
            self._note(generation)
        self.generation = generation
        return True

    def reload(self) -> None:
        """See what another process has written."""
        noted = _noted(self._folder)
        if noted.get("identity") == self.identity:
            self._index.reload()
            self.generation = int(noted["generation"])

    def _note(self, generation: int) -> None:
        if not self._folder.exists():
            return
        part = self._folder / f".note.{os.getpid()}.part"
        part.write_text(json.dumps({"identity": self.identity, "generation": generation}), encoding="utf-8")
        part.replace(self._folder / "note.json")

    def search(self, text: str, k: int, filters: Filters) -> list[tuple[int, float]]:
        """Return the `k` best keys for the words of a text and their BM25 scores, best first; ties go by key.

        The text is words and nothing else: no operator of Tantivy's own query language means anything in it.
        """
        import tantivy

        schema = self._index.schema
        terms = self._terms(text)
        if not terms or k < 1:
            return []
        words = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "text", term)) for term in terms]
        )
        wanted = [(tantivy.Occur.Must, words), *((tantivy.Occur.Must, clause) for clause in _clauses(schema, filters))]
        searcher = self._index.searcher()
        hits = searcher.search(tantivy.Query.boolean_query(wanted), limit=k).hits
        found = [(int(searcher.doc(address).get_first("key")), float(score)) for score, address in hits]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))

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


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("key", stored=True, indexed=True, fast=True)
    builder.add_text_field("text", tokenizer_name=ANALYZER)
    builder.add_text_field("article", tokenizer_name="raw")
    builder.add_text_field("source", tokenizer_name="raw")
    builder.add_integer_field("day", indexed=True, fast=True)
    return builder.build()


def _document(row: PassageRow) -> Any:
    import tantivy

    document = tantivy.Document()
    document.add_integer("key", row.key)
    day = date.fromordinal(row.day) if row.day is not None else None
    dated = f"{day.day} {day:%B %Y} ({day.isoformat()})" if day else ""
    document.add_text("text", f"{row.title}\n{row.source}\n{dated}\n{row.text}")
    document.add_text("article", row.article_id)
    document.add_text("source", row.source.casefold())
    if row.day is not None:
        document.add_integer("day", row.day)
    return document


def _clauses(schema: Any, filters: Filters) -> list[Any]:
    """Return the filters as clauses that add nothing to a score."""
    import tantivy

    clauses = []
    if filters.published_from or filters.published_to:
        first = filters.published_from.toordinal() if filters.published_from else None
        last = filters.published_to.toordinal() if filters.published_to else None
        clauses.append(tantivy.Query.range_query(schema, "day", tantivy.FieldType.Integer, first, last))
    for field, values in (("source", [s.casefold() for s in filters.sources]), ("article", list(filters.article_ids))):
        if values:
            clauses.append(tantivy.Query.term_set_query(schema, field, sorted(values)))
    return [tantivy.Query.const_score_query(clause, 0.0) for clause in clauses]


def _noted(place: Path) -> dict[str, Any]:
    try:
        noted = json.loads((place / "note.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}
