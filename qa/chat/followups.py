"""Questions that may follow an answer: made by rule from it, and offered only where the archive answers them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from qa.chat.types import Answerer
from qa.errors import BusyError
from qa.kinds import answer_kind
from qa.types import Answer, AnswerKind, Status

MOST = 3
SURE = 0.7  # of a further question's answer; below it, of the shipped examples' some were beside the point
SLOW_MS = 500  # where one answer takes longer, the machine is busy: none are sought that nobody has asked for
NEXT = "What happened next?"
# Each order leads to the one that a reader would ask for then.
ORDERS = (("first", "second"), ("second", "third"), ("latest", "first"), ("last", "first"))


def follow_ups(answerer: Answerer, answer: Answer, history: Sequence[str], today: date) -> tuple[str, ...]:
    """Return the further questions that the archive answers otherwise; `history` ends with the question answered.

    None is sought while somebody waits for an answer: what nobody has asked for comes last.
    """
    if answer.status is Status.NOT_IN_CORPUS or answer.timings_ms.get("total", 0.0) > SLOW_MS:
        return ()
    offered = []
    for question in candidates(answer):
        try:
            found = answerer.ask(question, today=today, history=tuple(history), patient=False)
        except BusyError:
            break
        if leads_on(answer, found, question):
            offered.append(question)
        if len(offered) == MOST:
            break
    return tuple(offered)


def candidates(answer: Answer) -> Iterator[str]:
    """Yield what could be asked next, by rule: another of the order, the day, what came next, the place."""
    question = answer.standalone_question
    for order, then in ORDERS:
        changed, count = re.subn(rf"\b{order}\b", then, question, flags=re.IGNORECASE)
        if count == 1:
            yield changed
    kind = answer_kind(question)
    if kind is not AnswerKind.DAY:
        yield "When was that?"
    yield NEXT
    if kind is not AnswerKind.PLACE:
        yield "Where was that?"


def leads_on(answer: Answer, found: Answer, question: str) -> bool:
    """Return whether a further answer is sure enough, says something else, and is about the same."""
    if found.status is not Status.ANSWERED or found.confidence < SURE or said(found) == said(answer):
        return False
    if question == NEXT and not after(answer, found):
        return False
    near = {hit.passage.article_id for hit in found.hits} | {citation.article_id for citation in found.citations}
    return any(citation.article_id in near for citation in answer.citations)


def said(answer: Answer) -> str:
    """Return what an answer says in short, for comparing."""
    return (answer.short_answer or answer.text).strip().casefold()


def after(answer: Answer, found: Answer) -> bool:
    """Return whether everything that an answer cites tells of a later day than all that another one cites."""
    days = [[citation.event[:10] or citation.published[:10] for citation in each.citations] for each in (answer, found)]
    earlier, later = days
    return bool(earlier and later) and all(earlier) and all(later) and max(earlier) < min(later)
