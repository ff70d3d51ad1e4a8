"""Days and timestamps as files write them: ISO 8601, and the form of feeds and mail."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime

from corpus.errors import UnreadableFileError

_ISO = re.compile(
    r"(\d{4})(-?)(\d\d)\2(\d\d)"
    r"(?:[Tt ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s*([Zz]|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
_UTC = frozenset({"Z", "UTC", "GMT"})


def parse_iso(words: str) -> date | datetime:
    """Return the day or moment of ISO 8601 words; a time without a zone is given as its day.

    Raises UnreadableFileError where they are not ISO 8601, or name a day that does not exist.
    """
    found = _ISO.fullmatch(words.strip())
    if not found:
        raise UnreadableFileError(f"the date {_shown(words)} is not ISO 8601: write it like 2022-09-06")
    year, _, month, day, hour, minute, second, zone = found.groups()
    try:
        day_alone = date(int(year), int(month), int(day))
        clock = time(int(hour or 0), int(minute or 0), int(second or 0))
        if not zone:
            return day_alone
        moment = datetime.combine(day_alone, clock, _zone(zone))
        moment.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        raise UnreadableFileError(f"the date {_shown(words)} does not exist: correct it") from None
    return moment


def parse_loosely(words: str) -> date | datetime:
    """Return the moment of ISO 8601 words or of a feed's (RFC 822); raises UnreadableFileError for any others."""
    try:
        return parse_iso(words)
    except UnreadableFileError:
        try:
            return with_zone(parsedate_to_datetime(words))
        except (ValueError, TypeError, IndexError, OverflowError):
            raise UnreadableFileError(f"the date {_shown(words)} cannot be understood") from None


def with_zone(moment: date | datetime) -> date | datetime:
    """Return a moment that has a zone as it is, and the day of one that has none."""
    return moment.date() if isinstance(moment, datetime) and moment.tzinfo is None else moment


def _zone(words: str) -> timezone:
    if words.upper() in _UTC:
        return timezone.utc
    digits = words[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-offset if words[0] == "-" else offset)


def _shown(words: str) -> str:
    line = " ".join(words.split())
    return repr(line if len(line) <= 40 else line[:40] + "…")
