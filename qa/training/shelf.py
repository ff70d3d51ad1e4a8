"""Texts and examples as they are put together, and the shelf on which a set's articles are split and found again."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from corpus.passages import PieceSpans, passage_header, split_passages
from corpus.types import Article
from qa.also_called import as_told
from qa.training.examples import Example, Positive, Span, Text

WINDOW = 256  # word pieces: the passages that the store keeps

Record = dict[str, Any]


@dataclass(slots=True)
class Data:
    """Texts by id, and examples: those to train on, and those held out to measure on."""

    texts: dict[str, Text] = field(default_factory=dict)
    trained: list[Example] = field(default_factory=list)
    held_out: list[Example] = field(default_factory=list)

    def add(self, example: Example, *, held_out: bool) -> None:
        """File an example under what it is for, its question put as the reader is asked it."""
        asked = replace(example, question=as_told(example.question))
        (self.held_out if held_out else self.trained).append(asked)


@dataclass(frozen=True, slots=True)
class Placed:
    """A text and where it stands in its article."""

    text: Text
    start: int
    end: int


class Shelf:
    """Splits articles into texts and finds them again by article."""

    def __init__(self, data: Data, piece_spans: PieceSpans) -> None:
        self._data = data
        self._piece_spans = piece_spans
        self.articles: dict[str, str] = {}
        self.placed: dict[str, list[Placed]] = {}

    def put(self, record: Record) -> None:
        """Add an article. Its text is kept as it came where it is normalised already."""
        day = str(record.get("date") or "")[:10]
        article = Article(
            id=record["id"],
            title=record.get("title", ""),
            text=record["text"],
            published=date.fromisoformat(day) if day else None,
            content_hash="",
            source=record.get("source", ""),
        )
        header = passage_header(article, piece_spans=self._piece_spans, window=WINDOW)
        passages = split_passages(article, piece_spans=self._piece_spans, window=WINDOW)
        self.articles[article.id] = article.text
        self.placed[article.id] = [
            Placed(Text(passage.id, article.id, header, passage.text), passage.start, passage.end)
            for passage in passages
        ]
        for placed in self.placed[article.id]:
            self._data.texts[placed.text.id] = placed.text

    def texts_of(self, article_ids: Iterable[str]) -> tuple[str, ...]:
        """Return the ids of the articles' texts."""
        return tuple(placed.text.id for article_id in article_ids for placed in self.placed.get(article_id, ()))

    def at(self, article_id: str, spans: Sequence[Span]) -> tuple[Positive, ...]:
        """Return the texts of an article that hold any of the spans whole."""
        found = []
        for placed in self.placed[article_id]:
            inside = [
                (start - placed.start, end - placed.start)
                for start, end in spans
                if placed.start <= start and end <= placed.end
            ]
            if inside:
                found.append(Positive(placed.text.id, tuple(inside)))
        return tuple(found)


def read_records(folder: Path, name: str) -> Iterator[Record]:
    """Yield the records of `name.jsonl` or `name.jsonl.gz` in a folder; nothing where there is neither."""
    plain, packed = folder / f"{name}.jsonl", folder / f"{name}.jsonl.gz"
    if plain.exists():
        with plain.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)
    elif packed.exists():
        with gzip.open(packed, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def find_all(words: str, text: str, *, start: int = 0, end: int | None = None) -> list[Span]:
    """Return each place where the words stand as whole words, without regard to case; blanks match any blanks."""
    wanted = words.strip().strip("“”\"'‘’")
    if not wanted:
        return []
    pattern = r"\s+".join(map(re.escape, wanted.split()))
    whole = re.compile(rf"(?<!\w){pattern}(?!\w)", re.IGNORECASE)
    return [match.span() for match in whole.finditer(text, start, len(text) if end is None else end)]
