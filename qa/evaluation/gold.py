"""Questions to be scored: read, and checked for what would make a score meaningless."""

from __future__ import annotations

from pathlib import Path

from qa.errors import RecordError
from qa.questions import QuestionRecord, read_questions


def read_gold(path: Path) -> tuple[QuestionRecord, ...]:
    """Return the questions of a file that can be scored, in order.

    Raises RecordError for what `read_questions` refuses, for a file without questions, for a question that is
    answerable and has no answer, and for one that is not and has.
    """
    questions = read_questions(path)
    if not questions:
        raise RecordError(f"{path} holds no questions: there is nothing to score")
    for question in questions:
        if question.answerable is True and not question.answers:
            raise RecordError(
                f'{path}: question {question.id!r} is answerable but has no "answers": give one, or mark it '
                '"answerable": false'
            )
        if question.answerable is False and question.answers:
            raise RecordError(
                f'{path}: question {question.id!r} is not answerable but has "answers": take them out, or mark it '
                '"answerable": true'
            )
    return questions


def answerable(question: QuestionRecord) -> bool:
    """Whether a question has an answer: as it says, else whether it gives one."""
    return bool(question.answers) if question.answerable is None else question.answerable
