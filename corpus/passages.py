"""Passages: runs of whole sentences of one article that fit an embedder's window, header included."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from corpus.sentences import sentence_spans
from corpus.types import Article, Passage

# Gives the word pieces of a text, in order and without special tokens, as spans in code points.
PieceSpans = Callable[[str], Sequence[tuple[int, int]]]
Span = tuple[int, int]

SPLITTER = "sentences-1"  # names this recipe in an index's manifest: change it with anything that moves a passage
SPECIAL_PIECES = 2  # one before and one after the text
# A byte-level tokenizer writes a word differently after a blank than after the header: what that may add.
JOINING_PIECES = 2
HEADER_SHARE = 4  # the header may take one piece in four
SOURCE_SHARE = 4  # and the source one piece in four of the header
# English news has 4.5 characters a piece; without this bound a blob of a million letters is one unknown piece.
MAX_CHARACTERS_PER_PIECE = 16
# A last passage shorter than this share of the room takes sentences from the one before it.
SMALLEST_LAST = 0.5

_MONTHS = "January February March April May June July August September October November December".split()
_CLAUSE_ENDS = frozenset(',;:–—)]”"')
_WORD = re.compile(r"\S+")


class _Unit(NamedTuple):
    """What a passage is made of: a sentence, or a part of one. A part of a word makes a passage alone."""

    start: int
    end: int
    alone: bool = False


def long_date(day: date) -> str:
    """Return a day as it is written out in English: `6 September 2022`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def passage_header(article: Article, *, piece_spans: PieceSpans, window: int) -> str:
    """Return the line that goes before each passage of an article: title | source | date, what is known of them.

    It takes at most a quarter of the window (in word pieces); a longer title or source is cut at a word.
    """
    limit = window // HEADER_SHARE
    day = article.published_day
    parts = [_clip(article.source, piece_spans, limit // SOURCE_SHARE)]
    if day:
        parts.append(f"{long_date(day)} ({day.isoformat()})")
    known = " | ".join(part for part in parts if part)
    title = _clip(article.title, piece_spans, limit - _count(f"| {known}", piece_spans))
    header = " | ".join(part for part in (title, known) if part)
    return header if _count(header, piece_spans) <= limit else _clip(known, piece_spans, limit)


def embedded_text(header: str, passage: Passage) -> str:
    """Return what the embedder is given for a passage."""
    return f"{header}\n{passage.text}" if header else passage.text


def split_passages(
    article: Article,
    *,
    piece_spans: PieceSpans,
    window: int,
    overlap_sentences: int = 0,
) -> list[Passage]:
    """Split an article into passages of whole sentences, in order; a blank text has none.

    `window` is the embedder's, in word pieces; two special pieces, the header and the passage fit into it together.
    Only a sentence that does not fit is divided: at a clause, else a word, else a character. Each passage repeats the
    last `overlap_sentences` of the one before it, where that leaves room for a new one.
    """
    header = passage_header(article, piece_spans=piece_spans, window=window)
    room = window - SPECIAL_PIECES - (_count(header, piece_spans) + JOINING_PIECES if header else 0)
    if room < 1 or overlap_sentences < 0:
        raise ValueError(f"no room for a passage: window {window}, overlap {overlap_sentences}")
    if not article.text:
        return []
    measure = _Measure(article.text, piece_spans, room)
    units = [unit for span in sentence_spans(article.text) for unit in measure.divide(*span)]
    return [
        Passage(f"{article.id}#{start}-{end}", article.id, start, end, article.text[start:end])
        for start, end in _spans(units, measure, overlap_sentences)
    ]


def _count(text: str, piece_spans: PieceSpans) -> int:
    return len(piece_spans(text)) if text else 0


def _clip(text: str, piece_spans: PieceSpans, limit: int) -> str:
    """Return the longest beginning of a text, in whole words where it can be, of at most `limit` pieces."""
    longest = max(limit, 0) * MAX_CHARACTERS_PER_PIECE
    clipped = text if len(text) <= longest else _cut_at_word(text, longest)
    while clipped and len(spans := piece_spans(clipped)) > limit:
        clipped = _cut_at_word(clipped, spans[max(limit, 0)][0])
    return clipped


def _cut_at_word(text: str, end: int) -> str:
    blank = text.rfind(" ", 0, end + 1)
    return text[: blank if blank > 0 else end].rstrip()


class _Measure:
    """How many word pieces each part of a text has, and what fits into `room` of them."""

    def __init__(self, text: str, piece_spans: PieceSpans, room: int) -> None:
        self.text = text
        self.piece_spans = piece_spans
        self.room = room
        self.starts = [start for start, _ in piece_spans(text)]

    def pieces(self, start: int, end: int) -> int:
        """Count the pieces of a part that begins and ends at a word."""
        return bisect_left(self.starts, end) - bisect_left(self.starts, start)

    def fits(self, start: int, end: int) -> bool:
        """Whether a part that begins and ends at a word has room."""
        return end - start <= self.room * MAX_CHARACTERS_PER_PIECE and self.pieces(start, end) <= self.room

    def divide(self, start: int, end: int) -> Iterator[_Unit]:
        """Yield a sentence, whole where it fits, else in parts that do: of clauses, else words, else characters."""
        if self.fits(start, end):
            yield _Unit(start, end)
            return
        begin = clause = last = start
        for word in _WORD.finditer(self.text, start, end):
            while not self.fits(begin, word.end()):
                if begin >= word.start():
                    yield from self._fragments(*word.span())
                    begin = word.end()
                    break
                cut = clause if self.pieces(begin, clause) * 2 >= self.room else last
                yield _Unit(begin, cut)
                begin = clause = _next_word(self.text, cut)
            last = word.end()
            if word.group()[-1] in _CLAUSE_ENDS:
                clause = last
            begin = _next_word(self.text, begin)
        if begin < end:
            yield _Unit(begin, end)

    def _fragments(self, start: int, end: int) -> Iterator[_Unit]:
        """Yield the parts of a word that alone has no room, each counted by itself."""
        length = self.room
        while start < end:
            stop = min(start + length, end)
            if stop - start > 1 and len(self.piece_spans(self.text[start:stop])) > self.room:
                length = (stop - start) // 2
                continue
            yield _Unit(start, stop, alone=True)
            start, length = stop, self.room


def _next_word(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _spans(units: list[_Unit], measure: _Measure, overlap: int) -> Iterator[Span]:
    groups = _fill(units, measure, overlap)
    if len(groups) > 1 and not overlap:
        groups[-2:] = _balance(units, measure, groups[-2], groups[-1])
    for first, last in groups:
        yield units[first].start, units[last].end


def _fill(units: list[_Unit], measure: _Measure, overlap: int) -> list[Span]:
    """Group the units greedily into passages, each as (first unit, last unit)."""
    groups: list[Span] = []
    first = 0
    while first < len(units):
        last = first
        while last + 1 < len(units) and _together(units, measure, first, last + 1):
            last += 1
        groups.append((first, last))
        following = last + 1
        if following == len(units):
            break
        first = max(following - overlap, first + 1)
        while first < following and not _together(units, measure, first, following):
            first += 1
    return groups


def _together(units: list[_Unit], measure: _Measure, first: int, last: int) -> bool:
    """Whether the units may make one passage, given that those before the last one may."""
    return not (units[first].alone or units[last].alone) and measure.fits(units[first].start, units[last].end)


def _balance(units: list[_Unit], measure: _Measure, before: Span, final: Span) -> list[Span]:
    """Even out the last two passages where the last one is small."""
    first, last = before[0], final[1]

    def size(low: int, high: int) -> int:
        return measure.pieces(units[low].start, units[high].end)

    if units[before[1]].alone or units[final[0]].alone or size(*final) >= SMALLEST_LAST * measure.room:
        return [before, final]
    cuts = [cut for cut in range(first + 1, final[0] + 1) if _together(units, measure, cut, last)]
    cut = min(cuts, key=lambda cut: abs(size(first, cut - 1) - size(cut, last)))
    return [(first, cut - 1), (cut, last)]
