"""What a reader marked a part of, in whole: "Ada Quill" and not "Quill", "six years" and not "six"."""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.types import Article
from qa.offices import OFFICES
from qa.spans import NUMBER
from qa.terms import COUNTRIES, NUMBER_WORDS, STOP_WORDS, keys, term_key
from qa.types import AnswerKind, Candidate, Query

_NUMBER_ALONE = re.compile(rf"\d[\d,.]*|{'|'.join(NUMBER_WORDS)}", re.IGNORECASE)
_FIGURE = rf"(?:{NUMBER}|\b(?:thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?)"
_OUT_OF = re.compile(rf"({_FIGURE}) (?:out )?of (?:the )?{_FIGURE}\b", re.IGNORECASE)
_ALL_OF_THEM = re.compile(r"\b(?:are|were) there\b|\bin (?:all|total)\b", re.IGNORECASE)
_UNIT = re.compile(r"[ -](?:second|minute|hour|day|night|week|fortnight|month|season|year|decade)s?\b", re.IGNORECASE)
_NAME_ALONE = re.compile(r"[A-Z][\w’'-]+")
_BEFORE_NAME = re.compile(r"(?P<name>[A-Z][\w’'-]+|[A-Z]\.) (?:(?:van|von|de|da|del|der|den|bin|al) )*$")
_OFFICE = re.compile(OFFICES, re.IGNORECASE)
# Capitalised before a surname, and no part of it: titles, and what a sentence begins with.
_NO_NAME = keys(
    "Mr Mrs Ms Miss Dr Sir Dame Lord Lady Judge Justice Captain General Colonel Rev Councillor Inspector Professor "
    "Sergeant January February March April May June July August September October November December "
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday "
    "yesterday today tomorrow later earlier now then meanwhile still instead however former after before since until "
    "although though while because during last first next"
)
_FORENAMES = 3  # at most


def told_whole(query: Query, candidate: Candidate, article: Article) -> Candidate:
    """Return a candidate widened to the forenames before a surname, where a person is asked for, or to its unit.

    Asked how many, "four of eleven" is four.
    """
    words = article.text[candidate.start : candidate.end]
    if query.kind is AnswerKind.PERSON and _NAME_ALONE.fullmatch(words):
        return replace(candidate, start=_start_of_name(candidate, article.text))
    if query.kind is AnswerKind.COUNT and (part := _OUT_OF.match(words)) and not _ALL_OF_THEM.search(query.standalone):
        return replace(candidate, end=candidate.start + part.end(1))
    if query.kind is AnswerKind.DURATION and _NUMBER_ALONE.fullmatch(words):
        unit = _UNIT.match(article.text, candidate.end, candidate.sentence_end)
        return replace(candidate, end=unit.end()) if unit else candidate
    return candidate


def _start_of_name(candidate: Candidate, text: str) -> int:
    start = candidate.start
    for _ in range(_FORENAMES):
        before = _BEFORE_NAME.search(text[candidate.sentence_start : start])
        if before is None or not _is_forename(before["name"]):
            break
        start = candidate.sentence_start + before.start()
    return start


def _is_forename(word: str) -> bool:
    key = term_key(word)
    return not (
        word.casefold() in STOP_WORDS
        or word.endswith(("'s", "’s"))
        or key in _NO_NAME | COUNTRIES
        or _OFFICE.fullmatch(word)
    )
