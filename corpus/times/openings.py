"""The first words of times: a quick look that spares most words of an article the whole table."""

from __future__ import annotations

from corpus.times.vocabulary import COUNTS, MONTHS, ORDINALS, SEASON, WEEKDAYS, either

_NAMES = either((*MONTHS, *WEEKDAYS))
_PERIOD = r"(?:day|night|evening|morning|afternoon|week|month|year|decade|quarter|centur)"
_NUMBER = either(word for word in COUNTS if word.isalpha() and len(word) > 2)
_COUNT = rf"(?:\d{{1,3}}|(?:half\s)?an?(?:\s(?:couple\sof|dozen|hundred))?|(?:{_NUMBER})(?:-\w+)?)\s{_PERIOD}"
_ORDINAL = rf"(?:{either(ORDINALS)})[\s-](?:of\s|half|week|quarter|day|century|{_NAMES})"
_NOUN_PHRASE = (
    rf"(?:very|same|{_PERIOD}|{_NAMES}|past|last|next|coming|previous|preceding|following|start|beginning|middle|end|close|final"
    rf"|{_ORDINAL}|\d)"
)
OPENINGS = "|".join(
    (
        r"\d\d?(?:st|nd|rd|th)?\s?[-–—/.]\s?\d|\d\d?-[a-z]|(?:1\d|20)\d\d|\d{4}[-/.]\d",
        rf"\d\d?(?:st|nd|rd|th)?\s(?:to\s|and\s|through\s|thru\s|until\s|till\s|of\s|{_NAMES})|\d\d?(?:st|nd|rd|th)[\s-]cent",
        rf"(?:{_NAMES})s?\b",
        r"(?:today|tonight|yesterday|tomorrow)\b|week\s(?:of|beginning|starting|ending)\b",
        rf"(?:last|next|this|coming|these)\s(?:{_PERIOD}|{SEASON}|{_NAMES}|past|last|next|coming|final|previous|preceding)",
        rf"the\s{_NOUN_PHRASE}",
        rf"(?<=in\s)the\s(?:{SEASON})|(?<=by\s)the\s(?:{SEASON})",
        rf"that\s(?:very|same|{_PERIOD}|{_NAMES})",
        rf"(?:{SEASON})\s|(?:{SEASON}),",
        r"(?:early|mid|late|later|earlier)\b|(?:very\s)?(?:start|beginning|middle|end|close)\sof\s",
        rf"(?:in\s)?(?:(?:about|some|around|nearly|almost|roughly|more\sthan|over|just\sover|less\sthan|at\sleast|barely"
        rf"|just\sunder)\s)?{_COUNT}",
        _ORDINAL,
        r"(?:every|each|any)\s|on\san?\s",
        r"q\d|['’]\d",
        r"new\syear|valentine|st\.?\spatrick|may\sday|juneteenth|fourth\sof\sjuly|bastille|halloween|all\ssaints|armistice|veterans|thanksgiving|memorial|labor\sday"
        r"|christmas|easter|good\sfriday|boxing|ascension",
        r"(?:super|black|cyber|ash|bloody|fat|giving|palm|whit|small|maundy|shrove|ruby|mail|usa)\s",
        r"(?:theresa|brian|james|imelda|elaine|ms|mrs|mr)\b",
    )
)
"""What the words of any row may begin with; a row that begins with something new needs its word here."""
