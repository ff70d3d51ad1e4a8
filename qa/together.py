"""Names told together: "Who were the German ministers?" is answered by both, not by whichever stands first."""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.types import Article
from qa.types import AnswerKind, Candidate, Query

_NAMED = frozenset({AnswerKind.PERSON, AnswerKind.NAME})
_SEVERAL = re.compile(
    r"\bwho (?:were|are)\b|\b(?:which|what) (?:two|three|four|five|(?!(?:is|was|has|does|his)\b)\w+s)\b", re.IGNORECASE
)
_NAME = r"(?:(?:Mr|Mrs|Ms|Dr|Sir|Dame)\.? )?[A-Z][\w’'-]*(?: (?:[A-Z]\. )?[A-Z][\w’'-]*)*"
_AFTER = re.compile(rf"(?:, {_NAME})*,? and {_NAME}")
_BEFORE = re.compile(rf"(?:{_NAME}, )*{_NAME}(?:,? and )$")
_BEFORE_LISTED = re.compile(rf"(?:{_NAME}, )+$")


def named_together(query: Query, candidate: Candidate, article: Article) -> Candidate:
    """Return a candidate widened to the names it is told together with, where the question asks for several."""
    if query.kind not in _NAMED or not _SEVERAL.search(query.standalone):
        return candidate
    told_before = article.text[candidate.sentence_start : candidate.start]
    after = _AFTER.match(article.text, candidate.end, candidate.sentence_end)
    before = (_BEFORE_LISTED if after else _BEFORE).search(told_before)
    return replace(
        candidate,
        start=candidate.start - (len(before.group()) if before else 0),
        end=after.end() if after else candidate.end,
    )
