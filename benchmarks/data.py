"""What goes into every benchmark and comes out of it: JSON Lines, samples by seed, results with their machine."""

from __future__ import annotations

import gzip
import json
import os
import platform
import random
import subprocess
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, TypeVar

RESULTS = Path(__file__).parent / "results"
SEED = 1
DIGITS = 4

T = TypeVar("T")


def records(path: Path) -> Iterator[dict[str, Any]]:
    """Yield each line of a `.jsonl` or `.jsonl.gz` file."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def write_records(path: Path, items: Iterable[dict[str, Any]]) -> Path:
    """Write JSON Lines; a file that holds the same already is left as it is, so that nothing is indexed again."""
    content = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)
    if not path.exists() or path.read_text(encoding="utf-8") != content:
        path.write_text(content, encoding="utf-8")
    return path


def sample(items: Sequence[T], most: int) -> list[T]:
    """Return at most so many items, drawn with a fixed seed, in the order in which they stand."""
    drawn = random.Random(SEED).sample(range(len(items)), min(most, len(items)))
    return [items[place] for place in sorted(drawn)]


def write_part(path: Path, articles: Path, most: int, wanted: Collection[str]) -> Path:
    """Write so many of the articles of a file, those wanted first and others drawn with a fixed seed, in their order.

    Where there are no more than that, the file itself is returned.
    """
    every = list(records(articles))
    if len(every) <= most:
        return articles
    others = [record["id"] for record in every if record["id"] not in wanted]
    kept = {*wanted, *sample(others, max(0, most - len(wanted)))}
    return write_records(path, (record for record in every if record["id"] in kept))


def machine() -> dict[str, Any]:
    """Say where and on what a number was measured: commit, processor, other load, Python."""
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=True)
    names = [line.split(":")[1].strip() for line in _processor_lines() if line.startswith("model name")]
    return {
        "commit": commit.stdout.strip(),
        "processor": f"{len(names)} x {names[0]}" if names else platform.processor(),
        "load before": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
    }


def _processor_lines() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def write_result(name: str, result: dict[str, Any], *, about: dict[str, Any] | None = None) -> Path:
    """Write `results/<name>-<commit>.json`, with the day and the machine (`about`, from before) beside the figures."""
    about = about or machine()
    measured = datetime.now(tz=timezone.utc).isoformat(timespec="seconds")
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}-{about['commit']}.json"
    command = f"python benchmarks/{name}.py --data DATA"
    whole = {"benchmark": name, "measured": measured, "machine": about, "command": command, **_rounded(result)}
    path.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return round(value, DIGITS) if isinstance(value, float) else value
