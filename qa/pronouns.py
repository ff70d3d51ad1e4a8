"""Pronouns of a follow-up that point at whom the question before asked for, and a name in their place."""

from __future__ import annotations

import re

from qa.kinds import OF_A_GROUP, answer_kind
from qa.offices import OFFICES
from qa.terms import MONTHS_AND_DAYS, find_terms
from qa.types import AnswerKind

_PERSON = re.compile(r"\b(?:he|she|him|her|his|hers)\b", re.IGNORECASE)
_PEOPLE = re.compile(r"\b(?:they|them|their|theirs)\b", re.IGNORECASE)
_WHO = re.compile(r"\bwho\b", re.IGNORECASE)
_WHICH_PERSON = re.compile(
    rf"\b(?:which|what) {OF_A_GROUP}(?:[\w'’-]+ ){{0,3}}?(?:[\w-]+-)?(?:{OFFICES})\b", re.IGNORECASE
)
_OWNS = frozenset({"his", "hers", "their", "theirs"})
# "Her" before one of these, or at the end, is no "her name".
_OWNS_NOTHING = re.compile(
    r"^\W*(?:$|(?:in|on|at|after|before|during|since|until|by|with|to|for|from|of|as|and|or|when|where|that|there|then|"
    r"now|again|out|up|off|down|first|be|is|was|not|the|a|an|this|last|next|he|she|it|they|who|what|how|why|yesterday|"
    r"today|twice|win|resign|leave|go|stay)\b|\d)",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r",| and ")


def points_at_person(question: str, asked: str) -> bool:
    """Whether a follow-up has a pronoun, before any name, that fits whom the earlier question `asked` for."""
    if answer_kind(asked) is not AnswerKind.PERSON and not _WHICH_PERSON.search(asked):
        return False
    found = _PERSON.search(question) or (_PEOPLE.search(question) if _WHO.search(asked) else None)
    return found is not None and not any(
        term.named and question[term.start].isalpha() and term.key not in MONTHS_AND_DAYS and term.start < found.start()
        for term in find_terms(question)
    )


def has_person(question: str) -> bool:
    """Whether a question has "he", "her" and the like."""
    return _PERSON.search(question) is not None


def with_name(question: str, name: str) -> str:
    """Return a question with the name in place of its first such pronoun; unchanged where the name does not fit it.

    "His" becomes the name's. One person's pronoun takes no two names, and none takes what has no capital.
    """
    found = _PERSON.search(question) or _PEOPLE.search(question)
    if not found or not any(letter.isupper() for letter in name):
        return question
    if _PERSON.fullmatch(found[0]) and _SEVERAL.search(name):
        return question
    word, after = found[0].casefold(), question[found.end() :]
    owns = word in _OWNS or (word == "her" and not _OWNS_NOTHING.match(after))
    return f"{question[: found.start()]}{name}{'’s' if owns else ''}{after}"
