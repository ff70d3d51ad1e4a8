"""What kind of thing a question asks for, by a table of ways of asking."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.types import AnswerKind

FIGURES = frozenset({AnswerKind.COUNT, AnswerKind.AMOUNT, AnswerKind.DURATION})


def any_of(words: str) -> str:
    """Return a pattern that matches any of the words."""
    return "(?:" + "|".join(words.split()) + ")"


PEOPLE = (
    "person man woman individual minister player actor actress author judge politician candidate captain scientist "
    "mayor coach founder director officer singer artist secretary ambassador president chairman chairwoman"
)
PLACES = (
    "city country town place venue state village capital port island region street stadium continent district county "
    "location building hall airport"
)
_MEASURES = "price percentage share rate sum amount fine score cost budget revenue profit salary value fare fee turnout"
_TIMES = "day date year month weekday season time week quarter decade"
# What may stand before the thing asked for: "which Japanese foreign minister", and not "which party did the minister".
BETWEEN = (
    r"(?:(?!(?:a|an|the|is|are|was|were|do|does|did|has|have|had|will|would|can|of|in|on|for|to|by)\b)[\w'’-]+ ){0,2}"
)
_NO_QUESTION_WORD = r"(?!.*\b(?:who|where|why|how|which|what)\b)"
_ASKING = r"(?:is|was|were|did|does|do|will|has|have|had|are)\b"
_OTHER_QUESTION = r"[^,?]*, (?:who|where|which|what|why|how)\b"  # "when it fell, who was mayor?"
_HEALTH_AGENCY = re.compile(r"\bWHO\b")  # asks for nobody
GROUPS = "company organi[sz]ation team club firm agency party ship film book song newspaper award entity"
# "Which company's founder was arrested", "which club sacked coach Orde" ask for the company and the club.
OF_A_GROUP = rf"(?!(?:[\w-]+ )?{any_of(f'{PLACES} {GROUPS}')}(?:['’]s\b| \w+ed\b))"
_ITSELF = rf"(?! {any_of('strike fire attack crash race match vote election team company council project')}\b)"
_HAPPENED = rf"(?:\w+ed|hit|shut|{any_of('is are was were did does do has have had will would can')})"


@dataclass(frozen=True, slots=True)
class KindRule:
    """A way of asking, as a pattern searched in the question without regard to case, and what it asks for."""

    kind: AnswerKind
    pattern: re.Pattern[str]


def _rule(kind: AnswerKind, *alternatives: str) -> KindRule:
    return KindRule(kind, re.compile("|".join(alternatives), re.IGNORECASE))


# Read from the top; the first that matches decides. To teach a new way of asking, add to a row.
KIND_RULES = (
    _rule(
        AnswerKind.TIMELINE,
        r"^\W*(?:give (?:me )?)?(?:an? |the )?(?:timeline|chronology)\b",
        r"\b(?:timeline|chronology) of\b",
        r"\bwhat (?:has )?happened (?:between|from|since|in|during)\b",
        r"\b(?:list|show|give)(?: me)? (?:the )?(?:events|steps|stages|course)\b.*\b(?:between|from|since|of)\b",
    ),
    _rule(
        AnswerKind.REASON,
        r"\bwhy\b",
        r"\bfor what reason\b",
        r"\bwhat (?:was|is|were) the (?:reason|cause)",
        r"^\W*how come\b",
        r"\bwhat (?:caused|led to|prompted)\b",
    ),
    _rule(
        AnswerKind.DURATION,
        r"\bhow long (?!ago)",
        r"\bfor how (?:many|long)\b",
        r"\bhow many (?:hours|minutes|seconds|days|weeks|months|years)\b(?! ago)",
    ),
    _rule(
        AnswerKind.COUNT,
        r"\bhow many\b",
        r"\bwhat (?:is|was) the (?:[\w'’-]+ ){0,2}(?:number|count|tally|toll|attendance)\b",
        r"\bwhat (?:[\w'’-]+ ){0,2}(?:number|tally|toll|attendance)\b",
        r"\bnumber of\b",
    ),
    _rule(
        AnswerKind.AMOUNT,
        r"\bhow (?:much|far|fast|high|tall|old|big|large|deep|heavy|wide)\b",
        rf"\b(?:what|which) {any_of(_MEASURES)}\b",
        rf"\bwhat (?:is|was|were|will) (?:the )?(?:[\w'’.-]+ ){{0,4}}{any_of(_MEASURES)}\b",
    ),
    _rule(
        AnswerKind.DAY,
        rf"^\W*(?:[\w' -]+,\s*)?(?:and |but |so )?when\b(?!{_OTHER_QUESTION})",
        rf"^\W*(?:and |but |so )?wen (?={_ASKING})",
        rf"\bwhen {_ASKING}",
        rf"\b(?:what|which) {any_of(_TIMES)}s?\b",
        r"^\W*what (?:was|is|were) the (?:[\w-]+ ){0,4}dates?\b",
        r"\bhow long ago\b",
        r"\bdates? (?:of|for|when|on which)\b",
        r"\bsince when\b",
        r"^\W*(?:the )?dates?\b",
        rf"^{_NO_QUESTION_WORD}.*\bwhen\b(?: \w+){{0,2}} (?:was|is|were|did|held|it)\b",
        r"\bwhen\W*(?:$|\()",
        rf"^{_NO_QUESTION_WORD}.*\b{any_of('date month year day dates')}(?: (?:planned|set|announced|due))?\W*(?:$|\()",
    ),
    # What is asked before "who": "where was the man who fled", "what did those who fled say".
    _rule(AnswerKind.PLACE, r"^\W*where\b"),
    _rule(AnswerKind.STATEMENT, r"^\W*what did\b.*\bwho\b"),
    _rule(
        AnswerKind.PERSON,
        r"\bwho(?:m|se)?\b",
        rf"\bwhich {OF_A_GROUP}{BETWEEN}(?:\w+-)?{any_of(PEOPLE)}\b",
        rf"\bname of the {any_of(PEOPLE)}\b",
    ),
    _rule(AnswerKind.PLACE, r"\bwhere\b", rf"\b(?:which |what (?!{_HAPPENED} )){BETWEEN}{any_of(PLACES)}\b{_ITSELF}"),
    _rule(
        AnswerKind.YES_NO,
        r"^\W*(?:is|are|was|were|did|does|do|has|have|had|can|could|will|would|should|may)\b",
    ),
    _rule(
        AnswerKind.NAME,
        r"\bwhich\b",
        rf"\bwhat {any_of(GROUPS)}\b",
        r"\bwhat (?:is|was) the name\b",
        r"\bwhat (?:is|was) \w+ called\b",
        r"\bnamed? of\b",
    ),
)


def answer_kind(question: str) -> AnswerKind:
    """Return what kind of thing a question asks for, by the first of `KIND_RULES` that matches."""
    if not question.isupper():
        question = _HEALTH_AGENCY.sub("the agency", question)
    return next((rule.kind for rule in KIND_RULES if rule.pattern.search(question)), AnswerKind.STATEMENT)
