"""Conversations and feedback, each seen by its owner alone."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime, timezone
from pathlib import Path
from types import TracebackType
from typing import Any

from qa.errors import UnknownConversationError
from qa.memory.database import Database
from qa.memory.records import turn_record
from qa.memory.types import LONGEST_TITLE, Conversation, Feedback, Opinion, StoredTurn, Verdict

UNTITLED = "Untitled"
_CONVERSATION = "id, title, created, updated"
_FEEDBACK = "id, conversation, place, verdict, reason, comment, right_answer, turn, history, given"


def utc_now() -> datetime:
    """Return this moment."""
    return datetime.now(timezone.utc)


class Memory:
    """An open memory. Any thread may use it; every call names the owner, and what is not theirs does not exist."""

    def __init__(self, database: Database, *, now: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._now = now

    @classmethod
    def open(cls, path: Path) -> Memory:
        """Open the file of a memory, made where there is none. Raises MemoryFileError."""
        return cls(Database.open(path))

    def __enter__(self) -> Memory:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @property
    def path(self) -> Path:
        """The file."""
        return self._database.path

    def create(self, owner: str, title: str) -> Conversation:
        """Begin a conversation; `title_of` makes a title of its first question."""
        moment = self._moment()
        identity, words = uuid.uuid4().hex, title_of(title)
        with self._database.transaction():
            statement = "INSERT INTO conversations VALUES (?, ?, ?, ?, ?)"
            self._database.rows(statement, identity, owner, words, moment, moment)
        return _conversation((identity, words, moment, moment))

    def conversations(self, owner: str) -> tuple[Conversation, ...]:
        """Return an owner's conversations, the one that was last added to first."""
        statement = f"SELECT {_CONVERSATION} FROM conversations WHERE owner = ? ORDER BY updated DESC, id"
        return tuple(_conversation(row) for row in self._database.rows(statement, owner))

    def conversation(self, owner: str, conversation_id: str) -> Conversation:
        """Return one conversation. Raises UnknownConversationError, for another owner's too."""
        statement = f"SELECT {_CONVERSATION} FROM conversations WHERE owner = ? AND id = ?"
        found = self._database.rows(statement, owner, conversation_id)
        if not found:
            raise UnknownConversationError("there is no such conversation: it was deleted, or is somebody else's")
        return _conversation(found[0])

    def turns(self, owner: str, conversation_id: str) -> tuple[StoredTurn, ...]:
        """Return the turns of a conversation, in order. Raises UnknownConversationError."""
        with self._database.transaction():
            return self._turns(owner, conversation_id)

    def rename(self, owner: str, conversation_id: str, title: str) -> Conversation:
        """Give a conversation another title. Raises UnknownConversationError."""
        with self._database.transaction():
            self.conversation(owner, conversation_id)
            self._database.rows("UPDATE conversations SET title = ? WHERE id = ?", title_of(title), conversation_id)
            return self.conversation(owner, conversation_id)

    def delete(self, owner: str, conversation_id: str) -> None:
        """Forget a conversation, its turns and what was said of them. Raises UnknownConversationError."""
        with self._database.transaction():
            self.conversation(owner, conversation_id)
            self._database.rows("DELETE FROM conversations WHERE id = ?", conversation_id)

    def append_turn(self, owner: str, conversation_id: str, turn: StoredTurn) -> int:
        """Put a turn at the end and return its place, from 0. Raises UnknownConversationError."""
        with self._database.transaction():
            self.conversation(owner, conversation_id)
            statement = "SELECT coalesce(max(place) + 1, 0) FROM turns WHERE conversation = ?"
            place = int(self._database.rows(statement, conversation_id)[0][0])
            self._store(conversation_id, place, (turn,))
        return place

    def replace_turns_from(
        self, owner: str, conversation_id: str, place: int, turns: Sequence[StoredTurn] = ()
    ) -> None:
        """Put turns in the place of those from `place` on, as when a question is edited. What was said of the replaced
        ones is kept. Raises UnknownConversationError.
        """
        with self._database.transaction():
            self.conversation(owner, conversation_id)
            self._database.rows("DELETE FROM turns WHERE conversation = ? AND place >= ?", conversation_id, place)
            held = self._database.rows("SELECT count(*) FROM turns WHERE conversation = ?", conversation_id)[0][0]
            self._store(conversation_id, held, turns)

    def _store(self, conversation_id: str, place: int, turns: Sequence[StoredTurn]) -> None:
        for offset, turn in enumerate(turns):
            row = (conversation_id, place + offset, _text(turn.question), _turn_json(turn))
            self._database.rows("INSERT INTO turns VALUES (?, ?, ?, ?)", *row)
        self._database.rows("UPDATE conversations SET updated = ? WHERE id = ?", self._moment(), conversation_id)

    def give_feedback(self, owner: str, conversation_id: str, place: int, opinion: Opinion) -> Feedback:
        """Note an opinion of a turn, in place of the one before. Raises UnknownConversationError."""
        with self._database.transaction():
            turns = self._turns(owner, conversation_id)
            if not 0 <= place < len(turns):
                raise UnknownConversationError(f"the conversation has no turn {place}: it was replaced or removed")
            turn, history = turns[place], tuple(earlier.question for earlier in turns[:place] if earlier.question)
            feedback = Feedback(uuid.uuid4().hex, conversation_id, place, opinion, turn, history, self._now())
            statement = "INSERT OR REPLACE INTO feedback VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            self._database.rows(statement, *_feedback_row(owner, feedback))
        return feedback

    def withdraw_feedback(self, owner: str, conversation_id: str, place: int) -> None:
        """Forget what an owner thinks of a turn. Raises UnknownConversationError."""
        with self._database.transaction():
            self.conversation(owner, conversation_id)
            statement = """DELETE FROM feedback WHERE conversation = ? AND place = ? AND question =
                (SELECT question FROM turns WHERE conversation = ? AND place = ?)"""
            self._database.rows(statement, conversation_id, place, conversation_id, place)

    def opinions(self, owner: str, conversation_id: str) -> dict[int, Opinion]:
        """Return what an owner thinks of the turns that stand in a conversation, by place."""
        with self._database.transaction():
            turns = self._turns(owner, conversation_id)
        questions = {place: turn.question for place, turn in enumerate(turns)}
        return {
            given.place: given.opinion
            for given in self._feedback("WHERE owner = ? AND conversation = ?", owner, conversation_id)
            if questions.get(given.place) == given.turn.question
        }

    def feedback(self, owner: str) -> tuple[Feedback, ...]:
        """Return what one owner thinks of answers, oldest first."""
        return self._feedback("WHERE owner = ?", owner)

    def all_feedback(self) -> tuple[Feedback, ...]:
        """Return the feedback of every owner, oldest first: for whoever runs the server, not for its visitors."""
        return self._feedback("")

    def _feedback(self, where: str, *values: str) -> tuple[Feedback, ...]:
        statement = f"SELECT {_FEEDBACK} FROM feedback {where} ORDER BY given, id"
        return tuple(_feedback(row) for row in self._database.rows(statement, *values))

    def _turns(self, owner: str, conversation_id: str) -> tuple[StoredTurn, ...]:
        self.conversation(owner, conversation_id)
        statement = "SELECT turn FROM turns WHERE conversation = ? ORDER BY place"
        return tuple(_turn(row[0]) for row in self._database.rows(statement, conversation_id))

    def _moment(self) -> str:
        return self._now().astimezone(timezone.utc).isoformat()


def title_of(words: str) -> str:
    """Return words as a title: on one line, cut at a word where it would be too long, never blank."""
    line = " ".join(_text(words).split())
    if len(line) > LONGEST_TITLE:
        line = line[: LONGEST_TITLE - 1]
        line = (line[: line.rfind(" ")] if " " in line[LONGEST_TITLE // 2 :] else line) + "…"
    return line or UNTITLED


def _text(words: str) -> str:
    """Return words that a file can hold: half of a surrogate pair, which is no character, becomes `?`."""
    return words.encode("utf-8", "replace").decode("utf-8")


def _conversation(row: Sequence[Any]) -> Conversation:
    identity, title, created, updated = row
    return Conversation(identity, title, datetime.fromisoformat(created), datetime.fromisoformat(updated))


def _turn_json(turn: StoredTurn) -> str:
    return json.dumps(
        turn_record(turn), allow_nan=False
    )  # in ASCII: half of a surrogate pair is written as it is escaped


def _turn(text: str) -> StoredTurn:
    record = json.loads(text)
    return StoredTurn(**{**record, "asked_on": date.fromisoformat(record["asked_on"])})


def _feedback_row(owner: str, feedback: Feedback) -> tuple[object, ...]:
    opinion, turn = feedback.opinion, feedback.turn
    return (
        feedback.id,
        owner,
        feedback.conversation_id,
        feedback.place,
        opinion.verdict.value,
        opinion.reason,
        _text(opinion.comment),
        _text(opinion.right_answer),
        _text(turn.question),
        _turn_json(turn),
        json.dumps(list(feedback.history)),
        feedback.given.astimezone(timezone.utc).isoformat(),
    )


def _feedback(row: Sequence[Any]) -> Feedback:
    identity, conversation_id, place, verdict, reason, comment, right_answer, turn, history, given = row
    return Feedback(
        id=identity,
        conversation_id=conversation_id,
        place=place,
        opinion=Opinion(Verdict(verdict), reason, comment, right_answer),
        turn=_turn(turn),
        history=tuple(json.loads(history)),
        given=datetime.fromisoformat(given),
    )
