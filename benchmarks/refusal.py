"""Does it know what is not there? CLAP NQ, a sample of SQuAD 2.0, and RGB's noise and counterfactual passages.

    python benchmarks/refusal.py --data DATA --work WORK

Each question is asked of its own passages only: the rest of the index is filtered out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from data import records, sample, write_records
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
from measures import area_under_curve, best_f1, holds_answer, mean

from qa.evaluation.given import GivenAnswer
from qa.evaluation.outcome import Outcome
from qa.evaluation.texts import bare
from qa.pipeline import Pipeline
from vectorstore.types import Filters

PASSAGES = 5  # that RGB gives with each question
NOISE = (0.0, 0.2, 0.4, 0.6, 0.8)  # RGB's shares of passages that do not hold the answer
SCORES = ("refusal_precision", "refusal_recall", "refusal_f1", "em", "f1")

Record = Mapping[str, Any]


def measure(bench: Bench) -> dict[str, Any]:
    """Index the passages of the three sets and ask each question of its own."""
    clapnq = sample(list(records(bench.data / "clapnq" / "all.jsonl.gz")), bench.most)
    squad = sample(list(records(bench.data / "squad2" / "all.jsonl.gz")), bench.most)
    rgb = sample(list(records(bench.data / "rgb" / "all.jsonl.gz")), bench.most)
    articles = [
        *({"id": record["id"], "title": record["title"], "text": record["passage"]} for record in clapnq),
        *({"id": record["id"], "title": " ", "text": record["context"]} for record in squad),
        *(_passage(record, kind, place) for record in rgb for kind in KINDS for place in range(len(record[kind]))),
    ]
    index = index_articles(bench, "refusal", write_records(bench.work / "refusal.jsonl", articles))
    with open_pipelines(index) as (careful, forced):
        refusals = {
            name: _refusals(index, careful, forced, asked)
            for name, asked in (("CLAP NQ", _ask_clapnq(clapnq)), ("SQuAD 2.0 sample", _ask_squad(squad)))
        }
        robust = {f"noise {share:.0%}": _rgb(careful, rgb, _noisy(share)) for share in NOISE}
        robust["only noise"] = _rgb(careful, rgb, _noisy(1.0))
        robust["only counterfactual"] = _rgb(careful, rgb, lambda record: _ids(record, "positive_wrong"))
        robust["true and counterfactual"] = _rgb(careful, rgb, _both)
    return {
        "sample": f"{len(clapnq)} of CLAP NQ, {len(squad)} of SQuAD 2.0, {len(rgb)} of RGB",
        "tables": {"refusals": refusals, "rgb": robust},
    }


KINDS = ("positive", "negative", "positive_wrong")


def _passage(record: Record, kind: str, place: int) -> dict[str, str]:
    return {"id": f"{record['id']} {kind} {place}", "title": " ", "text": record[kind][place]}


def _ask_clapnq(every: Iterable[Record]) -> list[Asked]:
    """Ask for what people answered; what they chose of the passage is the evidence."""
    return [
        _ask(
            record["id"],
            record["question"],
            [record["answer"]] if record["answer"] else [],
            [{"article_id": record["id"], "quote": quote} for quote in record["selected_sentences"]],
        )
        for record in every
    ]


def _ask_squad(every: Iterable[Record]) -> list[Asked]:
    return [_ask(record["id"], record["question"], record["answers"], []) for record in every]


def _ask(identity: str, question: str, answers: Sequence[str], evidence: Sequence[Record]) -> Asked:
    record = {"id": identity, "question": question, "answers": answers, "answerable": bool(answers)}
    return Asked(to_question({**record, "evidence": evidence}), Filters(article_ids=frozenset({identity})))


def _refusals(index: Any, careful: Pipeline, forced: Pipeline, asked: Sequence[Asked]) -> dict[str, Any]:
    """Score refusals as it is set; and, from the best answer of each question, what confidence tells."""
    given = answer(careful, asked)
    outcomes = examine_answers(index, asked, given).outcomes
    best = examine_answers(index, asked, answer(forced, asked)).outcomes
    sure = [0.0 if outcome.refused else outcome.confidence for outcome in best]
    return score_row(outcomes, SCORES) | {
        "best F1": best_f1(best),
        "confidence AUC": area_under_curve([outcome.answerable for outcome in best], sure),
        "chosen": mean(_from_chosen(asked, given, outcomes)),
    }


def _from_chosen(asked: Sequence[Asked], given: Sequence[GivenAnswer], outcomes: Sequence[Outcome]) -> list[float]:
    """Return for each answer to an answerable question whether its first citation is of a sentence people chose."""
    found = []
    for item, answered, outcome in zip(asked, given, outcomes, strict=True):
        if item.question.evidence and not outcome.refused:
            cited = bare(answered.citations[0].quote)
            chosen = "".join(bare(piece.quote) for piece in item.question.evidence)
            found.append(float(cited in chosen))
    return found


def _ids(record: Record, kind: str, most: int = PASSAGES) -> list[str]:
    return [f"{record['id']} {kind} {place}" for place in range(len(record[kind]))][:most]


def _noisy(share: float) -> Any:
    """Return what chooses RGB's five passages, of which this share does not hold the answer."""

    def choose(record: Record) -> list[str]:
        noise = round(PASSAGES * share)
        return _ids(record, "positive", PASSAGES - noise) + _ids(record, "negative", noise)

    return choose


def _both(record: Record) -> list[str]:
    return _ids(record, "positive", 2) + _ids(record, "positive_wrong", 2)


def _rgb(pipeline: Pipeline, every: Sequence[Record], choose: Any) -> dict[str, Any]:
    """Ask each question of the passages chosen for it; an answer is right when it holds the expected words."""
    asked = [
        Asked(
            to_question({"id": record["id"], "question": record["question"], "answers": _texts(record["answer"])}),
            Filters(article_ids=frozenset(choose(record))),
        )
        for record in every
    ]
    given = answer(pipeline, asked)
    said = ["" if item.refused else f"{item.short_answer}\n{item.text}" for item in given]
    return {
        "questions": len(every),
        "right": mean([float(holds_answer(text, _texts(r["answer"]))) for text, r in zip(said, every, strict=True)]),
        "false": mean([float(holds_answer(text, [r["fakeanswer"]])) for text, r in zip(said, every, strict=True)]),
        "refused": mean([float(item.refused) for item in given]),
    }


def _texts(answer: str | Sequence[Any]) -> list[str]:
    """Return the answers of RGB, which are a text or lists of them, in lists."""
    return [answer] if isinstance(answer, str) else [text for item in answer for text in _texts(item)]


if __name__ == "__main__":
    run("refusal", __doc__ or "", measure, most=1000)
