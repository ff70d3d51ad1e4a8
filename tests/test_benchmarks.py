"""The benchmarks' page is made from the committed results, and their measures are as worked out by hand."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from evaluation_fakes import OUTCOME
from measures import (
    answer_recall,
    area_under_curve,
    best_f1,
    choose,
    holds_answer,
    mean,
    recall_within_words,
    within_words,
)
from tables import README, RESULTS, newest_results, page

BENCHMARKS = README.parent
PEER = """
from protocol import serve

def index(articles, job):
    texts = [article["text"] for article in articles]
    print("a library that talks")
    return (lambda question, k: sorted(texts, key=lambda text: -(question in text))[:k]), len(texts)

serve(index)
"""


def test_the_page_is_what_the_generator_makes_of_the_results() -> None:
    assert README.read_text(encoding="utf-8") == page(newest_results(RESULTS))


def test_every_result_names_its_benchmark_commit_and_command() -> None:
    for path in RESULTS.glob("*.json"):
        result = json.loads(path.read_text(encoding="utf-8"))
        assert path.name == f"{result['benchmark']}-{result['machine']['commit']}.json"
        assert result["command"].startswith(f"python benchmarks/{result['benchmark']}.py ")
        assert (BENCHMARKS / f"{result['benchmark']}.py").exists()


def test_the_newest_result_of_a_benchmark_is_shown(tmp_path: Path) -> None:
    for commit, day in (("aaa", "2026-01-02"), ("bbb", "2026-01-01")):
        record = {"benchmark": "x", "measured": day, "commit": commit}
        (tmp_path / f"x-{commit}.json").write_text(json.dumps(record), encoding="utf-8")
    assert newest_results(tmp_path)["x"]["commit"] == "aaa"


def test_an_answer_is_held_as_whole_words() -> None:
    assert holds_answer("It was won by The Squid Game.", ["“Squid Game”", "squid game"])
    assert not holds_answer("He ran 1992 metres in 19925 s", ["992"])
    assert not holds_answer("anything", ["the", ""])


def test_answer_recall_looks_no_further_than_k() -> None:
    passages = ["in Paris", "in Rome", "in Oslo"]
    assert [answer_recall(passages, ["Rome"], k) for k in (1, 2, 3)] == [0.0, 1.0, 1.0]


def test_the_choice_that_shares_most_words_is_chosen_from_the_first_text_that_shares_any() -> None:
    choices = ["Nick Bolton", "Patrick Mahomes", "Jalen Hurts"]
    assert choose(choices, ["Mahomes"]) == "Patrick Mahomes"
    assert choose(choices, ["nobody", "Hurts and not Bolton, said Jalen"]) == "Jalen Hurts"
    assert choose(choices, ["nobody", ""]) is None
    assert choose(choices, []) is None


def test_best_f1_refuses_below_the_confidence_that_suits_the_questions_best() -> None:
    outcomes = [
        replace(OUTCOME, confidence=0.9, f1=1.0),
        replace(OUTCOME, confidence=0.8, answerable=False),
        replace(OUTCOME, confidence=0.7, f1=0.5),
        replace(OUTCOME, confidence=0.2, answerable=False),
    ]
    # Refusing all scores 2; answering the first 3; the first two 2; the first three 2.5; all 1.5.
    assert best_f1(outcomes) == pytest.approx(3 / 4)
    # Two of one confidence are answered or refused together.
    tied = [replace(OUTCOME, confidence=0.9, f1=1.0), replace(OUTCOME, confidence=0.9, answerable=False)]
    assert best_f1(tied) == pytest.approx(1 / 2)


def test_the_area_under_the_curve_counts_pairs_in_order() -> None:
    assert area_under_curve([True, False, True, False], [0.9, 0.8, 0.7, 0.7]) == pytest.approx((2 + 0 + 0.5) / 4)


def test_words_are_counted_through_passages_and_the_last_is_cut() -> None:
    passages = ["one two three", "four five six", "seven"]
    assert within_words(passages, 5) == ["one two three", "four five"]
    assert within_words(passages, 3) == ["one two three"]
    assert within_words(passages, 99) == passages
    assert [recall_within_words(passages, ["two three", "five  six"], words) for words in (2, 3, 5, 6)] == [
        0.0,
        0.5,
        0.5,
        1.0,
    ]


def test_a_mean_lies_in_its_interval() -> None:
    middle, low, high = mean([0.0, 1.0] * 50)
    assert middle == 0.5
    assert 0.38 < low < 0.43
    assert 0.57 < high < 0.62
    assert mean([]) == []


def test_a_peer_is_driven_by_a_job_and_replies_in_json_lines(tmp_path: Path) -> None:
    (tmp_path / "articles.jsonl").write_text('{"text": "a"}\n{"text": "b"}\n', encoding="utf-8")
    (tmp_path / "questions.jsonl").write_text('{"id": "q", "question": "b"}\n', encoding="utf-8")
    job = {"articles": str(tmp_path / "articles.jsonl"), "questions": str(tmp_path / "questions.jsonl"), "k": 1}
    (tmp_path / "job.json").write_text(json.dumps(job), encoding="utf-8")
    told = subprocess.run(
        [sys.executable, "-c", PEER, str(tmp_path / "job.json")],
        cwd=BENCHMARKS / "peers",
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    indexed, answered, ended = (json.loads(line) for line in told.stdout.splitlines())
    assert indexed["texts"] == 2
    assert (answered["id"], answered["first"], answered["all"]) == ("q", ["b", "a"], ["b"])
    assert ended["peak MB"] > 1


@pytest.mark.model
@pytest.mark.slow
def test_a_benchmark_runs_from_data_to_tables(tmp_path: Path) -> None:
    about = "council"  # one of the articles that the reader's recipe holds out: of others nothing is asked
    told = "The council chose Ida Krohn as mayor of Tessaly. The old bridge stays shut until its third pier is mended."
    asked = {"answers": ["Ida Krohn"], "evidence": [{"article_id": about, "quote": "Ida Krohn"}]}
    folder = tmp_path / "newsqa"
    folder.mkdir()
    for name, record in (
        ("articles", {"id": about, "title": "A mayor", "text": told}),
        ("questions", {"id": "q", "question": "Who was chosen as mayor of Tessaly?", **asked}),
    ):
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")
    command = [sys.executable, str(BENCHMARKS / "newsqa.py"), "--data", str(tmp_path), "--work", str(tmp_path / "work")]
    ended = subprocess.run(
        [*command, "--try"], cwd=BENCHMARKS.parent, capture_output=True, encoding="utf-8", check=True
    )
    rows = json.loads(ended.stdout)["answers"]
    assert list(rows) == [
        "article given",
        "article given, never refusing",
        "all articles",
        "all articles, never refusing",
    ]
    assert rows["all articles, never refusing"]["em"] == [1.0, 1.0, 1.0]
    assert rows["article given"]["evidence_recall@1"] == [1.0, 1.0, 1.0]
    assert (tmp_path / "work" / "index-newsqa.json").exists()
