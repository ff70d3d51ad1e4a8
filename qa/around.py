"""What stands around a candidate answer: how much of its question its sentence, its neighbours and its article hold."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from corpus.sentences import sentence_spans
from corpus.times import find_times
from corpus.types import Article, Granularity, TimeExpression
from qa.reader import term_weights
from qa.spans import mark_spans
from qa.terms import Term, content_terms, find_terms, keys
from qa.types import AnswerKind, Candidate, Ordering, Query, Retrieved

AROUND = (
    "nearby",  # share of the question's weighted words in the sentence, its neighbours and the title
    "title",  # the same in the title
    "held",  # 1 when every name, number and ordinal of the question is in the article
    "pairs",  # share of the question's pairs of neighbouring words that are neighbours nearby too
    "kind",  # 1 when the span is of the kind asked for, 0.5 when a whole sentence is asked for
    "rank",  # reciprocal rank of the passage
    "days",  # +1 when the sentence or its article falls in the days the question speaks about, -1 when not
    "dated",  # +1 when the days that the span itself means fall in days or years that the question names, -1 when not
    "precision",  # how exact a day the span means: 1 a day, less for a month or a year; 0 for what is no time
    "strangers",  # logarithm of how many names the sentence holds that are neither the question's nor the span's
    "order",  # -1 to 1, by day of publication among the articles read: 1 is where the question's order points
    "own",  # as nearby, in the sentence alone
    "numbers",  # share of the question's numbers and ordinals in the sentence, its neighbours and the title
    "length",  # words in the span
)
_WHOLE_SENTENCE = frozenset({AnswerKind.STATEMENT, AnswerKind.YES_NO, AnswerKind.TIMELINE})
_PRECISION = {Granularity.DAY: 1.0, Granularity.MONTH: 0.5, Granularity.YEAR: 0.2}


class Around:
    """What stands around the candidates of one question."""

    def __init__(
        self,
        query: Query,
        passages: Sequence[Retrieved],
        articles: Mapping[str, Article],
        times: Mapping[str, Sequence[TimeExpression]],
    ) -> None:
        self._query = query
        self._articles = articles
        self._times = times
        self._ranks = {item.hit.passage.id: rank for rank, item in reversed(list(enumerate(passages)))}
        self._question = content_terms(query.standalone)
        self._pairs = set(pairwise(term.key for term in self._question))
        told = [find_terms(item.hit.passage.text) for item in passages]
        self._weights = term_weights(
            self._question,
            [
                keys(_label(articles[item.hit.passage.article_id])).union(term.key for term in terms)
                for item, terms in zip(passages, told, strict=True)
            ],
        )
        written = _mostly_capital(told, self._weights)
        self._names = {term.key for term in self._question if term.named or term.key.startswith("#")} | written
        self._held: dict[str, frozenset[str]] = {}
        self._sentences: dict[str, list[tuple[int, int]]] = {}
        named = find_times(query.standalone, query.asked_on, any_case=True)
        self._named_days = [(time.earliest, time.latest) for time in named if time.granularity in _PRECISION]
        self._order = self._in_order({item.hit.passage.article_id for item in passages})

    def row(self, candidate: Candidate) -> tuple[float, ...]:
        """Return the features named in `AROUND`."""
        article = self._articles[candidate.passage.article_id]
        sentence = article.text[candidate.sentence_start : candidate.sentence_end]
        words = find_terms(sentence)
        own = frozenset(term.key for term in words)
        title = keys(f"{article.title} {article.source}")
        neighbours = self._neighbours(candidate)
        nearby = own.union(title, *map(keys, neighbours))
        held = self._words_of(article)
        return (
            self._share(nearby),
            self._share(title),
            float(self._names <= held),
            self._paired([article.title, sentence, *neighbours]),
            self._kind(candidate, sentence),
            1.0 / (1 + self._ranks.get(candidate.passage.id, len(self._ranks))),
            self._days(candidate, article),
            self._dated(candidate),
            _PRECISION.get(candidate.time.granularity, 0.1) if candidate.time else 0.0,
            self._strangers(candidate, words),
            self._order.get(article.id, 0.0),
            self._share(own),
            self._numbers(nearby),
            float(len(find_terms(article.text[candidate.start : candidate.end]))),
        )

    def _neighbours(self, candidate: Candidate) -> list[str]:
        """Return the sentences before and after a candidate's, within its passage."""
        passage = candidate.passage
        if passage.id not in self._sentences:
            bounds = sentence_spans(passage.text)
            self._sentences[passage.id] = [(passage.start + a, passage.start + b) for a, b in bounds]
        bounds = self._sentences[passage.id]
        before = [span for span in bounds if span[1] <= candidate.sentence_start][-1:]
        after = [span for span in bounds if span[0] >= candidate.sentence_end][:1]
        text = self._articles[passage.article_id].text
        return [text[start:end] for start, end in (*before, *after)]

    def _words_of(self, article: Article) -> frozenset[str]:
        if article.id not in self._held:
            self._held[article.id] = keys(f"{_label(article)} {article.text}")
        return self._held[article.id]

    def _share(self, words: frozenset[str]) -> float:
        total = sum(self._weights.values())
        return sum(weight for key, weight in self._weights.items() if key in words) / total if total else 1.0

    def _numbers(self, words: frozenset[str]) -> float:
        asked = {key for key in self._names if key.startswith("#")}
        return len(asked & words) / len(asked) if asked else 1.0

    def _paired(self, texts: Sequence[str]) -> float:
        if not self._pairs:
            return 0.0
        found = {pair for text in texts for pair in pairwise(term.key for term in content_terms(text))}
        return len(self._pairs & found) / len(self._pairs)

    def _kind(self, candidate: Candidate, sentence: str) -> float:
        if self._query.kind in _WHOLE_SENTENCE:
            return 0.5
        if self._query.kind is AnswerKind.DAY:
            return float(candidate.time is not None)
        spans = mark_spans(
            self._query.kind, sentence, offset=candidate.sentence_start, question=self._question, times=()
        )
        return float(any(span.start < candidate.end and candidate.start < span.end for span in spans))

    def _days(self, candidate: Candidate, article: Article) -> float:
        window = self._query.window
        if window is None:
            return 0.0
        told = [
            (time.earliest, time.latest)
            for time in self._times.get(article.id, ())
            if candidate.sentence_start <= time.start < candidate.sentence_end
        ]
        if article.published_day:
            told.append((article.published_day, article.published_day))
        inside = (
            (window.latest is None or first <= window.latest) and (window.earliest is None or last >= window.earliest)
            for first, last in told
        )
        return 1.0 if any(inside) else -1.0

    def _dated(self, candidate: Candidate) -> float:
        time = candidate.time
        if time is None or not self._named_days:
            return 0.0
        inside = any(first <= time.latest and time.earliest <= last for first, last in self._named_days)
        return 1.0 if inside else -1.0

    def _strangers(self, candidate: Candidate, words: Sequence[Term]) -> float:
        start, end = candidate.start - candidate.sentence_start, candidate.end - candidate.sentence_start
        names = {
            term.key
            for term in words
            if term.named and term.key not in self._weights and (term.end <= start or end <= term.start)
        }
        return math.log1p(len(names))

    def _in_order(self, article_ids: set[str]) -> dict[str, float]:
        """Return where each article stands between the end that the question's order points away from, and that end."""
        ordering = self._query.ordering
        if ordering not in (Ordering.FIRST, Ordering.LATEST):
            return {}
        dated = {a: day for a in article_ids if (day := self._articles[a].published_day) is not None}
        days = sorted(set(dated.values()))
        if len(days) < 2:
            return {}
        towards = 1.0 if ordering is Ordering.LATEST else -1.0
        return {a: towards * (2 * days.index(day) / (len(days) - 1) - 1) for a, day in dated.items()}


def _label(article: Article) -> str:
    day = article.published_day
    return f"{article.title} {article.source} {f'{day.day} {day:%B %Y}' if day else ''}"


def _mostly_capital(told: Sequence[Sequence[Term]], asked: Mapping[str, float]) -> set[str]:
    """Return the question's words that the passages mostly write with a capital: people ask in lower case."""
    counts: Counter[tuple[str, bool]] = Counter(_asked(told, asked))
    return {key for key in asked if counts[key, True] > counts[key, False]}


def _asked(told: Sequence[Sequence[Term]], asked: Mapping[str, float]) -> Iterator[tuple[str, bool]]:
    return ((term.key, term.named) for terms in told for term in terms if term.key in asked)
