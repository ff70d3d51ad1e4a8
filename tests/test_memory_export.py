"""A conversation goes out with its citations, and feedback as questions that `dateline eval` takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from chat_fakes import ARTICLES, FakePipeline, make_article
from cli_fakes import Run
from markdown_it import MarkdownIt

from qa.evaluation.gold import read_gold
from qa.memory.export import conversation_markdown, conversation_record
from qa.memory.memory import Memory
from qa.memory.types import Opinion, StoredTurn, Verdict, user_owner
from qa.questions import read_questions
from qa.records import answer_record

ME = user_owner("ana")
DAY = date(2026, 1, 1)
FIRST = "When was the first India-Japan 2+2?"
QUOTE = "The first India-Japan 2+2 was held in New Delhi on 30 November 2019."
UP, REFUSE = Opinion(Verdict.UP), Opinion(Verdict.DOWN, "should have refused")


def asked(question: str, pipeline: FakePipeline | None = None, **scope: Any) -> StoredTurn:
    """Return a turn with the answer of a pipeline, by default that of the fakes."""
    record = answer_record((pipeline or FakePipeline(ARTICLES)).ask(question, today=DAY))
    return StoredTurn(question, DAY, scope, record)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the memory is."""
    return tmp_path / "memory.sqlite3"


@pytest.fixture
def memory(path: Path) -> Iterator[Memory]:
    """Give a new memory."""
    with Memory.open(path) as opened:
        yield opened


def test_the_json_of_a_conversation_has_each_answer_as_it_was(memory: Memory) -> None:
    held = memory.create(ME, FIRST)
    memory.append_turn(ME, held.id, asked(FIRST))
    memory.append_turn(ME, held.id, StoredTurn("And?", DAY, message="stopped"))
    record = json.loads(json.dumps(conversation_record(held, memory.turns(ME, held.id))))
    assert (record["title"], [turn["question"] for turn in record["turns"]]) == (FIRST, [FIRST, "And?"])
    assert record["turns"][0]["answer"]["citations"][0]["quote"] == QUOTE
    assert (record["turns"][1]["answer"], record["turns"][1]["message"]) == (None, "stopped")


def test_the_markdown_of_a_conversation_shows_answers_and_quotes(memory: Memory) -> None:
    held = memory.create(ME, FIRST)
    turns = (asked(FIRST, source="Meridian Wire"), asked("Who painted the ceiling?"))
    html = MarkdownIt().render(conversation_markdown(held, turns))
    assert f"<h1>{FIRST}</h1>" in html
    assert "<strong>30 November 2019</strong>" in html
    assert f"<blockquote>\n<p>{QUOTE}</p>\n</blockquote>" in html
    assert "[1] India and Japan hold second 2+2 in Tokyo, Meridian Wire, 2022-09-06, article" in html
    assert "https://news.example/2plus2?a=1&amp;b=2" in html
    assert "source Meridian Wire" in html
    assert "Not in this archive. No article says so." in html


HOSTILE = (
    "<script>x</script> ![i](http://evil.example/i.png) [l](javascript:x) **bold** `code` # head ~~gone~~ &lt;b&gt;"
)


def test_nobodys_words_are_marks_in_the_markdown(memory: Memory) -> None:
    article = make_article(HOSTILE, f"The hostile bridge opened {HOSTILE}.", published=DAY, source=HOSTILE)
    answered = asked("hostile bridge opened", FakePipeline([article]))
    assert answered.answer is not None
    assert answered.answer["citations"]
    held = memory.create(ME, HOSTILE)
    written = conversation_markdown(held, (answered, StoredTurn(HOSTILE, DAY, {HOSTILE: HOSTILE}, message=HOSTILE)))
    html = MarkdownIt("default", {"html": True, "linkify": False}).render(written)
    for mark in ("<script", "<img", "<a ", "<code", "<s>", "<b>"):
        assert mark not in html
    assert html.count("<strong>") == html.count("</strong>") <= 1
    assert "&lt;script&gt;x&lt;/script&gt; ![i](http://evil.example/i.png)" in html


def say(memory: Memory, turn: StoredTurn, opinion: Opinion) -> str:
    """Return the id of an opinion of a turn in a conversation of its own, after an earlier question."""
    held = memory.create(ME, turn.question)
    memory.append_turn(ME, held.id, StoredTurn("Hello?", DAY))
    memory.append_turn(ME, held.id, turn)
    return memory.give_feedback(ME, held.id, 1, opinion).id


def test_feedback_becomes_questions_that_can_be_scored_on(memory: Memory, run: Run, path: Path, tmp_path: Path) -> None:
    up = say(memory, asked(FIRST), UP)
    refused = say(memory, asked("Who painted the ceiling?"), UP)
    wrong = say(memory, asked("When did the harbour bridge open?"), REFUSE)
    mended = say(memory, asked(FIRST), Opinion(Verdict.DOWN, "wrong date", right_answer=" 1 December 2019 "))
    say(memory, asked(FIRST), Opinion(Verdict.DOWN, "wrong citation"))
    say(memory, asked(FIRST, source="Capital Post"), UP)
    questions = tmp_path / "questions.jsonl"
    told = run("feedback", "--memory", path, "--export", questions)
    assert told.status == 0
    assert told.out.splitlines() == [
        "questions 4",
        "left out 1: asked of a part of the archive, which a file of questions cannot say",
        "left out 1: nobody said what the right answer is",
    ]
    records = {record.id: record for record in read_questions(questions)}
    assert {name: (record.answers, record.answerable) for name, record in records.items()} == {
        up: (("30 November 2019",), True),
        refused: ((), False),
        wrong: ((), False),
        mended: (("1 December 2019",), True),
    }
    assert [(held.article_id, held.quote) for held in records[up].evidence] == [(ARTICLES[0].id, QUOTE)]
    assert (records[mended].evidence, records[mended].types) == ((), ("feedback", "wrong date"))
    assert (records[up].history, records[up].asked_on) == (("Hello?",), DAY)
    assert len(read_gold(questions)) == 4


def test_feedback_is_shown_to_people_and_to_programs(memory: Memory, run: Run, path: Path) -> None:
    assert run("feedback", "--memory", path).out == "no feedback yet\n"
    say(memory, asked(FIRST), Opinion(Verdict.DOWN, "wrong date", "off\x1b[31m by one", "1 December"))
    text = run("feedback", "--memory", path).out
    assert f"wrong date: {FIRST}\n    off\ufffd[31m by one\n    Right: 1 December\n" in text
    (record,) = run("feedback", "--memory", path, "--json").record["feedback"]
    assert (record["verdict"], record["reason"], record["right_answer"]) == ("down", "wrong date", "1 December")
    assert record["answer"]["citations"][0]["quote"] == QUOTE
    assert "owner" not in record


def test_looking_for_feedback_makes_no_file(run: Run, tmp_path: Path) -> None:
    assert run("feedback", "--memory", tmp_path / "none").out == "no feedback yet\n"
    assert not (tmp_path / "none").exists()
