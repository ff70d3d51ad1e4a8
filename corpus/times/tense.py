"""Whether the verb that governs a time speaks of the past or of the future."""

from __future__ import annotations

import re
from enum import Enum

REACH = 160
"""Characters searched on either side: about two lines of newsprint, more than a clause."""


class Tense(Enum):
    """Where the verb nearest to a time puts it."""

    PAST = "past"
    FUTURE = "future"
    UNKNOWN = "unknown"


_IRREGULAR_PAST = (
    "arose ate beat became began blew bought broke brought broadcast built came caught chose cost cut did died "
    "drew drove fell fired flew forced found fought gave got grew had heard held hit hurt kept knew laid lay led "
    "left lit lost made met paid put quit ran rang read rose said sank sat saw sent set shook shot shut slid sold "
    "sought spent spoke spread stood struck stuck sued swept swore swung taken taught threw told took tore "
    "understood upset was went were woke won wore wrote been born done gone given known seen shown sworn thrown "
    "written flown hung stolen withdrew overtook underwent undertook overturned lied tied fled fed bred won clung "
    "dealt dug felt meant slept forgot froze hid rode sang shone sped stung swam wept "
).split()
_BEGINS = (
    "begins|starts|opens|ends|closes|takes|meets|votes|goes|comes|returns|plays|faces|hosts|retires|visits|travels|arrives|"
    "leaves|resumes|expires|reopens|kicks|holds|hears|decides|airs|premieres|runs|moves|becomes|joins|receives|is|are"
)
_COMMITTED = (
    "due|set|scheduled|slated|expected|likely|planned|plans?|planning|going|about|agreed?|agrees|aims?|aiming|hopes?|hoping|"
    "intends?|wants?|pledged|pledges|vowed|vows|promised|promises|decided|preparing|prepares|urged|invited|asked|"
    "ordered|told|poised|ready|looking|is|are|was|were|be|has|have|yet|supposed|meant"
)
_FUTURE = (
    rf"will|won['’]t|shall|would|['’]ll|may|might|must|can|could|should|(?:{_COMMITTED}) (?:now |also |next )?to\b|"
    r"(?:due|scheduled|slated|expected|planned|set|billed|pencilled in|fixed|booked|called) for|"
    rf"ahead of|until|till|upcoming|due|planned|scheduled|deadline|{_BEGINS}"
)
_PAST = rf"(?:[a-z]{{2,}}ed|{'|'.join(_IRREGULAR_PAST)}|had|has|have|having|did|since|last|ago|after)"
_VERB = re.compile(
    rf"(?<![\w'’])(?:(?P<future>{_FUTURE})|(?P<past>{_PAST}))(?![\w])|(?<=[a-z])(?P<contracted>['’]ll)\b"
)
_SENTENCE_END = re.compile(r"(?:[.!?][\"'”’)]*\s+(?=[\"'“‘(]?\w)|\n|;)")
_JUST_AFTER = re.compile(rf",?\s(?:[a-z]+ly )?(?:(?P<future>will|would|is to|are to)|(?P<past>{_PAST}))(?!\w)")
_JUST_BEFORE = re.compile(
    r"(?:(?P<future>(?:due|scheduled|slated|expected|planned|set|billed|fixed|booked|called|until|till|ahead of)"
    r"(?: (?:for|on|by|from|to \w+))?)|(?P<past>since))\s(?:the\s|next\s|this\s)?$"
)


def governing_tense(lowered: str, start: int, end: int) -> Tense:
    """Return the tense of the verb that governs `lowered[start:end]`, as far as its neighbours tell.

    The nearest verb before it in the sentence decides, unless a verb follows at once ("on Friday approved"); with
    none before, the first one after it does. Lower-case English is expected; anything else is UNKNOWN.
    """
    before = lowered[max(0, start - REACH) : start]
    after = lowered[end : end + REACH]
    boundary = 0
    for mark in _SENTENCE_END.finditer(before):
        boundary = mark.end()
    before = before[boundary:]
    if (hint := _JUST_BEFORE.search(before)) or (hint := _JUST_AFTER.match(after)):
        return _tense_of(hint)
    last = None
    for last in _VERB.finditer(before):  # noqa: B007 - the last one is wanted
        pass
    if last:
        return _tense_of(last)
    sentence_end = _SENTENCE_END.search(after)
    first = _VERB.search(after, 0, sentence_end.start() if sentence_end else len(after))
    return _tense_of(first) if first else Tense.UNKNOWN


def _tense_of(match: re.Match[str]) -> Tense:
    return Tense.PAST if match.group("past") else Tense.FUTURE
