"""Reports as JSON, and back from it as a baseline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from qa.errors import RecordError, about_file
from qa.evaluation.bootstrap import Difference, Score
from qa.evaluation.citations import Checked
from qa.evaluation.compare import Comparison
from qa.evaluation.metrics import BY_NAME
from qa.evaluation.outcome import EvidenceProblem, Examined, Outcome
from qa.evaluation.report import Report
from qa.evaluation.retrieval import RankScores

FORMAT = 1  # a change that an older Dateline could not compare with takes the next number
KEY = "dateline_report"
DIGITS = 4
MS_DIGITS = 1


def report_record(report: Report, *, details: bool = False) -> dict[str, Any]:
    """Return the record of a report: all but `timings` is the same from run to run.

    With `details` each question comes with its citations and what was retrieved.
    """
    items = report.examination.items
    return {
        KEY: FORMAT,
        "dateline": report.version,
        "name": report.name,
        "questions": len(items),
        "scores": _scores(report.scores, timing=False),
        "by_type": {label: _scores(scores, timing=False) for label, scores in report.by_type.items()},
        "reliability": [
            {
                "from": bin_.low,
                "to": bin_.high,
                "count": bin_.count,
                "confidence": round(bin_.confidence, DIGITS),
                "right": round(bin_.right, DIGITS),
            }
            for bin_ in report.reliability
        ],
        "risk_coverage": [
            {"coverage": round(coverage, DIGITS), "risk": round(risk, DIGITS)} for coverage, risk in report.risk
        ],
        "warnings": list(report.warnings),
        "evidence_problems": [_problem(problem) for problem in report.examination.problems],
        "comparison": _comparison(report.comparison) if report.comparison else None,
        "timings": {
            **_scores(report.scores, timing=True),
            "by_type": {label: _scores(scores, timing=True) for label, scores in report.by_type.items()},
            "peak_memory_mb": report.peak_memory_mb,
            "total_ms": {item.outcome.id: item.outcome.total_ms for item in items},
        },
        "outcomes": [{**_outcome(item), **(_details(item) if details else {})} for item in items],
    }


def _scores(scores: dict[str, Score], *, timing: bool) -> dict[str, Any]:
    return {
        name: {
            "value": _rounded(score.value, timing),
            "low": _rounded(score.low, timing),
            "high": _rounded(score.high, timing),
            "count": score.count,
        }
        for name, score in scores.items()
        if BY_NAME[name].timing == timing
    }


def _rounded(value: float | None, timing: bool) -> float | None:
    return None if value is None else round(value, MS_DIGITS if timing else DIGITS)


def _problem(problem: EvidenceProblem) -> dict[str, Any]:
    return {
        "question_id": problem.question_id,
        "article_id": problem.article_id,
        "quote": problem.quote,
        "problem": str(problem),
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "baseline": comparison.baseline,
        "differences": {name: _difference(change) for name, change in comparison.differences.items()},
        "better": list(comparison.better),
        "worse": list(comparison.worse),
        "changed": list(comparison.changed),
        "only_here": list(comparison.only_here),
        "only_in_baseline": list(comparison.only_there),
    }


def _difference(change: Difference) -> dict[str, Any]:
    numbers = {
        "before": change.before,
        "after": change.after,
        "change": change.change,
        "low": change.low,
        "high": change.high,
        "p": change.p,
    }
    return {**{name: round(number, DIGITS) for name, number in numbers.items()}, "real": change.real}


def _outcome(item: Examined) -> dict[str, Any]:
    outcome = item.outcome
    return {
        "id": outcome.id,
        "question": item.question.question,
        "type": list(outcome.types),
        "answerable": outcome.answerable,
        "expected": list(item.question.answers),
        "given": outcome.short_answer,
        "refused": outcome.refused,
        "right": outcome.right,
        "confidence": outcome.confidence,
        "em": outcome.exact,
        "f1": outcome.f1,
        "citations": outcome.citations,
        "citations_right": outcome.citations_right,
        "quotes_exact": outcome.quotes_exact,
        "found_at": None if outcome.found_at is None else list(outcome.found_at),
        "ranks": None
        if outcome.ranks is None
        else {
            "mrr@10": outcome.ranks.mrr,
            "map@10": outcome.ranks.map,
            "ndcg@10": outcome.ranks.ndcg,
        },
    }


def _details(item: Examined) -> dict[str, Any]:
    return {
        "date": item.question.asked_on.isoformat() if item.question.asked_on else "",
        "history": list(item.question.history),
        "evidence": [{"article_id": piece.article_id, "quote": piece.quote} for piece in item.evidence],
        "status": item.answer.status.value,
        "answer": item.answer.text,
        "reason": item.answer.reason,
        "cited": [_checked(checked) for checked in item.checked],
        "retrieved": [{"article_id": hit.article_id, "start": hit.start, "end": hit.end} for hit in item.answer.hits],
    }


def _checked(checked: Checked) -> dict[str, Any]:
    cited = checked.cited
    return {
        "number": cited.number,
        "article_id": cited.article_id,
        "start": cited.start,
        "end": cited.end,
        "quote": cited.quote,
        "exact": checked.exact,
        "holds_what_is_claimed": checked.holds,
        "from_evidence": checked.from_evidence,
    }


def read_baseline(path: Path) -> tuple[Outcome, ...]:
    """Return the outcomes of a report that was written as JSON. Raises RecordError when it cannot be compared with."""
    try:
        with about_file("read", path):
            record = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise RecordError(f"{path} is not JSON, so it is no report of `dateline eval`: {error}") from None
    if not isinstance(record, dict) or KEY not in record:
        raise RecordError(f"{path} is not a report of `dateline eval`: name a report.json that it wrote")
    if record[KEY] != FORMAT:
        raise RecordError(
            f"{path} was written by another version of Dateline (report format {record[KEY]!r}, this one compares with "
            f"{FORMAT}): score its answers again with `dateline eval QUESTIONS.jsonl --answers ANSWERS.jsonl --report`"
        )
    try:
        total_ms = record["timings"]["total_ms"]
        return tuple(_read_outcome(item, total_ms.get(item["id"])) for item in record["outcomes"])
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise RecordError(f"{path} is a damaged report ({type(error).__name__}: {error}): write it anew") from None


def _read_outcome(item: dict[str, Any], total_ms: float | None) -> Outcome:
    ranks, found_at = item["ranks"], item["found_at"]
    return Outcome(
        id=str(item["id"]),
        types=tuple(item["type"]),
        answerable=bool(item["answerable"]),
        refused=bool(item["refused"]),
        confidence=float(item["confidence"]),
        short_answer=str(item["given"]),
        exact=float(item["em"]),
        f1=float(item["f1"]),
        citations=item["citations"],
        citations_right=item["citations_right"],
        quotes_exact=item["quotes_exact"],
        found_at=None if found_at is None else tuple(found_at),
        ranks=None if ranks is None else RankScores(ranks["mrr@10"], ranks["map@10"], ranks["ndcg@10"]),
        total_ms=total_ms,
    )
