"""A turn as JSON, in the file and out of it."""

from __future__ import annotations

from typing import Any

from qa.memory.types import StoredTurn


def turn_record(turn: StoredTurn) -> dict[str, Any]:
    """Return the record of a turn."""
    return {
        "question": turn.question,
        "asked_on": turn.asked_on.isoformat(),
        "scope": dict(turn.scope),
        "answer": None if turn.answer is None else dict(turn.answer),
        "message": turn.message,
    }
