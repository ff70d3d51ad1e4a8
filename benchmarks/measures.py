"""What the public sets measure and `dateline eval` does not: each measure once, as numbers between 0 and 1."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

import numpy as np

from qa.evaluation.answers import squad_f1, squad_normal
from qa.evaluation.bootstrap import HIGH, LOW, RESAMPLES, SEED
from qa.evaluation.outcome import Outcome
from qa.evaluation.retrieval import rank_quotes

Interval = list[float]  # a value and the bounds of its 95 % interval


def mean(values: Sequence[float]) -> Interval:
    """Return the mean of one value a question, with its bootstrap interval."""
    if not values:
        return []
    drawn = np.random.default_rng(SEED).integers(0, len(values), (RESAMPLES, len(values)))
    low, high = np.percentile(np.asarray(values, np.float64)[drawn].mean(axis=1), (LOW, HIGH))
    return [statistics.fmean(values), float(low), float(high)]


def holds_answer(text: str, answers: Iterable[str]) -> bool:
    """Whether a text holds any of the answers as whole words, after SQuAD's normalisation."""
    held = f" {squad_normal(text)} "
    return any((wanted := squad_normal(answer)) and f" {wanted} " in held for answer in answers)


def answer_recall(passages: Sequence[str], answers: Sequence[str], k: int) -> float:
    """Return 1 when one of the first k passages holds an answer (DPR's top-k accuracy, Karpukhin et al. 2020)."""
    return float(any(holds_answer(passage, answers) for passage in passages[:k]))


def choose(choices: Sequence[str], said: Sequence[str]) -> str | None:
    """Return the choice that an answer means: the one that shares most words with the first text to share any."""
    for text in said:
        shares = [squad_f1(text, choice) for choice in choices]
        if max(shares, default=0.0) > 0:
            return choices[shares.index(max(shares))]
    return None


def best_f1(outcomes: Sequence[Outcome]) -> float:
    """Return the F1 over all questions at the confidence that suits them best (SQuAD 2.0's `best_f1`).

    Each outcome has the best answer there was. Below the threshold a question counts as refused, which scores 1 where
    it has no answer and 0 where it has.
    """
    ordered = sorted(outcomes, key=lambda outcome: -outcome.confidence)
    total = best = float(sum(not outcome.answerable for outcome in ordered))
    for place, outcome in enumerate(ordered):
        total += outcome.f1 if outcome.answerable else -1.0
        if place + 1 == len(ordered) or ordered[place + 1].confidence != outcome.confidence:
            best = max(best, total)
    return best / len(ordered)


def area_under_curve(positive: Sequence[bool], scores: Sequence[float]) -> float:
    """Return the chance that a positive scores above a negative, ties counted half (ROC AUC)."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(positive, scores))


def within_words(passages: Iterable[str], words: int) -> list[str]:
    """Return what the first so many words of passages hold; the passage that goes past them is cut there."""
    kept = []
    left = words
    for passage in passages:
        own = passage.split()
        kept.append(passage if len(own) <= left else " ".join(own[:left]))
        left -= len(own)
        if left <= 0:
            break
    return kept


def recall_within_words(passages: Iterable[str], quotes: Sequence[str], words: int) -> float:
    """Return the share of the quotes that the first so many words hold, each whole within one passage."""
    kept = within_words(passages, words)
    return rank_quotes(quotes, kept).recall(len(kept))
