"""How a conversation grows and is kept: each function returns a new one and leaves the old as it is."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from corpus.errors import DatelineError
from qa.chat.recall import STOPPED, recall_turns
from qa.chat.request import read_asking, read_opinion, read_scope_sent
from qa.chat.types import Answerer, Arriving, Asking, Failed, Stopped, Talk, Turn, Working
from qa.chat.words import scope_words
from qa.errors import UnknownConversationError
from qa.memory.memory import Memory
from qa.memory.types import StoredTurn
from qa.records import answer_record
from qa.types import Answer

OUR_MISTAKE = "Something went wrong inside Dateline, and its log says what. Other questions may still be answered."
NOT_KEPT = "This could not be kept: {problem}."
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whose conversations are shown, where they are kept, and what day it is for them."""

    owner: str
    memory: Memory
    today: date


def resume(visitor: Visitor, conversation: str) -> Talk:
    """Return a conversation as it was left. Raises UnknownConversationError."""
    if not conversation:
        return Talk()
    stored = visitor.memory.turns(visitor.owner, conversation)
    return Talk(conversation, recall_turns(stored, visitor.memory.opinions(visitor.owner, conversation)))


def converse(answerer: Answerer, visitor: Visitor, sent: object) -> Iterator[Talk]:
    """Yield the conversation as it grows by what a browser sent: a turn at each stage, then the answer, then kept."""
    try:
        asking = read_asking(sent)
        talk = _resumed(visitor, asking)
        steps = _steps(answerer, asking, talk, visitor)  # at work from here on, whatever is kept and shown meanwhile
        talk = _begun(visitor, talk, asking)
    except DatelineError as problem:
        yield Talk("", (Turn(question="", outcome=Failed(str(problem))),))
        return
    earlier, turn = talk.turns, _asked(asking)
    yield replace(talk, turns=(*earlier, turn))
    try:
        for grown in _in_stages(steps, turn):
            turn = grown
            yield replace(talk, turns=(*earlier, turn))
    except DatelineError as problem:
        turn = replace(turn, outcome=Failed(str(problem)))
    except Exception:  # the chat must outlive a defect; its full story goes to the log
        log.exception("a question could not be answered")
        turn = replace(turn, outcome=Failed(OUR_MISTAKE))
    yield replace(talk, turns=(*earlier, _kept(visitor, talk, turn, asking, sent)))


def _resumed(visitor: Visitor, asking: Asking) -> Talk:
    """Return the conversation up to where the question stands; one that is gone begins anew."""
    try:
        talk = resume(visitor, asking.conversation)
    except UnknownConversationError:
        talk = Talk()
    if asking.replaces is not None:
        talk = replace(talk, turns=talk.turns[: asking.replaces])
    return talk


def _begun(visitor: Visitor, talk: Talk, asking: Asking) -> Talk:
    """Return a conversation that is kept, a new one where none was resumed."""
    return talk if talk.id else Talk(visitor.memory.create(visitor.owner, asking.question).id)


def _asked(asking: Asking) -> Turn:
    scope = scope_words(asking.filters, asking.asked_on)
    return Turn(asking.question, Working("searching"), scope, asking.implied)


def _steps(answerer: Answerer, asking: Asking, talk: Talk, visitor: Visitor) -> Iterator[str | Answer]:
    history = tuple(turn.question for turn in talk.turns if turn.question)
    options = {"filters": asking.filters, "today": asking.asked_on or visitor.today, "implied": asking.implied}
    try:
        return answerer.stages(asking.question, history=history, **options)  # type: ignore[arg-type]
    except DatelineError as problem:
        return _raised(problem)


def _raised(problem: DatelineError) -> Iterator[str | Answer]:
    """Raise a problem where the first step is asked for: it becomes that of the turn."""
    yield from ()
    raise problem


def _in_stages(steps: Iterator[str | Answer], turn: Turn) -> Iterator[Turn]:
    for step in steps:
        if isinstance(step, str):
            yield replace(turn, outcome=Working(step))
        else:
            for told in range(1, len(step.sentences)):
                yield replace(turn, outcome=Arriving(step, told))
            yield replace(turn, outcome=step)


def _kept(visitor: Visitor, talk: Talk, turn: Turn, asking: Asking, sent: object) -> Turn:
    """Keep a turn in the memory; where that fails the answer is shown all the same, with the reason."""
    outcome = turn.outcome
    stored = StoredTurn(
        question=turn.question,
        asked_on=asking.asked_on or visitor.today,
        scope=read_scope_sent(sent),
        answer=answer_record(outcome) if isinstance(outcome, Answer) else None,
        message=outcome.message if isinstance(outcome, Failed) else STOPPED if isinstance(outcome, Stopped) else "",
    )
    try:
        visitor.memory.replace_turns_from(visitor.owner, talk.id, len(talk.turns), [stored])
    except DatelineError as problem:
        return replace(turn, problem=NOT_KEPT.format(problem=problem))
    return turn


def stop(visitor: Visitor, sent: object) -> Talk:
    """Return the conversation with the question that was sent, stopped. Raises QuestionError when there was none."""
    asking = read_asking(sent)
    talk = _begun(visitor, _resumed(visitor, asking), asking)
    turn = replace(_asked(asking), outcome=Stopped())
    return replace(talk, turns=(*talk.turns, _kept(visitor, talk, turn, asking, sent)))


def judge(visitor: Visitor, sent: object) -> Talk:
    """Note what a visitor thinks of an answer, or that they think it no longer, and return the conversation."""
    conversation, place, opinion = read_opinion(sent)
    if opinion is None:
        visitor.memory.withdraw_feedback(visitor.owner, conversation, place)
    else:
        visitor.memory.give_feedback(visitor.owner, conversation, place, opinion)
    return resume(visitor, conversation)
