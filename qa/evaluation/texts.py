"""The articles that answers cite, as they are stored; read from the index's database, with no model."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from unicodedata import normalize

from corpus.sentences import sentence_spans
from corpus.types import Article, TimeExpression
from vectorstore.contents import read_articles, read_times
from vectorstore.database import Database
from vectorstore.types import Manifest

Span = tuple[int, int]
_ANY_RECIPE = Manifest(schema=0, model="", model_digest="", dimension=0, window=0, splitter="")


@dataclass(frozen=True, slots=True)
class Texts:
    """Articles and the times they name, by article id. `known` is False when there is no index to read them from."""

    articles: Mapping[str, Article] = field(default_factory=dict)
    times: Mapping[str, Sequence[TimeExpression]] = field(default_factory=dict)
    known: bool = True
    _bare: dict[str, tuple[str, list[int]]] = field(default_factory=dict, repr=False, compare=False)

    def words(self, article_id: str, start: int, end: int) -> str:
        """Return the words at a span, "" when there is no such article or span."""
        article = self.articles.get(article_id)
        return article.text[start:end] if article and 0 <= start < end <= len(article.text) else ""

    def find(self, article_id: str, quote: str) -> Span | None:
        """Return where an article holds a quote, blanks ignored, or None where it does not."""
        article = self.articles.get(article_id)
        wanted = bare(quote)
        if article is None or not wanted:
            return None
        if article_id not in self._bare:
            places = [place for place, character in enumerate(article.text) if not character.isspace()]
            self._bare[article_id] = bare(article.text), places
        held, places = self._bare[article_id]
        first = held.find(wanted)
        return None if first < 0 else (places[first], places[first + len(wanted) - 1] + 1)

    def times_within(self, article_id: str, start: int, end: int) -> list[TimeExpression]:
        """Return the times that an article names inside a span."""
        return [time for time in self.times.get(article_id, ()) if start <= time.start and time.end <= end]


def bare(text: str) -> str:
    """Return a text without its blanks, as NFC: what quotes are compared by."""
    return "".join(normalize("NFC", text).split())


def widened(text: str, start: int, end: int) -> Span:
    """Return the span of the whole sentences that a span touches."""
    first = text.rfind("\n", 0, start) + 1  # a line end always ends a sentence
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    spans = [(first + one, first + other) for one, other in sentence_spans(text[first:last])]
    begins = [span[0] for span in spans]
    low = max(0, bisect_right(begins, start) - 1)
    high = max(low, bisect_right(begins, end - 1) - 1)
    return (min(start, spans[low][0]), max(end, spans[high][1])) if spans else (start, end)


def read_texts(index: Path, ids: Iterable[str]) -> Texts:
    """Return the articles of an index with these ids, and their times; an id it does not have is left out.

    Raises IndexProblemError, of which IndexMissingError says that there is no index.
    """
    wanted = sorted(set(ids))
    database = Database.open(index, _ANY_RECIPE, any_recipe=True)
    try:
        return Texts(read_articles(database, wanted), read_times(database, wanted))
    finally:
        database.close()
