"""Fit the judge of the trained reader's candidates: a choice between them and no answer.

    python benchmarks/fit_judge.py --work WORK [--most N]

It is fitted on questions that the reader was not trained on: the development half of the shipped ones, asked of the
shipped articles, and the written ones and stories that the recipe holds out, asked of all articles that are ours. What
`qa.admission` makes of a candidate's signs of time is part of its odds. A candidate is right when its short answer
equals a gold one. Prints the weights for `qa/judge.py` and, for each threshold, what it
would answer and refuse.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from data import SEED, records
from harness import EVERY, TODAY, Bench, index_articles
from numpy.typing import NDArray

from qa.admission import admit
from qa.compose import answer_to
from qa.evaluation.answers import Setting, right
from qa.judge import FEATURES, JudgedReader
from qa.pipeline import Limits, Pipeline
from qa.query import without_as_of
from qa.questions import QuestionRecord, parse_question
from qa.retrieve import retrieve, worth_reading
from qa.settings import read_settings
from qa.span_reader import RANK_PRIOR, UNFITTED, SpanReader, load_reader
from qa.training.__main__ import PACKAGED_DATA
from qa.training.examples import share_of
from qa.training.sources import HELD_OUT_WRITTEN, RIVALS_IN_A_CYCLE, is_held_out

Floats = NDArray[np.float64]

CORPUS = Path(__file__).parents[1] / "corpus"
FOLDS = 5
RIDGE = 1e-3
FAR = -1e4  # the utility of what is not there
THRESHOLDS = (0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7)


@dataclass(frozen=True)
class Group:
    """The candidates of one question that can answer it: features (candidates, features), the log of what their signs
    of time leave of their odds, short answers, and how right each is."""

    features: Floats
    in_time: Floats
    answers: list[str]
    exact: Floats
    f1: Floats
    answerable: bool


def shipped(bench: Bench) -> tuple[Path, list[QuestionRecord]]:
    """Return an index of the shipped articles, and the shipped questions that are for development."""
    index = index_articles(bench, "shipped", CORPUS / "articles")
    asked = [record for file in sorted((CORPUS / "questions").glob("*.jsonl")) for record in records(file)]
    return index, [parse_question(json.dumps(record).encode()) for record in asked if record["split"] == "dev"]


def written(bench: Bench) -> tuple[Path, list[QuestionRecord]]:
    """Return an index of all articles that are ours, and the written questions that no reader was trained on."""
    asked = records(PACKAGED_DATA / "written_qa" / "questions.jsonl.gz")
    return _ours(bench), [parse_question(json.dumps(record).encode()) for record in asked if _held_out(record)]


def rivals(bench: Bench) -> tuple[Path, list[QuestionRecord]]:
    """Return an index of all articles that are ours, and the questions on the stories that no reader was trained on."""
    asked = records(PACKAGED_DATA / "rivals" / "questions.jsonl.gz")
    left_out = (record for record in asked if is_held_out(record["id"], RIVALS_IN_A_CYCLE))
    return _ours(bench), [parse_question(json.dumps(record).encode()) for record in left_out]


def _ours(bench: Bench) -> Path:
    for name in ("written_qa", "story_clusters", "rivals"):
        index_articles(bench, "ours", PACKAGED_DATA / name / "articles.jsonl.gz")
    return index_articles(bench, "ours", CORPUS / "articles")


def _held_out(record: dict[str, Any]) -> bool:
    about = record["evidence"][0]["article_id"] if record["answerable"] else record["near"][0]
    return share_of(about) < HELD_OUT_WRITTEN


def examples(index: Path, questions: Sequence[QuestionRecord]) -> Iterator[Group]:
    """Yield the candidates of each question."""
    with Pipeline.open(read_settings({}, index=index, reader="sentences")) as pipeline:
        judged = JudgedReader(SpanReader(load_reader().scorer, UNFITTED, rank_prior=RANK_PRIOR))
        for question in questions:
            query = pipeline.understand(question.question, today=question.asked_on or TODAY, history=question.history)
            found = retrieve(pipeline.store, query, Limits().passages)
            ids = sorted({item.hit.passage.article_id for item in found})
            articles, times = pipeline.store.articles(ids), pipeline.store.times(ids)
            every, features = judged.features(without_as_of(query), worth_reading(found), articles, times)
            # Alone with as much of no answer, an admitted candidate's odds are what its signs of time leave it.
            admitted = [admit(query, [replace(one, score=0.5)], articles, times) for one in every]
            able = [place for place, some in enumerate(admitted) if some]
            candidates = [admitted[place][0] for place in able]
            chances = np.asarray([candidate.score for candidate in candidates], np.float64)
            gold = pipeline.store.articles([item.article_id for item in question.evidence])
            stands = Setting(published=tuple(day for a in gold.values() if (day := a.published_day)))
            given = [answer_to(query, candidate, articles[candidate.passage.article_id]) for candidate in candidates]
            scores = np.asarray([right(answer, question.answers, stands=stands) for answer in given], np.float64)
            exact, f1 = scores.reshape(-1, 2).T
            in_time = np.log(chances) - np.log1p(-chances)
            yield Group(features[able].astype(np.float64), in_time, given, exact, f1, bool(question.answers))


def fit(groups: Sequence[Group]) -> tuple[Floats, float]:
    """Return the weights of a conditional logit (McFadden 1974) and the utility of no answer.

    Its likelihood is that of choosing any right candidate, or no answer where none is right.
    """
    rows = np.vstack([group.features for group in groups])
    mean, spread = rows.mean(0), rows.std(0) + 1e-6
    most = max(len(group.features) for group in groups)
    features = torch.zeros(len(groups), most, len(FEATURES))
    in_time = torch.zeros(len(groups), most)
    is_right, is_there = (
        torch.zeros(len(groups), most, dtype=torch.bool),
        torch.zeros(len(groups), most, dtype=torch.bool),
    )
    for place, group in enumerate(groups):
        count = len(group.features)
        features[place, :count] = torch.as_tensor((group.features - mean) / spread, dtype=torch.float32)
        in_time[place, :count] = torch.as_tensor(group.in_time)
        is_right[place, :count] = torch.as_tensor(group.exact > 0)
        is_there[place, :count] = True
    weights, nothing = torch.zeros(len(FEATURES), requires_grad=True), torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights, nothing], max_iter=200)

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        utilities = features @ weights + in_time
        none = nothing.expand(len(groups), 1)
        every = torch.cat([utilities.masked_fill(~is_there, FAR), none], 1).logsumexp(1)
        right_ones = utilities.masked_fill(~is_right, FAR)
        chosen = torch.cat([right_ones, none.masked_fill(is_right.any(1, keepdim=True), FAR)], 1).logsumexp(1)
        value = (every - chosen).mean() + RIDGE * (weights**2).sum()
        value.backward()
        return value

    optimizer.step(loss)
    scaled = weights.detach().numpy().astype(np.float64) / spread
    return scaled, float(nothing.item() + mean @ scaled)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="folder where indexes are made and kept")
    parser.add_argument("--most", type=int, default=300, help="questions taken of each set")
    options = parser.parse_args()
    bench = Bench("fit_judge", PACKAGED_DATA, options.work, options.most, EVERY)
    groups: list[Group] = []
    for index, questions in (shipped(bench), written(bench), rivals(bench)):
        random.Random(SEED).shuffle(questions)
        groups += examples(index, questions[: bench.most])
    weights, nothing = fit(groups)
    print("nothing", round(nothing, 3))
    for name, weight in zip(FEATURES, weights, strict=True):
        print(f"{name:18} {weight:.3f}")
    report(groups)


def report(groups: Sequence[Group]) -> None:
    """Print what each threshold answers and refuses, each question judged by weights fitted without its fifth."""
    judged: list[tuple[float, float, float, bool]] = []
    for fold in range(FOLDS):
        weights, nothing = fit([group for place, group in enumerate(groups) if place % FOLDS != fold])
        judged += [_best(group, weights, nothing) for place, group in enumerate(groups) if place % FOLDS == fold]
    score, exact, f1, answerable = (np.asarray(column) for column in zip(*judged, strict=True))
    answerable = answerable.astype(bool)
    for threshold in THRESHOLDS:
        given = score >= threshold
        print(
            f"{threshold:.2f}  EM {np.mean((exact * given)[answerable]):.3f}"
            f"  F1 {np.mean((f1 * given)[answerable]):.3f}  wrong {np.mean(((1 - exact) * given)[answerable]):.3f}"
            f"  unanswerable refused {np.mean(~given[~answerable]) if (~answerable).any() else float('nan'):.3f}"
        )


def _best(group: Group, weights: Floats, nothing: float) -> tuple[float, float, float, bool]:
    """Return the chance of the best answer, what equal candidates say added up, and how right it is."""
    if not len(group.features):
        return 0.0, 0.0, 0.0, group.answerable
    utilities = group.features @ weights + group.in_time - nothing
    chances = np.exp(utilities - np.logaddexp(0.0, np.logaddexp.reduce(utilities)))
    totals = {
        answer: sum(c for a, c in zip(group.answers, chances, strict=True) if a == answer) for answer in group.answers
    }
    best = max(totals, key=lambda answer: totals[answer])
    place = group.answers.index(best)
    return float(totals[best]), float(group.exact[place]), float(group.f1[place]), group.answerable


if __name__ == "__main__":
    main()
