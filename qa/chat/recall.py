"""Turns as the memory keeps them, made into turns that can be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qa.chat.request import IGNORING_IMPLIED, read_day, read_scope
from qa.chat.types import Failed, Stopped, Turn
from qa.chat.words import scope_words
from qa.memory.types import Opinion, StoredTurn
from qa.types import Alternative, Answer, Citation, NearArticle, Sentence, Status, TimelineEntry

STOPPED = "stopped"  # the message of a turn whose asker stopped it


def recall_turns(stored: Sequence[StoredTurn], opinions: Mapping[int, Opinion]) -> tuple[Turn, ...]:
    """Return turns as they are shown; `opinions` has what their asker thinks of them, by place."""
    return tuple(_turn(turn, opinions.get(place)) for place, turn in enumerate(stored))


def _turn(stored: StoredTurn, opinion: Opinion | None) -> Turn:
    outcome: Answer | Stopped | Failed
    if stored.answer is not None:
        outcome = recall_answer(stored.answer)
    else:
        outcome = Stopped() if stored.message == STOPPED else Failed(stored.message)
    scope = scope_words(read_scope(stored.scope), read_day(str(stored.scope.get("today") or "")))
    return Turn(stored.question, outcome, scope, not stored.scope.get(IGNORING_IMPLIED), opinion)


def recall_answer(record: Mapping[str, Any]) -> Answer:
    """Return the answer of a record that `answer_record` made, without the passages that were found for it."""
    return Answer(
        question=record["question"],
        standalone_question=record["standalone_question"],
        status=Status(record["status"]),
        short_answer=record["short_answer"],
        sentences=tuple(
            Sentence(said["text"], tuple(said["citations"]), tuple(said["rules"])) for said in record["sentences"]
        ),
        citations=tuple(recall_citation(cited) for cited in record["citations"]),
        confidence=record["confidence"],
        hits=(),
        nearest=tuple(
            NearArticle(near["article_id"], near["title"], near["date"], near["source"]) for near in record["nearest"]
        ),
        reason=_without_nearest(record["reason"], record["nearest"]),
        notes=tuple(record["notes"]),
        timings_ms=dict(record["timings_ms"]),
        generation=record["generation"],
        alternatives=tuple(_alternative(rival) for rival in record.get("alternatives", ())),
        timeline=tuple(
            TimelineEntry(entry["day"], entry["text"], tuple(entry["citations"]))
            for entry in record.get("timeline", ())
        ),
        implied=tuple(record.get("implied", ())),
    )


def recall_citation(record: Mapping[str, Any]) -> Citation:
    """Return the citation of a record."""
    return Citation(
        number=record["number"],
        article_id=record["article_id"],
        title=record["title"],
        published=record["date"],
        source=record["source"],
        url=record["url"],
        start=record["start"],
        end=record["end"],
        quote=record["quote"],
        also_in=tuple(record["also_in"]),
        event=record.get("event", ""),
    )


def _alternative(record: Mapping[str, Any]) -> Alternative:
    return Alternative(record["short_answer"], tuple(record["citations"]), record["confidence"], record["note"])


def _without_nearest(reason: str, nearest: Iterable[object]) -> str:
    """Return a reason without the nearest articles' names behind it: the page lists them itself."""
    return reason.rpartition(" Nearest: ")[0] or reason if nearest else reason
