"""Reads held-out examples and says how right the answers are, and how sure the reader was."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from qa.evaluation.answers import right
from qa.span_reader import confidence_features
from qa.span_scorer import Marked, Reading, Scorer
from qa.training.examples import Example
from qa.training.prepare import Prepared

FOUND_READ = 4  # passages found by retrieval that are read beside those of the example


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was answered to one example, had it been answered.

    `odds` are the log odds that anything read holds an answer; `features` are those of qa.span_reader.Confidence.
    """

    id: str
    source: str
    answerable: bool
    given: str
    exact: float
    f1: float
    odds: float
    features: tuple[float, float, float]


def given_texts(example: Example) -> list[str]:
    """Return the ids of the texts of the example's own article (or, without one, those close to it)."""
    return [*(positive.text for positive in example.positives), *example.near]


def found_texts(example: Example, prepared: Prepared) -> list[str]:
    """Return the ids of the closest texts that retrieval found and that do not answer."""
    return list(prepared.found.get(example.id, ())[:FOUND_READ])


@dataclass(frozen=True, slots=True)
class Measured:
    """What is answered from an example's own texts alone, and from those among others that retrieval found."""

    given: Outcome
    among_found: Outcome


def measure(scorer: Scorer, examples: Iterable[Example], prepared: Prepared) -> Iterator[Measured]:
    """Yield what is answered to each example; one that has no texts of its own is answered from those found."""
    for example in examples:
        given, found = given_texts(example), found_texts(example, prepared)
        texts = [prepared.texts[text_id] for text_id in (*given, *found)]
        if texts:
            words = [text.words for text in texts]
            readings = scorer.score(example.question, [(text.header, text.words) for text in texts])
            among = _outcome(example, words, readings)
            own = _outcome(example, words, readings[: len(given)]) if given else among
            yield Measured(own, among)


def _outcome(example: Example, words: Sequence[str], readings: Sequence[Reading]) -> Outcome:
    best = max(
        ((marked, place) for place, reading in enumerate(readings) for marked in reading.spans),
        key=lambda entry: entry[0].score,
        default=(Marked(0, 0, 0.0), 0),
    )
    marked, place = best
    given = words[place][marked.start : marked.end]
    exact, f1 = right(given, example.answers) if example.answerable else (0.0, 0.0)
    highest = max(0.0, *(reading.presence for reading in readings))
    everything = math.log(sum(math.exp(reading.presence - highest) for reading in readings)) + highest
    return Outcome(
        example.id,
        example.source,
        example.answerable,
        given,
        exact,
        f1,
        everything,
        confidence_features(readings[place], marked, readings),
    )


@dataclass(frozen=True, slots=True)
class Summary:
    """Means over outcomes; `refused` is the share of unanswerable ones below the threshold, None without any.

    `best_f1` is F1 over all, a refusal being right where there is no answer, at the best threshold of the odds.
    """

    count: int
    answerable: int
    exact: float
    f1: float
    best_f1: float
    threshold: float
    kept: float
    refused: float | None


def summarise(outcomes: Sequence[Outcome]) -> Summary:
    """Return the means of some outcomes, refusing below the threshold that is best for F1 over all of them."""
    answerable = [outcome for outcome in outcomes if outcome.answerable]
    nulls = [outcome for outcome in outcomes if not outcome.answerable]
    best, threshold = _best_threshold(outcomes)
    return Summary(
        count=len(outcomes),
        answerable=len(answerable),
        exact=_mean([outcome.exact for outcome in answerable]),
        f1=_mean([outcome.f1 for outcome in answerable]),
        best_f1=best,
        threshold=threshold,
        kept=_mean([float(outcome.odds >= threshold) for outcome in answerable]),
        refused=_mean([float(outcome.odds < threshold) for outcome in nulls]) if nulls else None,
    )


def _best_threshold(outcomes: Sequence[Outcome]) -> tuple[float, float]:
    """Return the best F1 over all, and the odds below which refusing gives it."""
    ordered = sorted(outcomes, key=lambda outcome: outcome.odds)
    total = sum(outcome.f1 for outcome in ordered if outcome.answerable)
    best, threshold = total, -math.inf
    for place, outcome in enumerate(ordered):
        total += -outcome.f1 if outcome.answerable else 1.0
        if total > best:
            above = ordered[place + 1].odds if place + 1 < len(ordered) else outcome.odds + 1
            best, threshold = total, (outcome.odds + above) / 2
    return best / max(len(ordered), 1), threshold


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
