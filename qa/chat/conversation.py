"""How a conversation grows: each function returns new turns and leaves the old ones as they are."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from corpus.errors import DatelineError
from qa.chat.request import read_asking
from qa.chat.types import Answerer, Asking, Failed, Stopped, Turn, Working
from qa.chat.words import scope_words

Turns = tuple[Turn, ...]

OUR_MISTAKE = "Something went wrong inside Dateline, and its log says what. Other questions may still be answered."
log = logging.getLogger(__name__)


def converse(answerer: Answerer, sent: object, turns: Turns, today: date) -> Iterator[Turns]:
    """Yield the conversation as it grows by what a browser sent: a turn at each stage, then the turn answered."""
    try:
        asking = read_asking(sent)
    except DatelineError as problem:
        yield (*turns, Turn(question="", outcome=Failed(str(problem))))
        return
    earlier = turns if asking.replaces is None else turns[: asking.replaces]
    turn = Turn(asking.question, Working("searching"), scope_words(asking.filters, asking.asked_on))
    yield (*earlier, turn)
    history = tuple(asked.question for asked in earlier if asked.question)
    try:
        for grown in _in_stages(answerer, turn, asking, history, asking.asked_on or today):
            yield (*earlier, grown)
    except DatelineError as problem:
        yield (*earlier, replace(turn, outcome=Failed(str(problem))))
    except Exception:  # the chat must outlive a defect; its full story goes to the log
        log.exception("a question could not be answered")
        yield (*earlier, replace(turn, outcome=Failed(OUR_MISTAKE)))


def _in_stages(answerer: Answerer, turn: Turn, asking: Asking, history: tuple[str, ...], today: date) -> Iterator[Turn]:
    for step in answerer.stages(asking.question, history=history, filters=asking.filters, today=today):
        if isinstance(step, str):
            yield replace(turn, outcome=Working(step))
        else:
            read = sorted({hit.passage.article_id for hit in step.hits})
            yield replace(turn, outcome=step, read=answerer.store.articles(read))


def stop(turns: Turns) -> Turns:
    """Return the conversation with the turn that was under way stopped."""
    return tuple(replace(turn, outcome=Stopped()) if isinstance(turn.outcome, Working) else turn for turn in turns)
