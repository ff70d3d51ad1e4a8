"""How `benchmarks/peers.py` drives one system: a job as a JSON file in, JSON Lines out on standard output.

The job names `articles` and `questions` (JSON Lines files), `model` (a folder with the weights of all-MiniLM-L6-v2),
`folder` (scratch) and `k`, how many texts are wanted. The reply is one line about indexing, one
`{"id", "ms", "first", "all"}` for each question, and `{"peak MB"}` at the end. Seconds of processor time stand beside
those of the clock, since other work on the machine hardly lengthens them. Only the standard library is used here, since
each system runs in an environment of its own.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

FIRST = 10  # texts that the time of a question is measured with

Search = Callable[[str, int], list[str]]  # a question and how many texts are wanted: texts, best first


def records(path: str) -> list[dict[str, Any]]:
    """Return the records of a JSON Lines file."""
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]


def serve(index: Callable[[list[dict[str, Any]], dict[str, Any]], tuple[Search, int]]) -> None:
    """Do the job that the command line names; `index` returns what searches, and how many texts it holds."""
    told, sys.stdout = sys.stdout, sys.stderr  # whatever a library prints is not part of the reply
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    articles, questions = records(job["articles"]), records(job["questions"])
    started, worked = time.perf_counter(), time.process_time()
    search, texts = index(articles, job)
    spent = {"seconds": time.perf_counter() - started, "processor s": time.process_time() - worked}
    replies: list[dict[str, Any]] = [{**spent, "texts": texts}]
    search(questions[0]["question"], FIRST)  # warms up
    replies.extend(_answers(search, questions, job["k"]))
    replies.append({"peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6})
    for reply in replies:
        told.write(json.dumps(reply) + "\n")
    told.flush()


def _answers(search: Search, questions: list[dict[str, Any]], k: int) -> Iterator[dict[str, Any]]:
    for question in questions:
        started = time.perf_counter()
        first = search(question["question"], FIRST)
        ms = (time.perf_counter() - started) * 1000
        yield {"id": question["id"], "ms": ms, "first": first[:FIRST], "all": search(question["question"], k)}
