"""Answers to be scored: the lines that `dateline answer`, or any other system, has written."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import RecordError, about_file
from qa.questions import QuestionRecord
from qa.types import Status

_HALF_PAIR = b"\\ud"  # how JSON begins to write a character in two halves, or a half alone


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as given: nothing says yet that the article holds the quote at its span."""

    number: int
    article_id: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of an answer and the numbers it cites; `rules` is None when the answer does not name any."""

    text: str
    citations: tuple[int, ...]
    rules: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A passage that was read, in code points of the stored text."""

    article_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer to be scored. `confidence` is between 0 and 1; `total_ms` is None where no time was measured.

    `sentences` is None when the answer is only a text with `[n]` marks.
    """

    id: str
    status: Status
    short_answer: str
    text: str
    confidence: float
    citations: tuple[Cited, ...] = ()
    hits: tuple[Place, ...] = ()
    sentences: tuple[Said, ...] | None = None
    reason: str = ""
    total_ms: float | None = None

    @property
    def refused(self) -> bool:
        """Whether it says that the archive does not hold the answer."""
        return self.status is Status.NOT_IN_CORPUS


def read_answers(path: Path) -> tuple[GivenAnswer, ...]:
    """Return every answer of a JSON Lines file (`.gz` too), in order. Raises RecordError, with the line's number."""
    try:
        with about_file("read", path):
            content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (EOFError, zlib.error) as error:
        raise RecordError(f"cannot read {path}: not a whole gzip file: {error}") from error
    return parse_answers(str(path), content.split(b"\n"))


def parse_answers(origin: str, lines: Iterable[bytes]) -> tuple[GivenAnswer, ...]:
    """Return the answers of lines of JSON; blank lines are none. `origin` names them in a RecordError."""
    found: dict[str, GivenAnswer] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            answer = parse_answer(line)
        except ValueError as error:
            raise RecordError(f"{origin}, line {number}: {error}") from None
        if answer.id in found:
            raise RecordError(f"{origin}, line {number}: the id {answer.id!r} comes twice")
        found[answer.id] = answer
    return tuple(found.values())


def match_answers(questions: Sequence[QuestionRecord], answers: Iterable[GivenAnswer]) -> tuple[GivenAnswer, ...]:
    """Return the answers in the order of their questions. Raises RecordError unless each has exactly one."""
    by_id = {answer.id: answer for answer in answers}
    asked = {question.id for question in questions}
    if strange := [identity for identity in by_id if identity not in asked]:
        raise RecordError(f"there are answers for questions that were not asked: {_some(strange)}")
    if missing := [question.id for question in questions if question.id not in by_id]:
        raise RecordError(f"there are questions without an answer: {_some(missing)}")
    return tuple(by_id[question.id] for question in questions)


def _some(ids: Sequence[str], most: int = 3) -> str:
    rest = f" and {len(ids) - most} more" if len(ids) > most else ""
    return ", ".join(map(repr, ids[:most])) + rest


def parse_answer(line: bytes) -> GivenAnswer:
    """Return the answer that one line of JSON holds; keys that no score needs are ignored. Raises ValueError."""
    try:
        record = json.loads(line.decode("utf-8-sig"))
        if _HALF_PAIR in line.lower():
            json.dumps(record, ensure_ascii=False).encode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start + 1}") from None
    except UnicodeEncodeError:
        raise ValueError("it holds half of a surrogate pair, which is no character") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at character {error.colno}") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON that can be read: {error}") from None
    if not isinstance(record, dict):
        raise ValueError("an answer is a JSON object")
    identity, short = _text(record, "id"), _text(record, "short_answer")
    if not identity.strip():
        raise ValueError('"id" is blank')
    citations: tuple[Cited, ...] = _all(record, "citations", _cited)
    if len({cited.number for cited in citations}) < len(citations):
        raise ValueError("two of its citations have the same number")
    return GivenAnswer(
        id=identity,
        status=_status(record),
        short_answer=short,
        text=_text(record, "answer", short),
        confidence=_confidence(record),
        citations=citations,
        hits=_all(record, "hits", _place),
        sentences=_all(record, "sentences", _said) if record.get("sentences") is not None else None,
        reason=_text(record, "reason", ""),
        total_ms=_total_ms(record),
    )


def _status(record: dict[str, Any]) -> Status:
    text = _text(record, "status")
    try:
        return Status(text)
    except ValueError:
        known = ", ".join(status.value for status in Status)
        raise ValueError(f'"status" is {text!r}: it must be one of {known}') from None


def _confidence(record: dict[str, Any]) -> float:
    confidence = record.get("confidence")
    if isinstance(confidence, bool) or not isinstance(confidence, int | float) or not 0 <= confidence <= 1:
        raise ValueError(f'"confidence" is {confidence!r}: it must be a number from 0 to 1')
    return float(confidence)


def _total_ms(record: dict[str, Any]) -> float | None:
    timings = record.get("timings_ms")
    if timings is None:
        return None
    total = timings.get("total") if isinstance(timings, dict) else timings
    if isinstance(total, bool) or not isinstance(total, int | float) or not 0 <= total < float("inf"):
        raise ValueError(f'"timings_ms" has the total {total!r}: it must be milliseconds')
    return float(total)


def _text(record: dict[str, Any], key: str, default: str | None = None) -> str:
    text = record.get(key, default)
    if key not in record and default is None:
        raise ValueError(f'"{key}" is missing')
    if not isinstance(text, str):
        raise ValueError(f'"{key}" must be a string')
    return text


def _number(record: dict[str, Any], key: str) -> int:
    number = record.get(key)
    if isinstance(number, bool) or not isinstance(number, int):
        raise ValueError(f'"{key}" must be a whole number, not {number!r}')
    return number


def _all(record: dict[str, Any], key: str, parse: Callable[[dict[str, Any]], Any]) -> tuple[Any, ...]:
    items = record.get(key)
    if not isinstance(items, list | None) or not all(isinstance(item, dict) for item in items or ()):
        raise ValueError(f'"{key}" must be a list of objects')
    return tuple(parse(item) for item in items or ())


def _cited(item: dict[str, Any]) -> Cited:
    number, start, end = (_number(item, key) for key in ("number", "start", "end"))
    return Cited(number, _text(item, "article_id"), start, end, _text(item, "quote"))


def _place(item: dict[str, Any]) -> Place:
    return Place(_text(item, "article_id"), _number(item, "start"), _number(item, "end"))


def _said(item: dict[str, Any]) -> Said:
    numbers, rules = item.get("citations", []), item.get("rules", [])
    if not isinstance(numbers, list) or not all(type(number) is int for number in numbers):
        raise ValueError('"citations" of a sentence must be a list of whole numbers')
    if not isinstance(rules, list) or not all(isinstance(rule, str) for rule in rules):
        raise ValueError('"rules" of a sentence must be a list of strings')
    return Said(_text(item, "text"), tuple(numbers), tuple(rules))
