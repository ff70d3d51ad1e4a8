"""Question files: JSON Lines, one question a line."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any, cast

from qa.errors import RecordError, about_file

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a gold answer stands; `quote` is "" when only the article is known."""

    article_id: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class QuestionRecord:
    """One question of a file, with its gold answers where it has any; `answerable` is None when it does not say."""

    id: str
    question: str
    answers: tuple[str, ...] = ()
    answerable: bool | None = None
    asked_on: date | None = None
    history: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    types: tuple[str, ...] = ()


def read_day(text: str) -> date:
    """Return the day written as YYYY-MM-DD, and in no other form. Raises ValueError."""
    if not DAY.fullmatch(text):  # date.fromisoformat takes other forms from Python 3.11 on
        raise ValueError(f"{text!r} is not a day written as YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a day of the calendar: {error}") from None


def read_questions(path: Path) -> tuple[QuestionRecord, ...]:
    """Return every question of a JSON Lines file (`.gz` too), in order. Blank lines and unknown keys are ignored.

    The whole file is checked before anything is answered. Raises RecordError, with the line's number, for a line
    that is no question and for an id that comes twice.
    """
    questions = []
    lines: dict[str, int] = {}
    for number, line in _lines(path):
        try:
            question = parse_question(line)
        except ValueError as error:
            raise RecordError(f"{path}, line {number}: {error}") from None
        if question.id in lines:
            raise RecordError(f"{path}, line {number}: the id {question.id!r} is that of line {lines[question.id]} too")
        lines[question.id] = number
        questions.append(question)
    return tuple(questions)


def parse_question(line: bytes) -> QuestionRecord:
    """Return the question that one line of JSON holds. Raises ValueError with what is wrong."""
    record = _parse_record(line)
    return QuestionRecord(
        id=_id(record),
        question=_text(record, "question"),
        answers=_texts(record, "answers"),
        answerable=_flag(record, "answerable"),
        asked_on=_day(record, "date"),
        history=_texts(record, "history"),
        evidence=tuple(_evidence(item) for item in _list(record, "evidence")),
        types=_labels(record, "type"),
    )


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with about_file("read", path), _open(path) as file:
            for number, line in enumerate(file, start=1):
                text = line.removeprefix(BOM_UTF8) if number == 1 else line
                if text.strip():
                    yield number, text.rstrip(b"\r\n")
    except (EOFError, zlib.error) as error:
        raise RecordError(f"cannot read {path}: not a whole gzip file: {error}") from error


def _open(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def _parse_record(line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line.decode("utf-8"))
        json.dumps(record, ensure_ascii=False).encode(
            "utf-8"
        )  # refuses half of a surrogate pair, which no output holds
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start + 1}") from None
    except UnicodeEncodeError:
        raise ValueError("it holds half of a surrogate pair, which is no character") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at character {error.colno}") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON that can be read: {error}") from None
    if not isinstance(record, dict):
        raise ValueError("a question is a JSON object")
    return record


def _id(record: dict[str, Any]) -> str:
    identity = _text(record, "id")
    if not identity.strip():
        raise ValueError('"id" is blank')
    return identity


def _text(record: dict[str, Any], key: str) -> str:
    if key not in record:
        raise ValueError(f'"{key}" is missing')
    text = record[key]
    if not isinstance(text, str):
        raise ValueError(f'"{key}" must be a string, not {_kind(text)}')
    return text


def _list(record: dict[str, Any], key: str) -> list[Any]:
    items = record.get(key)
    if items is None:
        return []
    if not isinstance(items, list):
        raise ValueError(f'"{key}" must be a list, not {_kind(items)}')
    return items


def _texts(record: dict[str, Any], key: str) -> tuple[str, ...]:
    items = _list(record, key)
    for item in items:
        if not isinstance(item, str):
            raise ValueError(f'"{key}" must be a list of strings, but holds {_kind(item)}')
    return tuple(items)


def _labels(record: dict[str, Any], key: str) -> tuple[str, ...]:
    label = record.get(key)
    return (label,) if isinstance(label, str) else _texts(record, key)


def _flag(record: dict[str, Any], key: str) -> bool | None:
    flag = record.get(key)
    if flag is not None and not isinstance(flag, bool):
        raise ValueError(f'"{key}" must be true or false, not {_kind(flag)}')
    return flag


def _day(record: dict[str, Any], key: str) -> date | None:
    if record.get(key) is None:
        return None
    try:
        return read_day(_text(record, key))
    except ValueError as error:
        raise ValueError(f'"{key}": {error}') from None


def _evidence(item: object) -> Evidence:
    if not isinstance(item, dict):
        raise ValueError(f'"evidence" must be a list of objects, but holds {_kind(item)}')
    return Evidence(article_id=_text(item, "article_id"), quote=_text(item, "quote") if item.get("quote") else "")


def _kind(value: object) -> str:
    names = {type(None): "null", bool: "true or false", dict: "an object", list: "a list", str: "a string"}
    return names.get(type(value), "a number")
