"""RealTimeQA: weekly news quizzes asked of 26,829 articles, with choices that only the scoring sees.

    python benchmarks/realtimeqa.py --data DATA --work WORK

Indexing the articles takes a while the first time; what it cost is kept beside the index and shown. `--articles` takes
fewer: all that the quiz's own search had found for the questions asked, and others drawn with a fixed seed.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from data import records, sample, write_part
from harness import (
    BYTES_PER_MB,
    Asked,
    Bench,
    answer,
    examine_answers,
    index_articles,
    open_pipelines,
    run,
    score_row,
    to_question,
)
from measures import answer_recall, choose, mean

from qa.evaluation.given import GivenAnswer
from qa.evaluation.outcome import Outcome
from qa.evaluation.run import peak_memory_mb
from qa.pipeline import Pipeline
from qa.questions import QuestionRecord
from qa.training.examples import share_of
from qa.training.quiz import HELD_OUT_QUIZ

ASKED = 300  # of each of the two samples
ARTICLES = 26_829
ANSWER_KNOWN = "to 2023, answer known to be there"
KNOWN_UNTIL = date(2023, 12, 31)
CUTOFFS = (1, 5, 10, 20)
SCORES = ("em", "f1")
TIMES = ("latency_p50_ms", "latency_p95_ms")  # of the first time only: what was read once is remembered


def measure(bench: Bench) -> dict[str, Any]:
    """Ask a sample of all questions, and one of those whose answer some article is known to hold."""
    every = list(records(bench.data / "realtimeqa" / "questions.jsonl.gz"))
    every = [record for record in every if record["answers"] and share_of(record["date"]) < HELD_OUT_QUIZ]
    known = [record for record in every if record["answer_in"] and record["date"] <= KNOWN_UNTIL.isoformat()]
    samples = {"all questions": sample(every, bench.most), ANSWER_KNOWN: sample(known, bench.most)}
    index = index_some(bench, [record for chosen in samples.values() for record in chosen])
    rows, found = {}, {}
    with open_pipelines(index) as (careful, forced):
        for name, chosen in samples.items():
            found[name] = _search(careful, chosen)
            rows[name] = _answer(index, careful, chosen, (*SCORES, *TIMES))
            rows[f"{name}, never refusing"] = _answer(index, forced, chosen, SCORES)
        cost = _cost(index, careful)
    return {
        "sample": f"{cost['articles']:,} of {ARTICLES:,} articles; of the questions that training left out "
        f"{len(samples['all questions'])} of {len(every)}, and {len(samples[ANSWER_KNOWN])} of the {len(known)} to the "
        "end of 2023 whose answer is known to stand in some article",
        "tables": {"passages": found, "answers": rows, "cost": {"Dateline": cost}},
    }


def index_some(bench: Bench, asked: Sequence[dict[str, Any]]) -> Path:
    """Index the articles, or so many of them with all that was found for the questions asked."""
    articles = bench.data / "realtimeqa" / "articles.jsonl.gz"
    if bench.articles < ARTICLES:
        wanted = {identity for record in asked for identity in record["searched"]}
        articles = write_part(bench.work / "realtimeqa.jsonl", articles, bench.articles, wanted)
    return index_articles(bench, "realtimeqa", articles)


def _search(pipeline: Pipeline, chosen: Sequence[dict[str, Any]]) -> dict[str, Any]:
    recalls: dict[int, list[float]] = {k: [] for k in CUTOFFS}
    times = []
    for record in chosen:
        started = time.perf_counter()
        hits = pipeline.search(record["question"], k=max(CUTOFFS), today=date.fromisoformat(record["date"]))
        times.append((time.perf_counter() - started) * 1000)
        passages = [item.hit.passage.text for item in hits]
        for k in CUTOFFS:
            recalls[k].append(answer_recall(passages, record["answers"], k))
    return {
        "questions": len(chosen),
        **{f"answer_recall@{k}": mean(recalls[k]) for k in CUTOFFS},
        "p50 ms": statistics.median(times),
        "p95 ms": statistics.quantiles(times, n=20)[-1],
    }


def _answer(index: Path, pipeline: Pipeline, chosen: Sequence[dict[str, Any]], scores: Sequence[str]) -> dict[str, Any]:
    asked = [Asked(_plain(record)) for record in chosen]
    answers = answer(pipeline, asked)
    outcomes = examine_answers(index, asked, answers).outcomes
    return score_row(outcomes, scores) | {
        "answered": mean([float(not outcome.refused) for outcome in outcomes]),
        "choice": mean([_chosen(*each) for each in zip(chosen, answers, outcomes, strict=True)]),
    }


def _plain(record: dict[str, Any]) -> QuestionRecord:
    """Return the question without what the quiz knows of where its answer is."""
    return to_question({key: record[key] for key in ("id", "question", "answers", "answerable", "date")})


def _chosen(record: dict[str, Any], given: GivenAnswer, outcome: Outcome) -> float:
    said = () if outcome.refused else (given.short_answer, given.text)
    return float(choose(record["choices"], said) in record["answers"])


def _cost(index: Path, pipeline: Pipeline) -> dict[str, Any]:
    status = pipeline.store.status()
    beside = index.with_suffix(".json")
    built = json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else {}
    whole = built.get("articles") == status.articles  # else it was made in several runs, whose time is not known
    return {
        "articles": status.articles,
        "passages": status.passages,
        "index minutes": built["seconds"] / 60 if whole else None,
        "index peak MB": built["peak MB"] if whole else None,
        "MB on disk": sum(status.bytes_on_disk.values()) / BYTES_PER_MB,
        "answering peak MB": peak_memory_mb(),
    }


if __name__ == "__main__":
    run("realtimeqa", __doc__ or "", measure, most=ASKED)
