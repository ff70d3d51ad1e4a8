"""Where sentences begin and end.

The boundaries are those of `sentencex`, line by line, with the few mistakes mended that it makes in news: it breaks
after "vs." and "Dr.", between "No." and a number and between "8 p.m." and "ET", it leaves an opening quotation mark
behind, and it never breaks inside a quotation, however long.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise

Span = tuple[int, int]

# Longer lines are cut in blocks, because the segmenter's time grows with the square of some lines.
BLOCK_CHARACTERS = 10_000
# A quotation longer than this is broken into its own sentences; up to it, it is one sentence, as it is printed.
LONG_QUOTATION_CHARACTERS = 300

_LINE = re.compile(r"[^\n]+")
# A normalised text has none; the segmenter fails on a line separator.
_ODD_BLANK = re.compile(r"[^\S ]")
_QUOTES = re.compile('["“”„«»]')
_OPENING = frozenset('"“‘„«([')
_CLOSING = frozenset('"”’»)]')

_WORD_ALONE = r"(?:^|[\s(\[\"“‘])"
# Titles and "versus" are always followed by a name.
_NEVER_LAST = re.compile(
    _WORD_ALONE + r"(?:vs|v|V|Dr|Mr|Mrs|Ms|Messrs|Prof|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Capt|Brig|Adm|Rev)\.$"
)
_BEFORE_NUMBER = re.compile(_WORD_ALONE + r"(?:[Nn]os?|[Ff]ig|[Vv]ol|[Aa]pprox|pp?|ca?|Art|Sec|Ch|Rs)\.$")
_CLOCK = re.compile(r"\b[ap]\.m\.$")
_AFTER_CLOCK = re.compile(
    r"(?:[A-Z]{1,4}T|GMT|UTC|Eastern|Central|Mountain|Pacific|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d+)\b"
)
_LIST_NUMBER = re.compile(r"[(\[]?(?:\d{1,3}|[A-Za-z])[.)]$")
_INITIALS = re.compile(r"\b[A-Z]\.[A-Z]\.")
_LOWER_WORD = re.compile(r"[^\W\d_][\w'’-]*(?!\w|\.\w|://)")
_NAME_PARTICLES = frozenset({"al", "bin", "da", "de", "den", "der", "di", "du", "la", "le", "van", "von"})


@cache
def _segmenter() -> Callable[[str, str], list[dict[str, int]]]:
    from sentencex import get_sentence_boundaries

    boundaries: Callable[[str, str], list[dict[str, int]]] = get_sentence_boundaries
    return boundaries


def sentence_spans(text: str) -> list[Span]:
    """Return the sentences as spans in code points: in order, apart, trimmed, covering all that is not blank.

    A line end always ends a sentence.
    """
    spans: list[Span] = []
    for line in _LINE.finditer(text):
        for start, end in _blocks(text, *line.span()):
            for sentence in _mend(text, start, end, _cuts(text[start:end], start)):
                spans += _open_quotation(text, *sentence)
    return spans


def _blocks(text: str, start: int, end: int) -> Iterator[Span]:
    """Cut a line that is too long for the segmenter, at the last blank before the limit where there is one."""
    while end - start > BLOCK_CHARACTERS:
        blank = text.rfind(" ", start + 1, start + BLOCK_CHARACTERS)
        cut = blank if blank > start else start + BLOCK_CHARACTERS
        yield start, cut
        start = cut
    yield start, end


def _cuts(line: str, offset: int) -> list[int]:
    """Return where the segmenter ends each sentence of a line but the last."""
    return [offset + boundary["end_index"] for boundary in _segmenter()("en", _ODD_BLANK.sub(" ", line))[:-1]]


def _mend(text: str, start: int, end: int, cuts: list[int]) -> Iterator[Span]:
    """Move or drop the cuts that are wrong and yield the trimmed sentences between the others."""
    cuts = [*(_beside_quotes(text, cut, end) for cut in cuts), end]
    for cut, following in pairwise(cuts):
        if start < cut < following and not _joined(text, start, cut, following):
            yield from _trimmed(text, start, cut)
            start = cut
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    part = text[start:end]
    kept = part.strip()
    if kept:
        start += len(part) - len(part.lstrip())
        yield start, start + len(kept)


def _beside_quotes(text: str, cut: int, end: int) -> int:
    """Move a cut before the quotation mark that opens after it, or behind the marks that close before it."""
    if text[cut - 1] in _OPENING and cut >= 2 and text[cut - 2].isspace():
        return cut - 1
    if text[cut - 1].isspace():
        return cut
    moved = cut
    while moved < end and text[moved] in _CLOSING:
        moved += 1
    closes = moved == end or not text[moved].isalnum()
    return moved if closes else cut


def _joined(text: str, start: int, cut: int, following: int) -> bool:
    """Whether the text on both sides of a cut is one sentence."""
    left, right = text[start:cut].strip(), text[cut:following].strip()
    if not (any(map(str.isalnum, left)) and any(map(str.isalnum, right))):
        return True
    tail = left[-12:] if len(left) > 12 else " " + left
    if _NEVER_LAST.search(tail) or _LIST_NUMBER.fullmatch(left):
        return True
    if _BEFORE_NUMBER.search(tail) and right[0].isdigit():
        return True
    if _CLOCK.search(tail) and _AFTER_CLOCK.match(right):
        return True
    if _INITIALS.match(text, cut - 2):
        return True
    return len(left) < LONG_QUOTATION_CHARACTERS and not left[0].islower() and _continues(right)


def _continues(right: str) -> bool:
    """Whether a text goes on with an ordinary word in lower case: no address, no iPhone, no van Gogh."""
    word = _LOWER_WORD.match(right)
    return word is not None and word.group().islower() and word.group() not in _NAME_PARTICLES


def _open_quotation(text: str, start: int, end: int) -> Iterator[Span]:
    """Break a sentence that is one long quotation into the sentences that were said."""
    sentence = text[start:end]
    if len(sentence) <= LONG_QUOTATION_CHARACTERS or not _QUOTES.search(sentence):
        yield start, end
        return
    yield from _mend(text, start, end, _cuts(_QUOTES.sub(" ", sentence), start))
