"""Resolving times: are the days that sentences mean found, and how long does it take?

    python benchmarks/resolving.py --data DATA --work WORK

The questions of the packaged stories that ask for a day, a month or a year have it written out beside the sentence that
tells it ("on Thursday"). The rules of `corpus.times` were mended on these same sentences: for what they are worth on
others, see the hand-written ones in `tests/data`. The time taken is that of RealTimeQA's articles, on one core.
"""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from data import records
from harness import EVERY, Bench, run

from corpus.times import find_times
from corpus.types import TimeExpression
from qa.training.__main__ import PACKAGED_DATA

SETS = ("rivals", "story_clusters")
_ISO = re.compile(r"\d{4}(?:-\d\d){0,2}")
_KINDS = {10: "days", 7: "months", 4: "years"}

Record = Mapping[str, Any]


def measure(bench: Bench) -> dict[str, Any]:
    """Resolve the sentences of the packaged stories, and time the resolving of many articles."""
    told = [found for name in SETS for found in _told(PACKAGED_DATA / name)]
    right: dict[str, list[bool]] = defaultdict(list)
    for iso, times in told:
        for kind in ("all", _KINDS[len(iso)]):
            right[kind].append(any(_means(when, iso) for when in times))
    articles = list(records(bench.data / "realtimeqa" / "articles.jsonl.gz"))
    articles = articles if bench.articles == EVERY else articles[: bench.articles]
    started = time.process_time()
    found = sum(len(find_times(article["text"], _day(article))) for article in articles)
    seconds = time.process_time() - started
    return {
        "sample": f"{len(told)} questions of the packaged stories; {len(articles)} articles of RealTimeQA",
        "tables": {
            "days": {
                kind: {"questions": len(each), "found": sum(each) / len(each)} for kind, each in sorted(right.items())
            },
            "cost": {
                "RealTimeQA": {
                    "articles": len(articles),
                    "words": sum(len(article["text"].split()) for article in articles),
                    "times": found,
                    "seconds": seconds,
                }
            },
        },
    }


def _told(folder: Path) -> Iterator[tuple[str, list[TimeExpression]]]:
    """Yield what each question's answer is, as ISO 8601 writes it, with the times in the sentences that tell it."""
    articles = {article["id"]: article for article in records(folder / "articles.jsonl.gz")}
    times = {key: find_times(article["text"], _day(article)) for key, article in articles.items()}
    for record in records(folder / "questions.jsonl.gz"):
        answers = [answer for answer in record["answers"] if _ISO.fullmatch(answer)]
        if answers:
            quotes = [(item["article_id"], item["quote"]) for item in record["evidence"]]
            yield answers[0], [when for key, quote in quotes for when in _inside(articles[key], quote, times[key])]


def _inside(article: Record, quote: str, times: Sequence[TimeExpression]) -> list[TimeExpression]:
    start = article["text"].find(quote)
    return [when for when in times if start <= when.start and when.end <= start + len(quote)] if start >= 0 else []


def _means(when: TimeExpression, iso: str) -> bool:
    """Whether a time is just the day, month or year written; a run of days is what it begins with."""
    first = when.earliest.isoformat()
    if len(iso) == 10:
        return iso in (first, when.latest.isoformat())
    return first[: len(iso)] == iso == when.latest.isoformat()[: len(iso)]


def _day(article: Record) -> date | None:
    told = str(article.get("date") or "")[:10]
    return date.fromisoformat(told) if told else None


if __name__ == "__main__":
    run("resolving", __doc__ or "", measure, most=EVERY)
