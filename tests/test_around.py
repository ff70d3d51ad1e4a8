"""What stands around a candidate answer, as the judge is told it."""

from collections.abc import Sequence
from datetime import date

from corpus.sentences import sentence_spans
from corpus.times import find_times
from corpus.types import Article, Passage, TimeExpression
from qa.around import AROUND, Around
from qa.query import understand
from qa.types import Candidate, Retrieved
from vectorstore.types import Hit, Origin

ASKED_ON = date(2024, 1, 1)
ROUND = Article(
    "round",
    "Lathe ministers end talks",
    "The second round was held in Orrel on Friday. Anna Pell and Tomas Rehn of Velt led it. It rained.",
    date(2020, 1, 5),
    "round",
    source="Post",
)
OTHER = Article("other", "Harbour news", "The third fair of Orrel opened in 2018.", date(2018, 6, 1), "other")
ARTICLES = {item.id: item for item in (ROUND, OTHER)}


def passage_of(article: Article) -> Passage:
    return Passage(f"{article.id}#0", article.id, 0, len(article.text), article.text)


PASSAGES = [Retrieved(Hit(passage_of(item), 1.0, Origin.FUSED)) for item in (ROUND, OTHER)]
TIMES = {item.id: find_times(item.text, item.published_day) for item in ARTICLES.values()}


def marked(article: Article, words: str) -> Candidate:
    start = article.text.index(words)
    bounds = next((a, b) for a, b in sentence_spans(article.text) if a <= start < b)
    time = next((t for t in TIMES[article.id] if t.start <= start < t.end), None)
    return Candidate(passage_of(article), start, start + len(words), *bounds, 0.5, time)


def around(question: str, article: Article, words: str) -> dict[str, float]:
    times: dict[str, Sequence[TimeExpression]] = dict(TIMES)
    row = Around(understand(question, asked_on=ASKED_ON), PASSAGES, ARTICLES, times).row(marked(article, words))
    return dict(zip(AROUND, row, strict=True))


def test_a_sentence_that_holds_every_word_of_the_question_holds_all_of_its_weight() -> None:
    told = around("When was the second round in Orrel?", ROUND, "Friday")
    assert (told["nearby"], told["held"]) == (1.0, 1.0)


def test_words_that_only_the_title_holds_are_near() -> None:
    asked = "When did the Lathe ministers meet in Orrel?"
    told, elsewhere = around(asked, ROUND, "Friday"), around(asked, OTHER, "2018")
    assert told["title"] > 0.0 == elsewhere["title"]
    assert told["nearby"] > elsewhere["nearby"]


def test_a_name_that_the_article_lacks_is_told() -> None:
    told = around("When was the second round in Brennick?", ROUND, "Friday")
    assert told["held"] == 0.0


def test_words_that_stand_side_by_side_in_both_count_as_a_pair() -> None:
    assert around("When was the second round?", ROUND, "Friday")["pairs"] == 1.0
    assert around("When was the round before the second?", ROUND, "Friday")["pairs"] == 0.0


def test_the_days_that_a_span_means_fall_in_those_that_the_question_names_or_not() -> None:
    assert around("When in 2020 was the second round?", ROUND, "Friday")["dated"] == 1.0
    assert around("When in 2022 was the second round?", ROUND, "Friday")["dated"] == -1.0
    assert around("When was the second round?", ROUND, "Friday")["dated"] == 0.0


def test_a_day_is_more_precise_than_a_year_and_a_name_is_no_time() -> None:
    question = "When was it opened in Orrel?"
    assert around(question, ROUND, "Friday")["precision"] == 1.0
    assert around(question, OTHER, "2018")["precision"] == 0.2
    assert around(question, ROUND, "Anna Pell")["precision"] == 0.0


def test_names_that_are_neither_asked_about_nor_given_are_strangers() -> None:
    told = around("Who led the talks with Anna Pell?", ROUND, "Tomas Rehn")
    alone = around("Who led the talks with Anna Pell of Velt?", ROUND, "Tomas Rehn")
    assert told["strangers"] > alone["strangers"] == 0.0


def test_the_latest_points_to_the_last_article_and_the_first_to_the_first() -> None:
    assert around("What is the latest from Orrel?", ROUND, "Friday")["order"] == 1.0
    assert around("What was the first event in Orrel?", ROUND, "Friday")["order"] == -1.0
    assert around("What happened in Orrel?", ROUND, "Friday")["order"] == 0.0


def test_the_kind_that_is_asked_for_is_known_in_the_span() -> None:
    assert around("Who led the second round?", ROUND, "Anna Pell")["kind"] == 1.0
    assert around("Who led the second round?", ROUND, "led it")["kind"] == 0.0


def test_what_the_sentence_itself_holds_is_told_apart_from_what_stands_near() -> None:
    own, beside = (
        around("When was the second round in Orrel?", ROUND, "Friday"),
        around("When was the second round in Orrel?", ROUND, "Anna Pell"),
    )
    assert (own["own"], own["nearby"]) == (1.0, 1.0)
    assert beside["own"] == 0.0 < beside["nearby"]


def test_numbers_and_ordinals_of_the_question_count_for_themselves() -> None:
    assert around("Where was the second round?", ROUND, "Orrel")["numbers"] == 1.0
    assert around("Where was the third round?", ROUND, "Orrel")["numbers"] == 0.0
    assert around("Where was the round?", ROUND, "Orrel")["numbers"] == 1.0


def test_the_words_of_a_span_are_counted() -> None:
    assert around("Who led it?", ROUND, "Anna Pell and Tomas Rehn")["length"] == 5.0
