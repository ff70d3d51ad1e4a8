"""Reads the data folder that every benchmark takes as an argument: JSON Lines, plain or gzip-compressed."""

from __future__ import annotations

import gzip
import json
import platform
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def records(path: Path) -> Iterator[dict[str, Any]]:
    """Yield each line of a `.jsonl` or `.jsonl.gz` file."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def machine() -> dict[str, str]:
    """Say where and on what a number was measured: commit, processor, Python."""
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=True)
    names = [line.split(":")[1].strip() for line in _processor_lines() if line.startswith("model name")]
    return {
        "commit": commit.stdout.strip(),
        "processor": f"{len(names)} x {names[0]}" if names else platform.processor(),
        "python": platform.python_version(),
    }


def _processor_lines() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def write_result(name: str, result: dict[str, Any]) -> Path:
    """Write `results/<name>-<commit>.json`, with the machine beside the figures."""
    about = machine()
    path = RESULTS / f"{name}-{about['commit']}.json"
    path.write_text(json.dumps({"machine": about, **result}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
