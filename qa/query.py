"""What a question asks for: a pure function of its words, its history and the day it is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from corpus.normalise import normalise_text
from corpus.times import find_times
from corpus.types import Granularity, TimeExpression
from qa.errors import QuestionError
from qa.followup import Standalone, stand_alone
from qa.kinds import answer_kind
from qa.orders import order_asked
from qa.terms import ordinal_word
from qa.types import Ordering, Query, Window
from qa.windows import DaysAsked, days_asked
from vectorstore.types import Filters

MAX_CHARACTERS = 2_000  # far past any question people ask; the embedder's window is about 1,000 characters


def understand(
    question: str,
    *,
    asked_on: date,
    history: Sequence[str] = (),
    filters: Filters | None = None,
    sources: Sequence[str] = (),
    implied: bool = True,
    earlier_answer: str = "",
) -> Query:
    """Read a question. `history` holds the user's earlier questions, oldest first; `sources` those of the archive.

    `earlier_answer` is what the question's "he" or "her" points at: see `qa.followup.earlier_to_answer`.

    Without `implied`, the window of days and the order that the question itself asks for are left out.
    Raises QuestionError for a blank question or one past `MAX_CHARACTERS`.
    """
    text = on_one_line(question)
    if not any(character.isalnum() for character in text):
        raise QuestionError("the question is blank: ask something, such as 'When was the first India-Japan 2+2?'")
    if len(text) > MAX_CHARACTERS:
        raise QuestionError(f"the question has {len(text):,} characters: ask it in at most {MAX_CHARACTERS:,}")
    asked = stand_alone(text, [on_one_line(earlier) for earlier in history], answer=earlier_answer)
    standalone = asked.text
    times = find_times(standalone, asked_on, any_case=True)
    ordering, ordinal = _order(asked, times) if implied else (Ordering.NONE, None)
    days = days_asked(asked.bounding, asked_on) if implied else DaysAsked()
    return Query(
        text=text,
        standalone=standalone,
        asked_on=asked_on,
        kind=answer_kind(standalone),
        ordering=ordering,
        ordinal=ordinal,
        window=days.window,
        subject=days.subject,
        filters=filters or Filters(),
        sources_named=name_sources(standalone, sources),
        days_named=tuple(time.earliest for time in times if time.granularity is Granularity.DAY),
    )


def without_as_of(query: Query) -> Query:
    """Return a query without the words "as of 1 March 2020": no article says them, and only their day bounds it."""
    if query.window is None or not query.window.as_of:
        return query
    rest = re.sub(r"\(\s*\)", " ", query.standalone.replace(query.window.words, " "))
    rest = re.sub(r"[\s,—–:;(-]+(?=[,?.!)])", "", " ".join(rest.split())).strip(" ,:;—–")
    return replace(query, standalone=rest) if re.search(r"\w", rest) else query


def implied_words(query: Query) -> tuple[str, ...]:
    """Return in words what the question itself was taken to ask for: its order, then its window of days."""
    words = []
    if query.ordering is not Ordering.NONE:
        nth = ordinal_word(query.ordinal) if query.ordering is Ordering.NTH and query.ordinal else query.ordering.value
        words.append(f"the {nth}")
    if query.window is not None:
        words.append(_bounds(query.window))
    return tuple(words)


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


def _order(asked: Standalone, times: Sequence[TimeExpression]) -> tuple[Ordering, int | None]:
    """Return the order that a question asks for; a follow-up's own words come before those it points back at."""
    own, ordinal = order_asked(asked.bounding)
    if own is not Ordering.NONE and asked.bounding != asked.text:
        return own, ordinal
    return order_asked(asked.text, [(time.start, time.end) for time in times])


def on_one_line(question: str) -> str:
    """Return a question as it is read: its spaces and line breaks as single spaces."""
    return " ".join(normalise_text(question).split())
