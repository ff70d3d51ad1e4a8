"""Which of two events came first: each is dated by a question of its own, and the two days are compared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from corpus.times import find_times
from qa.citing import event_words, iso_days
from qa.composed import Composed
from qa.kinds import BETWEEN, GROUPS, PEOPLE, PLACES, any_of
from qa.terms import content_terms, find_terms, ordinal_of
from qa.types import Answer, Citation, Sentence, Status

# What a question may name before it says what of it: "which Danish minister resigned first".
_THINGS = (
    f"{PEOPLE} {PLACES} {GROUPS} countries cities parties companies agencies "
    "event meeting round election trial launch race match storm strike opening"
)
_AUXILIARY = r"(?:did|do|does|was|were|is|are|has|have|had|will)"
# "Which came first, the strike or the merger?": what they did, which end is asked for, and the two.
# Who came first is a matter of races, not of days.
_WHICH = re.compile(
    r"^\W*(?:which|what)\b(?: of (?:these|the two|them))?(?P<did>[^,:?]*)\s"
    r"(?P<end>first|earlier|sooner|last|later)(?P<where>(?: (?:in|at|on|of|with)\b[^,:?]*)?)[,:]\s*"
    r"(?P<one>[^,?]+?),? or (?P<other>[^,?]+?)\W*$",
    re.IGNORECASE,
)
_THING = re.compile(rf"^ {BETWEEN}(?:\w+-)?{any_of(_THINGS)}s?\b", re.IGNORECASE)
# "Did the strike end before or after the merger?": "before" or "after".
_SIDE = re.compile(
    rf"^\W*(?P<auxiliary>{_AUXILIARY})\s+(?P<one>[^,?]+?)\s+(?:before or after|after or before)\s+"
    r"(?P<other>[^,?]+?)\W*$",
    re.IGNORECASE,
)
_COMPARES_MORE = re.compile(r"\b(?:more|fewer|less|better|worse|higher|lower|larger|smaller|bigger)\b", re.IGNORECASE)
_RANKED = re.compile(
    r"^\W*(?:which|what) (?:[\w'’-]+ ){0,2}"
    r"(?:team|side|club|crew|party|country|city|school|driver|rider|runner|player|horse|candidate|name)s? "
    r"(?:came|comes|finished|placed|ranked|was|is) (?:first|last)\b",
    re.IGNORECASE,
)
_TOPIC = re.compile(r" \([^()]*\)(?=\W*$)")  # what `qa.followup` puts behind a follow-up
# "take up talks with Germany before or after the Philippines": the other is what stands last.
_LAST_NAME = re.compile(r"(?P<lead>.+\b(?:with|in|at|to|from|for)) (?:the )?[A-Z]\S*(?: [A-Z]\S*)*$")
_NAME_ALONE = re.compile(r"(?:the )?[A-Z]\S*(?: [A-Z]\S*)*$")
_NOTHING_DONE = re.compile(r"^\s*(?:came|comes|come|was|were|is|are|happened|took place)?\s*$", re.IGNORECASE)
_POINTS_AT_OTHER = re.compile(r"\b(?:two|both|their|them|they|its|it|his|her|he|she|him)\b", re.IGNORECASE)
_WITH_AUXILIARY = re.compile(r"(?P<subject>.+?) (?P<auxiliary>was|were|has|had|will) (?P<rest>.+)$")
_DID = re.compile(r" (?P<auxiliary>did|do|does) (?P<rest>.+)", re.IGNORECASE)
_DONE = re.compile(
    r"\b(?:became|began|broke|came|died|fell|flew|held|left|lost|made|met|sank|sold|took|went|won|\w{3,}ed)\b",
    re.IGNORECASE,
)
_OPENS_DONE = re.compile(rf"^ (?:{_AUXILIARY}\b|{_DONE.pattern})", re.IGNORECASE)
_OF_ITS_OWN = re.compile(r"(?:the|a|an|its|their|his|her)\b|\S+['’]s? ", re.IGNORECASE)  # a thing that has a day
_OWNER = re.compile(r"['’]s$")
_LATE = frozenset({"last", "later"})


@dataclass(frozen=True, slots=True)
class Event:
    """What a question calls an event, and a question for its day; its first and last day, where it is but a date."""

    name: str
    question: str
    days: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two events, in the order in which a question names them, and which one it asks for.

    `later` asks for the later of the two; `sided` asks whether the first named came "before" or "after" the other.
    """

    events: tuple[Event, Event]
    later: bool = False
    sided: bool = False


def compare_asked(question: str) -> Comparison | None:
    """Return the two events that a question asks to compare in time; None when it asks for something else."""
    topic = _TOPIC.search(question)
    asked = question[: topic.start()] if topic else question
    return _sided(asked, topic[0] if topic else "") or _which(asked, topic[0] if topic else "")


def _sided(question: str, topic: str) -> Comparison | None:
    """ "Did the strike end before or after the merger?", "before or after 1995?"; a name alone is no second event."""
    found = _SIDE.match(question)
    if not found or _COMPARES_MORE.search(found["one"]):
        return None
    one, other, auxiliary = found["one"], found["other"], found["auxiliary"].casefold()
    days = _dates_alone(other)
    if days:
        when_other = ""
    elif all(ordinal_of(term.key) for term in content_terms(other)):  # "before or after the first"
        return None
    elif (parallel := _LAST_NAME.match(one)) and _NAME_ALONE.match(other):
        when_other = f"When {auxiliary} {parallel['lead']} {other}?"
    elif _OF_ITS_OWN.match(other) or _WITH_AUXILIARY.match(other) or _DONE.search(other):
        when_other = _when(_with_names_of(one + topic, other))
    else:
        return None
    when_one = f"When {auxiliary} {one + topic if topic else _with_names_of(other, one)}?"
    return Comparison((Event(one, when_one), Event(other, when_other, days)), sided=True)


def _dates_alone(words: str) -> tuple[date, date] | None:
    """Return the first and last day of words that are a date and nothing else, with its year."""
    before = "in "
    times = [time for time in find_times(before + words, None) if time.end == len(before + words)]
    if len(times) != 1 or times[0].start > len(before):
        return None
    return times[0].earliest, times[0].latest


def _which(question: str, topic: str) -> Comparison | None:
    """ "Which opened first, the bridge or the pier?"; who came first in an election is no matter of days."""
    found = _WHICH.match(question)
    if not found or _RANKED.match(question):
        return None
    one, other, where = found["one"], found["other"], f"{found['where']}{topic}"
    thing = _THING.match(found["did"])
    did = found["did"][thing.end() :] if thing else found["did"]
    whole = [
        f"{event}{thing[0]}" if thing and _OWNER.search(event) else event  # "the men's" race
        for event in (_with_names_of(other, one), _with_names_of(one, other))
    ]
    if asked := _DID.fullmatch(found["did"]):
        whens = [f"When {asked['auxiliary'].casefold()} {asked['rest']} {event}{where}?" for event in (one, other)]
    elif _NOTHING_DONE.match(did):
        whens = [_when(f"{event}{where}", done=False) for event in whole]
    elif _OPENS_DONE.match(did):
        whens = [_when(f"{event}{did}{where}") for event in whole]
    else:
        return None
    return Comparison((Event(one, whens[0]), Event(other, whens[1])), later=found["end"].casefold() in _LATE)


def _with_names_of(other: str, event: str) -> str:
    """Return an event that points at the other with its names behind it: "the first talks of the two countries".

    A pronoun that stands behind a name points at that: "Peru held its first round".
    """
    points = _POINTS_AT_OTHER.search(event)
    if not points or any(letter.isupper() for letter in event[: points.start()]):
        return event
    words = (other[term.start : term.end] for term in find_terms(other) if other[term.start].isupper())
    names = " ".join(_OWNER.sub("", word) for word in words)
    return f"{event} ({names})" if names else event


def _when(event: str, *, done: bool = True) -> str:
    """Return the question for the day of an event: of a thing, or, where it may be so, of something that was done."""
    if found := _WITH_AUXILIARY.match(event):
        return f"When {found['auxiliary']} {found['subject']} {found['rest']}?"
    if done and (_DONE.search(event) or not _OF_ITS_OWN.match(event)):
        return f"When was it that {event}?"
    return f"When was {event}?"


def compare(comparison: Comparison, dated: Sequence[Answer | None]) -> Composed | None:
    """Return which event came first, with the sentences that date them; None unless both days are known and apart.

    `dated` are the answers to the questions for their days, None for a date.
    """
    days = [event.days or _days(answer) for event, answer in zip(comparison.events, dated, strict=True)]
    one, other = days
    if one is None or other is None or not (one[1] < other[0] or other[1] < one[0]):
        return None
    first, second = (0, 1) if one < other else (1, 0)
    if comparison.sided:
        said = "before" if first == 0 else "after"
    else:
        said = comparison.events[second if comparison.later else first].name
    citations: list[Citation] = []
    sentences: list[Sentence] = []
    answers = [answer for answer in (dated[first], dated[second]) if answer]
    for answer in answers:
        its_citations, its_sentences = _that_date_it(answer, after=len(citations))
        citations += its_citations
        sentences += its_sentences
    earlier, later = (
        event_words(iso_days(days[place])) + ("" if dated[place] is None else f" (“{comparison.events[place].name}”)")
        for place in (first, second)
    )
    note = f"{earlier} is before {later}."
    confidence = min(answer.confidence for answer in answers)
    return Composed(Status.ANSWERED, said, tuple(sentences), tuple(citations), confidence, notes=(note,))


def _that_date_it(answer: Answer, *, after: int) -> tuple[list[Citation], list[Sentence]]:
    """Return the sentences that cite an answer's day and all that they cite, numbered on `after` those before."""
    sentences = [sentence for sentence in answer.sentences if answer.citations[0].number in sentence.citations]
    cited = {number for sentence in sentences for number in sentence.citations}
    citations = [citation for citation in answer.citations if citation.number in cited]
    numbers = {citation.number: after + place for place, citation in enumerate(citations, start=1)}
    return (
        [replace(citation, number=numbers[citation.number]) for citation in citations],
        [
            replace(sentence, citations=tuple(numbers[number] for number in sentence.citations))
            for sentence in sentences
        ],
    )


def is_of_two(comparison: Comparison, short_answer: str) -> bool:
    """Whether a short answer, found without the days, is one of the two that were asked about, and not the other."""
    if comparison.sided:
        return short_answer.casefold() in ("before", "after")
    names = (short_answer, *(event.name for event in comparison.events))
    said, one, other = ({term.key for term in content_terms(name)} for name in names)
    return bool(said & (one ^ other))


def _days(answer: Answer | None) -> tuple[date, date] | None:
    """Return the first and last day that an answer gives; None where it gives no day."""
    if answer is None or answer.status is not Status.ANSWERED or not answer.citations:
        return None
    first, _, last = answer.citations[0].event.partition("/")
    try:
        return date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        return None
