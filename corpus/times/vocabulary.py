"""The words that times are made of, as maps and as pattern fragments over lower-case text."""

from __future__ import annotations

import re
from collections.abc import Iterable

MONTHS = {
    "january": 1,
    "february": 2,
    "march": 3,
    "april": 4,
    "may": 5,
    "june": 6,
    "july": 7,
    "august": 8,
    "september": 9,
    "october": 10,
    "november": 11,
    "december": 12,
    "jan": 1,
    "feb": 2,
    "mar": 3,
    "apr": 4,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sept": 9,
    "sep": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}
WEEKDAYS = {
    "monday": 0,
    "tuesday": 1,
    "wednesday": 2,
    "thursday": 3,
    "friday": 4,
    "saturday": 5,
    "sunday": 6,
    "mon": 0,
    "tues": 1,
    "tue": 1,
    "wed": 2,
    "thurs": 3,
    "thur": 3,
    "thu": 3,
    "fri": 4,
    "sat": 5,
    "sun": 6,
}
ORDINALS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first".split(),
        start=1,
    )
}
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""The first month of each season, as meteorologists in the north count them."""

_ONES = "one two three four five six seven eight nine".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
COUNTS = (
    {"a": 1, "an": 1, "a couple of": 2, "a dozen": 12, "half a dozen": 6, "a hundred": 100}
    | {word: number for number, word in enumerate(_ONES + _TEENS, start=1)}
    | {word: 10 * number for number, word in enumerate(_TENS, start=2)}
    | {
        f"{ten}-{one}": 10 * tens + ones
        for tens, ten in enumerate(_TENS, start=2)
        for ones, one in enumerate(_ONES, start=1)
    }
)


def either(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, the longest that fits: words with the same beginning share it.

    A plain alternation tries every word in turn at every place of a text, which is several times as slow.
    """
    rest_by_letter: dict[str, list[str]] = {}
    for word in sorted(words, reverse=True):
        rest_by_letter.setdefault(word[:1], []).append(word[1:])
    may_end = rest_by_letter.pop("", None) is not None
    branches = [
        re.escape(letter) + (either(rests) if rests != [""] else "") for letter, rests in rest_by_letter.items()
    ]
    if not branches:
        return ""
    joined = branches[0] if len(branches) == 1 and not may_end else f"(?:{'|'.join(branches)})"
    return joined + ("?" if may_end else "")


_FULL_MONTHS = [word for word in MONTHS if len(word) > 4 or word in ("may", "june", "july")]
_SHORT_MONTHS = [word for word in MONTHS if word not in _FULL_MONTHS]
_FULL_WEEKDAYS = [word for word in WEEKDAYS if word.endswith("day")]
_SHORT_WEEKDAYS = [word for word in WEEKDAYS if not word.endswith("day")]

FULL_MONTH = either(_FULL_MONTHS)
MONTH = rf"{FULL_MONTH}|(?:{either(_SHORT_MONTHS)})\b\.?"
WEEKDAY = either(_FULL_WEEKDAYS)
ANY_WEEKDAY = rf"{WEEKDAY}|(?:{either(_SHORT_WEEKDAYS)})\b\.?"
SEASON = either(SEASONS)
ORDINAL = either(ORDINALS)
COUNT = rf"\d{{1,3}}|{either(COUNTS)}"
YEAR = r"(?:1\d|20)\d\d(?![\d%]|[.,:/]\d)"
DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\d%]|[.,:]\d)"
TO = r"(?:\s?[-–—]\s?|\s(?:to|through|thru|until|till)\s)"
DAY_PART = r"morning|afternoon|evening|night|lunchtime|midday|noon|midnight"
"""Part of a day: kept in the words of an expression, without effect on its day."""

ENDS = (
    r"(?=[.,;:?!)”\"]|$|\s(?:and|but|when|while|in|at|by|to|as|had|was|were|because|with|for|on|which|who|"
    r"where|also|only|so)\b)"
)
"""What follows a time that stands by itself, and is not the first half of a name: "in the winter, ..."."""


def month_number(word: str) -> int:
    """Return 1–12 for a month's name or abbreviation in lower case, with or without its full stop."""
    return MONTHS[word.rstrip(".")]


def weekday_number(word: str) -> int:
    """Return 0 (Monday) to 6 for a weekday's name or abbreviation in lower case."""
    return WEEKDAYS[word.rstrip(".")]


def count_value(words: str) -> int:
    """Return the number that digits or number words in lower case stand for; no words at all are one."""
    if not words:
        return 1
    return int(words) if words.isdecimal() else COUNTS[words]


def day_number(words: str) -> int:
    """Return the day of the month that `7`, `7th` or `seventh` stands for."""
    digits = words.rstrip("stndrh")
    return int(digits) if digits.isdecimal() else ORDINALS[words]
