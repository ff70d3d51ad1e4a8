"""Whether two passages are about the same thing, as far as a question's names tell."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.types import Article
from qa.terms import content_terms, find_terms, keys
from qa.types import Candidate, Query


def names_held(query: Query, candidate: Candidate, articles: Mapping[str, Article]) -> frozenset[str]:
    """Return the question's words that a candidate's passage or title writes as names: people ask in lower case."""
    asked = {term.key for term in content_terms(query.standalone)}
    return frozenset(term.key for term in find_terms(_around(candidate, articles)) if term.named and term.key in asked)


def names_of(query: Query) -> frozenset[str]:
    """Return the words that a question itself writes as names."""
    return frozenset(term.key for term in content_terms(query.standalone) if term.named and not term.key[0].isdigit())


def holds(names: frozenset[str], candidate: Candidate, articles: Mapping[str, Article]) -> bool:
    """Whether a candidate's passage or the title of its article has all these names."""
    return names <= keys(_around(candidate, articles))


def _around(candidate: Candidate, articles: Mapping[str, Article]) -> str:
    return f"The {articles[candidate.passage.article_id].title}. {candidate.passage.text}"
