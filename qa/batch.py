"""Questions of a file, each answered by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from qa.errors import QuestionError
from qa.questions import QuestionRecord
from qa.types import Answer, Status
from vectorstore.types import Filters

if TYPE_CHECKING:
    from qa.pipeline import Pipeline


def answer_all(
    pipeline: Pipeline, questions: Iterable[QuestionRecord], *, filters: Filters, today: date
) -> Iterator[Answer]:
    """Yield the answer to each question, in order.

    A question's own day wins over `today`. One that cannot be asked is refused with the reason, so that each question
    has its answer.
    """
    for record in questions:
        asked_on = record.asked_on or today
        try:
            yield pipeline.ask(record.question, history=record.history, filters=filters, today=asked_on)
        except QuestionError as error:
            yield refuse(record.question, str(error), generation=pipeline.store.generation)


def refuse(question: str, reason: str, *, generation: int) -> Answer:
    """Return the refusal of a question that was not searched for."""
    return Answer(
        question=question,
        standalone_question=question,
        status=Status.NOT_IN_CORPUS,
        short_answer="",
        sentences=(),
        citations=(),
        confidence=1.0,
        hits=(),
        reason=reason,
        timings_ms={"total": 0.0},
        generation=generation,
    )
