"""The gate: the shipped questions, answered with the real model, do not fall below the committed baseline."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from qa.cli import main
from qa.evaluation.gate import fallen_scores, stale

ROOT = Path(__file__).parents[1]
QUESTIONS = sorted((ROOT / "corpus" / "questions").glob("*.jsonl"))
BASELINE = ROOT / "benchmarks" / "baseline"
ANSWERED_TWICE = 40
TODAY = "2026-01-01"  # after every article; a gate that moved with the calendar would hold nothing
RENEW = (
    "see what changed with `dateline eval --baseline … --report …`, and when it is meant, renew with `make baseline`"
)


def dateline(*words: str | Path) -> None:
    assert main([str(word) for word in words]) == 0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an index of the shipped articles and a report on each set of questions."""
    folder = tmp_path_factory.mktemp("gate")
    dateline("index", "--index", folder / "index", ROOT / "corpus" / "articles")
    for questions in QUESTIONS:
        dateline("eval", questions, "--index", folder / "index", "--today", TODAY, "--report", folder / questions.stem)
    return folder


def read_record(path: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return record


def without_timings(line: str) -> dict[str, Any]:
    return {**json.loads(line), "timings_ms": None}


def test_each_set_of_questions_has_a_baseline_and_each_baseline_a_set() -> None:
    assert QUESTIONS
    assert {path.stem for path in BASELINE.glob("*.json")} == {path.stem for path in QUESTIONS}


def test_the_baseline_is_renewed_as_of_the_same_day() -> None:
    assert f" --today {TODAY} " in (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.parametrize("name", [path.stem for path in QUESTIONS])
def test_no_score_falls_below_the_baseline_by_more_than_its_interval_allows(folder: Path, name: str) -> None:
    now, baseline = read_record(folder / name / "report.json"), read_record(BASELINE / f"{name}.json")
    assert not stale(now, baseline), f"the questions are not those of the baseline: {RENEW}"
    assert not fallen_scores(now, baseline), RENEW


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.parametrize("name", [path.stem for path in QUESTIONS])
def test_all_evidence_of_the_shipped_questions_is_in_the_shipped_articles(folder: Path, name: str) -> None:
    assert read_record(folder / name / "report.json")["evidence_problems"] == []


@pytest.mark.model
@pytest.mark.slow
def test_the_same_questions_get_the_same_answers_again(folder: Path) -> None:
    name = QUESTIONS[0].stem
    with QUESTIONS[0].open(encoding="utf-8") as lines:
        (folder / "some.jsonl").write_text("".join(islice(lines, ANSWERED_TWICE)), encoding="utf-8")
    dateline(
        "answer", folder / "some.jsonl", "-o", folder / "again.jsonl", "--index", folder / "index", "--today", TODAY
    )
    once = (folder / name / "answers.jsonl").read_text(encoding="utf-8").splitlines()
    again = (folder / "again.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(again) == ANSWERED_TWICE
    assert [*map(without_timings, again)] == [*map(without_timings, once[:ANSWERED_TWICE])]


def score(value: float | None, low: float = 0.0, high: float = 1.0) -> dict[str, float | None]:
    return {"value": value, "low": low, "high": high}


def fallen(name: str, now: float | None, low: float, high: float) -> list[str]:
    names = {"em": score(0.5), name: score(now)}
    return fallen_scores({"scores": names}, {"scores": {name: score((low + high) / 2, low, high)}})


def test_a_score_may_fall_to_the_low_end_of_the_interval_and_no_further() -> None:
    assert fallen("em", 0.5, 0.5, 0.6) == []
    assert fallen("em", 0.4999, 0.5, 0.6) == ["em fell to 0.4999; the baseline is 0.5500 (0.5000 to 0.6000)"]
    assert fallen("em", 0.9, 0.5, 0.6) == []
    assert fallen("em", None, 0.5, 0.6)[0].startswith("em has nothing to be scored on")


def test_what_is_better_low_may_not_rise() -> None:
    assert fallen("risk_coverage_auc", 0.2, 0.1, 0.2) == []
    assert fallen("risk_coverage_auc", 0.3, 0.1, 0.2)[0].startswith("risk_coverage_auc rose to 0.3000")


def test_no_interval_excuses_a_quote_that_is_not_exact() -> None:
    assert fallen("quote_exactness", 0.999, 0.9, 1.0)[0].startswith("quote_exactness fell to 0.9990")


def test_latency_is_the_machine_s_and_holds_nothing_up() -> None:
    assert fallen("latency_p50_ms", 9e9, 0.0, 1.0) == []


def test_questions_that_changed_make_a_baseline_stale() -> None:
    def of(*questions: tuple[str, str]) -> dict[str, Any]:
        return {"outcomes": [{"id": key, "question": asked, "expected": []} for key, asked in questions]}

    assert stale(of(("a", "?"), ("b", "?")), of(("a", "?"), ("b", "!"), ("c", "?"))) == ["b", "c"]
    assert stale(of(("a", "?")), of(("a", "?"))) == []
