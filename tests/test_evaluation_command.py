"""`dateline eval` from end to end over a few articles, with an embedder of words."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cli_fakes import Run, ids_by_title

QUESTION = {"id": "first", "question": "When was the first India-Japan 2+2 meeting?", "answers": ["2019-11-30"]}
RESCORED = 10_000
RESCORED_WITHIN_S = 10.0
NO_MODELS = """
import sys
from qa.cli import main
status = main(sys.argv[1:])
loaded = {"torch", "transformers", "sentence_transformers", "faiss", "langchain", "gradio"} & sys.modules.keys()
sys.exit(status or (f"loaded {sorted(loaded)}" if loaded else 0))
"""


def write_records(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


@pytest.fixture
def questions(indexed: Run, tmp_path: Path) -> Path:
    """Return a file of three questions about the indexed articles."""
    delhi = ids_by_title(indexed)["India and Japan hold first 2+2"]
    evidence = [{"article_id": delhi, "quote": "their first 2+2\nmeeting on 30 November 2019"}]
    return write_records(
        tmp_path / "questions.jsonl",
        {**QUESTION, "evidence": evidence, "type": ["when", "first"]},
        {"id": "opera", "question": "Who painted the ceiling of the opera house?", "type": "who"},
        {"id": "bridge", "question": "Why was the bridge closed?", "answers": ["for repairs"], "type": "why"},
    )


def scores(record: dict[str, Any]) -> dict[str, Any]:
    return {name: score["value"] for name, score in record["scores"].items()}


def test_questions_are_answered_scored_and_reported(indexed: Run, questions: Path, tmp_path: Path) -> None:
    ended = indexed("eval", questions, "--report", tmp_path / "report", "--json")
    assert ended.status == 0
    assert ended.record["questions"] == 3
    assert scores(ended.record)["quote_exactness"] == 1.0
    assert scores(ended.record)["hit@20"] == 1.0
    assert list(ended.record["by_type"]) == ["first", "when", "who", "why"]
    assert ended.record["timings"]["peak_memory_mb"] > 10
    names = sorted(path.name for path in (tmp_path / "report").iterdir())
    assert names == ["answers.jsonl", "report.html", "report.json", "report.md"]


def test_scoring_the_answers_again_gives_the_same_scores(indexed: Run, questions: Path, tmp_path: Path) -> None:
    first = indexed("eval", questions, "--report", tmp_path / "report", "--json").record
    answers = tmp_path / "report" / "answers.jsonl"
    again = indexed("eval", questions, "--answers", answers, "--json").record
    assert {**first, "timings": 0} == {**again, "timings": 0}
    assert first["timings"]["total_ms"] == again["timings"]["total_ms"]
    assert again["timings"]["peak_memory_mb"] is None


def test_two_evaluations_give_the_same_bytes_apart_from_timings(indexed: Run, questions: Path) -> None:
    one, two = (indexed("eval", questions, "--json").record for _ in range(2))
    assert json.dumps({**one, "timings": 0}) == json.dumps({**two, "timings": 0})


def test_a_report_on_disk_and_a_printed_one_are_both_baselines(indexed: Run, questions: Path, tmp_path: Path) -> None:
    printed = indexed("eval", questions, "--report", tmp_path, "--json").out
    (tmp_path / "printed.json").write_text(printed, encoding="utf-8")
    for baseline in (tmp_path / "report.json", tmp_path / "printed.json"):
        compared = indexed("eval", questions, "--baseline", baseline, "--json").record["comparison"]
        assert (compared["better"], compared["worse"], compared["changed"]) == ([], [], [])
        assert all(change["change"] == 0 and not change["real"] for change in compared["differences"].values())


def test_the_scores_are_shown_to_people(indexed: Run, questions: Path) -> None:
    ended = indexed("eval", questions)
    assert ended.out.startswith("questions.jsonl: 3 questions\n")
    assert "Quote exactness" in ended.out
    assert ended.err == ""


def test_a_minimum_is_held_to(indexed: Run, questions: Path) -> None:
    assert indexed("eval", questions, "--min", "quote_exactness=1").status == 0
    ended = indexed("eval", questions, "--min", "citation_recall=1", "--min", "mrr@10=0.1", "f1=1")
    assert ended.status == 1
    assert "dateline: f1 is " in ended.err


def test_evidence_that_is_not_in_its_article_is_named(indexed: Run, tmp_path: Path) -> None:
    delhi = ids_by_title(indexed)["India and Japan hold first 2+2"]
    asked = write_records(
        tmp_path / "q.jsonl", {**QUESTION, "evidence": [{"article_id": delhi, "quote": "held in Paris"}]}
    )
    ended = indexed("eval", asked, "--json")
    assert ended.status == 0
    assert ended.record["scores"]["hit@10"] == {"value": None, "low": None, "high": None, "count": 0}
    assert f"article '{delhi}' does not hold the quote 'held in Paris'; it counts in no retrieval score" in ended.err


def test_without_an_index_nothing_is_answered(run: Run, tmp_path: Path) -> None:
    asked = write_records(tmp_path / "q.jsonl", QUESTION)
    assert run("eval", asked).complaint.startswith("there is no index at ")


def test_a_report_that_cannot_be_written_is_named(indexed: Run, questions: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert indexed("eval", questions, "--report", tmp_path / "file").complaint.startswith("cannot write ")


@pytest.mark.slow
def test_ten_thousand_answers_are_scored_within_seconds_and_with_no_model(
    indexed: Run, questions: Path, tmp_path: Path
) -> None:
    indexed("eval", questions, "--report", tmp_path)
    asked = [json.loads(line) for line in questions.read_text(encoding="utf-8").splitlines()]
    given = [json.loads(line) for line in (tmp_path / "answers.jsonl").read_text(encoding="utf-8").splitlines()]
    many = [number % len(asked) for number in range(RESCORED)]
    write_records(tmp_path / "q.jsonl", *({**asked[which], "id": f"{n}"} for n, which in enumerate(many)))
    write_records(tmp_path / "a.jsonl", *({**given[which], "id": f"{n}"} for n, which in enumerate(many)))
    words = ["eval", "q.jsonl", "--answers", "a.jsonl", "--index", "index", "--json"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = subprocess.run(
        [sys.executable, "-c", NO_MODELS, *words], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert json.loads(ended.stdout)["questions"] == RESCORED
    # The processor's time, so that a busy machine does not decide it.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < RESCORED_WITHIN_S
