"""Many users at once over the API of a server of our own, on this machine alone; bounded in time and in users.

    python benchmarks/load.py --index INDEX [--users 50] [--seconds 60] [--fresh] [--questions N] [--out FILE]

One user asks alone first; then all ask at once, each the next question as soon as the last is answered. Compare the
ratios, not the milliseconds: the machine may be shared. With `--fresh` every question is asked as of another day, so
that no answer is given from memory; without it the shipped questions come again as they do among people.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from statistics import mean

import httpx
from data import machine

ROOT = Path(__file__).parents[1]
MOST_USERS, MOST_SECONDS = 200, 300
SAMPLE_S = 2.0
TIMEOUT_S = 600.0  # a slow answer is to be measured, not given up
DAY = date(2026, 1, 1)


@dataclass
class Run:
    """What some users saw: seconds for each answer, and what was no answer."""

    seconds: list[float] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)
    resident_mb: list[float] = field(default_factory=list)


def percentile(values: list[float], share: float) -> float:
    """Return the value below which a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def shipped_questions() -> list[str]:
    """Return the questions that come with Dateline, shuffled the same way each time."""
    lines = [
        line for path in sorted((ROOT / "corpus/questions").glob("*.jsonl")) for line in path.open(encoding="utf-8")
    ]
    questions = [json.loads(line)["question"] for line in lines]
    random.Random(7).shuffle(questions)
    return questions


@contextmanager
def server(index: Path, access: Path | None = None) -> Iterator[str]:
    """Serve an index on a free port of this machine, to whom a file of access lets in, and give the address."""
    folder = tempfile.mkdtemp()
    let_in = access or Path(folder) / "access.json"
    own = ["--memory", f"{folder}/memory.sqlite3", "--access", str(let_in)]  # nothing of the user's
    command = [sys.executable, "-m", "qa", "serve", "--index", str(index), "--port", "0", *own]
    environ = {**os.environ, "DATELINE_RATE": "0", "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    with subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            found = next(filter(None, (re.search(r"http://[\d.]+:\d+", line) for line in process.stderr)), None)
            if found is None:
                raise SystemExit("the server did not start")
            yield found.group()
        finally:
            process.terminate()
            process.wait(30)
            shutil.rmtree(folder)


async def user(client: httpx.AsyncClient, asked: Iterator[dict[str, str]], until_s: float, run: Run) -> None:
    """Ask one question after the other until the time is up."""
    while time.monotonic() < until_s:
        begun = time.monotonic()
        try:
            response = await client.post("/api/v1/ask", json=next(asked))
            if response.status_code != 200:
                run.failures[f"{response.status_code} {response.text[:80]}"] += 1
        except httpx.HTTPError as error:
            run.failures[type(error).__name__] += 1
        run.seconds.append(time.monotonic() - begun)


async def watch(client: httpx.AsyncClient, until_s: float, run: Run) -> None:
    """Note the memory of the server every few seconds."""
    while time.monotonic() < until_s:
        text = (await client.get("/metrics")).text
        found = re.search(r"^process_resident_memory_bytes (\S+)", text, re.MULTILINE)
        if found:
            run.resident_mb.append(float(found.group(1)) / 1e6)
        await asyncio.sleep(SAMPLE_S)


async def ask_together(address: str, asked: Iterator[dict[str, str]], users: int, seconds: float) -> Run:
    """Let users ask for some seconds and return what they saw."""
    run, limits = Run(), httpx.Limits(max_connections=users + 1, max_keepalive_connections=users + 1)
    async with httpx.AsyncClient(base_url=address, timeout=TIMEOUT_S, limits=limits) as client:
        until_s = time.monotonic() + seconds
        await asyncio.gather(watch(client, until_s, run), *(user(client, asked, until_s, run) for _ in range(users)))
    return run


def summary(run: Run, seconds: float) -> dict[str, object]:
    """Return what was seen, in figures."""
    third = max(1, len(run.resident_mb) // 3)
    return {
        "answers": len(run.seconds) - sum(run.failures.values()),
        "failures": dict(run.failures),
        "each_second": round(len(run.seconds) / seconds, 2),
        "p50_s": round(percentile(run.seconds, 0.5), 3),
        "p95_s": round(percentile(run.seconds, 0.95), 3),
        "longest_s": round(max(run.seconds), 3),
        "resident_mb_first_third": round(mean(run.resident_mb[:third])),
        "resident_mb_last_third": round(mean(run.resident_mb[-third:])),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--questions", type=int, help="ask only so many different ones (default: all that are shipped)")
    parser.add_argument("--out", type=Path)
    told = parser.parse_args()
    users, seconds = min(told.users, MOST_USERS), min(told.seconds, MOST_SECONDS)
    numbered = enumerate(itertools.cycle(shipped_questions()[: told.questions]))
    days = (DAY + timedelta(days=number if told.fresh else 0) for number in itertools.count())
    asked = (
        {"question": question, "today": day.isoformat()} for (_, question), day in zip(numbered, days, strict=False)
    )
    about = machine()
    with server(told.index) as address:
        asyncio.run(ask_together(address, asked, 1, 5))  # so that what is loaded at the first question is loaded
        alone = asyncio.run(ask_together(address, asked, 1, seconds / 2))
        together = asyncio.run(ask_together(address, asked, users, seconds))
    longest, p95 = max(together.seconds), percentile(alone.seconds, 0.95)
    report = {
        "machine": about,
        "users": users,
        "seconds": seconds,
        "fresh": told.fresh,
        "questions": told.questions,
        "alone": summary(alone, seconds / 2),
        "together": summary(together, seconds),
        "longest_by_p95_alone": round(longest / p95, 1),
    }
    text = json.dumps(report, indent=1)
    print(text)
    if told.out:
        told.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
