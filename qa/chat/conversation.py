"""How a conversation grows: each function returns new turns and leaves the old ones as they are."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from corpus.errors import DatelineError
from qa.chat.request import read_question
from qa.chat.types import Answerer, Failed, Stopped, Turn, Working
from qa.chat.words import scope_words
from qa.types import Answer
from vectorstore.types import Filters

Turns = tuple[Turn, ...]

OUR_MISTAKE = "Something went wrong inside Dateline, and its log says what. Other questions may still be answered."
log = logging.getLogger(__name__)


def converse(answerer: Answerer, sent: object, turns: Turns, today: date) -> Iterator[Turns]:
    """Yield the conversation as it grows by what a browser sent: a turn at each stage, then the turn answered."""
    try:
        question, filters, replaces = read_question(sent)
    except DatelineError as problem:
        yield (*turns, Turn(question="", outcome=Failed(str(problem))))
        return
    earlier = turns if replaces is None else turns[:replaces]
    turn = Turn(question, Working("searching"), scope_words(filters))
    yield (*earlier, turn)
    history = tuple(asked.question for asked in earlier if asked.question)
    for outcome in answer_in_stages(answerer, question, history, filters, today):
        yield (*earlier, replace(turn, outcome=outcome))


def answer_in_stages(
    answerer: Answerer, question: str, history: tuple[str, ...], filters: Filters, today: date
) -> Iterator[Working | Answer | Failed]:
    """Yield what becomes of a question; a failure is an outcome too, told in one line."""
    try:
        for step in answerer.stages(question, history=history, filters=filters, today=today):
            yield Working(step) if isinstance(step, str) else step
    except DatelineError as problem:
        yield Failed(str(problem))
    except Exception:  # the chat must outlive a defect; its full story goes to the log
        log.exception("a question could not be answered")
        yield Failed(OUR_MISTAKE)


def stop(turns: Turns) -> Turns:
    """Return the conversation with the turn that was under way stopped."""
    return tuple(replace(turn, outcome=Stopped()) if isinstance(turn.outcome, Working) else turn for turn in turns)
