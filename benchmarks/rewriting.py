"""Follow-up questions: is as much found as when a person had written the question out?

    python benchmarks/rewriting.py --data DATA --work WORK

`mtragun` has conversations with the passages that answer them. `rewrite` has a person's rewrite of each follow-up, but
no passages: there the articles that the person's question finds first are what the others should find, and the words of
the person's question what they should hold. Those are searched for among MultiHop-RAG's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from data import records, sample, write_records
from harness import TODAY, Bench, index_articles, open_pipelines, run
from measures import mean

from qa.evaluation.answers import squad_normal
from qa.evaluation.retrieval import Ranked, score_ranks
from qa.followup import standalone_question
from qa.pipeline import Pipeline

ASKED = 200
DEPTH = 10
LIKE_THE_PERSON = 3  # articles that the person's question finds first

Record = Mapping[str, Any]


def measure(bench: Bench) -> dict[str, Any]:
    """Search for each follow-up as asked, as Dateline rewrites it, and as a person did where one has."""
    judged = [record for record in records(bench.data / "mtragun" / "all.jsonl.gz") if record["contexts"]]
    follow_ups = [record for record in judged if len(_asked(record)) > 1]
    rewritten = list(records(bench.data / "rewrite" / "all.jsonl.gz"))
    ids = {text: f"passage {place}" for place, text in enumerate(_each_once(judged))}
    passages = [{"id": identity, "title": " ", "text": text} for text, identity in ids.items()]
    index = index_articles(bench, "rewriting", write_records(bench.work / "rewriting.jsonl", passages))
    relevant = {record["id"]: [ids[text] for text in dict.fromkeys(record["contexts"])] for record in follow_ups}
    with open_pipelines(index) as (pipeline, _):
        found = {
            "as asked": _search(pipeline, {r["id"]: _asked(r)[-1] for r in follow_ups}),
            "rewritten by Dateline": _search(pipeline, {r["id"]: _rewrite(_asked(r)) for r in follow_ups}),
        }
        rows = {name: _row(relevant, run_) for name, run_ in found.items()}
    large = index_articles(bench, "multihop", bench.data / "multihop_rag" / "articles.jsonl.gz")
    chosen = sample(rewritten, bench.most)
    with open_pipelines(large) as (pipeline, _):
        person = _search(pipeline, {record["id"]: record["rewrite"] for record in chosen})
        like = {key: ids[:LIKE_THE_PERSON] for key, ids in person.items()}
        texts = {
            "as asked": {r["id"]: r["question"] for r in chosen},
            "rewritten by Dateline": {r["id"]: _rewrite([*r["history"], r["question"]]) for r in chosen},
        }
        nearness = {name: _row(like, _search(pipeline, each)) for name, each in texts.items()}
    every = {
        "as asked": [record["question"] for record in rewritten],
        "rewritten by Dateline": [_rewrite([*record["history"], record["question"]]) for record in rewritten],
    }
    for name, said in every.items():
        nearness[name]["words"] = mean([_words(*each) for each in zip(said, rewritten, strict=True)])
    return {
        "sample": f"{len(follow_ups)} follow-ups of mtragun that have passages; {len(chosen)} of {len(rewritten)} of "
        "rewrite to search for, and the words of all",
        "tables": {"judged": rows, "like a person": nearness},
    }


def _asked(record: Record) -> list[str]:
    return [turn["text"].strip().strip('"') for turn in record["history"] if turn["who"] == "user"]


def _rewrite(questions: Sequence[str]) -> str:
    return standalone_question(questions[-1], questions[:-1])


def _each_once(judged: Sequence[Record]) -> list[str]:
    return list(dict.fromkeys(text for record in judged for text in record["contexts"]))


def _search(pipeline: Pipeline, questions: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the articles found for each question, best first, each once."""
    return {
        key: list(
            dict.fromkeys(item.hit.passage.article_id for item in pipeline.search(question, k=2 * DEPTH, today=TODAY))
        )[:DEPTH]
        for key, question in questions.items()
    }


def _row(relevant: Mapping[str, Sequence[str]], found: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    ranked = {}
    for key, wanted in relevant.items():
        places = {identity: rank for rank, identity in enumerate(found[key], start=1)}
        ranks = tuple(places.get(identity) for identity in wanted)
        ranked[key] = Ranked(ranks, tuple(sorted(rank for rank in ranks if rank)))
    scores = score_ranks(ranked)
    return {
        "questions": len(ranked),
        "recall@5": mean([one.recall(5) for one in ranked.values()]),
        "recall@10": mean([one.recall(10) for one in ranked.values()]),
        "mrr@10": mean([score.mrr for score in scores.values()]),
        "ndcg@10": mean([score.ndcg for score in scores.values()]),
    }


def _words(said: str, record: Record) -> float:
    """Return the share of the words of a person's rewrite that a question holds (ROUGE-1 recall, Lin 2004)."""
    wanted, held = (Counter(squad_normal(text).split()) for text in (record["rewrite"], said))
    return sum((wanted & held).values()) / sum(wanted.values())


if __name__ == "__main__":
    run("rewriting", __doc__ or "", measure, most=ASKED)
