"""Further questions: made by rule from an answer, and offered only where the archive answers them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from chat_fakes import ARTICLES, FakePipeline

from qa.chat.followups import NEXT, SURE, candidates, follow_ups, leads_on
from qa.errors import BusyError
from qa.types import Answer, Status

TODAY = date(2026, 1, 1)
PIPELINE = FakePipeline(ARTICLES)


def answer_to(question: str) -> Answer:
    return PIPELINE.ask(question, today=TODAY)


@pytest.mark.parametrize(
    ("question", "asked_next"),
    [
        ("When was the first India-Japan 2+2?", ["When was the second India-Japan 2+2?", NEXT, "Where was that?"]),
        ("Who cut a ribbon at the harbour bridge?", ["When was that?", NEXT, "Where was that?"]),
        ("Where is the latest bridge?", ["Where is the first bridge?", "When was that?", NEXT]),
    ],
)
def test_what_may_be_asked_next_depends_on_what_was_asked(question: str, asked_next: list[str]) -> None:
    assert list(candidates(replace(answer_to(question), standalone_question=question))) == asked_next


def test_a_further_answer_must_be_sure_say_something_else_and_be_about_the_same() -> None:
    answer = answer_to("When was the first India-Japan 2+2?")
    other = replace(answer, short_answer="New Delhi", confidence=SURE)
    assert leads_on(answer, other, "Where was that?")
    assert not leads_on(answer, replace(other, confidence=SURE - 0.01), "Where was that?")
    assert not leads_on(answer, replace(other, short_answer=answer.short_answer), "Where was that?")
    elsewhere = answer_to("When did the harbour bridge of Ostrava open?")
    assert not leads_on(answer, replace(elsewhere, hits=()), "Where was that?")


def test_what_happened_next_is_told_by_later_days_only() -> None:
    answer = answer_to("When was the first India-Japan 2+2?")
    (cited,) = answer.citations
    earlier = replace(answer, citations=(replace(cited, event="2019-11-30"),))
    later = replace(answer, short_answer="They met again", citations=(replace(cited, event="2022-09-06"),))
    assert leads_on(earlier, later, NEXT)
    assert not leads_on(later, replace(earlier, short_answer="before"), NEXT)


def test_nothing_is_offered_after_a_refusal_or_where_answering_takes_long() -> None:
    refusal = answer_to("Who won the harbour regatta of 2034?")
    assert refusal.status is Status.NOT_IN_CORPUS
    assert follow_ups(PIPELINE, refusal, [refusal.question], TODAY) == ()
    slow = replace(answer_to("Who cut a ribbon at the harbour bridge?"), timings_ms={"total": 5000.0})
    assert follow_ups(PIPELINE, slow, [slow.question], TODAY) == ()


def test_nothing_more_is_sought_as_soon_as_somebody_else_asks() -> None:
    class Interrupted(FakePipeline):
        asked: tuple[str, ...] = ()

        def ask(self, question: str, **more: Any) -> Answer:
            assert more["patient"] is False
            if self.asked:
                raise BusyError("other questions come first")
            self.asked = (*self.asked, question)
            answer = answer_to("When was the first India-Japan 2+2?")
            return replace(answer, short_answer="New Delhi", confidence=1.0)

    answer = answer_to("When was the first India-Japan 2+2?")
    again = Interrupted(ARTICLES)
    assert follow_ups(again, answer, [answer.question], TODAY) == ("When was the second India-Japan 2+2?",)
    assert again.asked == ("When was the second India-Japan 2+2?",)
