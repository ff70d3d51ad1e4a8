"""Questions are answered in the order in which they came, and the same one once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from chat_fakes import ARTICLES, FakePipeline

from qa.errors import BusyError
from qa.server.crew import Crew
from qa.server.desk import Desk
from qa.server.limits import RateLimit
from qa.server.metrics import Metrics
from qa.types import Answer

TODAY = date(2026, 1, 1)
FIRST = "When was the first India-Japan 2+2?"


class Counting(FakePipeline):
    """Notes every question that it really answers."""

    def __init__(self, *, pause_s: float = 0.0) -> None:
        super().__init__(ARTICLES, pause_s=pause_s)
        self.asked: list[str] = []
        self.at_work = self.most_at_work = 0

    def stages(self, question: str, **more: Any) -> Iterator[str | Answer]:
        self.asked.append(question)
        self.at_work += 1
        self.most_at_work = max(self.most_at_work, self.at_work)
        try:
            yield from super().stages(question, **more)
        finally:
            self.at_work -= 1


def desk_of(pipeline: FakePipeline, **more: int) -> Desk:
    return Desk(pipeline, Metrics(), **more)


def ask(desk: Desk, question: str = FIRST, **more: Any) -> Answer:
    return desk.ask(question, **{"today": TODAY, **more})


def test_the_answer_is_that_of_the_pipeline_and_is_made_once() -> None:
    pipeline = Counting()
    desk = desk_of(pipeline)
    assert ask(desk) == FakePipeline(ARTICLES).ask(FIRST, today=TODAY)
    assert ask(desk) == ask(desk)
    assert pipeline.asked == [FIRST]


def test_another_day_history_or_reading_is_another_question() -> None:
    pipeline = Counting()
    desk = desk_of(pipeline)
    for more in ({}, {"today": date(2025, 1, 1)}, {"history": ("Hello?",)}, {"implied": False}):
        ask(desk, **more)
    assert len(pipeline.asked) == 4


def test_a_change_of_the_archive_makes_every_answer_new(monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = Counting()
    desk = desk_of(pipeline)
    monkeypatch.setattr(type(pipeline.store), "generation", 0)
    ask(desk)
    ask(desk)
    monkeypatch.setattr(type(pipeline.store), "generation", 2)
    ask(desk)
    assert len(pipeline.asked) == 2


def test_only_so_many_answers_are_remembered() -> None:
    pipeline = Counting()
    desk = desk_of(pipeline, remembered=2)
    for question in ("one", "two", "three", "one", "three"):
        ask(desk, question)
    assert pipeline.asked == ["one", "two", "three", "one"]


def test_the_same_question_from_many_at_once_is_answered_once_for_each_turn() -> None:
    pipeline = Counting(pause_s=0.02)
    desk = desk_of(pipeline, at_once=1)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ask(desk), range(8)))
    assert pipeline.asked == [FIRST]
    assert set(map(repr, answers)) == {repr(answers[0])}


def test_no_more_are_answered_at_once_than_is_said() -> None:
    pipeline = Counting(pause_s=0.01)
    desk = desk_of(pipeline, at_once=2)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: ask(desk, f"{FIRST} {number}"), range(12)))
    assert (len(pipeline.asked), pipeline.most_at_work) == (12, 2)


def numbers(crew: Crew, heard: list[int], number: int, gate: threading.Event | None = None) -> threading.Thread:
    """Return a thread that waits for a job of a crew, which is to tell a number."""

    def steps() -> Iterator[int]:
        if gate is not None:
            gate.wait(10)
        heard.append(number)
        yield number

    listening = threading.Thread(target=lambda: list(crew.work(steps)))
    listening.start()
    return listening


def until(holds: Callable[[], bool]) -> None:
    due_s = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < due_s
        time.sleep(0.001)


def test_whoever_came_first_goes_first() -> None:
    crew, order, gate = Crew(1, 100), [], threading.Event()
    threads = []
    for number in range(20):
        threads.append(numbers(crew, order, number, None if number else gate))
        until(lambda least=number: crew._held > least)
    assert crew.waiting == 19
    gate.set()
    for thread in threads:
        thread.join()
    assert order == list(range(20))
    assert crew.waiting == 0


def test_a_full_queue_says_so_and_a_failure_gives_the_turn_on() -> None:
    crew, gate = Crew(1, 0), threading.Event()
    held = numbers(crew, [], 0, gate)
    until(lambda: crew._held == 1)
    with pytest.raises(BusyError, match="ask again"):
        crew.work(lambda: iter((1,)))
    gate.set()
    held.join()
    desk = desk_of(FakePipeline(ARTICLES), at_once=1)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            ask(desk, "burst")
    assert ask(desk).short_answer == "30 November 2019"


def test_who_stops_listening_is_no_longer_worked_for() -> None:
    pipeline = Counting()
    desk = desk_of(pipeline, at_once=1)
    steps = desk.stages(FIRST, today=TODAY)
    assert next(steps) == "searching"
    steps.close()  # type: ignore[attr-defined]
    assert ask(desk, "When did the harbour bridge open?").status.value == "answered"
    until(lambda: pipeline.at_work == 0)


def test_who_never_listens_leaves_the_queue() -> None:
    crew, order, gate = Crew(1, 1), [], threading.Event()
    held = numbers(crew, order, 0, gate)
    until(lambda: crew._held == 1)
    begun = crew.work(lambda: iter(order.append(1) or (1,)))
    assert crew.waiting == 1
    begun.close()  # type: ignore[attr-defined]
    assert crew.waiting == 0
    gate.set()
    held.join()
    assert list(crew.work(lambda: iter((2,)))) == [2]
    assert order == [0]


def test_work_begins_before_anybody_listens() -> None:
    pipeline = Counting()
    steps = desk_of(pipeline).stages(FIRST, today=TODAY)
    until(lambda: pipeline.asked == [FIRST])
    assert list(steps)[:3] == ["searching", "reading", "checking"]


def test_a_listener_who_is_slow_keeps_nobody_waiting() -> None:
    desk = desk_of(FakePipeline(ARTICLES), at_once=1)
    slow = desk.stages(FIRST, today=TODAY)
    assert next(slow) == "searching"
    assert ask(desk, "When did the harbour bridge open?").status.value == "answered"  # while the other one dawdles
    assert list(slow)[-1] == ask(desk)


def test_who_is_not_patient_is_answered_only_when_nobody_else_asks() -> None:
    crew, gate = Crew(2, 100), threading.Event()
    assert [list(crew.work(lambda: iter((1,)), patient=False)) for _ in range(100)] == [[1]] * 100
    held = numbers(crew, [], 0, gate)
    until(lambda: crew._held == 1)
    with pytest.raises(BusyError, match="other questions come first"):
        crew.work(lambda: iter((1,)), patient=False)
    gate.set()
    held.join()


def wait_times(limit: RateLimit, clients: Sequence[str]) -> list[float]:
    return [round(limit.wait_s(client), 3) for client in clients]


def test_each_client_has_its_own_rate_and_waits_no_longer_than_needed() -> None:
    now = [0.0]
    limit = RateLimit(60, clock_s=lambda: now[0])
    assert wait_times(limit, ["a"] * 61) == [0.0] * 60 + [1.0]
    assert limit.wait_s("b") == 0
    now[0] = 0.5
    assert limit.wait_s("a") == 0.5
    now[0] = 1.0
    assert wait_times(limit, ["a", "a"]) == [0.0, 1.0]
    assert wait_times(RateLimit(0), ["a"] * 500) == [0.0] * 500
