"""What a question asks for: a pure function of its words, its history and the day it is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from corpus.normalise import normalise_text
from corpus.times import find_times
from corpus.types import Anchor, Granularity
from qa.errors import QuestionError
from qa.followup import standalone_question
from qa.kinds import answer_kind
from qa.terms import ORDINALS
from qa.types import Ordering, Query, Window
from vectorstore.types import Filters

MAX_CHARACTERS = 2_000  # far past any question people ask; the embedder's window is about 1,000 characters


# "first" is not a question of order in these.
_NOT_ORDER = re.compile(
    r"\bfirst(?:ly|[- ]time|[- ](?:minister|lady|name|half|quarter|person|class|aid|degree|leg|round|division|floor))\b"
    r"|\bat first\b|\bsecond[- ](?:hand|half|quarter|leg|division|floor|world war)\b|\bper second\b",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\b(?:first|1st|inaugural|earliest|original(?:ly)?|initial(?:ly)?|maiden)\b", re.IGNORECASE)
_LATEST = re.compile(
    r"\b(?:latest|most recent(?:ly)?|newest|current(?:ly)?|last (?:time|met|held)|now|present(?:ly)?)\b"
    r"|^\W*who(?:'s| is) (?:the )?(?:\w+ ){0,3}"
    r"(?:chief|head|president|minister|mayor|captain|leader|chair|ceo|owner|editor)",
    re.IGNORECASE,
)
_NTH = re.compile(r"\b(" + "|".join(word for word, number in ORDINALS.items() if number > 1) + r")\b", re.IGNORECASE)
_BEFORE_TIME = re.compile(
    r"\b(before|until|by|prior to|after|since|from|in|during|on|of|between|for|at|as of)\s+(?:the\s+)?$",
    re.IGNORECASE,
)


def understand(
    question: str,
    *,
    asked_on: date,
    history: Sequence[str] = (),
    filters: Filters | None = None,
    sources: Sequence[str] = (),
    implied: bool = True,
) -> Query:
    """Read a question. `history` holds the user's earlier questions, oldest first; `sources` those of the archive.

    Without `implied`, the window of days and the order that the question itself asks for are left out.
    Raises QuestionError for a blank question or one past `MAX_CHARACTERS`.
    """
    text = " ".join(normalise_text(question).split())
    if not any(character.isalnum() for character in text):
        raise QuestionError("the question is blank: ask something, such as 'When was the first India-Japan 2+2?'")
    if len(text) > MAX_CHARACTERS:
        raise QuestionError(f"the question has {len(text):,} characters: ask it in at most {MAX_CHARACTERS:,}")
    standalone = standalone_question(text, [" ".join(normalise_text(earlier).split()) for earlier in history])
    ordering, ordinal = _order(standalone) if implied else (Ordering.NONE, None)
    return Query(
        text=text,
        standalone=standalone,
        asked_on=asked_on,
        kind=answer_kind(standalone),
        ordering=ordering,
        ordinal=ordinal,
        window=_window(standalone, asked_on) if implied else None,
        filters=filters or Filters(),
        sources_named=name_sources(standalone, sources),
        days_named=_days(standalone, asked_on),
    )


def implied_words(query: Query) -> tuple[str, ...]:
    """Return in words what the question itself was taken to ask for: its order, then its window of days."""
    words = []
    if query.ordering is not Ordering.NONE:
        words.append(f"the {_nth(query.ordinal)}" if query.ordering is Ordering.NTH else f"the {query.ordering.value}")
    if query.window is not None:
        words.append(_bounds(query.window))
    return tuple(words)


def _nth(number: int | None) -> str:
    return next(word for word, value in ORDINALS.items() if value == number)


def _bounds(window: Window) -> str:
    first, last = (day.isoformat() if day else "" for day in (window.earliest, window.latest))
    if not first:
        return f"up to {last} (“{window.words}”)"
    return f"from {first} to {last} (“{window.words}”)" if last else f"from {first} on (“{window.words}”)"


def name_sources(question: str, sources: Sequence[str]) -> tuple[str, ...]:
    """Return the archive's sources that a question names, in the order of `sources`."""
    spaced = f" {_words_only(question)} "
    return tuple(source for source in sources if _words_only(source) and f" {_words_only(source)} " in spaced)


def _words_only(text: str) -> str:
    return " ".join(re.findall(r"[\w.]*\w", text.casefold()))


def _order(question: str) -> tuple[Ordering, int | None]:
    plain = _NOT_ORDER.sub(" ", question)
    if _FIRST.search(plain):
        return Ordering.FIRST, 1
    if found := _NTH.search(plain):
        return Ordering.NTH, ORDINALS[found.group(1).casefold()]
    if _LATEST.search(plain):
        return Ordering.LATEST, None
    return Ordering.NONE, None


def _days(question: str, asked_on: date) -> tuple[date, ...]:
    return tuple(t.earliest for t in find_times(question, asked_on, any_case=True) if t.granularity is Granularity.DAY)


def _window(question: str, asked_on: date) -> Window | None:
    """Return the days a question speaks about, when a preposition makes its date a time and not part of a name."""
    for expression in find_times(question, asked_on, any_case=True):
        before = _BEFORE_TIME.search(question[: expression.start])
        relative = expression.anchor is Anchor.PUBLICATION
        if not before and not relative:
            continue
        word = before.group(1).casefold() if before else ""
        words = question[before.start() if before else expression.start : expression.end]
        if word in {"before", "until", "by", "prior to", "as of"}:
            latest = expression.earliest if word in {"before", "prior to"} else expression.latest
            return Window(None, latest, words)
        if word in {"after", "since"}:
            return Window(expression.earliest if word == "since" else expression.latest, None, words)
        return Window(expression.earliest, expression.latest, words)
    return None
