"""Writes `benchmarks/README.md` from the results beside it: `python benchmarks/tables.py`.

Of each benchmark the newest result is shown. The same results give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from columns import Column, Published, Section, Table
from data import RESULTS
from sections import SECTIONS

README = Path(__file__).parent / "README.md"
NONE = "–"
HEAD = """\
# Benchmarks

This page is written by `python benchmarks/tables.py` from `benchmarks/results/`: change those, not this.

Each benchmark is one command, `python benchmarks/NAME.py --data DATA --work WORK`, in an environment with
`pip install -e '.[bench]'`. `DATA` has a folder for each public set; indexes are made in `WORK` and kept there. None of
the sets is part of this repository. Where a set is sampled, the sample is drawn with a fixed seed and the same every
time.

Scores are those of `dateline eval`, computed by the same code. Exact match and F1 are SQuAD's, save that two ways of
writing one day are equal; a refusal scores 0. Ranges in brackets are 95 % bootstrap intervals. Milliseconds and minutes
are of a machine that may do other work too: “load before” is how many processes wanted a core when the run began.
"""


def newest_results(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the newest result of each benchmark, by name."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.json")):
        result = json.loads(path.read_text(encoding="utf-8"))
        name = result["benchmark"]
        if name not in found or result["measured"] > found[name]["measured"]:
            found[name] = result
    return found


def page(results: dict[str, dict[str, Any]]) -> str:
    """Return the page of these results; a benchmark with none is left out."""
    parts = [HEAD, *(_section(part, results[part.name]) for part in SECTIONS if part.name in results)]
    return "\n".join(parts)


def _section(section: Section, result: dict[str, Any]) -> str:
    parts = [f"## {section.title}\n\n{section.about}\n"]
    parts += [_table(table, result["tables"][table.key]) for table in section.tables if table.key in result["tables"]]
    if section.published:
        parts.append(_published(section.published))
    parts.append(_source(result))
    return "\n".join(parts)


def _table(table: Table, rows: dict[str, dict[str, Any]]) -> str:
    shown = [column for column in table.columns if any(row.get(column.key) not in (None, []) for row in rows.values())]
    lines = [
        f"{table.about}\n",
        _row([table.rows, *(column.label for column in shown)]),
        "|---|" + "---:|" * len(shown),
        *(_row([name, *(_cell(row.get(column.key), column) for column in shown)]) for name, row in rows.items()),
        "",
        *_meanings(shown),
    ]
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(value: Any, column: Column) -> str:
    """Return a value, with its interval where it has one; None and an empty list are a dash."""
    if value is None or value == []:
        return NONE
    if isinstance(value, list):
        middle, low, high = (_number(number, column.digits) for number in value)
        return f"{middle} ({low}–{high})"
    return _number(value, column.digits)


def _number(value: float, digits: int) -> str:
    """Return a share as .123 and anything else with thousands marked."""
    text = f"{value:,.{digits}f}"
    return text.removeprefix("0") if digits >= 3 and 0 <= value < 1 else text


def _meanings(columns: Sequence[Column]) -> Iterator[str]:
    """Say what each column means; columns that differ only in k share a line."""
    labels: dict[str, list[str]] = {}
    for column in columns:
        if column.key != "questions":
            labels.setdefault(column.meaning, []).append(column.label)
    for meaning, names in labels.items():
        yield f"- **{', '.join(names)}**: {meaning}"


def _published(figures: Sequence[Published]) -> str:
    rows = [_row([figure.what, figure.who, figure.value]) for figure in figures]
    head = "Published by others, not measured here, and not always on the same sample:\n"
    return "\n".join([head, _row(["measure", "who", "value"]), "|---|---|---|", *rows, ""])


def _source(result: dict[str, Any]) -> str:
    machine = result["machine"]
    chosen = {name: value for name, value in result["settings"].items() if value is not None}
    told = ", ".join(f"{name} {value}" for name, value in chosen.items())
    return (
        f"`{result['command']}` · {result['sample']} · commit {machine['commit']}, {result['measured'][:10]} · "
        f"{machine['processor']}, load before {machine['load before']}, Python {machine['python']} · "
        f"{result['seconds']:.0f} s · settings: {told}, the rest by default\n"
    )


def main() -> None:
    """Write the page."""
    README.write_text(page(newest_results(RESULTS)), encoding="utf-8")
    print("written to", README)


if __name__ == "__main__":
    main()
