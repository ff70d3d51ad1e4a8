"""What every benchmark shares: an index made once, questions answered by the pipeline, the scores of `dateline eval`.

A benchmark is run as `python benchmarks/NAME.py --data DATA --work WORK`. `DATA` has a folder for each public set;
indexes are made in `WORK` once and kept there. `--most` takes fewer questions, and `--articles` fewer articles where a
set has many.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from data import SEED, machine, write_result

from corpus.normalise import normalise_text
from corpus.types import Article, TimeExpression
from qa.batch import refuse
from qa.errors import QuestionError
from qa.evaluation.bootstrap import score
from qa.evaluation.given import GivenAnswer, parse_answers
from qa.evaluation.metrics import BY_NAME
from qa.evaluation.outcome import Examination, Outcome, examine
from qa.evaluation.run import open_texts
from qa.pipeline import Limits, Pipeline, open_reader
from qa.questions import QuestionRecord, parse_question
from qa.reader import Reader
from qa.records import answer_record, to_json
from qa.settings import read_settings
from qa.types import Candidate, Query, Retrieved
from vectorstore.embedder import load_embedder
from vectorstore.store import Store
from vectorstore.types import Filters

TODAY = date(2026, 1, 1)  # after every question of the sets: a benchmark does not move with the calendar
BYTES_PER_MB = 1_000_000
EVERY = 10**9
ANYWHERE = Filters()


@dataclass(frozen=True, slots=True)
class Bench:
    """One run of one benchmark: where its data and its indexes are, and how much of a set it may take at most."""

    name: str
    data: Path
    work: Path
    most: int
    articles: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a set, and where the answer may be looked for."""

    question: QuestionRecord
    filters: Filters = field(default_factory=Filters)


def run(name: str, about: str, measure: Callable[[Bench], dict[str, Any]], *, most: int) -> None:
    """Run a benchmark from the command line, print what it found and keep it with commit, processor and command.

    `measure` returns at least `tables`: for each table its rows by name, of values by column.
    """
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with a folder for each public set")
    parser.add_argument("--work", type=Path, required=True, help="folder where indexes are made and kept")
    parser.add_argument("--most", type=int, default=most, help=f"questions of a set, at most [default: {most}]")
    parser.add_argument("--articles", type=int, default=EVERY, help="articles of a set, at most [default: all]")
    parser.add_argument("--try", dest="trying", action="store_true", help="print only: keep no result")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    before = machine()
    started = time.perf_counter()
    result = measure(Bench(name, options.data, options.work, options.most, options.articles))
    whole = {
        "command": f"python benchmarks/{name}.py --data DATA --work WORK"
        + (f" --most {options.most}" if options.most != most else "")
        + (f" --articles {options.articles}" if options.articles != EVERY else ""),
        "settings": settings(),
        "seed": SEED,
        "seconds": time.perf_counter() - started,
        **result,
    }
    print(json.dumps(whole["tables"], indent=1, ensure_ascii=False))
    print(f"{whole['seconds']:.0f} s", file=sys.stderr)
    if not options.trying:
        print("written to", write_result(name, whole, about=before))


def settings() -> dict[str, Any]:
    """Return the settings that bear on an answer; None is the default of whoever uses it."""
    every = asdict(read_settings(os.environ, index="."))
    return {name: every[name] for name in ("model", "reader", "device", "dtype", "passages", "threshold")}


def index_articles(bench: Bench, name: str, articles: Path) -> Path:
    """Bring the index `WORK/index-NAME` in line with a file of articles, as a user would, and return its folder.

    Seconds and megabytes of the run that added articles are kept beside it, in `WORK/index-NAME.json`.
    """
    folder = bench.work / f"index-{name}"
    command = [sys.executable, "-m", "qa", "index", "--index", str(folder), "--json", str(articles)]
    print("indexing", articles.name, file=sys.stderr)
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        told = process.stdout.read() if process.stdout else ""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"indexing {articles} failed")
    report = json.loads(told)
    if report["added"] or report["updated"]:
        cost = {
            "articles": report["added"] + report["updated"],
            "unchanged": report["unchanged"],
            "seconds": time.perf_counter() - started,
            "peak MB": used.ru_maxrss * 1024 / BYTES_PER_MB,
            "load before": machine()["load before"],
        }
        folder.with_suffix(".json").write_text(json.dumps(cost, indent=1) + "\n", encoding="utf-8")
    return folder


@contextmanager
def open_pipelines(index: Path) -> Iterator[tuple[Pipeline, Pipeline]]:
    """Open an index twice: as it is set, and with a threshold of 0, where each question gets its best answer.

    Both share one reader, which reads a question once.
    """
    wanted = read_settings(os.environ, index=index)
    embedder = load_embedder(wanted.model, device=wanted.device, dtype=wanted.dtype)
    with Store.open(index, embedder) as store:
        reader = Remembering(open_reader(wanted, embedder))
        yield (
            Pipeline(store, reader, Limits(wanted.passages, wanted.threshold)),
            Pipeline(store, reader, Limits(wanted.passages, 0.0)),
        )


class Remembering:
    """A reader that reads a question's passages once; where there are no times, its candidates name none."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._read: dict[tuple[str, tuple[str, ...]], list[Candidate]] = {}

    @property
    def threshold(self) -> float:
        """The score below which it is better to refuse."""
        return self._reader.threshold

    def read(
        self,
        query: Query,
        passages: Sequence[Retrieved],
        articles: Mapping[str, Article],
        times: Mapping[str, Sequence[TimeExpression]],
    ) -> list[Candidate]:
        """Return the candidates in the passages, best first."""
        key = query.standalone, tuple(item.hit.passage.id for item in passages)
        if key not in self._read:
            self._read[key] = self._reader.read(query, passages, articles, times)
        candidates = self._read[key]
        return candidates if times else [replace(candidate, time=None) for candidate in candidates]


def to_question(record: Mapping[str, Any]) -> QuestionRecord:
    """Read a question of a set as `dateline eval` would; its evidence is normalised as articles are."""
    evidence = [
        {"article_id": item["article_id"], "quote": normalise_text(item.get("quote", ""))}
        for item in record.get("evidence", ())
    ]
    return parse_question(json.dumps({**record, "evidence": evidence}).encode("utf-8"))


def answer(pipeline: Pipeline, asked: Iterable[Asked]) -> list[GivenAnswer]:
    """Answer each question, and read the answers as `dateline eval` reads them."""
    lines = []
    for item in asked:
        record = item.question
        try:
            given = pipeline.ask(
                record.question, today=record.asked_on or TODAY, history=record.history, filters=item.filters
            )
        except QuestionError as error:
            given = refuse(record.question, str(error), generation=pipeline.store.generation)
        lines.append(to_json(answer_record(given, question_id=record.id)).encode("utf-8"))
    return list(parse_answers("the answers", lines))


def examine_answers(index: Path, asked: Sequence[Asked], answers: Sequence[GivenAnswer]) -> Examination:
    """Compare answers with their questions as `dateline eval` does."""
    questions = [item.question for item in asked]
    return examine(questions, answers, open_texts(index, questions, answers))


def score_row(outcomes: Sequence[Outcome], names: Sequence[str]) -> dict[str, Any]:
    """Return a row of a table: how many questions, and each score of `dateline eval` with its 95 % interval."""
    scores = score(outcomes, metrics=[BY_NAME[name] for name in names])
    cells = {name: [found.value, found.low, found.high] for name, found in scores.items() if found.value is not None}
    return {"questions": len(outcomes), **cells}


def of_type(outcomes: Iterable[Outcome], label: str) -> list[Outcome]:
    """Return the outcomes of one type of question."""
    return [outcome for outcome in outcomes if label in outcome.types]
