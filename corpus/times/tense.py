"""Whether the verb that governs a time speaks of the past or of the future."""

from __future__ import annotations

import re
from enum import Enum

from corpus.times.vocabulary import COUNTS, either

REACH = 160
"""Characters searched on either side: about two lines of newsprint, more than a clause."""


class Tense(Enum):
    """Where the verb nearest to a time puts it.

    FUTURE_OF_PAST is the future as seen from some day in the past: "was to open", "said it would open".
    """

    PAST = "past"
    FUTURE = "future"
    FUTURE_OF_PAST = "future of past"
    UNKNOWN = "unknown"


_IRREGULAR_PASTS = (
    "arose ate beat became began blew bought broke brought broadcast built came caught chose cost cut did died "
    "drew drove fell fired flew forced found fought gave got grew had heard held hit hurt kept knew laid lay "
    "led left lit lost made met paid put quit ran rang read rose said sank sat saw sent set shook shot shut "
    "slid sold sought spent spoke spread stood struck stuck sued swept swore swung taken taught threw told "
    "took tore understood upset was went were woke won wore wrote been born done gone given known seen shown "
    "sworn thrown written flown hung stolen withdrew overtook underwent undertook overturned lied tied fled "
    "fed bred clung dealt dug felt meant slept forgot froze hid rode sang shone sped stung swam wept burst "
    "split thought bore bound ended awoke bent bled burnt crept drank dreamt forbade forgave knelt leapt learnt "
    "mistook overcame overran overthrew rebuilt shrank spilt sprang sprung stole strode strung swung trod "
    "undid upheld withheld withstood wrung".split()
)
_IRREGULAR_PAST = either(_IRREGULAR_PASTS)
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
_ED = r"(?!(?:need|proceed|succeed|exceed|feed|speed|breed|bleed)\b)[a-z]{2,}ed"
_AS_PLANNED = r"(?:(?<!\bas )(?<!than )|(?!planned|scheduled|expected|announced|promised|agreed|hoped|feared))"
# "They may leave on Friday", and neither "they may have left on Friday", "in May", "Mrs May said on Friday" nor "a can
# exploded on Friday". Some verbs are in the past as they are after "may".
_SAME_IN_PAST = frozenset(
    "put set cut hit read quit shut spread cost hurt broadcast burst split beat upset lay".split()
)
_PAST_FOR_SURE = either(word for word in _IRREGULAR_PASTS if word not in _SAME_IN_PAST)
_MAY = (
    r"(?<!^)(?<!\bin )(?<!\bof )(?<!\bby )(?<!\bfrom )(?<!since )(?<!until )(?<!\bfor )(?<!\bto )(?<!last )(?<!next )"
    r"(?<!early )(?<!late )(?<!after )(?<!before )(?<!during )(?<!\d )(?<!\dth )(?<!\dst )(?<!\dnd )(?<!\drd )"
    r"(?<!theresa )(?<!\bmrs )(?<!\bms )(?<!\bmr )(?<!brian )(?<!imelda )(?<!james )may(?! \d)"
)
_MODAL = (
    rf"(?:(?:can|{_MAY})(?! (?:(?:[a-z]+ly|also|then|again|later) )?(?:{_ED}|{_PAST_FOR_SURE})\b)"
    rf"|cannot|might|must|should|shall)(?!(?:\s(?:not|now|also|then|only|soon))*\shave\b){_VERB_PHRASE}"
)
# "agreed to it" and "told to the court" promise nothing, but "agreed to a meeting" does.
_GIVEN = (
    r"(?:agree[ds]?|told|promised|ordered)\sto\s(?:it|them|him|her|this|that|the|an?|his|its|their)\b"
    r"(?!\s(?:\w+\s)?(?:meeting|summit|talks|debate|fight|hearing|vote)\b)"
)
_FUTURE_OF_PAST = (
    rf"would{_VERB_PHRASE}|(?:was|were|been)\s(?:\w+\s)?(?!set\s(?!to\b|for\b)|going\s(?!to\b))(?:{_READY})(?:\s(?:to{_VERB_PHRASE}|for|on))?"
    rf"|(?:was|were)\sto{_VERB_PHRASE}"
)
_FUTURE = (
    rf"(?:will|won['’]t|shall){_VERB_PHRASE}|(?:is|are|be)\s(?:\w+\s)?(?:{_READY})(?:\s(?:to{_VERB_PHRASE}|for|on))?"
    rf"|(?:is|are)\s(?:being\s)?to{_VERB_PHRASE}|(?!{_GIVEN})(?:{_READY}|{_WILLING})\sto\b{_VERB_PHRASE}"
    rf"|to\s(?:be|come\sinto\sforce|take\seffect){_VERB_PHRASE}|{_MODAL}"
    r"|(?<!\bas )(?<!than )(?:(?:due|scheduled|slated|expected|planned|billed|fixed|booked)\s(?:for|on|in|by)"
    r"|planned|scheduled)|(?:set|called)\sfor|ahead\sof"
    rf"|until|till|upcoming|due|deadline|(?<!let )go(?!-)|{_PRESENT}"
)
_PAST = (
    rf"(?:{_AS_PLANNED}{_ED}|{_IRREGULAR_PAST}|has|have|having|since"
    r"|(?:was|were|did|had|has|have)n['’]t)"
)
_CHOICES = rf"(?:(?P<mixed>{_FUTURE_OF_PAST})|(?P<future>{_FUTURE})|(?P<past>{_PAST}))(?!\w)"
_VERB = re.compile(rf"(?<![\w'’]){_CHOICES}|['’](?P<contracted>ll)\b")
_JUST_AFTER = re.compile(rf"\s(?:[a-z]+ly )?{_CHOICES}")
# What dates a time before it only where nothing else does: "chosen on Friday to be secretary", "Friday is the day".
_WEAK_AFTER = re.compile(r"\s(?:to be(?!\s(?:held|staged|attended|addressed|chaired|an?)\b)|until|till|is|are)\b")
# Where a clause of its own begins: "they warned that Sunday is the last chance".
_CLAUSE_BEGINS = re.compile(
    r"(?:\b(?:that|and|but|because|as|so|said|says|added|announced|confirmed|warned)|\b(?:told|warned|reminded)(?:\s\w+)?\s(?!(?:on|by|in|last|this|next)\b)\w+"
    r"|[\"“‘:–—])\s?$"
)
_BEING = re.compile(r"\b(?:is|are)\s(?:being\s)?(?:\w+\s)?$")
_ASKED = re.compile(r"(?:agreed|hoped|wanted|pledged|vowed|promised|decided|urged|invited|asked|ordered|told|called)\b")
_FIXED = r"due|scheduled|slated|expected|planned|set|billed|fixed|booked"
# "moved from Monday to Friday", but "delayed from Monday to Friday" tells how long.
_MOVED = (
    r"(?:(?:moved|brought forward|put off|put back|postponed|adjourned|rescheduled|deferred|pushed back)"
    r"(?:\s[^\s.;]+){0,6}?,?|delayed|shifted|held over)\sto"
)
_JUST_BEFORE = re.compile(
    rf"(?<![\w'’])(?<!\bas )(?<!than )(?:(?P<mixed>(?:was|were|been)\s(?:{_FIXED})(?:\s(?:for|on|by))?|{_MOVED})"
    rf"|(?P<future>(?:{_FIXED}|called)(?:\s(?:for|on|by))?|(?:set|called|fixed)\sby(?:\s[^\s.;,]+){{1,5}}?\sfor|until|till"
    r"|ahead\sof|(?:is|are)\s[a-z]+(?:ed|en|ld)\son)"
    r"|(?P<past>since))\s(?:the\s|next\s|this\s)?$"
)
# What had lasted, or not begun, when a time came: "it was kept secret until Thursday", "did not open until May".
_LASTED = re.compile(
    r"(?<![\w'’])(?:(?:did|was|were|had)(?:\snot\b|n['’]t\b|\snever\b)"
    r"(?!\s(?:\w+ing|available|see|think|expect|foresee|plan)\b)"
    r"|(?:went|carried)\son\b|lasted\b|ran\b(?!\s(?:an?|the)\b)|(?:was|were)\s(?:kept|thought|known)\b)"
    r"(?:\s(?!(?:and|but|which|whether|that|if|will|would|to|due|expected|is|are|has|have|be|postponed|put|ruled|saying)\b)"
    r"[\w'’-]+){0,6}\s(?:until|till)\s(?:the\s)?$"
)
# What may be a noun in the plural, and the words before that make it one: "by 214 votes", "the opening moves".
_MAYBE_NOUN = frozenset(
    "votes returns plays faces hosts visits travels leaves holds airs runs moves launches debates rules addresses "
    "lands marks turns kicks opens closes starts".split()
)
_NOUN_LEAD = re.compile(
    r"(?:\d|s['’]|\b(?:many|more|fewer|most|several|few|all|hundred|thousand|million|the|its|his|her|their|no|some|any|these"
    r"|those|both))\s$"
)
_COUNTED_VOTES = re.compile(rf"\b(?:{either(word for word in COUNTS if word not in ('a', 'an', 'one'))})\s$")
_PART_OF = re.compile(r"\b(?:morning|afternoon|evening|night|start|middle|end|close) of $")
_SENTENCE_END = re.compile(r"[.!?][\"'”’)]*\s+(?=[\"'“‘(]?\w)|\n|;")


def governing_tense(lowered: str, start: int, end: int) -> Tense:
    """Return the tense of the verb that governs `lowered[start:end]`, as far as its neighbours tell.

    The nearest verb before it in the sentence decides, unless words right before it do ("planned for", "went on
    until") or a verb follows at once ("on Friday approved"); with none before, the first one after it does. Lower-case
    English is expected; anything else is UNKNOWN.
    """
    before = lowered[max(0, start - REACH) : start]
    after = lowered[end : end + REACH]
    boundaries = [mark.end() for mark in _SENTENCE_END.finditer(before)]
    before = before[boundaries[-1] :] if boundaries else before
    if _LASTED.search(before):
        return Tense.PAST
    if hint := _JUST_BEFORE.search(before):
        return _tense_of(hint)
    verbs = [verb for verb in _VERB.finditer(before) if not _is_noun(before, verb) and not _only_tells(before, verb)]
    last = _tense_of(verbs[-1]) if verbs else None
    after_hint = _JUST_AFTER.match(after)
    if after_hint and not (last and _WEAK_AFTER.match(after) and not _CLAUSE_BEGINS.search(before)):
        return _tense_of(after_hint)
    if last:
        return last
    sentence_end = _SENTENCE_END.search(after)
    for verb in _VERB.finditer(after, 0, sentence_end.start() if sentence_end else len(after)):
        if verb[0] in ("is", "are"):  # "Monday's decision is ...": what it is now does not date the decision
            continue
        # "On Friday it asked to be released": the asking was on Friday.
        asked = _ASKED.match(verb[0]) and not _BEING.search(after[: verb.start()])
        return Tense.PAST if asked else _tense_of(verb)
    return Tense.UNKNOWN


def _only_tells(before: str, verb: re.Match[str]) -> bool:
    """Whether "is" or "are" does not date: "that is the ruling of the court of Thursday"."""
    return verb[0] in ("is", "are") and before.endswith(" of ") and not _PART_OF.search(before)


def _is_noun(before: str, verb: re.Match[str]) -> bool:
    """Whether a word is no verb but a noun in the plural: "by 214 votes", "the opening moves"."""
    lead = before[: verb.start()]
    return verb[0] in _MAYBE_NOUN and bool(
        _NOUN_LEAD.search(lead) or (verb[0] == "votes" and _COUNTED_VOTES.search(lead))
    )


def _tense_of(match: re.Match[str]) -> Tense:
    if match["past"]:
        return Tense.PAST
    return Tense.FUTURE_OF_PAST if match["mixed"] else Tense.FUTURE
