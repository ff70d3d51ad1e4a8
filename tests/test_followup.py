"""Follow-ups made to stand alone: the earlier question asked again, and names in place of pronouns."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from fakes import FakeEmbedder
from hypothesis import given
from hypothesis import strategies as st
from reading_fakes import pipeline_over

from corpus.types import Article, TimeExpression
from qa.followup import Earlier, earlier_to_answer, stand_alone, standalone_question
from qa.kinds import answer_kind
from qa.pipeline import Pipeline
from qa.query import understand
from qa.reader import SentenceReader
from qa.types import AnswerKind, Candidate, Ordering, Query, Retrieved, Status

TODAY = date(2024, 5, 1)
LED = "Who led the Corvane survey?"


@pytest.mark.parametrize(
    ("earlier", "follow_up", "asked"),
    [
        (
            "When was the first flight of the Petrel drone?",
            "And the second one?",
            "When was the second flight of the Petrel drone?",
        ),
        ("Who won the third round at Brask?", "and the final one?", "Who won the final round at Brask?"),
        ("Where was the ninth Tidal Forum held?", "And the one after that?", "Where was the tenth Tidal Forum held?"),
        ("Where was the ninth Tidal Forum held?", "the one before?", "Where was the eighth Tidal Forum held?"),
        ("When was Petrel-3 launched?", "and the next one?", "When was Petrel-4 launched?"),
        ("date of the third Chile-Norway forum", "and with peru?", "date of the third Chile-Peru forum"),
        (
            "When was the first Chile-Norway forum?",
            "And the second one with Peru?",
            "When was the second Chile-Peru forum?",
        ),
        ("When was the dam raised to grade four?", "and to grade five?", "When was the dam raised to grade five?"),
        ("How high was the levy after the review?", "and before the vote?", "How high was the levy before the vote?"),
        ("Who headed the Kenyan crew in 2016?", "and the Danish crew?", "Who headed the Danish crew in 2016?"),
        ("Who won the women's race in 2019?", "And the men's?", "Who won the men's race in 2019?"),
        ("Who won the women's race in 2019?", "what about 2021?", "Who won the women's race in 2021?"),
        ("Who won the women's race in 2019?", "And in 2021?", "Who won the women's race in 2021?"),
        ("Who is the mayor of Orlby?", "And the mayor of Kettle Bay?", "Who is the mayor of Kettle Bay?"),
        ("When did the Aurora sail?", "What about Boreal?", "When did Boreal sail?"),
        ("When was the first Chile-Peru forum?", "the second?", "When was the second Chile-Peru forum?"),
        (
            "When was the first flight of the Petrel?",
            "And its third flight?",
            "When was the third flight of the Petrel?",
        ),
        ("When was the first Chile-Peru forum?", "what about the Chile-US one?", "When was the first Chile-US forum?"),
        ("When was the first Chile-Peru forum?", "and Kenya and Fiji?", "When was the first Kenya-Fiji forum?"),
        (
            "Where were talks between Chile and Peru held?",
            "and with Fiji?",
            "Where were talks between Chile and Fiji held?",
        ),
        ("Where was the match with Orlby held?", "and with Kelby?", "Where was the match with Kelby held?"),
        ("Who led Chile's crew?", "and for Peru?", "Who led Peru's crew?"),
        ("Who is the French coach of Norway?", "and the Danish coach?", "Who is the Danish coach of Norway?"),
        ("Who beat Ben Cole in the final?", "in the semi-final?", "Who beat Ben Cole in the semi-final?"),
        ("How high was the levy after the review?", "and at first?", "How high was the levy at first?"),
        ("Who won the race in June?", "And in May?", "Who won the race in May?"),
        ("Where was the Tidal Forum in 2021?", "and in may 2022?", "Where was the Tidal Forum in may 2022?"),
        ("Who is the mayor of Orlby?", "And the Tarn mayor?", "Who is the mayor of Tarn?"),
        ("Who is the mayor of Orlby?", "And Kelby's mayor?", "Who is the mayor of Kelby?"),
        ("Who is the president of Chile?", "And Japan's?", "Who is the president of Japan?"),
        ("Who won the first race?", "sorry, the second one", "Who won the second race?"),
        ("Where was the 20th Tidal Forum held?", "And the one after that?", "Where was the 21st Tidal Forum held?"),
    ],
)
def test_a_follow_up_without_a_verb_asks_the_earlier_question_of_something_else(
    earlier: str, follow_up: str, asked: str
) -> None:
    assert standalone_question(follow_up, [earlier]) == asked


@pytest.mark.parametrize(
    ("earlier", "follow_up", "asked"),
    [
        (
            "Who is the Spanish coach?",
            "and the French goalkeeper?",
            "Who is the Spanish coach — the French goalkeeper?",
        ),
        ("Who was mayor of Orlby in 2019?", "And after that?", "Who was mayor of Orlby in 2019 — after that?"),
        ("When was the opening of the dam?", "and the second?", "When was the opening of the dam — the second?"),
        (
            "What sentence did Ana Reis get?",
            "what about the other two?",
            "What sentence did Ana Reis get — the other two?",
        ),
        (
            "When is the next race at Orlby?",
            "the one after next?",
            "When is the next race at Orlby — the one after next?",
        ),
        ("When was the first round?", "and the one before that?", "When was the first round — the one before that?"),
        ("What did it cost in May 2018?", "and in dollars?", "What did it cost in May 2018 — in dollars?"),
        ("Who won the first race?", "and the second and third?", "Who won the first race — the second and third?"),
        ("When was the first Chile-Peru forum?", "And Peru?", "When was the first Chile-Peru forum — Peru?"),
        ("When did Chile meet Peru?", "and with us?", "When did Chile meet Peru — with us?"),
    ],
)
def test_where_nothing_is_parallel_the_new_words_stand_behind_a_dash(earlier: str, follow_up: str, asked: str) -> None:
    assert standalone_question(follow_up, [earlier]) == asked


@pytest.mark.parametrize(
    ("earlier", "follow_up", "asked"),
    [
        ("When did the ferry Aurora sail?", "and where?", "Where did the ferry Aurora sail?"),
        ("Where was the dam built?", "When was that?", "When was the dam built?"),
        ("Who bought the ferry Aurora?", "When was that?", "When was that (ferry Aurora)?"),
        (
            "How was the third Tidal Forum held?",
            "and the fourth, where was that?",
            "Where was the fourth Tidal Forum held?",
        ),
    ],
)
def test_a_bare_when_or_where_is_asked_of_what_was_asked_before(earlier: str, follow_up: str, asked: str) -> None:
    assert standalone_question(follow_up, [earlier]) == asked


def test_the_kind_the_order_and_the_days_of_a_question_asked_again_are_its_own() -> None:
    query = understand("and the second?", asked_on=TODAY, history=["When was the first forum of Lund in 2019?"])
    assert (query.text, query.standalone) == ("and the second?", "When was the second forum of Lund in 2019?")
    assert (query.kind, query.ordering, query.ordinal) == (AnswerKind.DAY, Ordering.NTH, 2)
    assert query.window is not None
    assert query.window.words == "in 2019"


def test_what_a_follow_up_only_points_back_at_bounds_no_days() -> None:
    query = understand("Why was it closed?", asked_on=TODAY, history=["Who visited the Brask mill in 2019?"])
    assert query.standalone == "Why was it closed (Brask mill 2019)?"
    assert query.window is None


@pytest.mark.parametrize("follow_up", ["And after that?", "and today?", "and since?"])
def test_new_words_that_say_when_take_the_place_of_the_earlier_days(follow_up: str) -> None:
    query = understand(follow_up, asked_on=TODAY, history=["Who was mayor of Orlby in 2019?"])
    assert query.standalone.startswith("Who was mayor of Orlby in 2019 — ")
    assert query.window is None or query.window.words != "in 2019"


@pytest.mark.parametrize(
    "question",
    [
        "And when was the first Chile-US forum of ministers?",
        "Formula One champion 2021",
        "one dead in Tarn fire",
        "for sale signs in Tarn",
        "At least 12 dead Orlby",
        "No deal for Tarn dockers",
        "When did Brexit happen?",
        "What is the Lund pact?",
        "What is NATO?",
        "Who won this year's Orlby marathon?",
        "Is there a ferry to Orlby?",
    ],
)
def test_a_question_that_names_all_it_needs_is_left_as_it_is(question: str) -> None:
    assert standalone_question(question, ["Who led the Corvane survey in 2019?"]) == question


def test_a_number_in_the_question_before_is_no_capital() -> None:
    assert standalone_question("Who owns porthavel mill?", ["what did norland recall in 2019"]) == (
        "Who owns porthavel mill?"
    )


def test_a_short_question_that_names_nothing_is_about_what_was_asked_before() -> None:
    history = ["What did Norland Dairy recall in June?"]
    assert standalone_question("What did the company say first?", history) == (
        "What did the company say first (Norland Dairy recall June)?"
    )
    assert standalone_question("Who owns porthavel mill?", ["what did norland recall"]) == "Who owns porthavel mill?"


def test_a_pair_is_named_whole_even_where_the_follow_up_has_one_of_it() -> None:
    asked = standalone_question("Who were the Peruvian delegates this time?", ["When was the third Chile-Peru forum?"])
    assert asked == "Who were the Peruvian delegates this time (third Chile Peru forum)?"


@pytest.mark.parametrize(
    ("follow_up", "asked"),
    [
        ("and who took over from him?", "who took over from Ada Quill?"),
        ("When did she resign?", "When did Ada Quill resign?"),
        ("Who took her place?", "Who took Ada Quill’s place?"),
        ("Who came after her in 2020?", "Who came after Ada Quill in 2020?"),
        ("What was his last post?", "What was Ada Quill’s last post?"),
        ("How old was she when she left?", "How old was Ada Quill when she left?"),
        ("Who gave her the award?", "Who gave Ada Quill the award?"),
        ("In 2020, did he leave?", "In 2020, did Ada Quill leave?"),
        ("And her deputy?", "Who led the Corvane survey — Ada Quill’s deputy?"),
    ],
)
def test_the_answer_to_a_question_for_a_person_takes_the_place_of_the_pronoun(follow_up: str, asked: str) -> None:
    assert stand_alone(follow_up, [LED], answer="Ada Quill").text == asked


def test_a_single_name_keeps_the_earlier_words_in_brackets_beside_it() -> None:
    assert stand_alone("When did she resign?", [LED], answer="Quill").text == "When did Quill resign (Corvane survey)?"


@pytest.mark.parametrize("answer", ["", "the head of mining", "Ada Quill and Rolf Sande"])
def test_without_one_name_a_pronoun_is_left_as_it_is(answer: str) -> None:
    assert stand_alone("When did she resign?", [LED], answer=answer).text == "When did she resign (Corvane survey)?"


def test_he_and_she_point_at_the_latest_question_for_a_person() -> None:
    assert earlier_to_answer("who followed him?", [LED]) == Earlier(LED, ())
    assert earlier_to_answer("and who followed her?", [LED, "Who followed him?"]) == Earlier(
        "Who followed him?", (LED,)
    )
    assert earlier_to_answer("where did he go?", [LED, "When did he leave?"]) == Earlier(LED, ())
    assert earlier_to_answer("and in May 2020, did she leave?", [LED]) == Earlier(LED, ())
    which = "Which Danish vice-minister signed?"
    assert earlier_to_answer("and who took her place?", [which]) == Earlier(which, ())


@pytest.mark.parametrize(
    ("follow_up", "history"),
    [
        ("who followed him?", []),
        ("and when was it?", [LED]),
        ("who followed him?", ["When did Ada Quill resign?"]),
        ("and who paid him?", ["Who was Rolf Sande's lawyer when he fell?"]),
        ("where did he go?", [LED, "When was the Brask mill built?"]),
        ("Did Rolf Sande say he would leave Lund?", [LED]),
        ("and who paid him?", ["Which country's president visited Lund?"]),
    ],
)
def test_no_earlier_answer_is_sought_where_the_pronoun_points_elsewhere(follow_up: str, history: list[str]) -> None:
    assert earlier_to_answer(follow_up, history) is None


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=4), st.text(max_size=20))
def test_any_words_in_any_order_make_a_question(question: str, history: list[str], answer: str) -> None:
    told = stand_alone(question, history, answer=answer)
    assert isinstance(told.text, str)
    assert told.text or not question.strip()
    earlier_to_answer(question, history)
    answer_kind(told.text)


FILES = {
    "named.txt": "date 2021-03-05\nid: named\ntitle: Survey\nsource: Harbour Wire\n\n"
    "The Corvane survey was led by Ada Quill, a geologist.",
    "left.txt": "date 2022-06-01\nid: left\ntitle: New head\nsource: Harbour Wire\n\n"
    "Ada Quill resigned on 30 May 2022. She was succeeded by Rolf Sande.",
    "mill.txt": "date 2022-06-01\nid: mill\ntitle: Mill\nsource: Harbour Wire\n\n"
    "The head of the paper mill resigned on 12 April 2022.",
}


class CountingReader(SentenceReader):
    """Reads as the one below, and remembers the questions."""

    def __init__(self) -> None:
        super().__init__(FakeEmbedder())
        self.read_for: list[str] = []

    def read(
        self,
        query: Query,
        passages: Sequence[Retrieved],
        articles: Mapping[str, Article],
        times: Mapping[str, Sequence[TimeExpression]],
    ) -> list[Candidate]:
        """Remember the question, and read."""
        self.read_for.append(query.standalone)
        return super().read(query, passages, articles, times)


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[tuple[Pipeline, CountingReader]]:
    reader = CountingReader()
    with pipeline_over(tmp_path, FILES, reader) as built:
        yield built, reader


def test_the_pipeline_answers_the_question_before_where_a_pronoun_points_at_its_answer(
    pipeline: tuple[Pipeline, CountingReader],
) -> None:
    asked, reader = pipeline
    answer = asked.ask("And when did she resign?", today=TODAY, history=[LED])
    assert answer.question == "And when did she resign?"
    assert answer.standalone_question == "when did Ada Quill resign?"
    assert answer.short_answer == "30 May 2022"
    assert reader.read_for == [LED, "when did Ada Quill resign?"]
    assert set(answer.timings_ms) == {"total", "retrieve", "read", "compose"}
    assert answer.timings_ms["total"] == pytest.approx(sum(answer.timings_ms.values()) / 2, rel=0.2)


def test_no_other_follow_up_reads_twice(pipeline: tuple[Pipeline, CountingReader]) -> None:
    asked, reader = pipeline
    asked.ask("And when was it?", today=TODAY, history=[LED])
    assert len(reader.read_for) == 1


@pytest.mark.parametrize("earlier", ["Who won the Brazilian chess championship?", "Who won " + "x" * 2_000 + "?"])
def test_where_the_question_before_has_no_answer_its_words_stand_in_brackets(
    pipeline: tuple[Pipeline, CountingReader], earlier: str
) -> None:
    asked, _ = pipeline
    answer = asked.ask("When did she resign?", today=TODAY, history=[earlier])
    assert answer.standalone_question.startswith("When did she resign (")


def test_the_question_before_is_asked_as_of_the_same_day(pipeline: tuple[Pipeline, CountingReader]) -> None:
    asked, _ = pipeline
    answer = asked.ask("When did she resign?", today=date(2020, 1, 1), history=[LED])
    assert answer.status is Status.NOT_IN_CORPUS
    assert answer.standalone_question == "When did she resign (Corvane survey)?"
