"""Readers: each says which words of the passages found may be the answer, and how likely that is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.sentences import sentence_spans
from corpus.types import Article, Passage, TimeExpression
from qa.spans import Span, mark_spans
from qa.terms import Term, content_terms, keys
from qa.types import AnswerKind, Candidate, Query, Retrieved

Floats = NDArray[np.float32]


class Reader(Protocol):
    """Marks candidate answers in passages."""

    @property
    def threshold(self) -> float:
        """The score below which it is better to refuse, between 0 and 1."""

    def read(
        self,
        query: Query,
        passages: Sequence[Retrieved],
        articles: Mapping[str, Article],
        times: Mapping[str, Sequence[TimeExpression]],
    ) -> list[Candidate]:
        """Return candidates, best first; `articles` and `times` hold at least those of the passages, by article id."""


class SentenceEmbedder(Protocol):
    """What the sentence reader needs of an embedder."""

    def embed_queries(self, texts: Sequence[str]) -> Floats:
        """Return unit-norm vectors, float32 (n, dim)."""


@dataclass(frozen=True, slots=True)
class SentenceWeights:
    """A logistic regression over `FEATURES`, in their order; fitted by `benchmarks/fit_sentence_reader.py`."""

    intercept: float
    coefficients: tuple[float, ...]


SUPPORT = (
    "words",  # share of the question's weighted words in the sentence
    "words nearby",  # the same in the sentence, its neighbours and the title
    "words in passage",  # the same in the passage, its title and its day of publication
    "rarest word",  # whether the question's rarest word is nearby
    "ordinal",  # +1 the question's ordinal is here, -1 another one is, 0 neither or none asked
    "kind",  # whether the sentence holds a span of the kind asked for
    "rank",  # reciprocal rank of the passage
)
FEATURES = ("meaning", *SUPPORT)  # meaning: cosine of question and sentence
WEIGHTS = SentenceWeights(-10.55, (6.75, 0.0, 1.41, 0.0, 0.0, 0.97, 1.45, 3.86))  # the zeros came out at or below 0
THRESHOLD = 0.3  # on the fitting sample: 38 of 100 answered right, 20 wrong, 58 of 100 unanswerable ones refused
_WHOLE_SENTENCE = frozenset({AnswerKind.STATEMENT, AnswerKind.YES_NO, AnswerKind.TIMELINE})


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence of a passage that was read, with what is needed to score it."""

    passage: Passage
    start: int
    end: int
    rank: int
    nearby: frozenset[str]
    around: frozenset[str]
    spans: tuple[Span, ...]


class SentenceReader:
    """Reads without training: scores each sentence by meaning, words and kind, and marks the span asked for."""

    def __init__(self, embedder: SentenceEmbedder, weights: SentenceWeights = WEIGHTS) -> None:
        self._embedder = embedder
        self._weights = weights

    @property
    def threshold(self) -> float:
        """The score below which it is better to refuse."""
        return THRESHOLD

    def read(
        self,
        query: Query,
        passages: Sequence[Retrieved],
        articles: Mapping[str, Article],
        times: Mapping[str, Sequence[TimeExpression]],
    ) -> list[Candidate]:
        """Return one candidate a sentence: its best span of the kind asked for, or all of it where there is none."""
        sentences = find_sentences(query, passages, articles, times)
        if not sentences:
            return []
        features = self.features(query, sentences, articles)
        logits = features @ np.asarray(self._weights.coefficients, np.float32) + self._weights.intercept
        scores = 1.0 / (1.0 + np.exp(-logits))
        found = [_candidate(query, sentence, float(score)) for sentence, score in zip(sentences, scores, strict=True)]
        return sorted(found, key=lambda candidate: (-candidate.score, candidate.passage.article_id, candidate.start))

    def features(self, query: Query, sentences: Sequence[ReadSentence], articles: Mapping[str, Article]) -> Floats:
        """Return `FEATURES` of each sentence, float32 (sentences, features)."""
        texts = [articles[s.passage.article_id].text[s.start : s.end] for s in sentences]
        vectors = self._embedder.embed_queries([query.standalone, *texts])
        meaning = vectors[1:] @ vectors[0]
        return np.column_stack([meaning, support(query, sentences, articles)]).astype(np.float32)


def support(query: Query, sentences: Sequence[ReadSentence], articles: Mapping[str, Article]) -> Floats:
    """Return `SUPPORT` of each sentence, float32 (sentences, features): what its words alone say of it."""
    question = content_terms(query.standalone)
    weights = term_weights(question, [sentence.around for sentence in sentences])
    rarest = max(weights, key=lambda key: weights[key], default="")
    rows = []
    for sentence in sentences:
        own = keys(articles[sentence.passage.article_id].text[sentence.start : sentence.end])
        rows.append(
            (
                _share(weights, own),
                _share(weights, sentence.nearby),
                _share(weights, sentence.around),
                float(rarest in sentence.nearby),
                _ordinal(question, own),
                float(bool(sentence.spans) or query.kind in _WHOLE_SENTENCE),
                1.0 / (1 + sentence.rank),
            )
        )
    return np.asarray(rows, np.float32).reshape(-1, len(SUPPORT))


def term_weights(question: Sequence[Term], around: Sequence[frozenset[str]]) -> dict[str, float]:
    """Weigh the question's words by how few of the places read hold them (smoothed inverse document frequency).

    A word that no place holds weighs most: it is what tells an absent answer from a near one.
    """
    places = len(around)
    counts = {term.key: sum(term.key in place for place in around) for term in question}
    return {key: math.log(1 + (places + 1) / (count + 0.5)) for key, count in counts.items()}


def _share(weights: Mapping[str, float], words: frozenset[str]) -> float:
    total = sum(weights.values())
    return sum(weight for key, weight in weights.items() if key in words) / total if total else 0.0


def _ordinal(question: Sequence[Term], words: frozenset[str]) -> float:
    asked = {term.key for term in question if term.key.startswith("#")}
    if not asked:
        return 0.0
    if asked & words:
        return 1.0
    return -1.0 if any(word.startswith("#") for word in words) else 0.0


def find_sentences(
    query: Query,
    passages: Sequence[Retrieved],
    articles: Mapping[str, Article],
    times: Mapping[str, Sequence[TimeExpression]],
) -> list[ReadSentence]:
    """Return every sentence of the passages, once, in the order in which the passages stand."""
    question = content_terms(query.standalone)
    found: dict[tuple[str, int], ReadSentence] = {}
    for rank, item in enumerate(passages):
        passage = item.hit.passage
        article = articles[passage.article_id]
        bounds = [(passage.start + a, passage.start + b) for a, b in sentence_spans(passage.text)]
        own = [keys(article.text[start:end]) for start, end in bounds]
        title = keys(article.title) | keys(article.source)
        around = frozenset().union(title, _day_keys(article), *own)
        for i, (start, end) in enumerate(bounds):
            if (article.id, start) in found:
                continue
            spans = mark_spans(
                query.kind, article.text[start:end], offset=start, question=question, times=times.get(article.id, ())
            )
            nearby = title.union(*own[max(0, i - 1) : i + 2])
            found[(article.id, start)] = ReadSentence(passage, start, end, rank, nearby, around, tuple(spans))
    return list(found.values())


def _day_keys(article: Article) -> frozenset[str]:
    day = article.published_day
    return keys(f"{day.day} {day:%B %Y}") if day else frozenset()


def _candidate(query: Query, sentence: ReadSentence, score: float) -> Candidate:
    if sentence.spans:
        best = sentence.spans[0]
        start, end, time = best.start, best.end, best.time
    else:
        start, end, time = sentence.start, sentence.end, None
    return Candidate(sentence.passage, start, end, sentence.start, sentence.end, score, time)
