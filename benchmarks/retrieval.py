"""Evidence found on MultiHop-RAG's articles: Dateline against plain BM25, in the same run.

    python benchmarks/retrieval.py --data DATA [--index DIR]

`DATA/multihop_rag` holds `articles.jsonl.gz` and `questions.jsonl.gz`. A quote counts as found when a hit contains it,
blanks ignored. hit@k: any quote of the question found in the first k; evidence recall@k: share of its quotes;
all@k: all of them; MRR@10: reciprocal rank of the first hit with a quote. Questions without evidence are left out.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import bm25s
from data import records, write_result

from corpus.normalise import normalise_text
from corpus.read import read_file
from corpus.sentences import sentence_spans
from corpus.types import Article
from qa.pipeline import Pipeline
from qa.settings import read_settings
from vectorstore.sync import sync

CHUNK_WORDS = 190  # the baseline's published recipe
TODAY = date(2024, 1, 1)  # the questions were asked of articles of September to December 2023


@dataclass(frozen=True, slots=True)
class Ranked:
    """What one system returned for one question: texts, best first, and the milliseconds it took."""

    texts: tuple[str, ...]
    ms: float


def squeeze(text: str) -> str:
    """Return a text as articles are normalised, without blanks."""
    return "".join(normalise_text(text).split())


def score(ranked: Sequence[Ranked], quotes: Sequence[Sequence[str]]) -> dict[str, float]:
    """Return the measures over all questions; `quotes` are squeezed and never empty."""
    rows: dict[str, list[float]] = {}
    for one, wanted in zip(ranked, quotes, strict=True):
        texts = [squeeze(text) for text in one.texts[:10]]
        places = [next((rank for rank, text in enumerate(texts) if quote in text), None) for quote in wanted]
        found = [place for place in places if place is not None]
        for k in (4, 10):
            rows.setdefault(f"hit@{k}", []).append(float(any(place < k for place in found)))
        rows.setdefault("MRR@10", []).append(1 / (1 + min(found)) if found else 0.0)
        rows.setdefault("evidence recall@10", []).append(len(found) / len(wanted))
        rows.setdefault("all evidence@10", []).append(float(len(found) == len(wanted)))
    return {name: statistics.fmean(values) for name, values in rows.items()} | {
        "ms p50": statistics.median(one.ms for one in ranked)
    }


def plain_bm25(articles: Sequence[Article], questions: Sequence[str]) -> list[Ranked]:
    """Rank sentence chunks of about 190 words, with title, source and date in front, by BM25 (Robertson)."""
    chunks = [chunk for article in articles for chunk in _chunks(article)]
    index = bm25s.BM25()
    index.index(bm25s.tokenize(chunks, show_progress=False), show_progress=False)
    ranked = []
    for question in questions:
        started = time.perf_counter()
        places, _ = index.retrieve(bm25s.tokenize([question], show_progress=False), k=10, show_progress=False)
        ranked.append(Ranked(tuple(chunks[place] for place in places[0]), (time.perf_counter() - started) * 1000))
    return ranked


def _chunks(article: Article) -> list[str]:
    header = f"{article.title} | {article.source} | {article.published_day}\n"
    chunks, start, words = [], 0, 0
    spans = sentence_spans(article.text)
    for i, (begin, end) in enumerate(spans):
        words += len(article.text[begin:end].split())
        if words >= CHUNK_WORDS or i == len(spans) - 1:
            chunks.append(header + article.text[start:end])
            start, words = end, 0
    return chunks


def dateline(pipeline: Pipeline, questions: Sequence[str]) -> list[Ranked]:
    """Rank passages as Dateline does."""
    ranked = []
    for question in questions:
        started = time.perf_counter()
        found = pipeline.search(question, k=10, today=TODAY)
        ms = (time.perf_counter() - started) * 1000
        ranked.append(Ranked(tuple(item.hit.passage.text for item in found), ms))
    return ranked


def run(folder: Path, index: Path) -> dict[str, Any]:
    """Index the articles (nothing to do when they are) and score both systems on every question with evidence."""
    path = folder / "multihop_rag" / "articles.jsonl.gz"
    questions = [q for q in records(folder / "multihop_rag" / "questions.jsonl.gz") if q["evidence"]]
    asked = [question["question"] for question in questions]
    quotes = [[squeeze(item["quote"]) for item in question["evidence"]] for question in questions]
    articles = [item for item in read_file(path) if isinstance(item, Article)]
    with Pipeline.open(read_settings({}, index=index)) as pipeline:
        sync(pipeline.store, [path])
        pipeline.search(asked[0], k=10, today=TODAY)
        rows = {"Dateline": score(dateline(pipeline, asked), quotes)}
    rows["plain BM25"] = score(plain_bm25(articles, asked), quotes)
    return {"benchmark": "MultiHop-RAG retrieval", "questions": len(questions), "rows": rows}


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--index", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        result = run(arguments.data, arguments.index or Path(scratch))
    print(json.dumps(result, indent=1))
    print("written to", write_result("retrieval", result))


if __name__ == "__main__":
    main()
