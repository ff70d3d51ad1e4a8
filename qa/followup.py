"""Follow-up questions made to stand alone, by rule: what they point at is named from the questions before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.terms import content_terms

_POINTS_BACK = re.compile(
    r"\b(?:it|its|he|him|his|she|her|hers|they|them|their|theirs|there|then|that|those|these|this|one|ones|same|"
    r"former|latter|else|other|another|such)\b",
    re.IGNORECASE,
)
_OPENS_AS_FOLLOW_UP = re.compile(r"^\W*(?:and|but|or|so|what about|how about|also|then)\b", re.IGNORECASE)
_BARE = re.compile(r"^\W*(?:when|where|why|who|how|how many|how much|what|which)\b[^\w]*$", re.IGNORECASE)
_LEADING = re.compile(r"^\W*(?:and|but|or|so|also|then)[\s,]+(?=\w)", re.IGNORECASE)
_ABOUT = re.compile(r"^\W*(?:and |but |or |so )?(?:what|how) about\s+(.+?)\W*$", re.IGNORECASE)
ORDINAL_KEY = "#"  # begins the key of an ordinal: see `qa.terms.term_key`
_MAX_EARLIER = 3  # questions further back are rarely what "it" points at


def standalone_question(question: str, history: Sequence[str]) -> str:
    """Return the question as it would be asked with no history; unchanged when it already stands alone.

    A follow-up keeps its own words, and the content words of the latest question that stood alone are put behind
    them in brackets. "What about X?" asks the earlier question again, of X.
    """
    if not history or not _depends(question):
        return question
    resolved = ""
    for earlier in history[-_MAX_EARLIER:]:
        resolved = standalone_question(earlier, [resolved]) if resolved else earlier
    about = _ABOUT.match(question)
    if about:
        return f"{resolved.rstrip(' ?.!')} — {about.group(1)}?"
    own = {term.key for term in content_terms(question)}
    topic = _topic(resolved, own)
    plain = _LEADING.sub("", question).rstrip(" ?.!")
    return f"{plain} ({topic})?" if topic else question


def _topic(question: str, own: set[str]) -> str:
    """Return the words of a question that are not the follow-up's own; its own "second" is not the earlier "first"."""
    numbered = any(key.startswith(ORDINAL_KEY) for key in own)
    return " ".join(
        question[term.start : term.end]
        for term in content_terms(question)
        if term.key not in own and not (numbered and term.key.startswith(ORDINAL_KEY))
    )


def _depends(question: str) -> bool:
    if _OPENS_AS_FOLLOW_UP.match(question) or _BARE.match(question):
        return True
    names = [term for term in content_terms(question) if term.named]
    return (bool(_POINTS_BACK.search(question)) and len(names) < 2) or len(content_terms(question)) <= 1
