"""Question files in, answer records out: JSON Lines, one record a line."""

from __future__ import annotations

import gzip
import json
import os
import re
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any, cast

from qa.errors import RecordError
from qa.types import Answer, Citation, NearArticle, Sentence
from vectorstore.types import Hit

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CONFIDENCE_DIGITS = 4
SCORE_DIGITS = 6
TIMING_DIGITS = 1  # tenths of a millisecond: the clock is no finer in practice


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


def answer_record(answer: Answer, *, question_id: str = "") -> dict[str, Any]:
    """Return the record of an answer: only `timings_ms` differs from run to run."""
    return {
        "id": question_id,
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "status": answer.status.value,
        "short_answer": answer.short_answer,
        "answer": answer.text,
        "confidence": round(float(answer.confidence), CONFIDENCE_DIGITS),
        "citations": [_citation_record(citation) for citation in answer.citations],
        "hits": [_hit_record(hit) for hit in answer.hits],
        "reason": answer.reason,
        "timings_ms": {stage: round(float(spent), TIMING_DIGITS) for stage, spent in answer.timings_ms.items()},
        "sentences": [_sentence_record(sentence) for sentence in answer.sentences],
        "nearest": [_near_record(article) for article in answer.nearest],
        "notes": list(answer.notes),
        "generation": answer.generation,
    }


def to_json(record: dict[str, Any], *, indent: int | None = None) -> str:
    """Return a record as JSON, Unicode as it is; on one line unless indented. Refuses NaN, which is not JSON."""
    return json.dumps(record, ensure_ascii=False, allow_nan=False, indent=indent)


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write each line as it comes; readers of `path` see its old content until the last one is there.

    A symbolic link is followed; a pipe or a device is written as it is. When a line cannot be made or written, what
    was there before stays. Raises RecordError when the file cannot be written.
    """
    target = path.resolve()
    special = target.exists() and not target.is_file()
    part = target if special else target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with _about("write", path):
            stream = part.open("w", encoding="utf-8", newline="\n")
        try:
            for line in lines:
                with _about("write", path):
                    stream.write(line + "\n")
                    stream.flush()
        finally:
            with _about("write", path):  # what the disk had no room for is tried again
                stream.close()
        with _about("write", path):
            if not special:
                part.replace(target)
    finally:
        if not special:
            with suppress(OSError):  # it was never made, or has become the target
                part.unlink()


@contextmanager
def _about(verb: str, path: Path) -> Iterator[None]:
    """Turn what the system says into one line about the file; a reader that went away is not the file's fault."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise RecordError(f"cannot {verb} {path}: {error.strerror or error}") from error


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with _about("read", path), _open(path) as file:
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


def _day_of(moment: str) -> str:
    return moment[: len("YYYY-MM-DD")]  # an ISO 8601 moment begins with its day; "" stays ""


def _citation_record(citation: Citation) -> dict[str, Any]:
    return {
        "number": citation.number,
        "article_id": citation.article_id,
        "title": citation.title,
        "date": _day_of(citation.published),
        "source": citation.source,
        "url": citation.url,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "also_in": list(citation.also_in),
    }


def _hit_record(hit: Hit) -> dict[str, Any]:
    return {
        "article_id": hit.passage.article_id,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "score": round(float(hit.score), SCORE_DIGITS),
    }


def _sentence_record(sentence: Sentence) -> dict[str, Any]:
    return {"text": sentence.text, "citations": list(sentence.citations), "rules": list(sentence.rules)}


def _near_record(article: NearArticle) -> dict[str, Any]:
    return {
        "article_id": article.article_id,
        "title": article.title,
        "date": _day_of(article.published),
        "source": article.source,
    }
