"""Names told together: "Who were the German ministers?" is answered by both, not by whichever stands first."""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.types import Article
from qa.offices import OFFICES
from qa.terms import countries_of
from qa.types import AnswerKind, Candidate, Query

_NAMED = frozenset({AnswerKind.PERSON, AnswerKind.NAME})
_SEVERAL = re.compile(
    r"\bwho (?:were|are|represented|attended)\b|"
    r"\b(?:which|what) (?:two|three|four|five|(?!(?:is|was|has|does|his)\b)\w+[^\Ws]s)\b",
    re.IGNORECASE,
)
_NAME = r"(?:(?:Mr|Mrs|Ms|Dr|Sir|Dame)\.? )?[A-Z][\w’'-]*(?: (?:[A-Z]\. )?[A-Z][\w’'-]*)*"
# What stands between two names: ", the foreign minister," but neither ", the Netherlands," nor ", her son Bo Ray,".
_SAID = (
    r", (?!(?:his|her|their) [a-z-]+ [A-Z])(?:the|a|an|its|their|his|her|then|who) "
    r"(?=[^,.;]*(?<![\w’'-])(?!of\b)[a-z])[^,.;]{1,60}(?=,)"
)
_AFTER = re.compile(rf"(?:(?:{_SAID})?, {_NAME})*(?:{_SAID})?,? and {_NAME}")
_BEFORE = re.compile(
    rf"(?P<names>(?:{_NAME}(?:{_SAID})?, )*{_NAME}(?:{_SAID})?)(?:,? and )(?P<title>(?:[A-Z][\w-]* )*)$"
)
_BEFORE_LISTED = re.compile(rf"(?:{_NAME}(?:{_SAID})?, )+$")
_OF_A_PLACE = re.compile(r"\b(?:for|in|of|to|from|with|at|by|against)\s(?:the\s)?$")
_FIRST = re.compile(r"(?P<name>(?:(?:United|South|North|New|Saudi|Sri) )?[A-Z][\w’'-]*), ")
_REACH = 300  # characters before a name in which others may stand
_OFFICE = re.compile(OFFICES, re.IGNORECASE)
# An office at the start of a name, with what it is of; "King" and "Judge" are surnames too, and "General" follows some.
_TITLE = (
    r"(?:^|(?<=, )|(?<= and ))(?:(?!and\b)[\w’']+[ -]){0,5}?"
    rf"(?i:(?!(?:king|queen|judge|head|chief(?! executive))\b)(?:{OFFICES})) (?=[A-Z])"
    r"(?!(?:General|Officer|Justice|Executive|Jr|Sr|I+)\b)"
)
_NO_PART_OF_A_NAME = re.compile(rf"{_SAID},(?= and )|{_SAID}|{_TITLE}")


def asks_for_several(query: Query) -> bool:
    """Whether a question asks for the names of several."""
    return query.kind in _NAMED and _SEVERAL.search(query.standalone) is not None


def names_alone(words: str) -> str:
    """Return names told together without their offices: "Ada Quill and Bo Holt" of "Mayor Ada Quill and Bo Holt"."""
    return _NO_PART_OF_A_NAME.sub("", words)


def named_together(query: Query, candidate: Candidate, article: Article) -> Candidate:
    """Return a candidate widened to the names it is told together with, where the question asks for several."""
    if not asks_for_several(query):
        return candidate
    told_before = article.text[max(candidate.sentence_start, candidate.start - _REACH) : candidate.start]
    after = _AFTER.match(article.text, candidate.end, candidate.sentence_end)
    before = (_BEFORE_LISTED if after else _BEFORE).search(told_before)
    if before and not after and before["title"] and not _OFFICE.search(before["names"]):
        before = None  # "met Mr Abe in Tokyo and President Xi": a place, and not one with an office
    listed = before.group() if before else ""
    if before and query.kind is AnswerKind.PERSON and _OF_A_PLACE.search(told_before[: before.start()]):
        listed = _without_country(listed)
    return replace(
        candidate,
        start=candidate.start - len(listed),
        end=after.end() if after else candidate.end,
    )


def _without_country(names: str) -> str:
    """Return names without the country that they begin with: that of "speaks for Japan, Ada Quill and Bo Holt"."""
    first = _FIRST.match(names)
    if first is None or not countries_of(first["name"]):
        return names
    rest = names[first.end() :]
    return rest if rest[:1].isupper() else ""
