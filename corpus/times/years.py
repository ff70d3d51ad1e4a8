"""Rules for years, runs of years, quarters, decades and centuries."""

from __future__ import annotations

import re

from corpus.times.intervals import (
    Interval,
    century_interval,
    decade_or_century,
    quarter_interval,
    range_interval,
    year_interval,
)
from corpus.times.rule import Reading, Rule
from corpus.times.vocabulary import ORDINAL, ORDINALS, YEAR, either

LIKELY_YEARS = range(1900, 2041)
"""Numbers that stand for a year unless their neighbours speak against it; others need a word that asks for one."""

_NOT_BEFORE = re.compile(
    r"(?:[$£€¥#.,/:'’&-]|\bno\. ?|\b(?:about|some|nearly|almost|total of|more than|fewer than|less than|at least|up to|"
    r"number of|rs|usd|at) )$"
)
_ASKING_BEFORE = re.compile(
    r"\b(?:in|since|by|until|till|from|during|circa|before|after|between|year|early|late|mid|to|for|of|through|around|"
    r"and|than)[ -]$"
)
_COUNTED = either(
    "bc gmt utc bst cet edt est hours hrs % percent people men women children votes cases deaths seats jobs homes "
    "houses students pupils soldiers troops police officers passengers points runs miles km kilometres metres meters "
    "feet ft pounds dollars euros yen rupees tonnes tons kg calories mg words pages copies units cars vehicles workers "
    "employees staff members patients times visitors fans spectators tickets migrants refugees prisoners residents "
    "families square cubic degrees megawatts mw yards acres hectares others".split()
)
_COUNTED_AFTER = re.compile(rf"\s?(?:{_COUNTED}|per cent|local time|x \d)(?!\w)")
_MODIFIER_BEFORE = re.compile(r"(?:\b(?:the|a|its|his|her|their|our|this|that|original|landmark)|['’]s|s['’]) $")
_FUNCTION_WORDS = either(
    "a an and or but to was were is are be when with in at by the after before as for had has have he she it they we i "
    "you which that who on of from while where than because if so until through into over under about not no only also "
    "will would his her its their this there said still just since due following amid alone onward onwards".split()
)
_FUNCTION_WORD_AFTER = re.compile(rf" (?:{_FUNCTION_WORDS})(?!\w)")


def resolve_year(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve a bare year, unless it counts something or tells an hour."""
    return year_interval(int(match["year"])) if _is_year(match, reading) else None


def resolve_modifier(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve a year that is part of a name: the 2008 Joint Declaration, the 2024 election."""
    if not _is_year(match, reading):
        return None
    before, after = _around(match, reading)
    named = not _ASKING_BEFORE.search(before) and reading.text[match.end() + 1].isupper()
    if (named or _MODIFIER_BEFORE.search(before)) and not _FUNCTION_WORD_AFTER.match(after):
        return year_interval(int(match["year"]))
    return None


def resolve_years(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve 2015-2019, 2015–19, 2021/22."""
    first = int(match["first"])
    digits = match["last"]
    last = int(digits) if len(digits) == 4 else first // 100 * 100 + int(digits)
    if len(digits) == 2 and last == first // 100 * 100:
        last += 100
    if not first < last <= first + 200:
        return None
    return range_interval(year_interval(first).earliest, year_interval(last).latest)


def resolve_quarter(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve the second quarter of 2021, Q2 2021."""
    word = match["quarter"]
    return quarter_interval(int(match["year"]), int(word) if word.isdecimal() else ORDINALS[word])


def resolve_decade(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve the 1990s and the '90s, and the 1800s to a century."""
    return decade_or_century(match["decade"])


def resolve_century(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve the 19th century."""
    word = match["century"]
    return century_interval(int(word[:-2]) if word[0].isdecimal() else ORDINALS[word])


def _is_year(match: re.Match[str], reading: Reading) -> bool:
    before, after = _around(match, reading)
    if _NOT_BEFORE.search(before) or _COUNTED_AFTER.match(after):
        return False
    if int(match["year"]) in LIKELY_YEARS:
        return True
    return bool(_ASKING_BEFORE.search(before)) and (
        not re.match(r"-| [a-z]", after) or bool(_FUNCTION_WORD_AFTER.match(after))
    )


def _around(match: re.Match[str], reading: Reading) -> tuple[str, str]:
    return reading.lowered[max(0, match.start() - 16) : match.start()], reading.lowered[match.end() : match.end() + 24]


NUMBER_START = r"(?<![\d.,/$£€:-])"
RULES = (
    Rule(
        "years",
        NUMBER_START + r"(?P<first>(?:1\d|20)\d\d)\s?[-–/]\s?(?P<last>(?:1\d|20)\d\d|\d\d)(?![\d%/-]|[.,:]\d)",
        resolve_years,
    ),
    Rule("quarter-year", rf"q(?P<quarter>[1-4])(?:\sof)?,?\s(?P<year>{YEAR})", resolve_quarter),
    Rule(
        "quarter-year",
        rf"(?:the\s)?(?P<quarter>first|second|third|fourth)\squarter\sof\s(?P<year>{YEAR})",
        resolve_quarter,
    ),
    Rule("decade", NUMBER_START + r"(?P<decade>1[5-9]\d0|20[0-4]0)['’]?s", resolve_decade),
    Rule("decade", r"['’](?P<decade>[2-9]0)['’]?s", resolve_decade),
    Rule("century", rf"(?P<century>\d\d?(?:st|nd|rd|th)|{ORDINAL})[\s-]century(?!\s(?:bc|b\.c))", resolve_century),
    Rule("year-modifier", NUMBER_START + rf"(?P<year>{YEAR})(?=\s[a-z])", resolve_modifier),
    Rule("year", NUMBER_START + rf"(?P<year>{YEAR})", resolve_year),
)
