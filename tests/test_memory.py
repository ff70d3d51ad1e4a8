"""Conversations and feedback are remembered, each for its owner alone."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from chat_fakes import ARTICLES, FakePipeline
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import FeedbackError, MemoryFileError, MemoryFullError, NewerMemoryError, UnknownConversationError
from qa.memory.database import Database
from qa.memory.memory import Memory, title_of
from qa.memory.types import LONGEST_TITLE, Opinion, StoredTurn, Verdict, browser_owner, user_owner
from qa.records import answer_record

ME, OTHER = user_owner("ana"), browser_owner("ana")
DAY = date(2026, 1, 1)
FIRST = "When was the first India-Japan 2+2?"


def turn(question: str = FIRST, **fields: object) -> StoredTurn:
    """Return a turn with the answer of the fakes."""
    answer = answer_record(FakePipeline(ARTICLES).ask(question, today=DAY))
    return StoredTurn(**{"question": question, "asked_on": DAY, "answer": answer, **fields})


class Clock:
    """Every moment is a second after the one before."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 1, 1, tzinfo=timezone.utc)

    def __call__(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    """Give a new memory."""
    with Memory(Database.open(tmp_path / "memory.sqlite3"), now=Clock()) as opened:
        yield opened


def test_a_conversation_is_the_same_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "memory.sqlite3"
    turns = (turn(scope={"from": "2019-01-01"}), StoredTurn("And then?", DAY, message="stopped \ud800"))
    with Memory.open(path) as memory:
        made = memory.create(ME, FIRST)
        assert [memory.append_turn(ME, made.id, item) for item in turns] == [0, 1]
    with Memory.open(path) as memory:
        assert memory.turns(ME, made.id) == turns
        assert [(held.id, held.title, held.created) for held in memory.conversations(ME)] == [
            (made.id, FIRST, made.created)
        ]


def test_only_its_user_can_read_the_file(tmp_path: Path) -> None:
    Memory.open(tmp_path / "memory.sqlite3").close()
    assert stat.S_IMODE((tmp_path / "memory.sqlite3").stat().st_mode) == 0o600


def test_the_conversation_last_added_to_comes_first(memory: Memory) -> None:
    first, second = memory.create(ME, "first"), memory.create(ME, "second")
    assert [held.title for held in memory.conversations(ME)] == ["second", "first"]
    memory.append_turn(ME, first.id, turn())
    assert [held.title for held in memory.conversations(ME)] == ["first", "second"]
    assert memory.rename(ME, second.id, " other \n name ").title == "other name"
    assert [held.title for held in memory.conversations(ME)] == ["first", "other name"]


def test_what_is_somebody_elses_does_not_exist(memory: Memory) -> None:
    mine = memory.create(ME, "mine")
    memory.append_turn(ME, mine.id, turn())
    up = Opinion(Verdict.UP)
    for act in (
        lambda: memory.conversation(OTHER, mine.id),
        lambda: memory.turns(OTHER, mine.id),
        lambda: memory.rename(OTHER, mine.id, "theirs"),
        lambda: memory.delete(OTHER, mine.id),
        lambda: memory.append_turn(OTHER, mine.id, turn()),
        lambda: memory.replace_turns_from(OTHER, mine.id, 0),
        lambda: memory.give_feedback(OTHER, mine.id, 0, up),
        lambda: memory.withdraw_feedback(OTHER, mine.id, 0),
        lambda: memory.opinions(OTHER, mine.id),
        lambda: memory.turns(ME, "nothing"),
    ):
        with pytest.raises(UnknownConversationError, match="no such conversation"):
            act()
    assert memory.conversations(OTHER) == ()
    assert [held.title for held in memory.conversations(ME)] == ["mine"]
    assert memory.turns(ME, mine.id) == (turn(),)


def test_a_browser_whose_key_is_a_users_name_is_not_that_user() -> None:
    assert browser_owner("ana") != user_owner("ana")
    assert user_owner("ana") not in browser_owner("user:ana")
    assert "secret" not in browser_owner("secret")


def test_editing_a_question_replaces_its_turn_and_those_after_it(memory: Memory) -> None:
    held = memory.create(ME, FIRST)
    for question in ("one", "two", "three"):
        memory.append_turn(ME, held.id, turn(question))
    memory.replace_turns_from(ME, held.id, 1, [turn("another")])
    assert [item.question for item in memory.turns(ME, held.id)] == ["one", "another"]
    memory.replace_turns_from(ME, held.id, 7, [turn("last")])
    assert [item.question for item in memory.turns(ME, held.id)] == ["one", "another", "last"]
    memory.replace_turns_from(ME, held.id, 0)
    assert memory.turns(ME, held.id) == ()


def test_a_second_opinion_takes_the_place_of_the_first(memory: Memory) -> None:
    held = memory.create(ME, FIRST)
    memory.append_turn(ME, held.id, turn("Was there one?"))
    memory.append_turn(ME, held.id, turn())
    memory.give_feedback(ME, held.id, 1, Opinion(Verdict.UP))
    wrong = Opinion(Verdict.DOWN, "wrong date", "it was Sunday", "1 December 2019")
    memory.give_feedback(ME, held.id, 1, wrong)
    (given_,) = memory.all_feedback()
    assert (given_.opinion, given_.turn, given_.history) == (wrong, turn(), ("Was there one?",))
    assert [(cited["article_id"], cited["quote"]) for cited in given_.citations] == [
        (ARTICLES[0].id, "The first India-Japan 2+2 was held in New Delhi on 30 November 2019.")
    ]
    assert given_.generation == turn().answer["generation"]
    assert memory.opinions(ME, held.id) == {1: wrong}
    memory.withdraw_feedback(ME, held.id, 1)
    assert memory.all_feedback() == ()


def test_an_opinion_of_a_question_that_was_edited_is_kept_but_is_not_of_the_new_one(memory: Memory) -> None:
    held = memory.create(ME, FIRST)
    memory.append_turn(ME, held.id, turn("one"))
    memory.give_feedback(ME, held.id, 0, Opinion(Verdict.UP))
    memory.replace_turns_from(ME, held.id, 0, [turn("two")])
    assert memory.opinions(ME, held.id) == {}
    memory.withdraw_feedback(ME, held.id, 0)
    assert [item.turn.question for item in memory.all_feedback()] == ["one"]
    with pytest.raises(UnknownConversationError, match="no turn 1"):
        memory.give_feedback(ME, held.id, 1, Opinion(Verdict.UP))


def test_deleting_a_conversation_forgets_all_of_it(memory: Memory) -> None:
    held = memory.create(ME, FIRST)
    memory.append_turn(ME, held.id, turn())
    memory.give_feedback(ME, held.id, 0, Opinion(Verdict.DOWN, "other", "unforgettable"))
    memory.delete(ME, held.id)
    assert (memory.conversations(ME), memory.all_feedback()) == ((), ())
    memory.close()
    assert b"unforgettable" not in memory.path.read_bytes()


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"verdict": Verdict.DOWN}, "'' is no reason for a thumb down: choose from wrong citation, wrong date"),
        ({"verdict": Verdict.DOWN, "reason": "ugly"}, "'ugly' is no reason"),
        ({"verdict": Verdict.UP, "reason": "other"}, "needs no reason"),
        ({"verdict": Verdict.UP, "comment": "x" * 4001}, "the comment has 4001 characters"),
        ({"verdict": Verdict.UP, "right_answer": "x" * 4001}, "the right answer has 4001 characters"),
    ],
)
def test_an_opinion_that_makes_no_sense_is_refused(fields: dict[str, object], problem: str) -> None:
    with pytest.raises(FeedbackError, match=problem):
        Opinion(**fields)


@given(st.text(max_size=400))
def test_any_words_make_a_title_of_one_line(words: str) -> None:
    title = title_of(words)
    assert 0 < len(title) <= LONGEST_TITLE
    assert title.splitlines() == [title]
    title.encode("utf-8")


def test_a_long_title_is_cut_at_a_word() -> None:
    assert title_of("word " * 100) == " ".join(["word"] * 23) + "…"
    assert title_of("x" * 200) == "x" * 119 + "…"


def test_many_threads_add_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite3"
    with Memory.open(path) as one, Memory.open(path) as two, ThreadPoolExecutor(8) as pool:
        held = one.create(ME, "busy")
        adding = [
            pool.submit(memory.append_turn, ME, held.id, StoredTurn(str(n), DAY))
            for n in range(100)
            for memory in (one, two)
        ]
        assert sorted(item.result() for item in adding) == list(range(200))
        assert sorted(int(item.question) for item in two.turns(ME, held.id)) == sorted([*range(100), *range(100)])


def test_a_process_that_is_killed_leaves_what_it_had_stored(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite3"
    script = (
        "import os, sys, datetime; from pathlib import Path; from qa.memory.memory import Memory;"
        "from qa.memory.types import StoredTurn; m = Memory.open(Path(sys.argv[1])); c = m.create('user:ana', 'kept');"
        "m.append_turn('user:ana', c.id, StoredTurn('asked', datetime.date(2026, 1, 1))); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", script, str(path)], check=False).returncode == 9
    with Memory.open(path) as memory:
        (held,) = memory.conversations(ME)
        assert [item.question for item in memory.turns(ME, held.id)] == ["asked"]


def test_a_file_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite3"
    Memory.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(NewerMemoryError, match=r"a newer Dateline wrote .* \(version 99, this one reads 1\)"):
        Memory.open(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_memory_is_refused_in_one_line(tmp_path: Path) -> None:
    text, other = tmp_path / "text", tmp_path / "other"
    text.write_text("not a database at all, but long enough to look like one" * 20, encoding="utf-8")
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    for path, problem in ((text, "damaged"), (other, "another program"), (tmp_path, "cannot use")):
        with pytest.raises(MemoryFileError, match=problem) as refused:
            Memory.open(path)
        assert len(str(refused.value).splitlines()) == 1


def test_a_full_disk_is_told_and_what_was_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite3"
    with Memory.open(path) as memory:
        held = memory.create(ME, "before")
        database = memory._database
        pages = database.rows("PRAGMA page_count")[0][0]
        database.rows(f"PRAGMA max_page_count = {pages + 1}")  # SQLite then says what it says of a full disk
        with pytest.raises(MemoryFullError, match="make room on the disk"):
            memory.append_turn(ME, held.id, StoredTurn("x" * 1_000_000, DAY))
        assert memory.turns(ME, held.id) == ()
        assert memory.conversation(ME, held.id).title == "before"
