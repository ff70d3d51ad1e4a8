"""Bad input of `dateline eval`: one line says what is wrong, and the exit status is 1."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qa.cli import main
from qa.surroundings import Surroundings

Eval = Callable[..., tuple[int, str]]

QUESTION = {"id": "q1", "question": "When?", "answers": ["30 November 2019"], "type": "when"}
CITED = {"number": 1, "article_id": "a", "start": 0, "end": 1, "quote": "x"}
ANSWER: dict[str, Any] = {
    "id": "q1",
    "status": "answered",
    "short_answer": "2019-11-30",
    "answer": "2019-11-30",
    "confidence": 0.9,
    "citations": [],
    "hits": [],
    "timings_ms": {"total": 12.5},
}


@pytest.fixture
def evaluate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Eval:
    """Run `dateline eval` on files with these contents; return the exit status and what standard error got."""

    def run(questions: str, answers: str = json.dumps(ANSWER), *more: str) -> tuple[int, str]:
        (tmp_path / "questions.jsonl").write_text(questions, encoding="utf-8")
        (tmp_path / "answers.jsonl").write_text(answers, encoding="utf-8")
        words = ["eval", str(tmp_path / "questions.jsonl"), "--answers", str(tmp_path / "answers.jsonl")]
        status = main([*words, *more], around=Surroundings(environ={}, index=tmp_path / "no index"))
        return status, capsys.readouterr().err

    return run


def lines(*records: dict[str, Any]) -> str:
    return "\n".join(json.dumps(record) for record in records)


def refused(evaluate: Eval, told: str, questions: str, answers: str = json.dumps(ANSWER), *more: str) -> None:
    status, error = evaluate(questions, answers, *more)
    assert (status, error.count("\n")) == (1, 1)
    assert told in error


def test_sound_input_is_scored(evaluate: Eval) -> None:
    assert evaluate(lines(QUESTION))[0] == 0


def test_a_broken_line_is_named(evaluate: Eval) -> None:
    refused(evaluate, "questions.jsonl, line 2: not JSON", lines(QUESTION) + '\n{"id": "q2", ')
    refused(evaluate, "answers.jsonl, line 2: not JSON", lines(QUESTION), lines(ANSWER) + "\n{")


def test_a_missing_id_is_named(evaluate: Eval) -> None:
    refused(evaluate, 'line 1: "id" is missing', lines({"question": "When?", "answers": ["x"]}))
    refused(evaluate, 'line 1: "id" is missing', lines(QUESTION), lines({"status": "answered", "short_answer": "x"}))


def test_an_id_that_comes_twice_is_named(evaluate: Eval) -> None:
    refused(evaluate, "line 2: the id 'q1' is that of line 1 too", lines(QUESTION, QUESTION))
    refused(evaluate, "line 2: the id 'q1' comes twice", lines(QUESTION), lines(ANSWER, ANSWER))


def test_an_answerable_question_without_an_answer_is_named(evaluate: Eval) -> None:
    refused(evaluate, "question 'q1' is answerable but has no", lines({**QUESTION, "answers": [], "answerable": True}))


def test_an_unanswerable_question_with_an_answer_is_named(evaluate: Eval) -> None:
    refused(evaluate, "question 'q1' is not answerable but has", lines({**QUESTION, "answerable": False}))


def test_answers_for_questions_that_were_not_asked_are_named(evaluate: Eval) -> None:
    answers = lines(ANSWER, *({**ANSWER, "id": f"x{number}"} for number in range(5)))
    refused(evaluate, "not asked: 'x0', 'x1', 'x2' and 2 more", lines(QUESTION), answers)


def test_questions_without_an_answer_in_the_file_are_named(evaluate: Eval) -> None:
    refused(evaluate, "questions without an answer: 'q2'", lines(QUESTION, {**QUESTION, "id": "q2"}))


@pytest.mark.parametrize("label", [7, {"a": 1}, [1], True])
def test_a_type_that_is_no_label_is_named(evaluate: Eval, label: object) -> None:
    refused(evaluate, '"type" must be a', lines({**QUESTION, "type": label}))


@pytest.mark.parametrize("content", ["", "\n \n"])
def test_an_empty_file_has_nothing_to_score(evaluate: Eval, content: str) -> None:
    refused(evaluate, "holds no questions", content)
    refused(evaluate, "questions without an answer: 'q1'", lines(QUESTION), content)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"status": "maybe"}, "\"status\" is 'maybe': it must be one of answered, partial, not_in_corpus"),
        ({"status": None}, '"status" must be a string'),
        ({"confidence": 1.5}, '"confidence" is 1.5: it must be a number from 0 to 1'),
        ({"confidence": "high"}, "\"confidence\" is 'high'"),
        ({"confidence": True}, '"confidence" is True'),
        ({"citations": {}}, '"citations" must be a list of objects'),
        ({"citations": [{**CITED, "start": "0"}]}, '"start" must be a'),
        ({"citations": [CITED, CITED]}, "two of its citations have the same number"),
        ({"short_answer": "\ud83d"}, "half of a surrogate pair"),
        ({"hits": [3]}, '"hits" must be a list of objects'),
        ({"timings_ms": {"total": "fast"}}, "\"timings_ms\" has the total 'fast'"),
        ({"sentences": [{"text": "x", "citations": ["1"]}]}, '"citations" of a sentence must be'),
    ],
)
def test_an_answer_that_cannot_be_scored_is_named(evaluate: Eval, changes: dict[str, Any], told: str) -> None:
    refused(evaluate, told, lines(QUESTION), lines({**ANSWER, **changes}))


def test_a_file_that_is_not_there_is_named(evaluate: Eval, tmp_path: Path) -> None:
    refused(evaluate, "cannot read", lines(QUESTION), lines(ANSWER), "--baseline", str(tmp_path / "none.json"))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[]", "is not a report of `dateline eval`"),
        ("{", "is not JSON"),
        ('{"dateline_report": 99}', "was written by another version of Dateline (report format 99"),
        ('{"dateline_report": 1, "outcomes": [{}]}', "is a damaged report (KeyError: 'timings')"),
        ('{"dateline_report": 1, "timings": {"total_ms": {}}, "outcomes": []}', "is about other questions"),
    ],
)
def test_a_baseline_that_cannot_be_compared_with_is_named(
    evaluate: Eval, tmp_path: Path, content: str, told: str
) -> None:
    baseline = tmp_path / "baseline.json"
    baseline.write_text(content, encoding="utf-8")
    refused(evaluate, told, lines(QUESTION), lines(ANSWER), "--baseline", str(baseline))


@pytest.mark.parametrize(
    ("minimum", "told"),
    [
        ("em", "is not METRIC=VALUE"),
        ("me=0.5", "the nearest is 'em'"),
        ("em=high", "'high' is not a number from 0 to 1"),
        ("em=nan", "'nan' is not a number from 0 to 1"),
        ("em=50", "'50' is not a number from 0 to 1"),
        ("latency_p50_ms=1", "is better the lower it is"),
    ],
)
def test_a_minimum_that_makes_no_sense_is_wrong_usage(evaluate: Eval, minimum: str, told: str) -> None:
    status, error = evaluate(lines(QUESTION), lines(ANSWER), "--min", minimum)
    assert status == 2
    assert told in " ".join(error.replace("│", " ").split())


def test_a_minimum_that_is_missed_ends_with_status_1_and_says_which(evaluate: Eval) -> None:
    wrong = lines({**ANSWER, "short_answer": "2019-12-01"})
    assert evaluate(lines(QUESTION), wrong, "--min", "em=0.5")[0] == 1
    assert "em is 0.0000, which is below 0.5" in evaluate(lines(QUESTION), wrong, "--min", "EM=0.5")[1]
    assert evaluate(lines(QUESTION), lines(ANSWER), "--min", "em=0.5", "f1=1", "--min", "accuracy=1")[0] == 0
    assert "mrr@10 has nothing to be scored on" in evaluate(lines(QUESTION), wrong, "--min", "mrr@10=0")[1]


def test_without_an_index_the_rest_is_scored_and_it_says_so(evaluate: Eval) -> None:
    evidence = [{"article_id": "a", "quote": "on Saturday"}]
    cited = [{"number": 1, "article_id": "a", "start": 0, "end": 3, "quote": "abc"}]
    status, error = evaluate(lines({**QUESTION, "evidence": evidence}), lines({**ANSWER, "citations": cited}))
    assert status == 0
    assert error == "dateline: There is no index, so that no citation and no quote was checked in an article.\n"
