"""Questions are answered in the order in which they came, and the same one once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from chat_fakes import ARTICLES, FakePipeline

from qa.errors import BusyError
from qa.server.desk import Desk, Turnstile
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


def test_whoever_came_first_goes_first() -> None:
    turnstile, order = Turnstile(1, 100), []

    def pass_through(number: int) -> None:
        with turnstile.turn():
            order.append(number)

    with turnstile.turn():
        threads = []
        for number in range(20):
            threads.append(threading.Thread(target=pass_through, args=(number,)))
            threads[-1].start()
            while turnstile.waiting <= number:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert order == list(range(20))


def test_a_full_queue_says_so_and_a_failure_gives_the_turn_on() -> None:
    turnstile = Turnstile(1, 0)
    with turnstile.turn(), pytest.raises(BusyError, match="ask again"), turnstile.turn():
        pass
    desk = desk_of(FakePipeline(ARTICLES), at_once=1)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            ask(desk, "burst")
    assert ask(desk).short_answer == "30 November 2019"


def test_who_stops_listening_gives_the_turn_on() -> None:
    desk = desk_of(FakePipeline(ARTICLES), at_once=1)
    steps = desk.stages(FIRST, today=TODAY)
    assert next(steps) == "searching"
    steps.close()  # type: ignore[attr-defined]
    assert ask(desk, "When did the harbour bridge open?").status.value == "answered"


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
