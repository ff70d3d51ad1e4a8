"""The four things that can become of a question."""

from __future__ import annotations

from enum import Enum

from qa.evaluation.outcome import Outcome


class Verdict(Enum):
    """What became of a question; its value names the filter in the page."""

    RIGHT = "right"
    WRONG = "wrong"
    WRONGLY_REFUSED = "refused"
    WRONGLY_ANSWERED = "answered"


WORDS = {
    Verdict.RIGHT: "right",
    Verdict.WRONG: "wrong",
    Verdict.WRONGLY_REFUSED: "refused but answerable",
    Verdict.WRONGLY_ANSWERED: "answered but should have refused",
}


def verdict_of(outcome: Outcome) -> Verdict:
    """Return what became of a question."""
    if outcome.right:
        return Verdict.RIGHT
    if not outcome.answerable:
        return Verdict.WRONGLY_ANSWERED
    return Verdict.WRONGLY_REFUSED if outcome.refused else Verdict.WRONG
