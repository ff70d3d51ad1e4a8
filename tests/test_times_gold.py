"""How well times are found and resolved in sentences written by hand."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from corpus.times import find_times

DATA = Path(__file__).parent / "data"
FLOORS = {"dev": (0.99, 0.99, 2), "test": (0.97, 0.96, 4)}
"""Share of spans found, share of intervals exactly right, and most times found where there are none, per half."""


def measure(half: str) -> tuple[float, float, int]:
    gold_total = spans_found = intervals_right = invented = 0
    for line in (DATA / f"times_{half}.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        published = date.fromisoformat(record["published"]) if record["published"] else None
        found = {(time.start, time.end): time for time in find_times(record["text"], published)}
        gold = {(item["start"], item["start"] + len(item["words"])): item for item in record["expressions"]}
        gold_total += len(gold)
        invented += len(found.keys() - gold.keys())
        for span in found.keys() & gold.keys():
            time, item = found[span], gold[span]
            resolved = (time.earliest.isoformat(), time.latest.isoformat(), time.granularity.value)
            spans_found += 1
            intervals_right += resolved == (item["earliest"], item["latest"], item["granularity"])
    return spans_found / gold_total, intervals_right / gold_total, invented


@pytest.mark.parametrize("half", ["dev", "test"])
def test_times_in_sentences_written_by_hand_are_found_and_resolved(half: str) -> None:
    found, right, invented = measure(half)
    floor_found, floor_right, most_invented = FLOORS[half]
    assert found >= floor_found
    assert right >= floor_right
    assert invented <= most_invented


@pytest.mark.parametrize("half", ["dev", "test"])
def test_the_gold_spans_are_the_words_they_claim_to_be(half: str) -> None:
    for line in (DATA / f"times_{half}.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        for item in record["expressions"]:
            assert record["text"][item["start"] : item["start"] + len(item["words"])] == item["words"]
