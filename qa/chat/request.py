"""Reading what a browser sends: every value is checked here, because anyone can send anything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from qa import questions
from qa.chat.types import Asking, Target
from qa.errors import FeedbackError, QuestionError
from qa.memory.types import Opinion, Verdict
from vectorstore.types import Filters

IGNORING_IMPLIED = "ignoring_implied"  # the note in a kept scope that the question's own days were not heeded
MOST_SOURCES = 500


def read_target(sent: object) -> Target:
    """Return the words that a clicked link wants to open, or raise ValueError for anything that is no such link."""
    if not isinstance(sent, Mapping):
        raise ValueError(f"a link sends an object, not {type(sent).__name__}")
    number, turn = _text(sent, "number"), _text(sent, "turn")
    return Target(
        article_id=_text(sent, "article"),
        start=int(_text(sent, "start") or 0),
        end=int(_text(sent, "end") or 0),
        digest=_text(sent, "digest"),
        number=int(number) if number else None,
        turn=int(turn) if turn else None,
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
        conversation=_text(sent, "conversation"),
        implied=_text(sent, "implied") != "no",
    )


def read_scope(sent: Mapping[str, object]) -> Filters:
    """Return the filters that a form's `from`, `to`, `sources` and `source` ask for; an empty one restricts nothing."""
    try:
        return Filters(
            published_from=read_day(_text(sent, "from")),
            published_to=read_day(_text(sent, "to")),
            sources=frozenset(_sources(sent)),
        )
    except ValueError as problem:
        raise QuestionError(f"the scope makes no sense: {problem}") from problem


def read_scope_sent(sent: object) -> dict[str, object]:
    """Return what a form sent beside its question, as it is kept with the turn: only what restricts anything."""
    if not isinstance(sent, Mapping):
        return {}
    kept: dict[str, object] = {name: _text(sent, name) for name in ("from", "to", "today") if _text(sent, name)}
    if sources := _sources(sent):
        kept["sources"] = sources
    if _text(sent, "implied") == "no":
        kept[IGNORING_IMPLIED] = True
    return kept


def read_opinion(sent: object) -> tuple[str, int, Opinion | None]:
    """Return a conversation, the place of a turn in it, and what is thought of it, None for nothing any more.

    Raises FeedbackError.
    """
    if not isinstance(sent, Mapping) or not _text(sent, "turn").isdecimal():
        raise FeedbackError("an opinion names the turn that it is about")
    verdict = _text(sent, "verdict")
    opinion = None
    if verdict:
        try:
            said = Verdict(verdict)
        except ValueError as problem:
            raise FeedbackError(f"{verdict[:40]!r} is no verdict: send up or down") from problem
        opinion = Opinion(said, _text(sent, "reason"), _text(sent, "comment"), _text(sent, "right_answer"))
    return _text(sent, "conversation"), int(_text(sent, "turn")), opinion


def read_name(sent: object, name: str) -> str:
    """Return a text by its name, "" where none was sent."""
    return _text(sent, name) if isinstance(sent, Mapping) else ""


def _sources(sent: Mapping[str, object]) -> list[str]:
    sources = sent.get("sources")
    named = [source for source in sources if isinstance(source, str)] if isinstance(sources, (list, tuple)) else []
    named.append(_text(sent, "source"))
    return [source.strip() for source in named if source.strip()][:MOST_SOURCES]


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
