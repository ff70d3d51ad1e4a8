"""How a conversation grows and is kept, and what is made of what a browser sends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from chat_fakes import ARTICLES, FakePipeline

from qa.chat.conversation import OUR_MISTAKE, Visitor, converse, judge, resume, stop
from qa.chat.recall import recall_answer
from qa.chat.request import read_asking, read_opinion, read_scope_sent, read_target
from qa.chat.types import Arriving, Asking, Failed, Stopped, Talk, Target, Turn, Working
from qa.errors import BusyError, FeedbackError, QuestionError, UnknownConversationError
from qa.memory.memory import Memory
from qa.memory.types import Opinion, Verdict
from qa.records import answer_record
from qa.types import Alternative, Answer, Sentence, Status, TimelineEntry
from vectorstore.types import Filters

TODAY = date(2026, 1, 1)
FIRST = "When was the first India-Japan 2+2?"
PIPELINE = FakePipeline(ARTICLES)


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    """Give a visitor whose memory is empty."""
    with Memory.open(tmp_path / "memory.sqlite3") as memory:
        yield Visitor("browser:a", memory, TODAY)


def ask(visitor: Visitor, question: str, **sent: object) -> Talk:
    """Return the conversation after a question has been answered."""
    *_, talk = converse(PIPELINE, visitor, {"question": question, **sent})
    return talk


def last(talk: Talk) -> Answer:
    outcome = talk.turns[-1].outcome
    assert isinstance(outcome, Answer)
    return outcome


def test_a_question_passes_the_stages_and_is_answered(visitor: Visitor) -> None:
    outcomes = [talk.turns[-1].outcome for talk in converse(PIPELINE, visitor, {"question": FIRST})]
    assert [outcome.stage for outcome in outcomes if isinstance(outcome, Working)] == [
        "searching",
        "searching",
        "reading",
        "checking",
    ]
    assert isinstance(outcomes[-1], Answer)
    assert outcomes[-1].short_answer == "30 November 2019"


def test_an_answer_of_several_sentences_arrives_sentence_by_sentence(visitor: Visitor) -> None:
    answer = PIPELINE.ask(FIRST, today=TODAY)
    number = answer.citations[0].number
    said = tuple(Sentence(words, (number,)) for words in ("One.", "Two.", "Three."))

    class Talkative(FakePipeline):
        def stages(self, question: str, **_: object) -> Iterator[str | Answer]:
            yield replace(answer, sentences=said)

    talks = converse(Talkative(ARTICLES), visitor, {"question": FIRST})
    arriving = [talk.turns[-1].outcome for talk in talks if isinstance(talk.turns[-1].outcome, Arriving)]
    assert [outcome.told for outcome in arriving if isinstance(outcome, Arriving)] == [1, 2]


def test_a_conversation_is_kept_and_is_the_same_when_it_is_opened_again(visitor: Visitor) -> None:
    talk = ask(visitor, FIRST, to="2026-01-01", sources=["Meridian Wire"])
    ask(visitor, "And the US?", conversation=talk.id)
    again = resume(visitor, talk.id)
    assert [turn.question for turn in again.turns] == [FIRST, "And the US?"]
    assert again.turns[0].scope == talk.turns[0].scope == "published up to 1 January 2026, by Meridian Wire"
    shown, kept = last(talk), again.turns[0].outcome
    assert isinstance(kept, Answer)
    assert (kept.short_answer, kept.sentences, kept.citations) == (
        shown.short_answer,
        shown.sentences,
        shown.citations,
    )
    assert visitor.memory.conversation(visitor.owner, talk.id).title == FIRST


def test_nobody_opens_the_conversation_of_another(visitor: Visitor) -> None:
    talk = ask(visitor, FIRST)
    with pytest.raises(UnknownConversationError):
        resume(replace(visitor, owner="browser:b"), talk.id)
    mine = ask(replace(visitor, owner="browser:b"), "And the US?", conversation=talk.id)
    assert mine.id != talk.id
    assert last(mine).standalone_question == "And the US?", "it began anew, without the other's questions"


def test_earlier_questions_are_passed_on_oldest_first(visitor: Visitor) -> None:
    talk = ask(visitor, FIRST)
    grown = ask(visitor, "And the US?", conversation=talk.id)
    assert grown.turns[0].question == FIRST
    assert last(grown).standalone_question == f"And the US? (after: {FIRST})"


def test_an_edited_question_takes_the_place_of_its_turn_and_of_all_that_followed(visitor: Visitor) -> None:
    talk = Talk()
    for question in ("one?", "two?", "three?"):
        talk = ask(visitor, question, conversation=talk.id)
    grown = ask(visitor, FIRST, conversation=talk.id, replaces="1")
    assert [turn.question for turn in grown.turns] == ["one?", FIRST]
    assert [turn.question for turn in resume(visitor, talk.id).turns] == ["one?", FIRST]


def test_the_scope_narrows_the_search_and_is_told(visitor: Visitor) -> None:
    talk = ask(visitor, FIRST, to="2020-12-31", sources=["capital post"])
    assert talk.turns[0].scope == "published up to 31 December 2020, by capital post"
    assert {citation.title for citation in last(talk).citations} == {"India and the United States meet"}


def test_a_question_may_count_as_asked_on_another_day(visitor: Visitor) -> None:
    talk = ask(visitor, "What day is today?", today="2022-09-06")
    assert last(talk).notes == ("asked on 2022-09-06",)
    assert talk.turns[0].scope == "as if asked on 6 September 2022"


def test_what_a_question_implies_can_be_left_unheeded_and_that_is_remembered(visitor: Visitor) -> None:
    assert last(ask(visitor, FIRST)).implied == ("the first",)
    talk = ask(visitor, FIRST, implied="no")
    assert last(talk).implied == ()
    assert not resume(visitor, talk.id).turns[0].implied


def test_a_problem_is_told_in_its_own_words_and_a_defect_is_logged(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    assert ask(visitor, "fail").turns[0].outcome == Failed("the index is being rebuilt: ask again in a minute")
    talk = ask(visitor, "burst")
    assert talk.turns[0].outcome == Failed(OUR_MISTAKE)
    assert "a defect" in caplog.text
    assert resume(visitor, talk.id).turns[0].outcome == Failed(OUR_MISTAKE)


def test_an_answer_that_cannot_be_kept_is_shown_with_the_reason(visitor: Visitor) -> None:
    class Full(Memory):
        def replace_turns_from(self, *_: object, **__: object) -> None:
            raise QuestionError("the disk is full")

    with Full.open(visitor.memory.path) as memory:
        talk = ask(replace(visitor, memory=memory), FIRST)
    assert last(talk).short_answer == "30 November 2019"
    assert talk.turns[0].problem == "This could not be kept: the disk is full."


def test_stopping_ends_the_turn_and_leaves_the_others(visitor: Visitor) -> None:
    talk = ask(visitor, FIRST)
    stopped = stop(visitor, {"question": "two?", "conversation": talk.id})
    assert [turn.outcome for turn in stopped.turns[1:]] == [Stopped()]
    assert resume(visitor, talk.id).turns[1] == Turn("two?", Stopped())


def test_an_opinion_is_noted_shown_again_and_can_be_taken_back(visitor: Visitor) -> None:
    talk = ask(visitor, FIRST)
    told = {"conversation": talk.id, "turn": "0", "verdict": "down", "reason": "wrong date", "right_answer": "1 May"}
    assert judge(visitor, told).turns[0].opinion == Opinion(Verdict.DOWN, "wrong date", "", "1 May")
    assert resume(visitor, talk.id).turns[0].opinion == Opinion(Verdict.DOWN, "wrong date", "", "1 May")
    assert judge(visitor, {"conversation": talk.id, "turn": "0", "verdict": ""}).turns[0].opinion is None


@pytest.mark.parametrize(
    "sent",
    [
        None,
        {"verdict": "up"},
        {"turn": "0", "verdict": "sideways"},
        {"turn": "0", "verdict": "down", "reason": "I say so"},
        {"turn": "-1", "verdict": "up"},
    ],
)
def test_an_opinion_that_makes_no_sense_is_refused(sent: object) -> None:
    with pytest.raises(FeedbackError):
        read_opinion(sent)


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({"question": "   "}, "there is no question"),
        ({}, "there is no question"),
        ("when", "there is no question"),
        ({"question": ["when"]}, "there is no question"),
        ({"question": "when", "from": "2022-13-45"}, "'2022-13-45' is not a day"),
        (
            {"question": "when", "from": "2022-02-02", "to": "2021-01-01"},
            "the first day, 2022-02-02, is after the last",
        ),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_one_line(visitor: Visitor, sent: object, problem: str) -> None:
    with pytest.raises(QuestionError, match=problem):
        read_asking(sent)
    *_, talk = converse(PIPELINE, visitor, sent)
    outcome = talk.turns[-1].outcome
    assert isinstance(outcome, Failed)
    assert problem in outcome.message


def test_a_question_is_read_with_its_scope() -> None:
    sent = {
        "question": " when? ",
        "from": "2020-01-01",
        "to": "",
        "sources": ["A", 7, " "],
        "replaces": None,
        "more": 1,
    }
    assert read_asking(sent) == Asking("when?", Filters(date(2020, 1, 1), None, frozenset({"A"})))
    assert read_scope_sent(sent) == {"from": "2020-01-01", "sources": ["A"]}
    later = {"question": "when?", "today": "2022-09-06", "replaces": "3", "conversation": "c", "implied": "no"}
    assert read_asking(later) == Asking("when?", Filters(), date(2022, 9, 6), 3, "c", implied=False)


def test_a_link_is_read_as_the_words_it_opens() -> None:
    sent = {"article": "a1", "start": "3", "end": "9", "digest": "00", "number": "2", "turn": "4"}
    assert read_target(sent) == Target("a1", 3, 9, "00", 2, 4)
    assert read_target({"article": "a1"}) == Target("a1")


@pytest.mark.parametrize("sent", [None, [], "a1", {"start": "-1"}, {"start": "9", "end": "3"}, {"start": "x"}])
def test_what_is_no_link_is_refused(sent: object) -> None:
    with pytest.raises(ValueError, match=r"object|span|invalid literal"):
        read_target(sent)


def test_an_answer_is_recalled_from_its_record_as_it_was_shown() -> None:
    answer = PIPELINE.ask(FIRST, today=TODAY)
    full = replace(
        answer,
        alternatives=(Alternative("1 December 2019", (1,), 0.25, "another day"),),
        timeline=(TimelineEntry("2019-11-30", "They met.", (1,)),),
        hits=(),
    )
    assert recall_answer(answer_record(full)) == full
    refusal = PIPELINE.ask("Who won the harbour regatta of 2034?", today=TODAY)
    assert recall_answer(answer_record(refusal)) == replace(refusal, hits=())


def test_the_fake_refuses_what_its_articles_do_not_say() -> None:
    assert PIPELINE.ask("Who won the regatta?", today=TODAY).status is Status.NOT_IN_CORPUS


def test_a_server_that_has_too_much_to_do_says_so_in_the_turn_which_is_kept(visitor: Visitor) -> None:
    class Busy(FakePipeline):
        def stages(self, question: str, **_: object) -> Iterator[str | Answer]:
            raise BusyError("too many questions are waiting: ask again in a minute")

    *_, talk = converse(Busy(ARTICLES), visitor, {"question": FIRST})
    assert talk.turns == (Turn(FIRST, Failed("too many questions are waiting: ask again in a minute")),)
    assert resume(visitor, talk.id) == talk
