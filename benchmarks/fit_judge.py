"""Fit the judge of the trained reader's candidates: a logistic regression of "this span is right".

    python benchmarks/fit_judge.py --index DIR --questions FILE [FILE ...] [--index DIR --questions ...]

Each `DIR` is an index over the articles that the question files after it ask about. A candidate is right when its short
answer equals a gold one. Prints the weights for `qa/judge.py` and, for each threshold, what it would answer and refuse.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
from fit_sentence_reader import Floats, fit

from qa.compose import short_answer
from qa.evaluation.answers import Setting, right
from qa.judge import FEATURES, JudgedReader
from qa.pipeline import Pipeline
from qa.questions import QuestionRecord, read_questions
from qa.retrieve import retrieve
from qa.settings import read_settings
from qa.span_reader import load_reader

TODAY = date(2026, 1, 1)
THRESHOLDS = (0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7)


def examples(index: Path, questions: list[QuestionRecord]) -> Iterator[tuple[Floats, Floats, Floats, bool]]:
    """Yield for each question its candidates' features, which are right, their F1, and whether it is answerable."""
    judged = JudgedReader(load_reader())
    with Pipeline.open(read_settings({}, index=index)) as pipeline:
        for question in questions:
            query = pipeline.understand(question.question, today=question.asked_on or TODAY, history=question.history)
            found = retrieve(pipeline.store, query, 20)
            ids = sorted({item.hit.passage.article_id for item in found})
            articles, times = pipeline.store.articles(ids), pipeline.store.times(ids)
            candidates, features = judged.features(query, found, articles, times)
            gold = pipeline.store.articles([item.article_id for item in question.evidence])
            days = [article.published_day for article in gold.values()]
            stands = Setting(published=tuple(day for day in days if day))
            given = [short_answer(candidate, articles[candidate.passage.article_id]) for candidate in candidates]
            scores = [right(answer, question.answers, stands=stands) for answer in given]
            pairs = np.asarray(scores, np.float64).reshape(-1, 2)
            yield features.astype(np.float64), pairs[:, 0], pairs[:, 1], bool(question.answers)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, action="append", required=True)
    parser.add_argument("--questions", type=Path, nargs="+", action="append", required=True)
    parser.add_argument("--most", type=int, default=600, help="questions taken of each file")
    arguments = parser.parse_args()
    groups = []
    for index, files in zip(arguments.index, arguments.questions, strict=True):
        for file in files:
            questions = list(read_questions(file))
            random.Random(1).shuffle(questions)
            groups += list(examples(index, questions[: arguments.most]))
    features, is_right = np.vstack([g[0] for g in groups]), np.concatenate([g[1] for g in groups])
    weights = fit(features, is_right)
    print("intercept", round(float(weights[0]), 3))
    for name, weight in zip(FEATURES, weights[1:], strict=True):
        print(f"{name:18} {weight:.3f}")
    report(groups, weights)


def report(groups: list[tuple[Floats, Floats, Floats, bool]], weights: Floats) -> None:
    """Print what each threshold answers and refuses."""
    best = [_best(x, r, f, weights) for x, r, f, _ in groups]
    answerable = np.asarray([a for *_, a in groups])
    score, is_right, f1 = (np.asarray(column) for column in zip(*best, strict=True))
    for threshold in THRESHOLDS:
        given = score >= threshold
        print(
            f"{threshold:.2f}  EM {np.mean((is_right * given)[answerable]):.3f}"
            f"  F1 {np.mean((f1 * given)[answerable]):.3f}  wrong {np.mean(((1 - is_right) * given)[answerable]):.3f}"
            f"  unanswerable refused {np.mean(~given[~answerable]) if (~answerable).any() else float('nan'):.3f}"
        )


def _best(features: Floats, is_right: Floats, f1: Floats, weights: Floats) -> tuple[float, float, float]:
    if not len(features):
        return 0.0, 0.0, 0.0
    chances = 1 / (1 + np.exp(-(features @ weights[1:] + weights[0])))
    place = int(chances.argmax())
    return float(chances[place]), float(is_right[place]), float(f1[place])


if __name__ == "__main__":
    main()
