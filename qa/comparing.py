"""Which of two events came first: each is dated by a question of its own, and the two days are compared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from qa.citing import event_words
from qa.composed import Composed
from qa.kinds import THINGS, any_of
from qa.terms import find_terms, keys
from qa.types import Answer, Status

_AUXILIARY = r"(?:did|do|does|was|were|is|are|has|have|had|will)"
# "Which came first, the strike or the merger?": what they did, which end is asked for, and the two.
# Who came first is a matter of races, not of days.
_WHICH = re.compile(
    rf"^\W*(?:which|what)\b(?: of (?:these|the two|them))?(?: {any_of(THINGS)})?(?P<did>[^,:?]*)\s"
    r"(?P<end>first|earlier|sooner|last|later)(?P<where>(?: (?:in|at|on|of|with)\b[^,:?]*)?)[,:]\s*"
    r"(?P<one>[^,?]+?),? or (?P<other>[^,?]+?)\W*$",
    re.IGNORECASE,
)
# "Did the strike end before or after the merger?": "before" or "after".
_SIDE = re.compile(
    rf"^\W*(?P<auxiliary>{_AUXILIARY})\s+(?P<one>[^,?]+?)\s+(?:before or after|after or before)\s+"
    r"(?P<other>[^,?]+?)\W*$",
    re.IGNORECASE,
)
# "take up talks with Germany before or after the Philippines": the other is what stands last.
_LAST_NAME = re.compile(r"(?P<lead>.+\b(?:with|in|at|to|from|for)) (?:the )?[A-Z]\S*(?: [A-Z]\S*)*$")
_NAME_ALONE = re.compile(r"(?:the )?[A-Z]\S*(?: [A-Z]\S*)*$")
_NOTHING_DONE = re.compile(r"^\s*(?:came|comes|come|was|were|is|are|happened|took place)?\s*$", re.IGNORECASE)
_POINTS_AT_OTHER = re.compile(r"\b(?:two|both|their|them|they|its|it|his|her)\b", re.IGNORECASE)
_PASSIVE = re.compile(r"(?P<subject>.+?) (?P<auxiliary>was|were|has|had|will) (?P<rest>.+)$")
_DONE = re.compile(r"\b(?:began|came|fell|flew|held|left|met|took|went|won|\w{3,}ed)\b", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:the|a|an|its|their|his|her)\b", re.IGNORECASE)
_LATE = frozenset({"last", "later"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two events: what a question calls them, a question for the day of each, and which one is asked for.

    `later` asks for the later of the two; `sided` asks whether the first named came "before" or "after" the other.
    """

    names: tuple[str, str]
    questions: tuple[str, str]
    later: bool = False
    sided: bool = False


def compare_asked(question: str) -> Comparison | None:
    """Return the two events that a question asks to compare in time; None when it asks for something else."""
    if found := _SIDE.match(question):
        one, other = found["one"], found["other"]
        auxiliary = found["auxiliary"].casefold()
        if (parallel := _LAST_NAME.match(one)) and _NAME_ALONE.match(other):
            when_other = f"When {auxiliary} {parallel['lead']} {other}?"
        else:
            when_other = _when(_with_names_of(one, other))
        return Comparison((one, other), (f"When {auxiliary} {_with_names_of(other, one)}?", when_other), sided=True)
    if found := _WHICH.match(question):
        did = "" if _NOTHING_DONE.match(found["did"]) else f" {found['did'].strip()}"
        one, other = found["one"], found["other"]
        events = (f"{event}{did}{found['where']}" for event in (_with_names_of(other, one), _with_names_of(one, other)))
        when_one, when_other = map(_when, events)
        return Comparison((one, other), (when_one, when_other), later=found["end"].casefold() in _LATE)
    return None


def _with_names_of(other: str, event: str) -> str:
    """Return an event that points at the other with its names behind it: "the first talks of the two countries"."""
    if not _POINTS_AT_OTHER.search(event):
        return event
    names = " ".join(other[term.start : term.end] for term in find_terms(other) if other[term.start].isupper())
    return f"{event} ({names})" if names else event


def _when(event: str) -> str:
    """Return the question for the day of an event: a thing with its article, or something that was done."""
    if found := _PASSIVE.match(event):
        return f"When {found['auxiliary']} {found['subject']} {found['rest']}?"
    return f"When was {event}?" if _ARTICLE.match(event) and not _DONE.search(event) else f"When was it that {event}?"


def compare(comparison: Comparison, dated: Sequence[Answer]) -> Composed | None:
    """Return which event came first, with the sentences that date both; None unless both days are known and apart."""
    days = [_days(answer) for answer in dated]
    if days[0] is None or days[1] is None or not (days[0][1] < days[1][0] or days[1][1] < days[0][0]):
        return None
    first = 0 if days[0] < days[1] else 1
    if comparison.sided:
        said = "before" if first == 0 else "after"
    else:
        said = comparison.names[1 - first if comparison.later else first]
    order = (first, 1 - first)
    citations = tuple(replace(dated[place].citations[0], number=number) for number, place in enumerate(order, start=1))
    sentences = tuple(
        replace(sentence, citations=(number,))
        for number, place in enumerate(order, start=1)
        for sentence in dated[place].sentences
        if dated[place].citations[0].number in sentence.citations
    )
    earlier, later = (event_words(citation.event) for citation in citations)
    note = f"{earlier} (“{comparison.names[first]}”) is before {later} (“{comparison.names[1 - first]}”)."
    confidence = min(answer.confidence for answer in dated)
    return Composed(Status.ANSWERED, said, sentences, citations, confidence, notes=(note,))


def is_of_two(comparison: Comparison, short_answer: str) -> bool:
    """Whether a short answer, found without the days, is one of the two that were asked about."""
    if comparison.sided:
        return short_answer.casefold() in ("before", "after")
    return any(keys(short_answer) & keys(name) for name in comparison.names)


def _days(answer: Answer) -> tuple[date, date] | None:
    """Return the first and last day that an answer gives; None where it gives no day."""
    if answer.status is not Status.ANSWERED or not answer.citations:
        return None
    first, _, last = answer.citations[0].event.partition("/")
    try:
        return date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        return None
