"""A trained reader's candidates, judged by the words around them."""

from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from corpus.sentences import sentence_spans
from corpus.types import Article, Passage, TimeExpression
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
    read = JudgedReader(Tokens(), weights(reader=1.0)).read(QUERY, passages(), ARTICLES, {})
    assert [candidate.passage.article_id for candidate in read] == ["theirs", "ours"]
    odds = [0.9 / 0.1, 0.6 / 0.4]
    assert [candidate.score for candidate in read] == pytest.approx([o / (1 + sum(odds)) for o in odds])


def test_the_right_countries_outweigh_a_surer_reader() -> None:
    read = JudgedReader(Tokens(), weights(reader=1.0, title=12.0)).read(QUERY, passages(), ARTICLES, {})
    assert [candidate.passage.article_id for candidate in read] == ["ours", "theirs"]


def test_the_names_that_an_article_lacks_are_told() -> None:
    candidates, features = JudgedReader(Tokens()).features(QUERY, passages(), ARTICLES, {})
    held = dict(zip((c.passage.article_id for c in candidates), features[:, FEATURES.index("held")], strict=True))
    assert held == {"theirs": 0.0, "ours": 1.0}


def test_weights_that_are_too_few_are_refused() -> None:
    with pytest.raises(ValueError, match=f"1 weights for {len(FEATURES)} features"):
        Verdict((1.0,), 0.0, 0.5)


def test_nothing_read_is_nothing_judged() -> None:
    assert JudgedReader(Tokens()).read(QUERY, [], {}, {}) == []
