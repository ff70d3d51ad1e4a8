"""Judges a trained reader's candidates once more, by what stands around them.

A span reader is good at "such words answer such a question" and poor at "but this is another country's meeting". What
the sentence, its neighbours and its article hold of the question's words, ordinal and days tells the two apart.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from corpus.types import Article, TimeExpression
from qa.reader import Floats, Reader, ReadSentence, SentenceEmbedder, find_sentences, term_weights
from qa.spans import mark_spans
from qa.terms import Term, content_terms, find_terms, keys
from qa.types import AnswerKind, Candidate, Query, Retrieved

SURE = 0.4  # of the sentence reader: on its fitting sample 77 of 100 unanswerable questions stay below
JUDGED = 12  # candidates looked at again: past these the right one has hardly ever been
FEATURES = (
    "reader",  # log odds of the reader's own score
    "meaning",  # cosine of question and sentence
    "nearby",  # share of the question's weighted words in the sentence, its neighbours and the title
    "article",  # the same in the whole article
    "names",  # 1 when every name, number and ordinal of the question is nearby
    "absent",  # 1 when its rarest word is nowhere in the article
    "ordinal",  # +1 its ordinal is in the sentence, +0.5 nearby, -1 only another one is
    "kind",  # 1 when the span is of the kind asked for, 0.5 when a whole sentence is asked for
    "repeats",  # share of the span's words that the question has itself
    "rank",  # reciprocal rank of the passage
    "days",  # +1 when the sentence or its article falls in the days the question speaks about, -1 when not
)
_WHOLE_SENTENCE = frozenset({AnswerKind.STATEMENT, AnswerKind.YES_NO, AnswerKind.TIMELINE})


@dataclass(frozen=True, slots=True)
class Verdict:
    """Weights of `FEATURES` in a choice between the candidates and no answer (McFadden's conditional logit).

    `nothing` is the utility of no answer; `threshold` the probability below which it is better to refuse.
    """

    coefficients: tuple[float, ...]
    nothing: float
    threshold: float


# Fitted by benchmarks/fit_judge.py on questions that the reader was not trained on.
VERDICT = Verdict((0.71, 2.95, -0.15, 1.76, 0.63, -0.13, -0.16, 0.57, -0.04, -0.27, 0.93), 2.49, 0.35)


class JudgedReader:
    """A reader whose candidates are weighed against one another and against no answer."""

    def __init__(self, reader: Reader, embedder: SentenceEmbedder, verdict: Verdict = VERDICT) -> None:
        self._reader = reader
        self._embedder = embedder
        self._verdict = verdict

    @property
    def threshold(self) -> float:
        """The score below which it is better to refuse."""
        return self._verdict.threshold

    def read(
        self,
        query: Query,
        passages: Sequence[Retrieved],
        articles: Mapping[str, Article],
        times: Mapping[str, Sequence[TimeExpression]],
    ) -> list[Candidate]:
        """Return the reader's best candidates, best first; their scores and that of no answer add up to one."""
        candidates, features = self.features(query, passages, articles, times)
        utilities = features @ np.asarray(self._verdict.coefficients, np.float32)
        highest = max([self._verdict.nothing, *utilities.tolist()])
        total = math.exp(self._verdict.nothing - highest) + float(np.exp(utilities - highest).sum())
        scored = [
            replace(candidate, score=math.exp(float(utility) - highest) / total)
            for candidate, utility in zip(candidates, utilities, strict=True)
        ]
        return sorted(scored, key=lambda candidate: (-candidate.score, candidate.passage.article_id, candidate.start))

    def features(
        self,
        query: Query,
        passages: Sequence[Retrieved],
        articles: Mapping[str, Article],
        times: Mapping[str, Sequence[TimeExpression]],
    ) -> tuple[list[Candidate], Floats]:
        """Return the reader's best candidates and `FEATURES` of each, float32 (candidates, features)."""
        candidates = self._reader.read(query, passages, articles, times)[:JUDGED]
        if not candidates:
            return [], np.zeros((0, len(FEATURES)), np.float32)
        around = _Around(query, find_sentences(query, passages, articles, times), articles, times)
        meaning = self._meaning(query, candidates, articles)
        rows = [
            (_log_odds(candidate.score), float(near), *around.row(candidate))
            for candidate, near in zip(candidates, meaning, strict=True)
        ]
        return candidates, np.asarray(rows, np.float32)

    def _meaning(self, query: Query, candidates: Sequence[Candidate], articles: Mapping[str, Article]) -> Floats:
        texts = [articles[c.passage.article_id].text[c.sentence_start : c.sentence_end] for c in candidates]
        vectors = self._embedder.embed_queries([query.standalone, *texts])
        cosines: Floats = vectors[1:] @ vectors[0]
        return cosines


class SecondOpinion:
    """Asks another reader when the first would refuse, and heeds it only when it is sure.

    The trained reader hedges between near neighbours; the sentence reader, which knows nothing of answers, is seldom
    sure, and then mostly right.
    """

    def __init__(self, first: Reader, second: Reader, *, sure: float = SURE) -> None:
        self._first = first
        self._second = second
        self._sure = sure

    @property
    def threshold(self) -> float:
        """The first reader's."""
        return self._first.threshold

    def read(
        self,
        query: Query,
        passages: Sequence[Retrieved],
        articles: Mapping[str, Article],
        times: Mapping[str, Sequence[TimeExpression]],
    ) -> list[Candidate]:
        """Return the first reader's candidates, or the second's when only that one is sure."""
        candidates = self._first.read(query, passages, articles, times)
        said: dict[str, float] = {}
        for candidate in candidates:
            answer = _denoted(candidate, articles)
            said[answer] = said.get(answer, 0.0) + candidate.score
        if max(said.values(), default=0.0) >= self.threshold:
            return candidates
        others = self._second.read(query, passages, articles, times)
        return others if others and others[0].score >= self._sure else candidates


def _denoted(candidate: Candidate, articles: Mapping[str, Article]) -> str:
    if candidate.time is not None:
        return f"{candidate.time.earliest} {candidate.time.latest}"
    return articles[candidate.passage.article_id].text[candidate.start : candidate.end].casefold()


class _Around:
    """What stands around the candidates of one question."""

    def __init__(
        self,
        query: Query,
        sentences: Sequence[ReadSentence],
        articles: Mapping[str, Article],
        times: Mapping[str, Sequence[TimeExpression]],
    ) -> None:
        self._query = query
        self._sentences = sentences
        self._articles = articles
        self._times = times
        self._question = content_terms(query.standalone)
        self._weights = term_weights(self._question, [sentence.around for sentence in sentences])
        self._names = {term.key for term in self._question if _names_something(term)} | self._written_as_names()
        self._ordinals = {term.key for term in self._question if term.key.startswith("#")}
        self._held: dict[str, frozenset[str]] = {}

    def row(self, candidate: Candidate) -> tuple[float, ...]:
        """Return the features of one candidate, from `nearby` on."""
        article = self._articles[candidate.passage.article_id]
        sentence = self._sentence(candidate)
        own = keys(article.text[candidate.sentence_start : candidate.sentence_end])
        nearby = sentence.nearby | own if sentence else own
        held = self._words_of(article)
        rarest = max(self._weights, key=lambda key: self._weights[key], default="")
        return (
            self._share(nearby),
            self._share(held),
            float(self._names <= nearby),
            float(rarest not in held),
            self._ordinal(own, nearby),
            self._kind(candidate, article),
            self._repeats(article.text[candidate.start : candidate.end]),
            1.0 / (1 + sentence.rank) if sentence else 0.0,
            self._days(candidate, article),
        )

    def _sentence(self, candidate: Candidate) -> ReadSentence | None:
        return next(
            (
                sentence
                for sentence in self._sentences
                if sentence.passage.article_id == candidate.passage.article_id
                and sentence.start <= candidate.start < sentence.end
            ),
            None,
        )

    def _words_of(self, article: Article) -> frozenset[str]:
        if article.id not in self._held:
            day = article.published_day
            dated = f"{day.day} {day:%B %Y}" if day else ""
            self._held[article.id] = keys(f"{article.title} {article.source} {dated} {article.text}")
        return self._held[article.id]

    def _written_as_names(self) -> set[str]:
        """Return the question's words that the articles mostly write with a capital: people ask in lower case."""
        counts: Counter[tuple[str, bool]] = Counter()
        for passage in {s.passage.id: s.passage for s in self._sentences}.values():
            counts.update((term.key, term.named) for term in find_terms(passage.text) if term.key in self._weights)
        return {key for key in self._weights if counts[key, True] > counts[key, False]}

    def _share(self, words: frozenset[str]) -> float:
        total = sum(self._weights.values())
        return sum(weight for key, weight in self._weights.items() if key in words) / total if total else 1.0

    def _ordinal(self, own: frozenset[str], nearby: frozenset[str]) -> float:
        if not self._ordinals:
            return 0.0
        if self._ordinals & own:
            return 1.0
        if self._ordinals & nearby:
            return 0.5
        return -1.0 if any(word.startswith("#") for word in own) else 0.0

    def _kind(self, candidate: Candidate, article: Article) -> float:
        if self._query.kind in _WHOLE_SENTENCE:
            return 0.5
        if self._query.kind is AnswerKind.DAY:
            return float(candidate.time is not None)
        sentence = article.text[candidate.sentence_start : candidate.sentence_end]
        spans = mark_spans(
            self._query.kind, sentence, offset=candidate.sentence_start, question=self._question, times=()
        )
        return float(any(span.start < candidate.end and candidate.start < span.end for span in spans))

    def _repeats(self, span: str) -> float:
        words = [term.key for term in content_terms(span)]
        return sum(word in self._weights for word in words) / len(words) if words else 0.0

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


def _names_something(term: Term) -> bool:
    return term.named or term.key.startswith("#")


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(bounded / (1 - bounded))
