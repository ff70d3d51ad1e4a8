"""Questions in time: stories told over several articles, and the shipped questions about days, with time on and off.

    [PART=dev] python benchmarks/stories.py --data DATA --work WORK

`DATA/story_clusters` holds stories written for this project and questions about them; their articles and the shipped
ones are in one index. The split is by story: the fourth of every four is test, which the reader has not seen and no
rule was made for. *Without order*, the window of days and the order that a question asks for are not read from it.
*Without time*, nothing is made of days at all: "yesterday" is answered as "yesterday". All three weigh
the same candidates. An answer must say its day by itself: gold answers such as "on Wednesday", which mean nothing
without their article, are not counted.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from data import records, sample
from harness import (
    TODAY,
    Asked,
    Bench,
    Remembering,
    examine_answers,
    index_articles,
    run,
    score_row,
    to_question,
)

from qa.evaluation.answers import denoted_days, right
from qa.evaluation.given import GivenAnswer, parse_answers
from qa.evaluation.outcome import Outcome
from qa.pipeline import Limits, Pipeline, open_reader
from qa.questions import QuestionRecord
from qa.records import answer_record, to_json
from qa.settings import read_settings
from qa.training.sources import is_held_out
from vectorstore.embedder import load_embedder
from vectorstore.store import Store

CORPUS = Path(__file__).parents[1] / "corpus"
PART = os.environ.get("PART", "test")  # the part asked; "dev" is what rules are made for
VARIANTS = {"with time": (True, True), "without order": (True, False), "without time": (False, False)}
Slice = Callable[[Outcome], bool]


def _of(*labels: str) -> Slice:
    """Return a slice: the answerable questions with one of these labels."""
    return lambda outcome: outcome.answerable and not set(labels).isdisjoint(outcome.types)


TYPES = ("relative", "year-inferred", "first", "latest", "ordinal", "original", "update", "asof", "before-after")
STORY_SLICES: Mapping[str, Slice] = {
    "all": lambda outcome: True,
    "answerable": lambda outcome: outcome.answerable,
    "relative and inferred dates": _of("relative", "year-inferred"),
    **{label: _of(label) for label in (*TYPES, "anniversary", "followup", "span")},
    "nulls refused": lambda outcome: not outcome.answerable,
}
SHIPPED_SLICES: Mapping[str, Slice] = {
    "all": lambda outcome: True,
    "relative date": _of("relative-date"),
    "first, latest, ordinal": _of("first", "latest", "ordinal"),
    "update, correction": _of("update", "correction"),
    "as of": _of("as-of"),
    "unanswerable refused": lambda outcome: not outcome.answerable,
}


def measure(bench: Bench) -> dict[str, Any]:
    """Index the stories and the shipped articles, and ask the questions of one part with time on and off."""
    index_articles(bench, "stories", bench.data / "story_clusters" / "articles.jsonl")
    index = index_articles(bench, "stories", CORPUS / "articles")
    stories = [to_question(record) for record in records(bench.data / "story_clusters" / "questions.jsonl")]
    stories = sample([question for question in stories if _part(question) == PART], bench.most)
    shipped = [
        to_question(record)
        for file in sorted((CORPUS / "questions").glob("*.jsonl"))
        for record in records(file)
        if record["split"] == PART
    ]
    shipped = sample(shipped, bench.most)
    told = _answer(index, [*stories, *shipped])
    return {
        "sample": f"{PART} part: {len(stories)} questions of the stories, {len(shipped)} of the shipped ones",
        "tables": {
            f"stories {PART}": _rows(index, stories, told, STORY_SLICES),
            f"shipped {PART}": _rows(index, shipped, told, SHIPPED_SLICES),
        },
    }


def _part(question: QuestionRecord) -> str:
    return "test" if is_held_out(question.id) else "dev"


def _answer(index: Path, questions: Sequence[QuestionRecord]) -> dict[str, dict[str, GivenAnswer]]:
    """Answer each question in each way: with time and what the question implies of it, and without."""
    wanted = read_settings(os.environ, index=index)
    embedder = load_embedder(wanted.model, device=wanted.device, dtype=wanted.dtype)
    lines: dict[str, list[bytes]] = {name: [] for name in VARIANTS}
    with Store.open(index, embedder) as store:
        reader = Remembering(open_reader(wanted, embedder))
        pipelines = {
            time: Pipeline(store, reader, Limits(wanted.passages, wanted.threshold, time=time))
            for time in (True, False)
        }
        for question in questions:
            today = question.asked_on or TODAY
            for name, (time, implied) in VARIANTS.items():
                given = pipelines[time].ask(question.question, today=today, history=question.history, implied=implied)
                lines[name].append(to_json(answer_record(given, question_id=question.id)).encode("utf-8"))
    return {name: {given.id: given for given in parse_answers("the answers", each)} for name, each in lines.items()}


def _rows(
    index: Path,
    questions: Sequence[QuestionRecord],
    told: Mapping[str, Mapping[str, GivenAnswer]],
    slices: Mapping[str, Slice],
) -> dict[str, dict[str, Any]]:
    """Return a row for each slice: the share right, with its interval, for each way of answering."""
    outcomes = {
        name: _examined(index, questions, [answers[question.id] for question in questions])
        for name, answers in told.items()
    }
    rows: dict[str, dict[str, Any]] = {}
    for label, holds in slices.items():
        for name, every in outcomes.items():
            chosen = [outcome for outcome in every if holds(outcome)]
            if chosen:
                row = score_row(chosen, ("accuracy",))
                rows.setdefault(label, {"questions": row["questions"]})[name] = row["accuracy"]
    return rows


def _examined(index: Path, questions: Sequence[QuestionRecord], answers: Sequence[GivenAnswer]) -> list[Outcome]:
    """Compare answers with the gold ones that say their day by themselves, where there are such."""
    outcomes = examine_answers(index, [Asked(question) for question in questions], answers).outcomes
    return [
        replace(outcome, exact=right(outcome.short_answer, _by_themselves(question))[0])
        for question, outcome in zip(questions, outcomes, strict=True)
    ]


def _by_themselves(question: QuestionRecord) -> Sequence[str]:
    return [gold for gold in question.answers if denoted_days(gold, None)] or question.answers


if __name__ == "__main__":
    run("stories", __doc__ or "", measure, most=10**9)
