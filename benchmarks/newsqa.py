"""NewsQA: questions about one CNN article each, asked of that article and of all of them.

    python benchmarks/newsqa.py --data DATA --work WORK

Many of the questions make sense only beside their article ("What did he say?"): asked of all articles they show how
much an answer depends on finding the right one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from data import records, sample
from harness import (
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

from qa.training.examples import share_of
from qa.training.sources import HELD_OUT_NEWSQA
from vectorstore.types import Filters

ASKED = 300
SCORES = ("em", "f1", "refusal_recall", "evidence_recall@1", "evidence_recall@5", "evidence_recall@20")


def measure(bench: Bench) -> dict[str, Any]:
    """Ask a sample twice: of the question's own article, and of all; each as it is set, and with no refusal."""
    every = [to_question(record) for record in records(bench.data / "newsqa" / "questions.jsonl.gz")]
    unseen = [item for item in every if share_of(item.evidence[0].article_id) < HELD_OUT_NEWSQA]
    openly = [Asked(question) for question in sample(unseen, bench.most)]
    given = [
        replace(item, filters=Filters(article_ids=frozenset({item.question.evidence[0].article_id}))) for item in openly
    ]
    index = index_articles(bench, "newsqa", bench.data / "newsqa" / "articles.jsonl.gz")
    rows = {}
    with open_pipelines(index) as (careful, forced):
        for name, asked in (("article given", given), ("all articles", openly)):
            for how, pipeline in (("", careful), (", never refusing", forced)):
                outcomes = examine_answers(index, asked, answer(pipeline, asked)).outcomes
                rows[name + how] = score_row(outcomes, SCORES) | {
                    "answered": sum(not outcome.refused for outcome in outcomes) / len(outcomes)
                }
    return {
        "sample": f"{len(openly)} of the {len(unseen)} questions of {len(every)} that training left out",
        "tables": {"answers": rows},
    }


if __name__ == "__main__":
    run("newsqa", __doc__ or "", measure, most=ASKED)
