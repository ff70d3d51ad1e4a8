"""JSON Lines and CSV: one article a line, and a line that holds none is told while the rest goes on."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path

from corpus.draft import FIELD_NAMES, Draft, draft_of
from corpus.entries import finish_entries
from corpus.errors import UnreadableFileError
from corpus.limits import MAX_ARTICLE_CHARACTERS, MAX_LINE_BYTES
from corpus.lines import numbered_lines
from corpus.types import Article, Unreadable

_Entries = Iterator[tuple[str, Callable[[], Draft]]]

_SEPARATORS = ",;\t"
_TOO_LONG = f"it is longer than {MAX_LINE_BYTES / 1e6:.0f} MB"


def read_json_lines(path: Path, today: date) -> Iterator[Article | Unreadable]:
    """Yield the article of each line of a `.jsonl` or `.jsonl.gz` file; blank lines are passed over."""
    yield from finish_entries(path, _json_entries(path), today)


def _json_entries(path: Path) -> _Entries:
    number = 0
    for number, line in numbered_lines(path):
        if line is None or line.strip():
            yield f"line {number}", partial(_json_draft, line)
    if not number:
        raise UnreadableFileError("it is empty")


def _json_draft(line: str | None) -> Draft:
    if line is None:
        raise UnreadableFileError(_TOO_LONG)
    try:
        fields = json.loads(line.strip())
    except json.JSONDecodeError as error:
        wrong = error.msg.removesuffix(" at")
        raise UnreadableFileError(f"it is not JSON: {wrong}, character {error.pos + 1}") from None
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError(f"its JSON cannot be read: {str(error)[:100]}") from None
    if not isinstance(fields, dict):
        raise UnreadableFileError('it is not a JSON object: write {"date": …, "text": …}')
    return _draft(fields)


def _draft(fields: Mapping[str, object]) -> Draft:
    text = fields.get("text")
    if not isinstance(text, str):
        raise UnreadableFileError('it has no "text"' if text is None else 'its "text" is not a string')
    return draft_of(text, {name: _words(value) for name, value in fields.items()})


def _words(value: object) -> str:
    """Return a JSON value in words: strings as they are, lists of them with commas, anything else as JSON."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False)


def read_csv(path: Path, today: date) -> Iterator[Article | Unreadable]:
    """Yield the article of each row of a `.csv` file whose first line names the columns.

    The fields are parted by commas, semicolons or tabs, whichever the first line is.
    """
    yield from finish_entries(path, _csv_entries(path), today)


def _csv_entries(path: Path) -> _Entries:
    csv.field_size_limit(MAX_ARTICLE_CHARACTERS)  # for the whole process: its own limit cuts off long articles
    lines = _csv_lines(path)
    first = next(lines, "")
    separator, names = max(((mark, _names(first, mark)) for mark in _SEPARATORS), key=lambda choice: len(choice[1]))
    if "text" not in names:
        raise UnreadableFileError('its first line names no column "text"')
    rows = csv.reader(lines, delimiter=separator)
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            told = f"line {rows.line_num + 1}: {error}: look for a quotation mark too many"
            raise UnreadableFileError(told) from None
        if row is None:
            return
        if any(row):
            yield f"line {rows.line_num + 1}", partial(_row_draft, names, row)


def _csv_lines(path: Path) -> Iterator[str]:
    for number, line in numbered_lines(path):
        if line is None:
            raise UnreadableFileError(f"line {number}: {_TOO_LONG}")
        yield line.replace("\x00", "")


def _names(first: str, separator: str) -> list[str]:
    try:
        plain = [name.strip() for name in next(csv.reader([first], delimiter=separator), [])]
    except csv.Error:
        return []
    return [name.lower() if name.lower() in FIELD_NAMES else name for name in plain]


def _row_draft(names: list[str], row: list[str]) -> Draft:
    if len(row) > len(names):
        raise UnreadableFileError(f"it has {len(row)} fields, and the first line names {len(names)}")
    return _draft({name: value for name, value in zip(names, row, strict=False) if value})
