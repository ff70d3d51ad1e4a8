"""Names told together: "Who were the German ministers?" is answered by both, not by whichever stands first."""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.types import Article
from qa.offices import OFFICES
from qa.types import AnswerKind, Candidate, Query

_NAMED = frozenset({AnswerKind.PERSON, AnswerKind.NAME})
_SEVERAL = re.compile(
    r"\bwho (?:were|are|represented|attended)\b|"
    r"\b(?:which|what) (?:two|three|four|five|(?!(?:is|was|has|does|his)\b)\w+s)\b",
    re.IGNORECASE,
)
_NAME = r"(?:(?:Mr|Mrs|Ms|Dr|Sir|Dame)\.? )?[A-Z][\w’'-]*(?: (?:[A-Z]\. )?[A-Z][\w’'-]*)*"
_SAID_OF = r"(?:, (?:the|a|an|its|their|his|her|then|who) [^,.;]{1,60}(?=,))?"  # what stands between two of the names
_AFTER = re.compile(rf"(?:{_SAID_OF}, {_NAME})*{_SAID_OF},? and {_NAME}")
_BEFORE = re.compile(rf"(?:{_NAME}{_SAID_OF}, )*{_NAME}{_SAID_OF}(?:,? and )(?:[A-Z][\w-]* )*$")
_BEFORE_LISTED = re.compile(rf"(?:{_NAME}{_SAID_OF}, )+$")
_NO_PART_OF_A_NAME = re.compile(
    rf"{_SAID_OF[:-1]},(?= and )|{_SAID_OF[:-1]}|\b(?:[A-Z][\w-]+ ){{0,2}}(?i:{OFFICES}) (?=[A-Z])"
)


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
    told_before = article.text[candidate.sentence_start : candidate.start]
    after = _AFTER.match(article.text, candidate.end, candidate.sentence_end)
    before = (_BEFORE_LISTED if after else _BEFORE).search(told_before)
    return replace(
        candidate,
        start=candidate.start - (len(before.group()) if before else 0),
        end=after.end() if after else candidate.end,
    )
