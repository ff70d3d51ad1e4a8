"""Question files in, answer records out."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.types import Passage
from qa.errors import RecordError
from qa.questions import Evidence, QuestionRecord, parse_question, read_day, read_questions
from qa.records import answer_record, to_json, write_lines
from qa.types import Alternative, Answer, Citation, NearArticle, Sentence, Status, TimelineEntry
from vectorstore.types import Hit, Origin

TEXT = "The ministers met in New Delhi on 30 November 2019. They will meet again."
QUOTE = TEXT[:51]


def answered() -> Answer:
    passage = Passage(id="p1", article_id="a1", start=0, end=len(TEXT), text=TEXT)
    return Answer(
        question="When was the first “2+2”?",
        standalone_question="When was the first “2+2”?",
        status=Status.ANSWERED,
        short_answer="30 November 2019",
        sentences=(Sentence(QUOTE, (1,), ("quoted",)),),
        citations=(
            Citation(1, "a1", "2+2 held", "2019-12-01T10:00:00+05:30", "The Wire", "https://a.example", 0, 51, QUOTE),
        ),
        confidence=0.93456789,
        hits=(Hit(passage, 0.8712345678, Origin.FUSED),),
        timings_ms={"total": 41.24, "retrieve": 9.75, "read": 30.149},
        generation=3,
    )


def test_rivals_a_timeline_and_what_was_implied_are_in_the_record() -> None:
    answer = replace(
        answered(),
        notes=("Earliest of 2 mentions.",),
        alternatives=(Alternative("1 December 2019", (1,), 0.25, "another day"),),
        timeline=(TimelineEntry("2019-11-30", QUOTE, (1,)),),
        implied=("the first",),
    )
    record = answer_record(answer)
    assert record["notes"] == ["Earliest of 2 mentions."]
    assert record["alternatives"] == [
        {"short_answer": "1 December 2019", "citations": [1], "confidence": 0.25, "note": "another day"}
    ]
    assert record["timeline"] == [{"day": "2019-11-30", "text": QUOTE, "citations": [1]}]
    assert record["implied"] == ["the first"]


def test_a_rival_or_a_line_without_a_citation_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a citation"):
        Alternative("1 December 2019", (), 0.25, "another day")
    with pytest.raises(ValueError, match="needs a citation"):
        TimelineEntry("2019-11-30", QUOTE, ())
    with pytest.raises(ValueError, match="cites"):
        replace(answered(), timeline=(TimelineEntry("2019-11-30", QUOTE, (2,)),))


def refused() -> Answer:
    return Answer(
        question="Who won?",
        standalone_question="Who won?",
        status=Status.NOT_IN_CORPUS,
        short_answer="",
        sentences=(),
        citations=(),
        confidence=0.7,
        hits=(),
        nearest=(NearArticle("a1", "2+2 held", "2019-12-01", "The Wire"),),
        reason="The archive does not hold the answer.",
    )


def test_an_answer_becomes_the_record_that_scripts_read() -> None:
    record = answer_record(answered(), question_id="q1")
    promised = {
        "id": "q1",
        "question": "When was the first “2+2”?",
        "standalone_question": "When was the first “2+2”?",
        "status": "answered",
        "short_answer": "30 November 2019",
        "answer": f"{QUOTE} [1]",
        "confidence": 0.9346,
        "reason": "",
        "timings_ms": {"total": 41.2, "retrieve": 9.8, "read": 30.1},
    }
    assert {key: record[key] for key in promised} == promised
    (citation,) = record["citations"]
    assert citation == {
        "number": 1,
        "article_id": "a1",
        "title": "2+2 held",
        "date": "2019-12-01",
        "source": "The Wire",
        "url": "https://a.example",
        "start": 0,
        "end": 51,
        "quote": QUOTE,
        "also_in": [],
        "event": "",
    }
    assert record["hits"] == [{"article_id": "a1", "start": 0, "end": len(TEXT), "score": 0.871235}]


def test_a_refusal_has_no_answer_and_names_the_nearest_articles() -> None:
    record = answer_record(refused(), question_id="q2")
    assert (record["status"], record["short_answer"], record["answer"]) == ("not_in_corpus", "", "")
    assert (record["citations"], record["hits"]) == ([], [])
    assert record["reason"].startswith("The archive does not hold the answer. Nearest: “2+2 held” (2019-12-01)")
    assert record["nearest"] == [
        {"article_id": "a1", "title": "2+2 held", "date": "2019-12-01", "source": "The Wire"},
    ]


def test_the_keys_come_in_the_same_order_whatever_the_answer() -> None:
    keys = list(answer_record(answered(), question_id="q1"))
    assert keys == list(answer_record(refused(), question_id="q2"))
    assert keys[:11] == [
        "id",
        "question",
        "standalone_question",
        "status",
        "short_answer",
        "answer",
        "confidence",
        "citations",
        "hits",
        "reason",
        "timings_ms",
    ]


def test_a_record_is_one_line_of_unicode_json() -> None:
    line = to_json(answer_record(answered(), question_id="q\n1"))
    assert "\n" not in line
    assert "“2+2”" in line
    assert json.loads(line)["id"] == "q\n1"


def test_a_number_that_is_not_json_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json({"score": float("nan")})


def test_every_field_of_a_question_is_read(tmp_path: Path) -> None:
    record = {
        "id": "q1",
        "question": "And the second?",
        "answers": ["8 September 2022", "September 8, 2022"],
        "answerable": True,
        "date": "2022-09-06",
        "history": ["When was the first?"],
        "evidence": [{"article_id": "a1", "quote": "on Thursday", "start": 3}, {"article_id": "a2"}],
        "type": ["when", "follow-up"],
        "near": ["a3"],
    }
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps(record), encoding="utf-8")
    assert read_questions(path) == (
        QuestionRecord(
            id="q1",
            question="And the second?",
            answers=("8 September 2022", "September 8, 2022"),
            answerable=True,
            asked_on=date(2022, 9, 6),
            history=("When was the first?",),
            evidence=(Evidence("a1", "on Thursday"), Evidence("a2")),
            types=("when", "follow-up"),
        ),
    )


def test_a_question_needs_no_more_than_an_id_and_its_words() -> None:
    line = b'{"id": "q1", "question": "Who?", "type": "who", "date": null, "history": null}'
    assert parse_question(line) == QuestionRecord(id="q1", question="Who?", types=("who",))


def test_blank_lines_a_byte_order_mark_and_crlf_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"id": "a", "question": "1?"}\r\n\r\n  \n{"id": "b", "question": "2?"}\n\n')
    assert [question.id for question in read_questions(path)] == ["a", "b"]


def test_a_line_separator_inside_a_string_does_not_end_the_line(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"id": "a", "question": "one\u2028two\x85?"}\n', encoding="utf-8")
    assert read_questions(path)[0].question == "one\u2028two\x85?"


def test_an_empty_file_holds_no_questions(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.touch()
    assert read_questions(path) == ()


def test_a_compressed_file_is_read_and_a_cut_one_refused(tmp_path: Path) -> None:
    whole = gzip.compress(b'{"id": "a", "question": "1?"}\n')
    path = tmp_path / "questions.jsonl.gz"
    path.write_bytes(whole)
    assert read_questions(path)[0].id == "a"
    for damaged in (whole[:-6], whole[:-8] + bytes(8), b"not gzip at all"):
        path.write_bytes(damaged)
        with pytest.raises(RecordError, match=r"cannot read .*questions\.jsonl\.gz"):
            read_questions(path)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"id": "b", "question": "What', "not JSON: Unterminated string"),
        (b'["b", "What?"]', "a question is a JSON object"),
        (b'{"question": "What?"}', '"id" is missing'),
        (b'{"id": " ", "question": "What?"}', '"id" is blank'),
        (b'{"id": 7, "question": "What?"}', '"id" must be a string, not a number'),
        (b'{"id": "b"}', '"question" is missing'),
        (b'{"id": "b", "question": null}', '"question" must be a string, not null'),
        (b'{"id": "b", "question": "W", "answers": "x"}', '"answers" must be a list, not a string'),
        (b'{"id": "b", "question": "W", "answers": [1]}', '"answers" must be a list of strings, but holds a number'),
        (b'{"id": "b", "question": "W", "answerable": "yes"}', '"answerable" must be true or false, not a string'),
        (b'{"id": "b", "question": "W", "history": {}}', '"history" must be a list, not an object'),
        (b'{"id": "b", "question": "W", "type": 3}', '"type" must be a list, not a number'),
        (b'{"id": "b", "question": "W", "evidence": ["a1"]}', '"evidence" must be a list of objects'),
        (b'{"id": "b", "question": "W", "evidence": [{}]}', '"article_id" is missing'),
        (b'{"id": "b", "question": "W", "date": "6.9.2022"}', "\"date\": '6.9.2022' is not a day written as"),
        (b'{"id": "b", "question": "W", "date": "2022-02-30"}', "\"date\": '2022-02-30' is not a day of the calendar"),
        (b'{"id": "b", "question": "caf\xe9"}', "not UTF-8 at byte 29"),
        (b'{"id": "b", "question": "\\ud83d"}', "half of a surrogate pair"),
        (b"[" * 100_000, "not JSON that can be read"),
        (b'{"id": "a", "question": "Again?"}', "the id 'a' is that of line 1 too"),
    ],
)
def test_a_bad_line_is_named_by_its_number_with_what_is_wrong(tmp_path: Path, line: bytes, said: str) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes(b'{"id": "a", "question": "Fine?"}\n\n' + line + b'\n{"id": "c", "question": "Fine too?"}\n')
    with pytest.raises(RecordError) as refused:
        read_questions(path)
    message = str(refused.value)
    assert message.startswith(f"{path}, line 3: ")
    assert said in message
    assert "\n" not in message


def test_a_file_that_is_not_there_or_is_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"cannot read .*nowhere\.jsonl: No such file"):
        read_questions(tmp_path / "nowhere.jsonl")
    with pytest.raises(RecordError, match="cannot read"):
        read_questions(tmp_path)


@given(st.binary(max_size=200))
def test_no_bytes_whatever_do_more_than_be_refused(line: bytes) -> None:
    try:
        question = parse_question(line)
    except ValueError:
        return
    assert question.id


@given(st.dates())
def test_a_day_is_read_as_it_is_written(day: date) -> None:
    assert read_day(day.isoformat()) == day


@pytest.mark.parametrize(
    "text", ["", "2022-9-6", "20220906", "2022-W36-2", "2022-09-06T00:00", "2022-13-45", "٢٠٢٢-٠٩-٠٦"]
)
def test_a_day_in_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a day"):
        read_day(text)


def test_lines_are_written_in_order_and_the_old_file_stays_until_the_last(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text("old\n", encoding="utf-8")
    seen = []

    def lines() -> Iterator[str]:
        for line in ("één", "two"):
            seen.append(path.read_text(encoding="utf-8"))
            yield line

    write_lines(path, lines())
    assert seen == ["old\n", "old\n"]
    assert path.read_bytes() == "één\ntwo\n".encode()
    assert list(tmp_path.iterdir()) == [path]


def test_when_a_line_cannot_be_made_the_old_file_stays_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text("old\n", encoding="utf-8")

    def lines() -> Iterator[str]:
        yield "new"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_lines(path, lines())
    assert path.read_text(encoding="utf-8") == "old\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_mistake_of_ours_while_making_a_line_is_not_blamed_on_the_file(tmp_path: Path) -> None:
    def lines() -> Iterator[str]:
        yield "new"
        raise FileNotFoundError("of ours")

    with pytest.raises(FileNotFoundError, match="of ours"):
        write_lines(tmp_path / "answers.jsonl", lines())


def test_a_symbolic_link_is_followed(tmp_path: Path) -> None:
    target, link = tmp_path / "real.jsonl", tmp_path / "link.jsonl"
    target.write_text("old\n", encoding="utf-8")
    link.symlink_to(target)
    write_lines(link, ["new"])
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "new\n"


def test_a_device_is_written_and_not_replaced() -> None:
    write_lines(Path("/dev/null"), ["line"])
    assert Path("/dev/null").is_char_device()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.touch()
    for path in (tmp_path, tmp_path / "nowhere" / "answers.jsonl", taken / "answers.jsonl"):
        with pytest.raises(RecordError) as refused:
            write_lines(path, ["line"])
        assert str(refused.value).startswith(f"cannot write {path}: ")


def test_a_full_disk_is_told_in_one_line() -> None:
    with pytest.raises(RecordError, match="cannot write /dev/full: No space left on device"):
        write_lines(Path("/dev/full"), ["line"])
