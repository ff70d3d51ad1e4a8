"""MultiHop-RAG: is the evidence of questions that need several articles found, and are they answered?

    python benchmarks/multihop.py --data DATA --work WORK

Every question with evidence is searched for, beside plain BM25 in the same run; a sample is answered.
"""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import bm25s
from data import records, sample
from harness import (
    TODAY,
    Asked,
    Bench,
    answer,
    examine_answers,
    index_articles,
    of_type,
    open_pipelines,
    run,
    score_row,
    to_question,
)
from measures import mean

from corpus.read import read_file
from corpus.sentences import sentence_spans
from corpus.types import Article
from qa.evaluation.answers import squad_normal
from qa.evaluation.retrieval import Ranked, rank_quotes, score_ranks
from qa.pipeline import Pipeline
from qa.questions import QuestionRecord
from qa.training.examples import share_of
from qa.training.sources import HELD_OUT_MULTIHOP

ANSWERED = 400
DEPTH = 10
CHUNK_WORDS = 190  # the published baseline's recipe
TYPES = ("inference", "comparison", "temporal", "null")
SCORES = ("accuracy", "em", "f1", "refusal_recall", "refusal_precision", "citation_precision")


def measure(bench: Bench) -> dict[str, Any]:
    """Search for every question with evidence, answer some of all."""
    articles = bench.data / "multihop_rag" / "articles.jsonl.gz"
    every = [to_question(record) for record in records(bench.data / "multihop_rag" / "questions.jsonl.gz")]
    searched = [question for question in every if question.evidence]
    unseen = [question for question in every if share_of(question.question) < HELD_OUT_MULTIHOP]
    asked = [Asked(question) for question in sample(unseen, bench.most)]
    index = index_articles(bench, "multihop", articles)
    with open_pipelines(index) as (pipeline, _):
        found, times = _timed(dateline(pipeline, searched))
        answers = answer(pipeline, asked)
    outcomes = examine_answers(index, asked, answers).outcomes
    plain, plain_times = _timed(plain_bm25(articles, searched))
    return {
        "sample": f"retrieval: all {len(searched)} questions with evidence; answers: {len(asked)} "
        f"of the {len(unseen)} of {len(every)} that training left out",
        "tables": {
            "retrieval": {
                "Dateline": retrieval_row(searched, found) | {"ms": statistics.median(times)},
                "plain BM25": retrieval_row(searched, plain) | {"ms": statistics.median(plain_times)},
            },
            "answers": {label: score_row(of_type(outcomes, label), SCORES) for label in TYPES}
            | {"all": score_row(outcomes, SCORES), "constant answers": _constant([item.question for item in asked])},
        },
    }


def _constant(questions: Sequence[QuestionRecord]) -> dict[str, Any]:
    """Score the most frequent answer of each type, which says what a score is worth; a question of none is refused."""
    given = {
        label: Counter(_first(question) for question in questions if label in question.types).most_common(1)
        for label in TYPES
    }
    right = [float(given[question.types[0]][0][0] == _first(question)) for question in questions]
    return {"questions": len(questions), "accuracy": mean(right)}


def _first(question: QuestionRecord) -> str:
    return squad_normal(question.answers[0]) if question.answers else ""


def retrieval_row(questions: Sequence[QuestionRecord], found: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Score the first ten texts found for each question by where its quotes are."""
    ranked = {
        question.id: rank_quotes([item.quote for item in question.evidence], texts[:DEPTH])
        for question, texts in zip(questions, found, strict=True)
    }
    every = list(ranked.values())
    return {
        "questions": len(questions),
        "hit@4": mean([float(one.recall(4) > 0) for one in every]),
        "hit@10": mean([float(one.recall(10) > 0) for one in every]),
        "mrr@10": mean([score.mrr for score in score_ranks(ranked).values()]),
        "evidence_recall@4": mean([one.recall(4) for one in every]),
        "evidence_recall@10": mean([one.recall(10) for one in every]),
        "all_evidence@10": mean([_all_found(one) for one in every]),
    }


def _all_found(ranked: Ranked) -> float:
    return float(None not in ranked.found_at)


def dateline(pipeline: Pipeline, questions: Sequence[QuestionRecord]) -> Iterator[list[str]]:
    """Yield the passages that Dateline finds for each question, best first."""
    for question in questions:
        yield [item.hit.passage.text for item in pipeline.search(question.question, k=DEPTH, today=TODAY)]


def plain_bm25(path: Path, questions: Sequence[QuestionRecord]) -> Iterator[list[str]]:
    """Yield sentence chunks of about 190 words, with title, source and date in front, ranked by BM25 (Robertson)."""
    articles = [item for item in read_file(path) if isinstance(item, Article)]
    chunks = [chunk for article in articles for chunk in _chunks(article)]
    index = bm25s.BM25()
    index.index(bm25s.tokenize(chunks, show_progress=False), show_progress=False)
    for question in questions:
        asked = bm25s.tokenize([question.question], show_progress=False)
        places, _ = index.retrieve(asked, k=DEPTH, show_progress=False)
        yield [chunks[place] for place in places[0]]


def _chunks(article: Article) -> list[str]:
    header = f"{article.title} | {article.source} | {article.published_day}\n"
    chunks, start, words = [], 0, 0
    spans = sentence_spans(article.text)
    for place, (begin, end) in enumerate(spans):
        words += len(article.text[begin:end].split())
        if words >= CHUNK_WORDS or place == len(spans) - 1:
            chunks.append(header + article.text[start:end])
            start, words = end, 0
    return chunks


def _timed(found: Iterator[list[str]]) -> tuple[list[list[str]], list[float]]:
    """Return what was found for each question, and the milliseconds that each took; the first also warms up."""
    texts, times = [], []
    started = time.perf_counter()
    for one in found:
        texts.append(one)
        times.append((time.perf_counter() - started) * 1000)
        started = time.perf_counter()
    return texts, times


if __name__ == "__main__":
    run("multihop", __doc__ or "", measure, most=ANSWERED)
