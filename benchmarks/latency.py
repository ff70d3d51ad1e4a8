"""How long does it take? `dateline answer` on a file of questions, and `dateline ask` from a cold start.

    python benchmarks/latency.py --data DATA --work WORK

Run as a user runs them, each in a process of its own, over MultiHop-RAG's articles.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from typing import Any

from data import records, sample, write_records
from harness import BYTES_PER_MB, Bench, index_articles, run

ASKED = 200
STARTS = 5


def measure(bench: Bench) -> dict[str, Any]:
    """Answer a file of questions, then ask one question a few times."""
    every = list(records(bench.data / "multihop_rag" / "questions.jsonl.gz"))
    asked = sample(every, bench.most)
    index = index_articles(bench, "multihop", bench.data / "multihop_rag" / "articles.jsonl.gz")
    questions = write_records(
        bench.work / "latency.jsonl", ({key: record[key] for key in ("id", "question")} for record in asked)
    )
    answers = bench.work / "latency-answers.jsonl"
    whole, peak = _run("answer", str(questions), "-o", str(answers), "--index", str(index), "--today", "2024-01-01")
    timings = [record["timings_ms"] for record in records(answers)]
    stages = sorted({stage for timing in timings for stage in timing} - {"total"})
    cold = [_run("ask", asked[0]["question"], "--index", str(index), "--json") for _ in range(STARTS)]
    return {
        "sample": f"{len(asked)} of {len(every)} questions of MultiHop-RAG; {STARTS} cold starts",
        "tables": {
            "answer": {
                stage: {
                    "p50 ms": statistics.median(each),
                    "p95 ms": statistics.quantiles(each, n=20)[-1],
                    "p99 ms": statistics.quantiles(each, n=100)[-1],
                }
                for stage in ("total", *stages)
                if (each := [timing[stage] for timing in timings if stage in timing])
            },
            "whole": {
                "`dateline answer`": {"seconds": whole, "questions a second": len(asked) / whole, "peak MB": peak},
                "`dateline ask`, cold": {
                    "seconds": statistics.median(seconds for seconds, _ in cold),
                    "questions a second": None,
                    "peak MB": max(megabytes for _, megabytes in cold),
                },
            },
        },
    }


def _run(*words: str) -> tuple[float, float]:
    """Run a command of `dateline`; return its seconds and the most megabytes that it held."""
    started = time.perf_counter()
    with subprocess.Popen([sys.executable, "-m", "qa", *words], stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"dateline {words[0]} failed")
    return time.perf_counter() - started, used.ru_maxrss * 1024 / BYTES_PER_MB


if __name__ == "__main__":
    run("latency", __doc__ or "", measure, most=ASKED)
