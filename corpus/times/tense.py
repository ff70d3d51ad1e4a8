"""Whether the verb that governs a time speaks of the past or of the future."""

from __future__ import annotations

import re
from enum import Enum

from corpus.times.vocabulary import COUNTS, either

REACH = 160
"""Characters searched on either side: about two lines of newsprint, more than a clause."""

IS_REACH = 40
"""Characters to a time that "is" and "are" still date: they also just tell what is so."""


class Tense(Enum):
    """Where the verb nearest to a time puts it.

    FUTURE_OF_PAST is the future as seen from some day in the past: "was to open", "said it would open". PLANNED is what
    lies ahead by a plan, or lay ahead when it was made: "a trial planned for", "closed until".
    """

    PAST = "past"
    FUTURE = "future"
    FUTURE_OF_PAST = "future of past"
    PLANNED = "planned"
    UNKNOWN = "unknown"


_IRREGULAR_PAST = either(
    "arose ate beat became began blew bought broke brought broadcast built came caught chose cost cut did died "
    "drew drove fell fired flew forced found fought gave got grew had heard held hit hurt kept knew laid lay "
    "led left lit lost made met paid put quit ran rang read rose said sank sat saw sent set shook shot shut "
    "slid sold sought spent spoke spread stood struck stuck sued swept swore swung taken taught threw told "
    "took tore understood upset was went were woke won wore wrote been born done gone given known seen shown "
    "sworn thrown written flown hung stolen withdrew overtook underwent undertook overturned lied tied fled "
    "fed bred clung dealt dug felt meant slept forgot froze hid rode sang shone sped stung swam wept burst "
    "split thought bore bound ended awoke bent bet bit bled burnt cast chosen crept drank dreamt driven eaten "
    "fallen forbade forbidden forgave forgotten frozen grown hidden knelt leapt learnt lent let mistook overcame "
    "overran overthrew rebuilt ridden risen shed shrank spat spilt spoken sprang sprung stole stolen strode "
    "strung swung thrust trod undid upheld withheld withstood wound wrung".split()
)
_PRESENT = either(
    "begins starts opens ends closes takes meets votes goes comes returns plays faces hosts retires visits travels "
    "arrives leaves resumes expires reopens kicks holds hears decides airs premieres runs moves becomes joins receives "
    "sits lapses launches debates rules speaks appears addresses welcomes flies lands marks celebrates turns is are "
    "resume begin meet fly arrive elect lapse decide".split()
)
_READY = (
    r"due|set|scheduled|slated|expected|likely|planned|planning|going|about|poised|ready|supposed|meant|billed|bound"
)
_WILLING = (
    r"plans?|agreed?|agrees|aims?|aiming|hopes?|hoping|intends?|wants?|wanted|pledged|pledges|vowed|vows|promised|promises|"
    r"decided|preparing|prepares|urged|invited|asked|ordered|told|called on|looking|yet|has|have|forward"
)
_VERB_PHRASE = r"(?:\s(?:not|now|also|then|only|soon|be|have|been|being|again))*(?:\s[a-z]+)?"
# "They may leave on Friday", and neither "they may have left on Friday" nor "in May".
_MODAL = (
    r"(?:can|cannot|might|must|should|shall|(?<!\bin )(?<!\bof )(?<!\bby )(?<!\bfrom )(?<!since )(?<!until )(?<!\bfor )"
    rf"(?<!\bto )(?<!last )(?<!next )(?<!early )(?<!late )(?<!\d )(?<!\dth )may(?! \d))(?! have\b){_VERB_PHRASE}"
)
_OBJECT = r"(?:it|them|him|her|this|that|the|an?|his|its|their)\b"  # "agreed to it", "told to the court"
_FUTURE_OF_PAST = (
    rf"would{_VERB_PHRASE}|(?:was|were|been)\s(?:\w+\s)?(?!set\s(?!to|for)|going\s(?!to))(?:{_READY})(?:\s(?:to{_VERB_PHRASE}|for|on))?"
    rf"|(?:was|were)\sto{_VERB_PHRASE}"
)
_FUTURE = (
    rf"(?:will|won['’]t|shall){_VERB_PHRASE}|(?:is|are|be)\s(?:\w+\s)?(?:{_READY})(?:\s(?:to{_VERB_PHRASE}|for|on))?"
    rf"|(?:is|are)\s(?:being\s)?to{_VERB_PHRASE}|(?:{_READY}|{_WILLING})\sto\b(?!\s{_OBJECT}){_VERB_PHRASE}"
    rf"|to\s(?:be|come\sinto\sforce|take\seffect){_VERB_PHRASE}|{_MODAL}"
    r"|(?<!\bas )(?<!than )(?:(?:due|scheduled|slated|expected|planned|billed|fixed|booked)\s(?:for|on|in|by)"
    r"|planned|scheduled)|(?:set|called)\sfor|ahead\sof"
    rf"|until|till|upcoming|due|deadline|(?<!let )go(?!-)|{_PRESENT}"
)
_PAST = rf"(?:[a-z]{{2,}}ed|{_IRREGULAR_PAST}|has|have|having|since|(?:was|were|did|had|has|have)n['’]t)"
_CHOICES = rf"(?:(?P<mixed>{_FUTURE_OF_PAST})|(?P<future>{_FUTURE})|(?P<past>{_PAST}))(?!\w)"
_VERB = re.compile(rf"(?<![\w'’]){_CHOICES}|['’](?P<contracted>ll)\b")
# A verb right behind a time: "on Friday approved", and neither "chosen on Friday to be secretary" nor what is so now.
_JUST_AFTER = re.compile(rf"\s(?!to\b|until\b|till\b|is\b|are\b)(?:[a-z]+ly )?{_CHOICES}")
_ASKED = re.compile(r"(?:agreed|hoped|wanted|pledged|vowed|promised|decided|urged|invited|asked|ordered|told|called)\b")
_FIXED = r"due|scheduled|slated|expected|planned|set|billed|fixed|booked"
_MOVED = (
    r"(?:moved|brought forward|put off|put back|postponed|adjourned|rescheduled|delayed|deferred|pushed back|shifted"
    r"|held over)"
)
_JUST_BEFORE = re.compile(
    rf"(?<![\w'’])(?<!\bas )(?<!than )(?:(?P<mixed>(?:was|were|been)\s(?:{_FIXED})(?:\s(?:for|on|by))?"
    rf"|{_MOVED}(?:\s[^\s.;]+){{0,6}}?,?\sto)"
    rf"|(?P<planned>(?:{_FIXED}|called)(?:\s(?:for|on|by))?|until|till)"
    r"|(?P<future>ahead\sof|(?:is|are)\s[a-z]+(?:ed|en|ld)\son)|(?P<past>since))\s(?:the\s|next\s|this\s)?$"
)
# What had lasted, or not begun, when a time came: "it was kept secret until Thursday", "did not open until May".
_LASTED = re.compile(
    r"(?<![\w'’])(?:(?:did|was|were|had|has|have)(?:\snot\b|n['’]t\b|\snever\b)|(?:went|carried)\son|lasted|ran|stayed|kept"
    r"|remained|continued|waited|lay|held\sout|thought|known)\b[^.;]*\s(?:until|till)\s(?:the\s)?$"
)
# Words before what is no verb but a noun in the plural: "by 214 votes", "the opening moves", "in turns".
_NOUN_LEAD = re.compile(
    r"(?:\d|['’]s?|\b(?:many|more|fewer|most|several|few|all|hundred|thousand|million|the|its|his|her|their|of|in|no|some"
    rf"|any|these|those|both|{either(COUNTS)}))\s$"
)
_SENTENCE_END = re.compile(r"[.!?][\"'”’)]*\s+(?=[\"'“‘(]?\w)|\n|;")


def governing_tense(lowered: str, start: int, end: int) -> Tense:
    """Return the tense of the verb that governs `lowered[start:end]`, as far as its neighbours tell.

    The nearest verb before it in the sentence decides, unless a verb follows at once ("on Friday approved"); with
    none before, the first one after it does. Lower-case English is expected; anything else is UNKNOWN.
    """
    before = lowered[max(0, start - REACH) : start]
    after = lowered[end : end + REACH]
    boundaries = [mark.end() for mark in _SENTENCE_END.finditer(before)]
    before = before[boundaries[-1] :] if boundaries else before
    if _LASTED.search(before):
        return Tense.PAST
    hint = _JUST_BEFORE.search(before) or _JUST_AFTER.match(after)
    if hint:
        return _tense_of(hint)
    verbs = [verb for verb in _VERB.finditer(before) if not _is_noun(before, verb) and not _is_far(before, verb)]
    if verbs:
        return _tense_of(verbs[-1])
    sentence_end = _SENTENCE_END.search(after)
    for verb in _VERB.finditer(after, 0, sentence_end.start() if sentence_end else len(after)):
        if verb[0] in ("is", "are"):  # "Monday's decision is ...": what it is now does not date the decision
            continue
        # "On Friday it asked to be released": the asking was on Friday.
        return Tense.PAST if _ASKED.match(verb[0]) else _tense_of(verb)
    return Tense.UNKNOWN


def _is_far(before: str, verb: re.Match[str]) -> bool:
    """Whether "is" or "are" stands so far off that it does not date: "that is the ruling of the court of Thursday"."""
    return verb[0] in ("is", "are") and len(before) - verb.end() > IS_REACH


def _is_noun(before: str, verb: re.Match[str]) -> bool:
    """Whether a word is no verb but a noun in the plural: "by 214 votes", "the opening moves"."""
    return verb[0].endswith("s") and verb["future"] is not None and bool(_NOUN_LEAD.search(before[: verb.start()]))


def _tense_of(match: re.Match[str]) -> Tense:
    groups = match.groupdict()
    if groups["past"]:
        return Tense.PAST
    if groups.get("planned"):
        return Tense.PLANNED
    return Tense.FUTURE_OF_PAST if groups["mixed"] else Tense.FUTURE
