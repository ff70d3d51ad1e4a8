"""The first words of times: a quick look that spares most words of an article the whole table."""

from __future__ import annotations

from corpus.times.vocabulary import COUNTS, MONTHS, ORDINALS, WEEKDAYS, either

_PERIOD = r"(?:day|night|evening|morning|afternoon|week|month|year|decade|quarter)"
_NUMBER = either(word for word in COUNTS if word.isalpha() and len(word) > 2)
_NOUN_PHRASE = (
    rf"(?:very|same|{_PERIOD}|past|last|next|coming|previous|preceding|following|start|beginning|middle|end|close|final"
    r"|first|second|third|fourth|fifth|\d)"
)
OPENINGS = "|".join(
    (
        r"\d",
        either({word[:3] for word in (*MONTHS, *WEEKDAYS)}),
        r"(?:today|tonight|yesterday|tomorrow|week|weekday)\b",
        r"(?:last|next|this|coming|these)\s",
        rf"the\s{_NOUN_PHRASE}",
        r"(?<=in\s)the\s(?:spring|summer|autumn|fall|winter)|(?<=by\s)the\s(?:spring|summer|autumn|fall|winter)",
        rf"that\s(?:very|same|{_PERIOD}|{either(word for word in WEEKDAYS if word.endswith('day'))})",
        r"on\san?\s",
        r"(?:start|beginning|middle|end|close)\sof\s",
        r"(?:spring|summer|autumn|fall|winter)\b",
        r"(?:early|mid|late|later|earlier)\b",
        rf"in\s(?:about|some|around|nearly|almost|roughly|more|over|just|less|at|barely|an?|half|{_NUMBER}|\d)",
        rf"(?:half\s)?an?\s(?:{_PERIOD}|century|couple|dozen|hundred)",
        rf"(?:{_NUMBER})\b|{either({word[:4] for word in ORDINALS})}",
        r"(?:about|some|around|nearly|almost|roughly|more|over|just|less|at|barely)\s",
        r"(?:every|each|any)\s",
        r"q\d|['’]\d",
        r"new\syear|valentine|christmas|easter|boxing",
        r"(?:super|black|cyber|good|easter|ash|bloody|fat|giving|palm|whit|small|maundy|shrove|ruby|mail|usa)\s",
        r"(?:theresa|brian|james|imelda|elaine|ms|mrs|mr)\b",
    )
)
"""What the words of any row may begin with; a row that begins with something new needs its word here."""
