"""The command line: its questions, what it prints for them, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_fakes import Ended, Run


def test_an_answer_is_printed_with_its_citations(indexed: Run) -> None:
    ended = indexed("ask", "When was the first 2+2 meeting of India and Japan?")
    assert ended.status == 0
    assert ended.err == ""
    lines = ended.out.splitlines()
    assert lines[0] == "30 November 2019"
    assert "[1] India and Japan hold first 2+2 — The Wire, 2019-12-01 — event 2019-11-30" in lines
    quote = "India and Japan held their first 2+2 meeting on 30 November 2019 in New Delhi."
    assert f"    “{quote}”" in lines


def test_an_answer_in_json_has_the_keys_that_scripts_read(indexed: Run) -> None:
    record = indexed("ask", "When was the first 2+2 meeting of India and Japan?", "--json").record
    assert record["status"] == "answered"
    assert record["short_answer"] == "30 November 2019"
    article = indexed("show", record["citations"][0]["article_id"], "--json").record
    for citation in record["citations"][:1]:
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
    places, scores = {"article_id", "start", "end", "score"}, {"dense", "lexical", "named", "reader"}
    assert record["hits"][0].keys() == places | scores
    assert {"total", "retrieve", "read"} <= record["timings_ms"].keys()


def test_a_question_that_is_not_answered_is_refused_with_status_zero(indexed: Run) -> None:
    ended = indexed("ask", "How tall is the lighthouse keeper of Zanzibar?")
    assert ended.status == 0
    assert ended.out.startswith("Not in the archive.\n")


def test_markup_in_an_article_is_printed_as_it_stands(indexed: Run) -> None:
    assert "[bold]Indo-Pacific[/bold]" in indexed("search", "maritime security Indo-Pacific").out


def test_filters_restrict_what_is_found(indexed: Run) -> None:
    def titles(*filters: str) -> list[str]:
        return [hit["title"] for hit in indexed("search", "2+2 meeting", "--json", *filters).record["hits"]]

    first, second = "India and Japan hold first 2+2", "Second India-Japan 2+2 in Tokyo"
    assert set(titles()) >= {first, second}
    assert titles("--to", "2020-01-01") == [first]
    assert titles("--from", "2022-09-06", "--to", "2022-09-06") == [second]
    assert titles("--source", "the wire") == [first]
    assert set(titles("--source", "The Wire", "--source", "Harbour Post")) == {first, second}
    assert titles("--source", "Nobody's Paper") == []


def test_as_many_passages_are_found_as_asked_for(indexed: Run) -> None:
    assert len(indexed("search", "2+2 meeting", "-k", "1", "--json").record["hits"]) == 1
    hits = indexed("search", "2+2 meeting", "--json").record["hits"]
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)


@pytest.mark.parametrize(
    "question",
    [
        '"2+2" AND (India OR -Japan) title:*~3^',
        "'; DROP TABLE articles; --",
        "2+2 \\",
        "पहली बैठक कब हुई?",
        "who 🙂",
    ],
)
def test_quotes_operators_and_other_scripts_are_only_words(indexed: Run, question: str) -> None:
    for command in ("ask", "search"):
        ended = indexed(command, "--", question)
        assert (ended.status, ended.err) == (0, "")


@pytest.mark.parametrize("question", ["?", "🙂" * 50])
def test_a_question_without_a_word_is_refused_in_one_line(indexed: Run, question: str) -> None:
    assert indexed("ask", question).complaint


def test_a_question_of_ten_thousand_characters_ends_in_an_answer_or_in_one_line(indexed: Run) -> None:
    ended = indexed("ask", ("when was the first meeting " * 400)[:10_000])
    assert ended.status == 0 or ended.complaint


def test_where_there_is_no_index_one_line_says_how_to_make_it(run: Run, tmp_path: Path) -> None:
    for command in (["ask", "Who?"], ["search", "x"], ["status"], ["show", "x"], ["remove", "x"]):
        complaint = run(*command).complaint
        assert str(tmp_path / "index") in complaint
        assert "dateline index" in complaint
    assert not (tmp_path / "index").exists()


def write_questions(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def without_timings(path: Path) -> list[dict[str, Any]]:
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for record in records:
        del record["timings_ms"]
    return records


def test_each_question_of_a_file_has_its_answer_in_order(indexed: Run, tmp_path: Path) -> None:
    questions = write_questions(
        tmp_path / "questions.jsonl",
        {"id": "b", "question": "When was the first 2+2 meeting of India and Japan?"},
        {"id": "blank", "question": "  "},
        {"id": "a", "question": "Where will the second India-Japan 2+2 meeting be held?"},
    )
    answers = tmp_path / "answers.jsonl"
    assert indexed("answer", questions, "-o", answers) == Ended(0, "", "")
    records = without_timings(answers)
    assert [record["id"] for record in records] == ["b", "blank", "a"]
    assert records[0]["short_answer"] == "30 November 2019"
    assert (records[1]["status"], records[1]["answer"]) == ("not_in_corpus", "")
    assert records[1]["reason"]


def test_the_same_questions_give_the_same_bytes_timings_aside(indexed: Run, tmp_path: Path) -> None:
    questions = write_questions(
        tmp_path / "questions.jsonl",
        *({"id": str(i), "question": f"What did ministers say of {word}?"} for i, word in enumerate("abc")),
    )
    for name in ("one", "two"):
        assert indexed("answer", questions, "-o", tmp_path / name).status == 0
    assert without_timings(tmp_path / "one") == without_timings(tmp_path / "two")
    first, second = ((tmp_path / name).read_text(encoding="utf-8").splitlines() for name in ("one", "two"))
    for line, other in zip(first, second, strict=True):
        timings, others = (json.dumps(json.loads(text)["timings_ms"]) for text in (line, other))
        assert line.replace(timings, "") == other.replace(others, "")


def test_a_question_is_asked_on_its_own_day_and_after_its_own_history(indexed: Run, tmp_path: Path) -> None:
    def answered(*options: str, **fields: object) -> dict[str, Any]:
        questions = write_questions(tmp_path / "questions.jsonl", {"id": "q", **fields})
        assert indexed("answer", questions, "-o", tmp_path / "answers.jsonl", *options).status == 0
        return without_timings(tmp_path / "answers.jsonl")[0]

    asked = "What was said about the 2+2 meeting yesterday?"
    own_day = answered("--today", "2001-01-01", question=asked, date="2022-09-07")
    assert own_day == answered("--today", "2022-09-07", question=asked)
    followed = answered(question="And the second?", history=["When was the first India-Japan 2+2 meeting?"])
    assert "Japan" in followed["standalone_question"]


def test_a_broken_line_is_named_and_nothing_is_written(indexed: Run, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"id": "a", "question": "Who?"}\n{"id": "b"\n', encoding="utf-8")
    complaint = indexed("answer", questions, "-o", tmp_path / "answers.jsonl").complaint
    assert f"{questions}, line 2: not JSON" in complaint
    assert not (tmp_path / "answers.jsonl").exists()
