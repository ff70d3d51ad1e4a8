"""Fit the weights of the sentence reader: a logistic regression of "this sentence holds the answer".

    python benchmarks/fit_sentence_reader.py --data DATA --index DIR

`DIR` is an index of `DATA/written_qa/articles.jsonl` and `DATA/story_clusters/articles.jsonl`. Questions are retrieved
over the whole index; a sentence is right when it holds the gold quote in the gold article. Prints the weights for
`qa/reader.py` and how often the best sentence is right.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from data import records
from numpy.typing import NDArray

from qa.pipeline import Pipeline
from qa.query import understand
from qa.reader import FEATURES, SentenceReader, find_sentences
from qa.retrieve import retrieve
from qa.settings import read_settings

SETS = (("written_qa", 500), ("story_clusters", 150))
PASSAGES = 12
STEPS = 30
RIDGE = 1e-6

Floats = NDArray[np.float64]


def questions(folder: Path) -> list[dict[str, Any]]:
    """Return a fixed sample of both written sets."""
    chosen = []
    for name, count in SETS:
        every = list(records(folder / name / "questions.jsonl"))
        random.Random(1).shuffle(every)
        chosen += every[:count]
    return chosen


def examples(pipeline: Pipeline, sample: list[dict[str, Any]]) -> Iterator[tuple[Floats, Floats]]:
    """Yield the features of every sentence read for a question, and whether each is right."""
    reader = SentenceReader(pipeline.store.embedder)
    for question in sample:
        query = understand(question["question"], asked_on=date(2025, 12, 31), history=question.get("history", ()))
        found = retrieve(pipeline.store, query, PASSAGES)
        ids = sorted({item.hit.passage.article_id for item in found})
        articles, times = pipeline.store.articles(ids), pipeline.store.times(ids)
        sentences = find_sentences(query, found, articles, times)
        gold = [(item["article_id"], " ".join(item.get("quote", "").split())) for item in question.get("evidence", ())]
        right = [
            any(
                sentence.passage.article_id == article and quote and quote in " ".join(text.split())
                for article, quote in gold
            )
            for sentence in sentences
            for text in [articles[sentence.passage.article_id].text[sentence.start : sentence.end]]
        ]
        yield reader.features(query, sentences, articles).astype(np.float64), np.asarray(right, np.float64)


def fit(features: Floats, right: Floats) -> Floats:
    """Return intercept and coefficients of a logistic regression, by Newton's method."""
    rows = np.hstack([np.ones((len(features), 1)), features])
    weights = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (chance - right) / len(right)
        curve = (rows * (chance * (1 - chance))[:, None]).T @ rows / len(right)
        weights -= np.linalg.solve(curve + RIDGE * np.eye(len(weights)), slope)
    return weights


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True)
    arguments = parser.parse_args()
    with Pipeline.open(read_settings({}, index=arguments.index)) as pipeline:
        groups = list(examples(pipeline, questions(arguments.data)))
    features, right = np.vstack([x for x, _ in groups]), np.concatenate([y for _, y in groups])
    weights = fit(features, right)
    print("intercept", round(float(weights[0]), 3))
    for name, weight in zip(FEATURES, weights[1:], strict=True):
        print(f"{name:18} {weight:.3f}")
    best = [(x @ weights[1:] + weights[0]).argmax() for x, _ in groups]
    print("best sentence right:", np.mean([y[i] for (_, y), i in zip(groups, best, strict=True) if y.any()]))


if __name__ == "__main__":
    main()
