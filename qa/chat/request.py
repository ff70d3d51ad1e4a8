"""Reading what a browser sends: every value is checked here, because anyone can send anything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from qa import questions
from qa.chat.types import Asking, Target
from qa.errors import QuestionError
from vectorstore.types import Filters


def read_target(sent: object) -> Target:
    """Return the words that a clicked link wants to open, or raise ValueError for anything that is no such link."""
    if not isinstance(sent, Mapping):
        raise ValueError(f"a link sends an object, not {type(sent).__name__}")
    number = _text(sent, "number")
    return Target(
        article_id=_text(sent, "article"),
        start=int(_text(sent, "start") or 0),
        end=int(_text(sent, "end") or 0),
        digest=_text(sent, "digest"),
        number=int(number) if number else None,
    )


def read_asking(sent: object) -> Asking:
    """Return the question that a form sends, with its scope.

    Raises QuestionError when there is no question, a day is no day, or the scope ends before it begins.
    """
    if not isinstance(sent, Mapping) or not _text(sent, "question").strip():
        raise QuestionError("there is no question: write one and press Enter")
    replaces = _text(sent, "replaces")
    return Asking(
        question=_text(sent, "question").strip(),
        filters=read_scope(sent),
        asked_on=read_day(_text(sent, "today")),
        replaces=int(replaces) if replaces.isdecimal() else None,
    )


def read_scope(sent: Mapping[str, object]) -> Filters:
    """Return the filters that a form's `from`, `to` and `source` ask for; an empty one restricts nothing."""
    source = _text(sent, "source").strip()
    try:
        return Filters(
            published_from=read_day(_text(sent, "from")),
            published_to=read_day(_text(sent, "to")),
            sources=frozenset({source}) if source else frozenset(),
        )
    except ValueError as problem:
        raise QuestionError(f"the scope makes no sense: {problem}") from problem


def read_day(words: str) -> date | None:
    """Return the day that `YYYY-MM-DD` names, None for blank words, or raise QuestionError."""
    if not words.strip():
        return None
    try:
        return questions.read_day(words.strip())
    except ValueError as problem:
        raise QuestionError(f"{words.strip()[:40]!r} is not a day: write it as YYYY-MM-DD") from problem


def _text(sent: Mapping[str, object], name: str) -> str:
    value = sent.get(name)
    if value is None or isinstance(value, bool):
        return ""
    return str(value) if isinstance(value, (str, int)) else ""
