"""JSON Lines and CSV: one article a line, and a line that holds none is told while the rest goes on."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from corpus.draft import FIELD_NAMES, Draft, draft_of, finish
from corpus.errors import UnreadableFileError
from corpus.limits import MAX_ARTICLE_CHARACTERS, MAX_BAD_ENTRIES, MAX_LINE_BYTES
from corpus.lines import numbered_lines
from corpus.types import Article, Unreadable

_SEPARATORS = ",;\t"
_TOO_LONG = f"it is longer than {MAX_LINE_BYTES / 1e6:.0f} MB"


def read_json_lines(path: Path, today: date) -> Iterator[Article | Unreadable]:
    """Yield the article of each line of a `.jsonl` or `.jsonl.gz` file; blank lines are passed over."""
    bad = 0
    number = 0
    for number, line in numbered_lines(path):
        if line is not None and not line.strip():
            continue
        try:
            yield finish(_draft(_parsed(line)), today)
        except UnreadableFileError as error:
            yield Unreadable(path, f"line {number}", str(error))
            bad = _one_more(bad)
    if not number:
        raise UnreadableFileError("it is empty")


def _parsed(line: str | None) -> dict[str, object]:
    if line is None:
        raise UnreadableFileError(_TOO_LONG)
    try:
        fields = json.loads(line)
    except json.JSONDecodeError as error:
        raise UnreadableFileError(f"it is not JSON: {error.msg} at character {error.pos + 1}") from None
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError(f"its JSON cannot be read: {str(error)[:100]}") from None
    if not isinstance(fields, dict):
        raise UnreadableFileError('it is not a JSON object: write {"date": …, "text": …}')
    return fields


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
    csv.field_size_limit(MAX_ARTICLE_CHARACTERS)  # for the whole process: its own limit cuts off long articles
    lines = _csv_lines(path)
    first = next(lines, "")
    separator, names = max(((mark, _names(first, mark)) for mark in _SEPARATORS), key=lambda choice: len(choice[1]))
    if "text" not in names:
        raise UnreadableFileError('its first line names no column "text"')
    rows = csv.reader(lines, delimiter=separator)
    bad = 0
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            raise UnreadableFileError(
                f"line {rows.line_num + 1}: {error}: look for a quotation mark too many"
            ) from None
        if row is None:
            return
        if not any(row):
            continue
        try:
            yield finish(_row_draft(names, row), today)
        except UnreadableFileError as error:
            yield Unreadable(path, f"line {rows.line_num + 1}", str(error))
            bad = _one_more(bad)


def _csv_lines(path: Path) -> Iterator[str]:
    for number, line in numbered_lines(path):
        if line is None:
            raise UnreadableFileError(f"line {number}: {_TOO_LONG}")
        yield line.replace("\x00", "")


def _names(first: str, separator: str) -> list[str]:
    plain = (name.strip() for name in next(csv.reader([first], delimiter=separator), []))
    return [name.lower() if name.lower() in FIELD_NAMES else name for name in plain]


def _row_draft(names: list[str], row: list[str]) -> Draft:
    if len(row) > len(names):
        raise UnreadableFileError(f"it has {len(row)} fields, and the first line names {len(names)}")
    return _draft({name: value for name, value in zip(names, row, strict=False) if value})


def _one_more(bad: int) -> int:
    if bad + 1 >= MAX_BAD_ENTRIES:
        raise UnreadableFileError(
            f"more than {MAX_BAD_ENTRIES:,} of its entries hold no article: the rest is left unread"
        )
    return bad + 1
