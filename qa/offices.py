"""Offices: whether somebody is named as the holder of the one that a question asks about, or of another."""

from __future__ import annotations

import re

from corpus.types import Article
from qa.types import Candidate

OFFICES = (
    r"chief executive|chief|head|president|minister|mayor|captain|leader|chair(?:man|woman|person)?|ceo|owner|editor|"
    r"director|coach|manager|governor|secretary|commander|moderator|chancellor|king|queen|spokes(?:man|woman|person)|"
    r"commissioner|judge|ambassador|treasurer|founder"
)
# An office below the one named after it, or one held no more; whoever acts in an office holds it.
RANKS = r"deputy|vice|assistant|former|ex|then|junior|shadow"
_OFFICE = rf"(?:(?P<rank>{RANKS})[ -])?(?P<kind>(?:[a-z]+ ){{0,1}})(?P<office>{OFFICES})s?\b"
_ASKED = re.compile(rf"\b{_OFFICE}", re.IGNORECASE)
_BEFORE = re.compile(rf"\b{_OFFICE},?\s+$", re.IGNORECASE)
_IS = (
    r"is|was|remains|who|as|the|its|their|his|her|a|an|still|will|be|become|becomes|became|been|has|had|named|"
    r"appointed|elected|sworn in"
)
_AFTER = re.compile(rf"^,?\s(?:(?:{_IS})\s){{0,5}}{_OFFICE}", re.IGNORECASE)
_SEX = re.compile(r"(?:wo)?man$|person$")
_ANY = frozenset({"head", "leader", "chief"})  # words for whoever leads, whatever the office is called


def holds_another_office(question: str, candidate: Candidate, article: Article) -> bool:
    """Whether the words beside somebody's name give an office, and not the one that a question names.

    "Deputy mayor Venn" is not the mayor, nor is the finance director the chief executive.
    """
    asked = _ASKED.search(question)
    if asked is None or asked["office"].casefold() in _ANY:
        return False
    text = article.text
    own = _BEFORE.search(text[candidate.sentence_start : candidate.start]) or _AFTER.match(
        text[candidate.end : candidate.sentence_end]
    )
    if own is None or own["office"].casefold() in _ANY:
        return False
    if _same(asked) != _same(own):
        return _same(asked) not in text[candidate.sentence_start : candidate.sentence_end].casefold()
    return (own["rank"] or "").casefold() != (asked["rank"] or "").casefold()


def _same(found: re.Match[str]) -> str:
    """Return an office as it is compared: the chairwoman holds the chair."""
    return _SEX.sub("", found["office"].casefold())
