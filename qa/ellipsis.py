"""Elliptical follow-ups, "And the second one?": the earlier question asked again, with the parallel part replaced."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from qa.orders import NOT_ORDER
from qa.terms import (
    COUNTRIES,
    MONTHS_AND_DAYS,
    ORDINALS,
    Term,
    content_terms,
    find_terms,
    keys,
    ordinal_of,
    ordinal_word,
)

_LEAD = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|and|but|or|so|then|also)\b[\s,]*|(?:no|sorry|sure)\s*[,;—-]\s*)*(?:(?:what|how) about\b\s*)?",
    re.IGNORECASE,
)
_ASKS_BY_ITSELF = re.compile(
    r"\b(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|am|do|does|did|has|have|had|will|would|can|could|"
    r"shall|should|may|might|must|i|we|you|they|he|she|it|let|tell|give|show|list|name|explain|describe|compare|say|"
    r"mean|meant|please|thanks?)\b|['’](?:m|ll|re|d)\b",
    re.IGNORECASE,
)
_MAY_THE_MONTH = re.compile(r"\bMay\b|(?:(?<=in )|(?<=of )|(?<=by )|(?<=since )|(?<=until )|(?<=\d ))may\b")
_PREPOSITIONS = (
    "in on at after before during since until by with to for from of against between under over near into without"
).split()
_PREPOSITION = rf"(?:{'|'.join(_PREPOSITIONS)})"
_WHERE_TOO = frozenset("in on at".split())
_TIME = re.compile(
    r"\d|\b(?:week|month|year|quarter|season|decade|summer|autumn|winter|spring|"
    rf"{'|'.join([*calendar.month_name[1:], *calendar.day_name])})",
    re.IGNORECASE,
)
_WHEN = frozenset("in on at after before during since until by".split())
_LONGEST = 8  # words; a longer one is hardly a part of another question
_LONGEST_BARE = 5  # the same where no "and" or "what about" stands before
_POINTS_BACK = re.compile(
    r"\b(?:it|its|that|this|those|these|then|there|them|their|his|her|hers|him|after next)\b", re.IGNORECASE
)
_NEXT = re.compile(
    r"^(?:the )?(?:(?:(?:one|time) (?:after|following)(?: (?:that|this|it))?|(?:next|following)(?: one| time)?)"
    r"|(?P<back>(?:one|time) before(?: (?:that|this|it))?|(?:previous|preceding)(?: one| time)?))$",
    re.IGNORECASE,
)
_NTH = (
    rf"(?:{'|'.join(word for word in ORDINALS if word != 'opening')}|\d{{1,3}}(?:st|nd|rd|th)|latest|last|next|final)"
)
_ORDINAL = re.compile(rf"(?<![\w-]){_NTH}\b(?<!\bfinal)|(?<![\w-])final(?= [a-z])", re.IGNORECASE)
_ITS_NTH = re.compile(rf"^(?:its|their) (?={_NTH}\b)", re.IGNORECASE)
_OPENS_BARE = re.compile(
    rf"^(?:(?:{'|'.join(sorted(_WHEN))}|with|between) \S+(?: \S+){{0,2}}$|(?:the )?{_NTH}$"
    rf"|(?:(?:the|that|this)\b|{_NTH}\b).*\bones?\b(?=$| {_PREPOSITION}\b))",
    re.IGNORECASE,
)
_NUMBERED_NAME = re.compile(r"(?<=\w-)\d{1,2}\b")  # Voyager-2
_THE_ONE = re.compile(r"^(?:the |that )?(?:ones?|time)\b\s*", re.IGNORECASE)
_SAYS_LITTLE = re.compile(rf"\b(?:ones?|{_PREPOSITION})\b", re.IGNORECASE)
_OF_SOMEBODY = re.compile(r"['’]s$")
_NOW = re.compile(
    r"^(?:now|today|nowadays|currently|at present|since(?: then)?|then|later|earlier|before|after(?:wards)?)$",
    re.IGNORECASE,
)
_OF_NAME = re.compile(r" (?:of|at|in|from|with|near) (?:the )?[A-Z]")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_BREAK = re.compile(r"[,;?.!—(]|\s(?:and|or|when|while|who|that|which)\b|\s(?:held|\w{3,}ed)(?=\W*$)", re.IGNORECASE)
_PART_THEN_QUESTION = re.compile(
    r"^(?P<part>[^,]+),\s*(?P<asks>(?:who|whom|what|which|when|where|why|how)\b.*)$", re.IGNORECASE
)
_WHEN_OR_WHERE = re.compile(
    r"^\W*(?:and |but |so )?(when|where|why|how)(?: (?:is|was|were) (?:that|it|this))?\W*$", re.IGNORECASE
)
_ASKED_WHEN_OR_WHERE = re.compile(
    r"^\W*(?:when|where|why|how)(?= (?:is|are|was|were|do|does|did|has|have|had|will)\b)", re.IGNORECASE
)


def fragment(question: str) -> str:
    """Return what an elliptical follow-up asks about instead; "" for a question with a verb or question word."""
    opened = _opened(question)
    part = question[opened:].strip(" \t?.!,;:—-")
    longest = _LONGEST if opened else _LONGEST_BARE
    if not part or len(part.split()) > longest or _ASKS_BY_ITSELF.search(_MAY_THE_MONTH.sub("", part)):
        return ""
    return part if opened or _OPENS_BARE.match(part) else ""


def split_topic(question: str) -> tuple[str, str]:
    """Return what a follow-up names before it asks, "And the fourth, where was that?", or "", and what it asks."""
    opened = _opened(question)
    found = _PART_THEN_QUESTION.match(question[opened:])
    if not opened or not found or not (part := fragment(f"and {found['part']}")):
        return "", question
    return part, found["asks"]


def asked_otherwise(question: str, earlier: str) -> str:
    """Return the earlier question with "And where?" or "When was that?" in place of its own when or where, else ""."""
    asks = _WHEN_OR_WHERE.match(question)
    if not asks or not _ASKED_WHEN_OR_WHERE.match(earlier):
        return ""
    return _ASKED_WHEN_OR_WHERE.sub(asks[1].capitalize(), earlier)


def asked_of(part: str, earlier: str) -> str:
    """Return the earlier question with `part` in place of what it is parallel to, or behind a dash."""
    part = _ITS_NTH.sub("", part)
    ways = (_counted_on,) if _POINTS_BACK.search(part) else _WAYS
    for way in ways:
        changed = way(part, earlier)
        if changed and changed != earlier:
            return changed
    return behind_dash(part, earlier)


def behind_dash(part: str, earlier: str) -> str:
    """Return the earlier question with new words behind it, in the place of nothing."""
    return f"{earlier.rstrip(' ?.!')} — {part}?"


def says_when(part: str) -> bool:
    """Whether new words say themselves of which time they ask: "after that", "today", "since"."""
    return _NOW.match(part) is not None or (_opening(part) in _WHEN and bool(_POINTS_BACK.search(part)))


def _opened(question: str) -> int:
    lead = _LEAD.match(question)
    return lead.end() if lead else 0


def _counted_on(part: str, earlier: str) -> str:
    """ "The one after that": the next number of an ordinal or of a name, "Voyager-2"."""
    found = _NEXT.match(part)
    if not found:
        return ""
    step = -1 if found["back"] else 1
    for term in _ordinals(earlier):
        if (number := ordinal_of(term.key)) and number + step:
            return _put(earlier, (term.start, term.end), ordinal_word(number + step))
    for numbered in _NUMBERED_NAME.finditer(earlier):
        if (number := int(numbered[0]) + step) > 0:
            return _put(earlier, numbered.span(), str(number))
    return ""


def _numbered(part: str, earlier: str) -> str:
    """ "The second one", "the latest round with Spain": another ordinal, and what else is parallel."""
    own, asked = _ordinals(part), _ordinals(earlier)
    if len(own) != 1 or not asked:
        return ""
    start, end = own[0].start, own[0].end
    changed = _put(earlier, (asked[0].start, asked[0].end), part[start:end].lower())
    rest = _THE_ONE.sub("", f"{re.sub(r'^the ', '', part[:start], flags=re.IGNORECASE)}{part[end:]}".strip())
    return asked_of(rest, changed) if _new_words(rest, earlier) else changed


def _one_with(part: str, earlier: str) -> str:
    """ "The one with Spain" is asked as "with Spain"."""
    rest = _THE_ONE.sub("", part)
    return asked_of(rest, earlier) if rest and rest != part else ""


def _phrase(part: str, earlier: str) -> str:
    """ "To level two" takes the place of the phrase with its preposition; one that says when, of the last that does."""
    opening = _opening(part)
    if opening not in _PREPOSITIONS or opening == part:
        return ""
    phrases = list(_phrases(earlier))
    for start, end in reversed(phrases):
        if _opening(earlier[start:end]) == opening and _has_digit(part) == _has_digit(earlier[start:end]):
            return _put(earlier, (start, end), part)
    if phrases and opening in _WHEN and not _names(part):
        start, end = phrases[-1]
        last = earlier[start:end]
        # "In dollars" does not say when, and leaves "in May 2018" where it is.
        no_day = opening in _WHERE_TOO and not _TIME.search(part) and _TIME.search(last)
        if not no_day and _opening(last) in _WHEN and not _names(last) and end == len(earlier.rstrip(" ?.!")):
            return _put(earlier, (start, end), part)
    return ""


def _phrases(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each preposition stands with the words up to the next one or the end of the sentence."""
    starts = [found.start() for found in re.finditer(rf"\b{_PREPOSITION}\b", text, re.IGNORECASE)]
    for start, following in pairwise([*starts, len(text)]):
        end = start + len(_BREAK.split(text[start:following])[0].rstrip())
        if " " in text[start:end]:
            yield start, end


def _same_head(part: str, earlier: str) -> str:
    """ "The Italian side" takes the place of the words that end with the same noun, "the women's" of another's."""
    bare = re.sub(r"^(?:the|a|an) ", "", part, flags=re.IGNORECASE)
    own, asked = find_terms(bare), find_terms(earlier)
    owner = bool(_OF_SOMEBODY.search(bare))
    if not own or (len(own) < 2 and not owner) or own[-1].key in COUNTRIES or _opening(part) in _PREPOSITIONS:
        return ""
    places = [
        place
        for place, term in enumerate(asked)
        if (_OF_SOMEBODY.search(earlier[term.start : term.end]) if owner else term.key == own[-1].key)
    ]
    if not places:
        return ""
    first = last = places[-1]
    meaning = {term.start for term in content_terms(earlier)}
    while last - first < len(own) - 1 and first and asked[first - 1].start in meaning:
        if earlier[asked[first - 1].end : asked[first].start].strip(" -–"):
            break
        first -= 1
    if first == last and not owner and _names(f"- {part}") and _OF_NAME.match(earlier[asked[last].end :]):
        return ""  # "the Tarn mayor" is not the one of Orlby
    return _put(earlier, (asked[first].start, asked[last].end), bare)


def _countries(part: str, earlier: str) -> str:
    """ "Malaysia" takes the place of the last country, or of the one in a pair that "Malaysia and Japan" leaves out."""
    mine, asked = (
        [term for term in find_terms(text) if term.key in COUNTRIES and text[term.start : term.end] != "us"]
        for text in (part, earlier)
    )
    new = [term for term in mine if term.key not in {other.key for other in asked}]
    left_out = [term for term in asked if term.key not in {other.key for other in mine}]
    if not new or len(left_out) < len(new) or _new_words(part, earlier, besides=new):
        return ""
    for term, place in reversed(list(zip(new, left_out[-len(new) :], strict=True))):
        word = part[term.start : term.end]
        owner = _OF_SOMEBODY.search(earlier[place.start : place.end])
        word = _OF_SOMEBODY.sub("", word) + (owner[0] if owner else "")
        earlier = _put(earlier, (place.start, place.end), word[0].upper() + word[1:])
    return earlier


def _same_sort(part: str, earlier: str) -> str:
    """ "2021" takes the place of the only year, a name of the only name."""
    years, others = list(_YEAR.finditer(part)), list(_YEAR.finditer(earlier))
    if len(years) == len(others) == 1 and not _new_words(part, earlier, besides=find_terms(years[0][0])):
        return _put(earlier, others[0].span(), years[0][0])
    names, runs = list(_name_runs(f"- {part}")), list(_name_runs(earlier))
    if len(names) != 1 or len(runs) != 1 or _opening(part) in _WHEN:
        return ""
    (start, end), name = runs[0], f"- {part}"[slice(*names[0])]
    if _new_words(part, earlier, besides=find_terms(name)) or keys(name) <= keys(earlier):
        return ""
    if not _OF_SOMEBODY.search(earlier[start:end]):
        name = _OF_SOMEBODY.sub("", name)
    if not re.search(r"\bthe ", part, re.IGNORECASE):
        start -= len("the ") if earlier[:start].casefold().endswith("the ") else 0
    return _put(earlier, (start, end), name)


def _new_words(part: str, earlier: str, *, besides: Sequence[Term] = ()) -> bool:
    """Whether a part has words of meaning that the earlier question lacks, besides those that are put into it."""
    known = {term.key for term in [*find_terms(earlier), *besides]}
    return any(term.key not in known for term in content_terms(_SAYS_LITTLE.sub("", part)))


def _name_runs(text: str) -> Iterator[tuple[int, int]]:
    """Yield where names stand: capitalised words side by side, "Ines Whitlock", "Bank of Carvania"."""
    names = _names(text)
    while names:
        first = last = names.pop(0)
        while names and re.fullmatch(r"[\s-]+(?:(?:of|de|da|di|la|el) )?", text[last.end : names[0].start]):
            last = names.pop(0)
        yield first.start, last.end


def _names(text: str) -> list[Term]:
    return [
        term
        for term in find_terms(text)
        if term.named and not text[term.start].isdigit() and term.key not in MONTHS_AND_DAYS
    ]


def _ordinals(text: str) -> list[Term]:
    plain = NOT_ORDER.sub(lambda found: "·" * len(found[0]), text)
    starts = {found.start() for found in _ORDINAL.finditer(plain)}
    return [term for term in find_terms(text) if term.start in starts]


def _opening(text: str) -> str:
    return text.split()[0].casefold()


def _has_digit(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _put(text: str, place: tuple[int, int], words: str) -> str:
    return text[: place[0]] + words + text[place[1] :]


# Read from the left; the first that finds what is parallel decides.
_WAYS: tuple[Callable[[str, str], str], ...] = (
    _counted_on,
    _numbered,
    _one_with,
    _same_head,
    _countries,
    _phrase,
    _same_sort,
)
