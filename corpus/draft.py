"""What a file says about one article, and the one place where that becomes an Article."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from corpus.errors import UnreadableFileError
from corpus.limits import (
    MADE_TITLE_CHARACTERS,
    MAX_ARTICLE_CHARACTERS,
    MAX_DAYS_AHEAD,
    MAX_ID_CHARACTERS,
    MAX_TITLE_CHARACTERS,
)
from corpus.moments import parse_iso, with_zone
from corpus.normalise import normalise_line, normalise_text
from corpus.sentences import sentence_spans
from corpus.types import Article, as_day

FIELD_NAMES = frozenset({"id", "title", "date", "updated", "source", "author", "url", "language", "text"})
Moment = str | date | datetime | None

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ACTIVE_URL = re.compile(r"\s*(?:javascript|data|vbscript)\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Draft:
    """The fields of one article as its file gives them; blank where it gives none. Dates in words are ISO 8601."""

    text: str
    id: str = ""
    title: str = ""
    date: Moment = None
    updated: Moment = None
    source: str = ""
    author: str = ""
    url: str = ""
    language: str = ""
    metadata: tuple[tuple[str, str], ...] = ()


def draft_of(text: str, fields: Mapping[str, str]) -> Draft:
    """Return what named fields say of a text; those with names that are not ours are kept as metadata."""
    return Draft(
        text=text,
        id=fields.get("id", ""),
        title=fields.get("title", ""),
        date=fields.get("date"),
        updated=fields.get("updated"),
        source=fields.get("source", ""),
        author=fields.get("author", ""),
        url=fields.get("url", ""),
        language=fields.get("language", ""),
        metadata=tuple((name, words) for name, words in fields.items() if name not in FIELD_NAMES and words),
    )


def finish(draft: Draft, today: date) -> Article:
    """Return the article of a draft: normalised, dated, with a title, an id and a hash of all that a reader sees.

    Raises UnreadableFileError where the text is missing or too long, a date does not exist or lies more than two days
    after `today`, or the given id cannot be one. An update at a time that cannot be is left out.
    """
    if len(draft.text) > MAX_ARTICLE_CHARACTERS:
        raise UnreadableFileError(
            f"its text has {len(draft.text):,} characters; an article may have {MAX_ARTICLE_CHARACTERS:,}: divide it"
        )
    text = normalise_text(draft.text)
    if not any(map(str.isalnum, text)):
        raise UnreadableFileError("it has no text")
    published = _moment(draft.date, today)
    title = _clipped(normalise_line(draft.title), MAX_TITLE_CHARACTERS) or _title_of(text)
    source, author, url = normalise_line(draft.source), normalise_line(draft.author), _safe_url(draft.url)
    updated, language = _known_update(draft.updated, today), normalise_line(draft.language)
    metadata = tuple((normalise_line(key), normalise_text(value)) for key, value in draft.metadata)
    told = (title, source, _iso(published), url, text)
    return Article(
        id=_checked_id(draft.id) or _digest(told)[:16],
        title=title,
        text=text,
        published=published,
        content_hash=_digest((*told, author, _iso(updated), language, metadata)),
        updated=updated,
        source=source,
        author=author,
        url=url,
        language=language,
        metadata=metadata,
    )


def made_id(article: Article) -> str:
    """Return the id that an article has when its file gives it none: it is made of what the article says."""
    return _digest((article.title, article.source, _iso(article.published), article.url, article.text))[:16]


def _digest(fields: tuple[object, ...]) -> str:
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode()).hexdigest()


def _iso(moment: date | datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _moment(given: Moment, today: date) -> date | datetime | None:
    moment = (parse_iso(given) if given.strip() else None) if isinstance(given, str) else given
    if moment is None:
        return None
    day = as_day(moment)
    if day and day > today + timedelta(days=MAX_DAYS_AHEAD):
        raise UnreadableFileError(f"the date {day} is in the future (today is {today}): correct it")
    return with_zone(moment)


def _known_update(given: Moment, today: date) -> date | datetime | None:
    try:
        return _moment(given, today)
    except UnreadableFileError:
        return None


def _checked_id(given: str) -> str:
    stripped = given.strip()
    if len(stripped) > MAX_ID_CHARACTERS:
        raise UnreadableFileError(f"the id {stripped[:40]!r}… has more than {MAX_ID_CHARACTERS} characters: shorten it")
    if _CONTROL.search(stripped):
        raise UnreadableFileError(f"the id {stripped!r} holds a character that cannot be shown: remove it")
    return stripped


def _safe_url(given: str) -> str:
    """Leave out an address that would run as a program when it is clicked."""
    return "" if _ACTIVE_URL.match(given) else normalise_line(given)


def _title_of(text: str) -> str:
    start, end = sentence_spans(text[: 10 * MADE_TITLE_CHARACTERS])[0]
    return _clipped(normalise_line(text[start:end]), MADE_TITLE_CHARACTERS)


def _clipped(line: str, limit: int) -> str:
    """Return a line of at most `limit` characters, cut at a word where there is one and marked with an ellipsis."""
    if len(line) <= limit:
        return line
    blank = line.rfind(" ", 0, limit)
    return line[: blank if blank > 0 else limit - 1].rstrip(" ,;:–—-") + "…"
