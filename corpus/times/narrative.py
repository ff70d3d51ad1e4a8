"""Rules for times told from the event just named: the following day, two weeks later, that year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from corpus.times.anchoring import weekday_after, weekday_before
from corpus.times.intervals import Interval, day_interval, shift_day, unit_interval
from corpus.times.offsets import COUNTED, counted, unit_of
from corpus.times.rule import Reading, Rule
from corpus.times.tense import Tense
from corpus.times.vocabulary import DAY_PART, ENDS, WEEKDAY, WEEKDAYS
from corpus.types import Anchor, Granularity, TimeExpression

REACH = 600
"""Characters back to the last event that a narrative may still count from: a long paragraph."""

SENTENCE = 300
"""Characters on either side of a time in which its sentence is looked through for the name of its event."""

CLAUSE = 70
"""Characters before a time in which "had" or "will" takes its event out of the line of the story."""

FAR_DAYS = 30
"""A story told in a newspaper hardly ever runs on further than this after the day of publication."""

_FINENESS = {
    Granularity.DAY: 0,
    Granularity.RANGE: 0,
    Granularity.WEEK: 1,
    Granularity.MONTH: 2,
    Granularity.QUARTER: 3,
    Granularity.SEASON: 3,
    Granularity.YEAR: 4,
    Granularity.DECADE: 5,
}
_UNITS = {"day": 0, "week": 1, "weekend": 1, "month": 2, "year": 4, "decade": 5, "century": 5}
_OFF_THE_LINE = re.compile(
    r"\b(?:had|will|would|should have|to be|to have|due)\b[^.;\n]*$|\b(?:from|until|till|by|since|before)\s$"
    r"|\b(?:said|says|told)\s(?:\w+\s){0,3}(?:on\s)?$"
)
_CLOCK = re.compile(r"\bat\s\d[^,]*(?=,)")
_SAME_CLAUSE = re.compile(r"[^.;\n]*[,–—-]\s$|\s$")
_A_VERB = re.compile(r"\b(?:said|was|were|is|are|has|had|will|would|and|but|who|which|when)\b")
_EVENT_NAMED = re.compile(r"\s(?:the|his|her|its|their|a|an)\s(?P<words>\w+(?:\s\w+)?)")
_SENTENCE_END = re.compile(r"[.!?]\s|\n")


def events(reading: Reading, before: int) -> Iterator[TimeExpression]:
    """Yield the times that a narrative may count from, the nearest of the story's own line first, then the rest."""
    within_reach = takewhile(lambda time: before - time.end <= REACH, reversed(reading.found))
    near = [time for time in within_reach if time.rule != "year-modifier"]
    aside = [time for time in near if _is_aside(time, reading)]
    yield from (time for time in near if time not in aside)
    yield from aside


def _just_named_coarsely(unit: str, reading: Reading, before: int) -> bool:
    last = reading.found[-1] if reading.found else None
    return (
        last is not None
        and before - last.end <= REACH
        and _FINENESS[last.granularity] > _UNITS[unit]
        and last.rule != "year-modifier"
        and not _is_aside(last, reading)
        and not _SENTENCE_END.search(reading.lowered, last.end, before)
    )


def _is_aside(time: TimeExpression, reading: Reading) -> bool:
    """Whether a time stands beside the story's line: planned, looked back on, or the bound of something lasting."""
    if reading.published and time.anchor is Anchor.PUBLICATION and time.earliest > reading.published:
        return True
    return bool(_OFF_THE_LINE.search(reading.lowered, max(0, time.start - CLAUSE), time.start))


def event_for(unit: str, reading: Reading, before: int) -> TimeExpression | None:
    """Return the event to count from in `unit`: the first that is told at least as finely.

    There is none when the same sentence has just named one that is told more coarsely: nobody knows the day that came
    eight days after "in January".
    """
    if _just_named_coarsely(unit, reading, before):
        return None
    return next((time for time in events(reading, before) if _FINENESS[time.granularity] <= _UNITS[unit]), None)


def resolve_neighbour(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve the following day, the previous year, the next morning, the day before."""
    unit = _unit(match["unit"])
    if _just_named_coarsely(unit, reading, match.start()):
        return None
    forward = match["which"] in ("following", "next", "after")
    told_as_past = reading.tense_at(match.start(), match.end()) is Tense.PAST
    for event in events(reading, match.start()):
        if _FINENESS[event.granularity] <= _UNITS[unit]:
            start = event.latest if forward else event.earliest
            interval = _narrative(unit_interval(unit, shift_day(start, 1 if forward else -1, unit)), event)
            if not (told_as_past and _out_of_sight(interval, reading)):
                return interval
    return None


def resolve_neighbour_weekday(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve the following Monday, the previous Friday, that Saturday."""
    event = event_for("week", reading, match.start())
    if event is None:
        return None
    weekday = WEEKDAYS[match["weekday"]]
    if match["which"] == "that":
        same = event.earliest.weekday() == weekday
        return _narrative(day_interval(event.earliest if same else weekday_after(event.earliest, weekday)), event)
    forward = match["which"] in ("following", "next", "after")
    day = weekday_after(event.latest, weekday) if forward else weekday_before(event.earliest, weekday)
    return _narrative(day_interval(day), event)


def resolve_same(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve that day, the same year."""
    unit = _unit(match["unit"])
    event = event_for(unit, reading, match.start())
    return _narrative(unit_interval(unit, event.earliest), event) if event else None


def resolve_later(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve two weeks later, a year earlier: counted from the event just named."""
    sign = 1 if match["side"] in ("later", "afterwards") else -1
    fineness = _UNITS[unit_of(match)]
    if _just_named_coarsely(unit_of(match), reading, match.start()):
        return None
    for event in events(reading, match.start()):
        if _FINENESS[event.granularity] <= fineness:
            interval = _counted_from(event, match, sign)
            if not _out_of_sight(interval, reading):
                return interval
    return None


def _out_of_sight(interval: Interval, reading: Reading) -> bool:
    """Whether a time lies so far after publication that it must have been counted from the wrong event."""
    return reading.published is not None and (interval.earliest - reading.published).days > FAR_DAYS


def resolve_after_event(match: re.Match[str], reading: Reading) -> Interval | None:
    """Resolve "eight days after" an event.

    Right behind a time ("on Thursday, eight days after the court ruled") these words date the event that follows, and
    so are counted back from that time. Elsewhere the event must have been named before, or be the day before or after
    what was told last.
    """
    if reading.lowered.endswith(("the ", "for "), 0, match.start()):
        return None
    sign = 1 if match["side"] in ("after", "later than") else -1
    last = reading.found[-1] if reading.found else None
    if last and _in_one_clause(reading.lowered[last.end : min(match.start(), last.end + REACH)]):
        return _counted_from(last, match, -sign) if _FINENESS[last.granularity] <= _UNITS[unit_of(match)] else None
    named = _event_named(match, reading)
    if named is None and match["count"] == "" and _EVENT_NAMED.match(reading.lowered, match.end()):
        named = event_for(unit_of(match), reading, match.start())
    return _counted_from(named, match, sign).against(Anchor.NARRATIVE, certain=False) if named else None


def _in_one_clause(between: str) -> bool:
    """Whether nothing but a clock time and a comma or a dash stands between a time and the next."""
    between = _CLOCK.sub("", between)
    return bool(_SAME_CLAUSE.fullmatch(between)) and not _A_VERB.search(between)


def _event_named(match: re.Match[str], reading: Reading) -> TimeExpression | None:
    """Return the time of the event that is named again: the day after "the accident"."""
    named = _EVENT_NAMED.match(reading.lowered, match.end())
    if named is None:
        return None
    word = named["words"].split()[-1]
    for time in events(reading, match.start()):
        before = _SENTENCE_END.split(reading.lowered[max(0, time.start - SENTENCE) : time.start])[-1]
        after = _SENTENCE_END.split(reading.lowered[time.end : time.end + SENTENCE])[0]
        told_before = time.end + len(after) < match.start()
        if told_before and word in before + after and _FINENESS[time.granularity] == 0:
            return time
    return None


def _counted_from(event: TimeExpression, match: re.Match[str], sign: int) -> Interval:
    return _narrative(counted(match, event.latest if sign > 0 else event.earliest, sign), event)


def _narrative(interval: Interval, event: TimeExpression) -> Interval:
    return interval.against(Anchor.NARRATIVE, certain=event.certain)


def _unit(word: str) -> str:
    return word if word in _UNITS else "day"  # a morning or a night is told as its day


THAT = r"\sthat\b(?!\s(?:the|an?|his|her|its|their|he|she|it|they|we|i)\b)"
"""The end of "the day before that", and not the beginning of "the day before that meeting"."""

PERIOD = r"day|morning|afternoon|evening|night|week|weekend|month|year|decade"
RULES = (
    Rule(
        "narrative-neighbour",
        rf"the\s(?:very\s)?(?P<which>following|previous|preceding)\s(?P<unit>{PERIOD})",
        resolve_neighbour,
    ),
    Rule(
        "narrative-neighbour",
        r"the\s(?:very\s)?(?P<which>next)\s(?P<unit>day|morning|afternoon|evening|night)",
        resolve_neighbour,
    ),
    Rule(
        "narrative-neighbour",
        rf"the\s(?P<unit>day|night|morning|evening|week|month|year)\s(?P<which>before|after)(?:{THAT}|{ENDS})",
        resolve_neighbour,
    ),
    Rule(
        "narrative-weekday",
        rf"the\s(?P<which>following|previous|preceding|next)\s(?P<weekday>{WEEKDAY})(?:\s(?:{DAY_PART}))?",
        resolve_neighbour_weekday,
    ),
    Rule(
        "narrative-weekday", rf"the\s(?P<weekday>{WEEKDAY})\s(?P<which>before|after){ENDS}", resolve_neighbour_weekday
    ),
    Rule(
        "narrative-weekday",
        rf"(?P<which>that)\s(?P<weekday>{WEEKDAY})(?:\s(?:{DAY_PART}))?",
        resolve_neighbour_weekday,
    ),
    Rule("narrative-same", rf"(?:that|the\s(?:very\s)?same|that\s(?:very|same))\s(?P<unit>{PERIOD})", resolve_same),
    Rule(
        "narrative-later",
        rf"{COUNTED}\s(?P<side>later|earlier|afterwards|before{ENDS})(?!\sthan)",
        resolve_later,
    ),
    Rule("narrative-after", rf"{COUNTED}\s(?P<side>after|before|later\sthan|earlier\sthan)", resolve_after_event),
    Rule(
        "narrative-after",
        r"(?P<about>)(?:the\s)(?P<count>)(?:(?P<unit>day|week|month|year)|evening|night|morning)\s(?P<side>after|before)",
        resolve_after_event,
    ),
)
