"""A number with the unit it is told in: "How long was the sentence?" is answered by "six years", and not by "six"."""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.types import Article
from qa.terms import NUMBER_WORDS
from qa.types import AnswerKind, Candidate, Query

_NUMBER_ALONE = re.compile(rf"\d[\d,.]*|{'|'.join(NUMBER_WORDS)}", re.IGNORECASE)
_UNIT = re.compile(r"[ -](?:second|minute|hour|day|night|week|fortnight|month|season|year|decade)s?\b", re.IGNORECASE)


def with_unit(query: Query, candidate: Candidate, article: Article) -> Candidate:
    """Return a candidate that is a bare number widened to the unit behind it, where a length of time is asked for."""
    if query.kind is not AnswerKind.DURATION or not _NUMBER_ALONE.fullmatch(
        article.text[candidate.start : candidate.end]
    ):
        return candidate
    unit = _UNIT.match(article.text, candidate.end, candidate.sentence_end)
    return replace(candidate, end=unit.end()) if unit else candidate
