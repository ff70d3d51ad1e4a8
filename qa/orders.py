"""Which of several events, or of several reports of one, a question asks for: by a table of words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from qa.terms import ORDINALS
from qa.types import Ordering


@dataclass(frozen=True, slots=True)
class OrderRule:
    """Words that ask for an order, as a pattern searched in the question without regard to case."""

    ordering: Ordering
    pattern: re.Pattern[str]


def _rule(ordering: Ordering, *alternatives: str) -> OrderRule:
    return OrderRule(ordering, re.compile("|".join(alternatives), re.IGNORECASE))


_NTH = "|".join(word for word, number in ORDINALS.items() if number > 1)
_SAY = (
    r"said|say|report(?:ed)?|thought|think|believed?|announced?|plan(?:ned)?|set|fixed|expect(?:ed)?|estimated?|"
    r"gi?ven?|gave|"
    r"put|project(?:ed|ion)?|promised?|supposed|meant|due|feared|claim(?:ed)?|quoted|chosen|picked|named?|suspected|"
    r"count(?:ed)?|figures?|numbers?|scheduled?|intend(?:ed)?|proposed?|hoped?|blamed|valued|priced|stated?|"
    r"published|"
    r"offer(?:ed)?|toll|price|closing date|opening date|draft"
)
_OFFICES = (
    r"chief|head|president|minister|mayor|captain|leader|chair\w*|ceo|owner|editor|director|coach|manager|governor|"
    r"secretary|commander|moderator|chancellor|king|queen|record holder"
)

# "first" and its like ask for no order in these; they are taken out before the rules are read.
NOT_ORDER = re.compile(
    r"\bfirst(?:ly|[- ](?:minister|lady|name|half|quarter|person|class|aid|degree|leg|division|floor|instance))\b"
    r"|\b(?:at first sight|first ever since|(?:came|come|comes) first)\b"
    r"|\bsecond[- ](?:hand|half|quarter|leg|division|floor|world war|home|reading)\b|\bper second\b"
    rf"|\b(?:{_NTH})[- ](?:most|\w+est)\b|\bthird part(?:y|ies)\b"
    rf"|\b(?:{_NTH}|\d+(?:st|nd|rd|th)) (?:birthday|anniversary|jubilee|century|floor)\b"
    r"|\b(?:by|until) now\b|\bbring \w* ?up to date\b|\bfinal (?:score|whistle|exam)\b"
    r"|\blast (?:name|week|month|year|summer|winter|spring|autumn|night|for|until|till)\b"
    r"|(?<!the )\blast\b(?=\W*(?:$|\())",
    re.IGNORECASE,
)

# Read from the top; the first that matches decides. To teach a new way of asking, add to a row.
ORDER_RULES = (
    _rule(
        Ordering.ORIGINAL,
        r"\boriginal(?:ly)?\b",
        r"\binitial(?:ly)?\b",
        r"\bat first\b",
        r"\bto begin with\b",
        rf"\bfirst (?:be )?(?:{_SAY})\b",
        r"\b(?:provisional|interim|preliminary|draft)\b",
        r"\bearly (?:estimate|count|report|figure|toll|number)\b",
        r"\bbefore the (?:correction|revision|recount)\b",
        r"\b(?:right|straight|immediately|just|the day) after\b",
    ),
    _rule(
        Ordering.LATEST,
        r"\b(?:latest|newest|up[- ]to[- ]date)\b",
        r"\bmost recent(?:ly)?\b",
        r"\b(?:currently|presently|current|present)\b",
        r"\bat (?:the moment|present)\b",
        r"\b(?:now|today|these days)\b",
        r"\blast\b",
    ),
    _rule(
        Ordering.FINAL,
        r"\blater (?:[\w-]+ )?(?:count|figure|toll|number|report|result|estimate)s?\b",
        r"\b(?:final|revised|corrected|eventual)\b",
        r"\bnew date\b",
        r"\bin the end\b",
        r"\b(?:finally|eventually|ultimately|really|actually|altogether)\b",
        r"\bat (?:last|length)\b",
        r"\bin (?:all|total)\b",
        r"\bafter (?:it|they|he|she) (?:was|were) (?:put off|postponed|called off|delayed|moved)\b",
    ),
    _rule(Ordering.NEXT, r"\b(?:next|forthcoming|upcoming)\b"),
    _rule(
        Ordering.PREVIOUS,
        r"^\W*(?:and )?who(?:m|se)?\b.*\b(?:before|prior to) (?!\d|the [\w-]+ (?:was|were|is)\b)",
        r"\bpredecessors?\b",
        r"\bwhom? did .* (?:replace|succeed|follow|take over from|beat|defeat)\b",
    ),
    _rule(
        Ordering.FOLLOWING,
        r"\bsuccessors?\b",
        r"^\W*(?:and )?who (?:replace[ds]?|succeed(?:s|ed)?|follow(?:s|ed)?|c[ao]mes? after|"
        r"takes? over|took over|took charge|is to follow)\b",
        r"^\W*(?:and )?who\b.* after (?!\d)",
    ),
    _rule(Ordering.FIRST, r"\b(?:first|1st|inaugural|earliest|maiden)\b"),
    _rule(Ordering.NTH, rf"\b(?P<nth>{_NTH})\b", r"\b(?P<number>\d{1,3})(?:st|nd|rd|th)\b"),
    _rule(
        Ordering.ORIGINAL,
        r"\b(?:was|were|had|should) (?:[\w'’-]+ ){1,8}(?:supposed|meant|scheduled|intended|planned|due) "
        r"(?:to|for)\b",
        r"\bhad (?:[\w'’-]+ ){1,8}been (?:set|planned|scheduled)\b",
        r"\b(?:should|was to|were to) (?:[\w'’-]+ ){0,4}have\b",
    ),
    _rule(Ordering.LATEST, rf"^\W*(?:and )?who(?:'s| is|’s) (?:the )?(?:[\w-]+ ){{0,3}}(?:{_OFFICES})\b"),
)


def order_asked(question: str, times: Iterable[tuple[int, int]] = ()) -> tuple[Ordering, int | None]:
    """Return which one a question asks for, and its number; `times` are spans of dates, whose words ask for none.

    "In the third quarter of 2019" is no third one.
    """
    plain = question
    for start, end in times:
        plain = plain[:start] + "·" * (end - start) + plain[end:]
    plain = NOT_ORDER.sub(" ", plain)
    for rule in ORDER_RULES:
        if found := rule.pattern.search(plain):
            return rule.ordering, _number(rule.ordering, found)
    return Ordering.NONE, None


def _number(ordering: Ordering, found: re.Match[str]) -> int | None:
    if ordering is Ordering.FIRST:
        return 1
    if ordering is not Ordering.NTH:
        return None
    return ORDINALS[found["nth"].casefold()] if found["nth"] else int(found["number"])
