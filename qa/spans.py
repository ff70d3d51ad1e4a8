"""Spans of the kind a question asks for: days, people, places, numbers, amounts, durations, names, reasons."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from corpus.types import Anchor, Granularity, TimeExpression
from qa.terms import NUMBER_WORDS, Term, content_terms, find_terms
from qa.types import AnswerKind

_Finder = Callable[[str], Iterator[tuple[int, int, float]]]  # (start, end, fit) of each span in a sentence

_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w'’.-]*\w|[A-Z](?:\.[A-Z])*\.?"
_PARTICLE = r"(?:of the|of|de la|de|da|del|van der|van|von|bin|al|el|la|le|the|for|and)"
_NAME = re.compile(rf"(?:{_CAPITAL})(?:(?:\s+{_PARTICLE})?\s+(?:{_CAPITAL}|\d+\b))*")
_CALENDAR = re.compile(
    r"^(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|The|A|An|It|He|She|They|We|I|But|And|In|On|At|For|This|That|Its|His|Her)$"
)
_TITLES = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Sir|Dame|Lord|Lady|Judge|Justice|President|Chancellor|Captain|Coach|Professor|Prof|Senator|"
    r"Mayor|Councillor|Minister|Secretary|General|Gen|Admiral|Ambassador|Governor|King|Queen|Prince|Princess|Pope|"
    r"Sergeant|Inspector|Officer|[Cc]hief|[Ee]xecutive|[Dd]irector|[Cc]hair\w*|[Ff]ounder|[Ss]pokes\w+|[Ll]eader|"
    r"[Mm]anager|[Mm]inister|[Cc]oach|[Cc]aptain|[Jj]udge|[Mm]ayor|[Ss]ecretary|[Cc]hampion|[Ww]inner)\.?,?\s+)$"
)
_BEFORE_PLACE = re.compile(
    r"\b(?:in|at|near|to|from|outside|around|across|off|through|into|of|over)\s+(?:the\s+)?$", re.IGNORECASE
)
NUMBER = (
    r"(?:\d(?:[\d,]*\d)?(?:\.\d+)?|\b(?:"
    + "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
    + r")(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?\b)"
)
_SCALE = r"(?:\s?(?:hundred|thousand|million|billion|trillion|bn|m|k)\b)*"
_COUNT = re.compile(
    rf"(?<![\w$€£¥₹.-]){NUMBER}{_SCALE}(?!\s?(?:%|per ?cent|st|nd|rd|th)\b)(?!%)(?:\s+(?:people|times|percent))?",
    re.IGNORECASE,
)
_UNIT = (
    r"(?:%|per ?cent(?:age points?)?|dollars?|euros?|pounds?|yen|rupees?|crowns?|kroner|francs?|pence|cents?|"
    r"kilomet(?:re|er)s?|km|mph|km/h|"
    r"met(?:re|er)s?|miles?|feet|foot|inches|tonnes?|tons?|kilograms?|kg|lit(?:re|er)s?|hectares?|acres?|degrees?|points?|"
    r"megawatts?|MW|GW|years old|square \w+)"
)
_AMOUNT = re.compile(
    rf"(?:(?:US|A|C|NZ|HK|S)?[$€£¥₹]\s?{NUMBER}{_SCALE}|(?<![\w.-]){NUMBER}{_SCALE}[\s-]?{_UNIT}(?!\w)|(?<!\w)\d+[-–]\d+(?!\w))",
    re.IGNORECASE,
)
_DURATION = re.compile(
    rf"(?:{NUMBER}|\ba|\ban|\bhalf an?|\bseveral|\ba few)(?:\s+and\s+a\s+half|\s+or\s+\w+)?[\s-]"
    rf"(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|decades?)\b"
    rf"(?:(?:,?\s+and)?\s+{NUMBER}\s+(?:seconds?|minutes?|hours?|days?|weeks?|months?))?",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because(?: of)?|owing to|due to|thanks to|as a result of|in order to|so (?:that|as to)|on account of|"
    r"citing|blam(?:ed|ing)(?: it on)?|"
    r"attributed (?:it )?to|caused by|after|following|since|over|for fear of)\s+([^.;!?]{3,160})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `[start:end]` of an article's text, and how well they suit, higher being better."""

    start: int
    end: int
    fit: float
    time: TimeExpression | None = None


def mark_spans(
    kind: AnswerKind, sentence: str, *, offset: int, question: Sequence[Term], times: Sequence[TimeExpression]
) -> list[Span]:
    """Return the spans of `kind` in a sentence that starts at `offset` of its article, best first.

    Spans that only repeat the question are left out. Kinds answered by a whole sentence give none.
    """
    asked = {term.key for term in question}
    matched = [term for term in find_terms(sentence) if term.key in asked]
    if kind is AnswerKind.DAY:
        spans = list(_days(sentence, offset, times))
    elif kind in _FINDERS:
        spans = [
            Span(offset + a, offset + b, fit)
            for a, b, fit in _FINDERS[kind](sentence)
            if _says_new(sentence[a:b], asked)
        ]
    else:
        spans = []
    return sorted(spans, key=lambda span: (-(span.fit - _distance(span, matched, offset)), span.start))


def _distance(span: Span, matched: Sequence[Term], offset: int) -> float:
    """Return how far a span stands from the question's words: 0 beside one, 1 at 100 characters or more."""
    gaps = [max(term.start + offset - span.end, span.start - term.end - offset, 0) for term in matched]
    gaps.sort()
    near = gaps[:3] or [100]
    return min(sum(near) / len(near) / 100, 1.0)


def _says_new(words: str, asked: set[str]) -> bool:
    return any(term.key not in asked for term in content_terms(words)) or not content_terms(words)


def _days(sentence: str, offset: int, times: Sequence[TimeExpression]) -> Iterator[Span]:
    fits = {
        Granularity.DAY: 1.0,
        Granularity.RANGE: 0.8,
        Granularity.WEEK: 0.6,
        Granularity.MONTH: 0.7,
        Granularity.YEAR: 0.5,
    }
    for time in times:
        if offset <= time.start and time.end <= offset + len(sentence):
            named = time.rule.startswith("year-modifier")
            guess = 0.1 if time.anchor is not Anchor.ABSOLUTE and not time.certain else 0.0
            yield Span(time.start, time.end, fits.get(time.granularity, 0.4) - (0.5 if named else 0.0) - guess, time)


def _names(sentence: str) -> Iterator[tuple[int, int, float]]:
    for match in _NAME.finditer(sentence):
        start, end = match.span()
        while (
            first := re.match(
                r"(?:The|A|An|But|And|In|On|At|For|When|After|Before|If|While|As)\s+", sentence[start:end]
            )
        ) is not None:
            start += first.end()
        if start < end and not _CALENDAR.match(sentence[start:end]):
            yield start, end, 0.6 if start == 0 and " " not in sentence[start:end] else 1.0


def _people(sentence: str) -> Iterator[tuple[int, int, float]]:
    for start, end, fit in _names(sentence):
        titled = bool(_TITLES.search(sentence[:start]))
        words = len(sentence[start:end].split())
        placed = bool(_BEFORE_PLACE.search(sentence[:start]))
        yield start, end, fit + (0.4 if titled else 0.0) + (0.2 if words in (2, 3) else 0.0) - (0.4 if placed else 0.0)


def _places(sentence: str) -> Iterator[tuple[int, int, float]]:
    for start, end, fit in _names(sentence):
        yield start, end, fit + (0.5 if _BEFORE_PLACE.search(sentence[:start]) else -0.5)


def _matches(pattern: re.Pattern[str], *, group: int = 0) -> _Finder:
    def find(sentence: str) -> Iterator[tuple[int, int, float]]:
        for match in pattern.finditer(sentence):
            words = match.group(group)
            start = match.start(group) + len(words) - len(words.lstrip())
            yield start, start + len(words.strip()), 1.0

    return find


def _counts(sentence: str) -> Iterator[tuple[int, int, float]]:
    for match in _COUNT.finditer(sentence):
        looks_like_year = re.fullmatch(r"(?:1[89]|20)\d\d", match.group().strip()) is not None
        yield match.start(), match.start() + len(match.group().rstrip()), 0.2 if looks_like_year else 1.0


_FINDERS: dict[AnswerKind, _Finder] = {
    AnswerKind.PERSON: _people,
    AnswerKind.PLACE: _places,
    AnswerKind.NAME: _names,
    AnswerKind.COUNT: _counts,
    AnswerKind.AMOUNT: _matches(_AMOUNT),
    AnswerKind.DURATION: _matches(_DURATION),
    AnswerKind.REASON: _matches(_REASON, group=1),
}
