"""Follow-up questions made to stand alone, by rule: what they point at is named from the questions before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.ellipsis import asked_of, asked_otherwise, behind_dash, fragment, says_when, split_topic
from qa.pronouns import has_person, points_at_person, with_name
from qa.terms import COUNTRIES, Term, content_terms, ordinal_of

_SPAN = "year|month|week|season|summer|winter|spring|autumn|morning|century|decade"
_POINTS_BACK = re.compile(
    r"\b(?:it|its|he|him|his|she|her|hers|they|them|their|theirs|(?<!is )(?<!was )(?<!are )(?<!were )there|then|that|"
    rf"those|these|this(?! (?:{_SPAN})\b)|(?<!^)(?<!formula )ones?|same|former|latter|else|other|another|such)\b",
    re.IGNORECASE,
)
_OPENS_AS_FOLLOW_UP = re.compile(r"^\W*(?:and|but|or|so|what about|how about|also|then)\b", re.IGNORECASE)
_BARE = re.compile(r"^\W*(?:when|where|why|who|how|how many|how much|what|which)\b[^\w]*$", re.IGNORECASE)
_ASKS = re.compile(r"^\W*(?:when|where|why|who|whom|whose|how|what|which)\b", re.IGNORECASE)
# "What is NATO?", "When did Brexit happen?": one name is all that they need.
_ASKS_OF_NAME = re.compile(
    r"^\W*(?:(?:what|who|where|when)(?:['’]s|\s(?:is|are|was|were))|when (?:did|does|do|will)) (?:the )?(?-i:[A-Z])",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^\W*(?:and|but|or|so|also|then)[\s,]+(?=\w)", re.IGNORECASE)
_ABOUT = re.compile(r"^\W*(?:and |but |or |so )?(?:what|how) about\s+(.+?)\W*$", re.IGNORECASE)
_WHO_DID = re.compile(r"^\W*who \w+", re.IGNORECASE)  # a follow-up has a verb of its own
_HYPHENS = ("-", "–")
_MAX_EARLIER = 3  # questions further back are rarely what "it" points at
_SHORT = 4  # words of meaning: a question that names nothing in so few is about what was asked before


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question as it would be asked with no history.

    `bounding` is the part of it that says which days and which order it wants: what it points back at bounds nothing.
    """

    text: str
    bounding: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier question of a conversation, and those before it, oldest first."""

    question: str
    history: tuple[str, ...]


def standalone_question(question: str, history: Sequence[str]) -> str:
    """Return the question as it would be asked with no history; unchanged when it already stands alone."""
    return stand_alone(question, history).text


def stand_alone(question: str, history: Sequence[str], *, answer: str = "") -> Standalone:
    """Return a question made to stand alone. `answer` is what the archive answers to `earlier_to_answer`, if anything.

    A follow-up without a verb of its own, "And the second?", asks the earlier question again, of something else. Any
    other keeps its own words. Whom "he" or "her" points at is named where the answer is known by first and last name;
    otherwise the content words of the latest question that stood alone are put behind in brackets.
    """
    if not history:
        return Standalone(question, question)
    earlier = _resolved(history)
    if not _depends(question, earlier):
        return Standalone(question, question)
    named = with_name(question, answer) if answer else question
    part, asks = split_topic(named)
    if part:
        earlier = asked_of(part, earlier)
    if again := _asked_again(asks, earlier, of_somebody=named != question):
        return again
    plain = _LEADING.sub("", asks).rstrip(" ?.!")
    if named != question and " " in answer:
        return Standalone(f"{plain}?", plain)
    topic = _topic(earlier, {term.key for term in content_terms(plain)})
    return Standalone(f"{plain} ({topic})?", plain) if topic else Standalone(f"{plain}?", plain)


def earlier_to_answer(question: str, history: Sequence[str]) -> Earlier | None:
    """Return the earlier question at whose answer a follow-up's "he", "her" or "they" points, where there is one.

    "Who was Reed's lawyer when he fell?" names whom its own "he" points at, and so does what follows.
    """
    recent = history[-_MAX_EARLIER:]
    if not recent or not _depends(question, _resolved(recent)):
        return None
    for place in reversed(range(len(recent))):
        asked = _resolved(recent[: place + 1])
        if points_at_person(question, asked):
            names_them = asked == recent[place] and has_person(asked)
            return None if names_them else Earlier(recent[place], tuple(recent[:place]))
        if not has_person(recent[place]):
            return None
    return None


def _resolved(history: Sequence[str]) -> str:
    resolved = ""
    for earlier in history[-_MAX_EARLIER:]:
        resolved = stand_alone(earlier, [resolved]).text if resolved else earlier
    return resolved


def _asked_again(question: str, earlier: str, *, of_somebody: bool) -> Standalone | None:
    """Return the earlier question asked of something else; None where a follow-up asks something of its own."""
    about = _ABOUT.match(question)
    part = fragment(question)
    whole = of_somebody or not part  # what takes the place of nothing
    part = part or (about[1] if about else "")
    if not part:
        again = asked_otherwise(question, earlier)
        return Standalone(again, again) if again else None
    behind = behind_dash(part, earlier)
    again = behind if whole else asked_of(part, earlier)
    return Standalone(again, part if again == behind and says_when(part) else again)


def _topic(question: str, own: set[str]) -> str:
    """Return the words of a question that are not the follow-up's own; its own "second" is not the earlier "first"."""
    numbered = any(map(ordinal_of, own))
    question = _WHO_DID.sub("", question)
    return " ".join(
        question[term.start : term.end]
        for term in content_terms(question)
        if (term.key not in own or _is_joined(question, term)) and not (numbered and ordinal_of(term.key))
    )


def _is_joined(question: str, term: Term) -> bool:
    """Whether a word is one of a pair, "India-Japan", which is named whole."""
    return question[term.end :].startswith(_HYPHENS) or question[: term.start].endswith(_HYPHENS)


def _depends(question: str, earlier: str) -> bool:
    if _BARE.match(question) or fragment(question):
        return True
    terms = content_terms(question)
    names = sum(term.named for term in terms)
    points_back = _POINTS_BACK.search(question) is not None
    if _OPENS_AS_FOLLOW_UP.match(question):  # and yet "And when was the first India-US 2+2?" needs nothing more
        asks = _ASKS.match(_LEADING.sub("", question))
        return not asks or points_back or names < 2 or len(terms) < _SHORT
    if (points_back and names < 2) or (len(terms) <= 1 and not _ASKS_OF_NAME.match(question)):
        return True
    names_nothing = not any(term.named or term.key in COUNTRIES for term in terms)
    # Who writes no names with a capital may have named something all the same.
    capitals = any(letter.isupper() for letter in earlier[1:])
    return bool(_ASKS.match(question)) and len(terms) <= _SHORT and names_nothing and capitals
