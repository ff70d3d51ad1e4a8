"""The questions that are ours and that the reader learns from: each stands on words of its articles."""

from __future__ import annotations

import pytest

from qa.training.__main__ import PACKAGED_DATA
from qa.training.shelf import find_all, read_records
from qa.training.sources import (
    RIVALS_IN_A_CYCLE,
    STORIES_IN_A_CYCLE,
    is_held_out,
)

TOLD_OVER_ARTICLES = ("story_clusters", "rivals", "series")


@pytest.mark.parametrize("name", TOLD_OVER_ARTICLES)
def test_every_quote_stands_in_its_article_and_holds_an_answer(name: str) -> None:
    texts = {article["id"]: article["text"] for article in read_records(PACKAGED_DATA / name, "articles")}
    seen = set()
    for question in read_records(PACKAGED_DATA / name, "questions"):
        assert question["id"] not in seen
        seen.add(question["id"])
        assert question["answerable"] == bool(question["answers"]) == bool(question["evidence"])
        quotes = [(entry["article_id"], entry["quote"]) for entry in question["evidence"]]
        assert all(quote in texts[article] for article, quote in quotes), question["id"]
        if name != "story_clusters" and quotes:
            assert any(find_all(answer, quote) for answer in question["answers"] for _, quote in quotes), question["id"]
    assert len(seen) > 800


def test_our_questions_about_others_articles_hold_none_of_their_text() -> None:
    seen = set()
    for question in read_records(PACKAGED_DATA / "asked", "questions"):
        assert set(question) == {"id", "article", "read_to", "question", "spans"}
        assert question["id"] not in seen
        seen.add(question["id"])
        assert all(0 <= start < end <= question["read_to"] for start, end in question["spans"]), question["id"]
    assert len(seen) > 10_000


@pytest.mark.parametrize(
    ("name", "cycle"),
    [("story_clusters", STORIES_IN_A_CYCLE), ("rivals", RIVALS_IN_A_CYCLE), ("series", RIVALS_IN_A_CYCLE)],
)
def test_the_last_story_of_each_cycle_is_held_out_with_all_its_questions(name: str, cycle: int) -> None:
    stories = {record["id"].rsplit("-", 1)[0] for record in read_records(PACKAGED_DATA / name, "articles")}
    left_out = {story for story in stories if is_held_out(f"{story}-q0", cycle)}
    assert len(left_out) / len(stories) == pytest.approx(1 / cycle, abs=0.05)


def test_what_is_held_out_goes_by_the_number_of_the_story_alone() -> None:
    assert is_held_out("c1-007-a1")
    assert is_held_out("c1-007-q12")
    assert not is_held_out("c1-004-q3")
    assert is_held_out("r3-007-q12", RIVALS_IN_A_CYCLE)
    assert not is_held_out("r3-003-q12", RIVALS_IN_A_CYCLE)
