"""Which candidates say the same: days that are one interval, names of one person, figures in other clothes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.types import Granularity
from qa.sources import Sources
from qa.terms import content_terms, keys
from qa.types import Agreement, Candidate

# A figure with a word or two around it: "about 12,400 jars" and "12,400" are one answer, "9.4" and "9.4 per cent" too.
_FIGURE = re.compile(
    r"(?:about |at least |some |around |nearly |almost |only )?(?:[$£€¥])?(?P<number>\d[\d,]*(?:\.\d+)?)"
    r"(?P<scale>\s?(?:million|billion|thousand))?(?:\s?(?:%|per ?cent)|(?: [a-z]+){0,2})?"
)
_INEXACT = frozenset({Granularity.MONTH, Granularity.YEAR})
EXACT_DAY = 0.15  # of the score of the month or the year that it lies in: with less, it is another event's
_TITLES = frozenset(
    keys("Mr Mrs Ms Dr Sir Dame Lord Lady Mayor Judge President Minister Captain General Colonel Governor Rev the")
)


def merge_equal(candidates: Sequence[Candidate], sources: Sources) -> list[Agreement]:
    """Group candidates that denote the same answer, the best group first.

    Days are equal when they are the same interval, other answers when they have the same words, or one is the other's
    name cut short: "Mayor Orde" and "Hamish Orde". What several say adds up: each score is the chance that just that
    span is the one.
    """
    groups: dict[object, list[Candidate]] = {}
    for candidate in sorted(candidates, key=lambda c: (-c.score, c.passage.article_id, c.start)):
        groups.setdefault(_denotes(candidate, sources), []).append(candidate)
    merged = [Agreement(_one_an_article(group), min(sum(c.score for c in group), 1.0)) for group in groups.values()]
    return _join_days(_join_names(sorted(merged, key=lambda group: -group.score), sources))


def _join_days(groups: Sequence[Agreement]) -> list[Agreement]:
    """Let the best answer, where it is a month or a year, be the day in it that another one names: they agree."""
    if len(groups) < 2 or (whole := groups[0].candidates[0].time) is None or whole.granularity not in _INEXACT:
        return list(groups)
    for place, group in enumerate(groups[1:], start=1):
        day = group.candidates[0].time
        if (
            day is not None
            and day.granularity is Granularity.DAY
            and whole.earliest <= day.earliest <= whole.latest
            and group.score >= EXACT_DAY * groups[0].score
        ):
            both = Agreement(group.candidates, min(groups[0].score + group.score, 1.0))
            return [both, *groups[1:place], *groups[place + 1 :]]
    return list(groups)


def _join_names(groups: Sequence[Agreement], sources: Sources) -> list[Agreement]:
    """Add to each group the weaker ones that are its name cut short, or in full."""
    kept: list[tuple[Agreement, frozenset[str]]] = []
    for group in groups:
        name = _name(group.candidates[0], sources)
        place = next(
            (n for n, (_, other) in enumerate(kept) if name and other and (name <= other or other <= name)), None
        )
        if place is None:
            kept.append((group, name))
        else:
            first, words = kept[place]
            both = _one_an_article((*first.candidates, *group.candidates))
            kept[place] = (replace(first, candidates=both, score=min(first.score + group.score, 1.0)), words)
    return sorted((group for group, _ in kept), key=lambda group: -group.score)


def _name(candidate: Candidate, sources: Sources) -> frozenset[str]:
    """Return the words of a name of two to four words or a single capitalised one, titles left out; else none."""
    if candidate.time is not None:
        return frozenset()
    words = sources.articles[candidate.passage.article_id].text[candidate.start : candidate.end]
    terms = [term for term in content_terms(words) if term.key not in _TITLES]
    if not 1 <= len(terms) <= 4 or any(not words[term.start].isupper() for term in terms):
        return frozenset()
    return frozenset(term.key for term in terms)


def _one_an_article(group: Sequence[Candidate]) -> tuple[Candidate, ...]:
    kept: dict[str, Candidate] = {}
    for candidate in group:
        kept.setdefault(candidate.passage.article_id, candidate)
    return tuple(kept.values())


def _denotes(candidate: Candidate, sources: Sources) -> object:
    if candidate.time is not None:
        return candidate.time.earliest, candidate.time.latest
    words = sources.articles[candidate.passage.article_id].text[candidate.start : candidate.end]
    if figure := _FIGURE.fullmatch(words.strip()):
        return figure["number"].replace(",", "")
    return tuple(sorted(keys(words)))
