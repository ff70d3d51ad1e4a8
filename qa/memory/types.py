"""The values that are remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from hashlib import sha256
from typing import Any

from qa.errors import FeedbackError

# What can be wrong with an answer, in the order in which a page offers it.
REASONS = (
    "wrong citation",
    "wrong date",
    "wrong answer",
    "should have refused",
    "should have answered",
    "other",
)
SHOULD_HAVE_REFUSED = "should have refused"
LONGEST_TITLE = 120  # characters
LONGEST_COMMENT = 4000  # characters, of a comment and of a right answer


class Verdict(Enum):
    """What somebody thinks of an answer."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation of one owner; the moments are aware, in UTC."""

    id: str
    title: str
    created: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """A question and what came of it.

    `scope` is what the form sent beside the question ("from", "to", "source", …), in values that JSON holds;
    `asked_on` the day the question counted as asked; `answer` the record that `answer_record` makes, which carries the
    citations' spans and the index generation, or None when there is none, for the reason that `message` gives.
    """

    question: str
    asked_on: date
    scope: Mapping[str, Any] = field(default_factory=dict)
    answer: Mapping[str, Any] | None = None
    message: str = ""

    @property
    def restricted(self) -> bool:
        """Whether the question was put to a part of the archive only."""
        return any(value for name, value in self.scope.items() if name != "today")


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody says of an answer: `reason` is one of REASONS for a thumb down and "" for a thumb up.

    `right_answer` is what it should have been, or "" when they did not say. Raises FeedbackError.
    """

    verdict: Verdict
    reason: str = ""
    comment: str = ""
    right_answer: str = ""

    def __post_init__(self) -> None:
        if self.verdict is Verdict.DOWN and self.reason not in REASONS:
            raise FeedbackError(f"{self.reason[:40]!r} is no reason for a thumb down: choose from {', '.join(REASONS)}")
        if self.verdict is Verdict.UP and self.reason:
            raise FeedbackError("a thumb up needs no reason")
        for name, text in (("comment", self.comment), ("right answer", self.right_answer)):
            if len(text) > LONGEST_COMMENT:
                raise FeedbackError(f"the {name} has {len(text)} characters: write at most {LONGEST_COMMENT}")


@dataclass(frozen=True, slots=True)
class Feedback:
    """An opinion of a turn, with all that the turn was: it can be understood when the conversation has gone on.

    `place` is the turn's, from 0; `history` the questions before it, oldest first; `given` when, in UTC.
    """

    id: str
    conversation_id: str
    place: int
    opinion: Opinion
    turn: StoredTurn
    history: Sequence[str]
    given: datetime

    @property
    def citations(self) -> Sequence[Mapping[str, Any]]:
        """The citations of the answer, with the spans they were at."""
        return self.turn.answer.get("citations", ()) if self.turn.answer else ()

    @property
    def generation(self) -> int | None:
        """The generation of the index that gave the answer, None when there was no answer."""
        return self.turn.answer.get("generation") if self.turn.answer else None


def user_owner(name: str) -> str:
    """Return who owns what a signed-in user remembers."""
    return f"user:{name}"


def browser_owner(key: str) -> str:
    """Return who owns what a browser without login remembers; the key itself, a secret, is not stored."""
    return f"browser:{sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()}"
