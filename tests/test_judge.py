"""A trained reader's candidates, judged by the words around them."""

import math
from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from fakes import FakeEmbedder

from corpus.sentences import sentence_spans
from corpus.types import Anchor, Article, Granularity, Passage, TimeExpression
from qa.judge import FEATURES, JudgedReader, Verdict
from qa.query import understand
from qa.types import Candidate, Query, Retrieved
from vectorstore.types import Hit, Origin


def article(name: str, title: str, text: str) -> Article:
    return Article(name, title, text, date(2020, 1, 5), name)


OURS = article("ours", "India and Japan meet", "The first meeting of India and Japan was held in Delhi. It rained.")
THEIRS = article(
    "theirs", "Russia and Japan meet", "The first meeting of Russia and Japan was held in Tokyo. It rained."
)
ARTICLES = {item.id: item for item in (OURS, THEIRS)}


EMBEDDER = FakeEmbedder()


class Tokens:
    """A reader that finds every word in capitals that follows "in", surer of those in the article it favours."""

    threshold = 0.5

    def read(
        self,
        query: Query,
        passages: Sequence[Retrieved],
        articles: Mapping[str, Article],
        times: Mapping[str, Sequence[TimeExpression]],
    ) -> list[Candidate]:
        found = []
        for item in passages:
            text = articles[item.hit.passage.article_id].text
            start = text.index(" in ") + len(" in ")
            bounds = next((a, b) for a, b in sentence_spans(text) if a <= start < b)
            score = 0.9 if item.hit.passage.article_id == "theirs" else 0.6
            found.append(Candidate(item.hit.passage, start, start + 5, *bounds, score))
        return sorted(found, key=lambda candidate: -candidate.score)


def passages() -> list[Retrieved]:
    found = [Passage(f"{a.id}#0", a.id, 0, len(a.text), a.text) for a in (THEIRS, OURS)]
    return [Retrieved(Hit(passage, 1.0, Origin.FUSED)) for passage in found]


def weights(**values: float) -> Verdict:
    return Verdict(tuple(values.get(name.replace(" ", "_"), 0.0) for name in FEATURES), 0.0, 0.5)


QUERY = understand("Where was the first meeting of India and Japan?", asked_on=date(2024, 1, 1))


def test_the_readers_own_score_alone_keeps_its_order_and_leaves_room_for_no_answer() -> None:
    read = JudgedReader(Tokens(), EMBEDDER, weights(reader=1.0)).read(QUERY, passages(), ARTICLES, {})
    assert [candidate.passage.article_id for candidate in read] == ["theirs", "ours"]
    odds = [0.9 / 0.1, 0.6 / 0.4]
    assert [candidate.score for candidate in read] == pytest.approx([o / (1 + sum(odds)) for o in odds])


def test_the_right_countries_outweigh_a_surer_reader() -> None:
    read = JudgedReader(Tokens(), EMBEDDER, weights(reader=1.0, article=12.0)).read(QUERY, passages(), ARTICLES, {})
    assert [candidate.passage.article_id for candidate in read] == ["ours", "theirs"]


def test_the_word_that_an_article_lacks_is_told() -> None:
    candidates, features = JudgedReader(Tokens(), EMBEDDER).features(QUERY, passages(), ARTICLES, {})
    absent = dict(zip((c.passage.article_id for c in candidates), features[:, FEATURES.index("absent")], strict=True))
    assert absent == {"theirs": 1.0, "ours": 0.0}


def test_nothing_read_is_nothing_judged() -> None:
    assert JudgedReader(Tokens(), EMBEDDER).read(QUERY, [], {}, {}) == []


def candidate_of(item: Article, words: str, time: TimeExpression | None = None) -> Candidate:
    start = item.text.index(words)
    passage = Passage(f"{item.id}#0", item.id, 0, len(item.text), item.text)
    return Candidate(passage, start, start + len(words), 0, item.text.index(".") + 1, 0.5, time)


class Given:
    """A reader that gives the candidates it was made with."""

    threshold = 0.5

    def __init__(self, *candidates: Candidate) -> None:
        self._candidates = list(candidates)

    def read(
        self,
        query: Query,
        passages: Sequence[Retrieved],
        articles: Mapping[str, Article],
        times: Mapping[str, Sequence[TimeExpression]],
    ) -> list[Candidate]:
        return self._candidates


def agreement(*candidates: Candidate) -> list[float]:
    _, features = JudgedReader(Given(*candidates), EMBEDDER).features(QUERY, passages(), ARTICLES, {})
    return [round(math.exp(value)) for value in features[:, FEATURES.index("agreement")].tolist()]


def test_the_same_words_in_two_articles_agree() -> None:
    assert agreement(candidate_of(OURS, "Japan"), candidate_of(THEIRS, "Japan"), candidate_of(OURS, "Delhi")) == [
        2,
        2,
        1,
    ]


def test_a_month_agrees_with_a_day_in_it_and_not_with_one_of_another_month() -> None:
    def told(first: date, last: date) -> TimeExpression:
        return TimeExpression(0, 1, first, last, Granularity.RANGE, Anchor.ABSOLUTE, True, "told")

    month = candidate_of(OURS, "first", told(date(2020, 1, 1), date(2020, 1, 31)))
    inside = candidate_of(THEIRS, "first", told(date(2020, 1, 5), date(2020, 1, 5)))
    outside = candidate_of(THEIRS, "meeting", told(date(2020, 2, 5), date(2020, 2, 5)))
    assert agreement(month, inside, outside) == [2, 2, 1]
