"""Measures the trained reader on the questions that its recipe holds out: `python benchmarks/reader.py --data DIR`.

The table says how right its spans are when the article is given, how well it refuses, how far its confidence is from
the share it gets right, and how long twenty passages take.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer
from data import write_result

from qa.span_reader import SpanReader, load_reader
from qa.training.calibrate import calibration_error, is_right
from qa.training.measure import Outcome, measure, summarise
from qa.training.prepare import Prepared, gather

SETS = ("written_qa", "newsqa", "squad2", "story_clusters")
PASSAGES = 20
ROUNDS = 15


def main(
    data: Annotated[Path, typer.Option(help="folder with a folder for each set")],
    model: Annotated[str | None, typer.Option(help="another extractive model; the packaged reader by default")] = None,
    most: Annotated[int, typer.Option(help="questions of a set, at most")] = 100_000,
    keep: Annotated[bool, typer.Option(help="write the figures to results/")] = False,
) -> None:
    """Print the table."""
    reader = load_reader(model)
    prepared = gather(data, reader.scorer.piece_spans, SETS)
    rows: dict[str, Any] = {}
    for source in sorted({example.source for example in prepared.held_out}):
        examples = [example for example in prepared.held_out if example.source == source]
        examples = examples[:: max(1, len(examples) // most)]
        measured = list(measure(reader.scorer, examples, prepared))
        given, among = [entry.given for entry in measured], [entry.among_found for entry in measured]
        rows[source] = {**asdict(summarise(given)), "among found": asdict(summarise(among)), **_errors(reader, among)}
        _show(source, rows[source])
    rows["twenty passages, ms"] = _timed(reader, prepared)
    print(f"{PASSAGES} passages: {rows['twenty passages, ms']} ms (median of {ROUNDS})")
    if keep:
        write_result("reader", rows)


def _errors(reader: SpanReader, outcomes: Sequence[Outcome]) -> dict[str, float]:
    chances = [reader.confidence.probability(outcome.features) for outcome in outcomes]
    return {"calibration error": round(calibration_error(chances, [is_right(outcome) for outcome in outcomes]), 4)}


def _show(source: str, row: dict[str, Any]) -> None:
    refused = "–" if row["refused"] is None else f"{row['refused']:.3f}"
    print(
        f"{source:20} n {row['count']:5}  EM {row['exact']:.3f}  F1 {row['f1']:.3f}  F1 over all {row['best_f1']:.3f}  "
        f"refused {refused}  kept {row['kept']:.3f}  calibration error {row['calibration error']:.3f}"
    )


def _timed(reader: SpanReader, prepared: Prepared) -> float:
    """Return the median milliseconds to read twenty passages of ordinary length."""
    texts = [text for text in prepared.texts.values() if len(text.words) > 600][: PASSAGES * ROUNDS]
    times = []
    for place in range(0, len(texts), PASSAGES):
        began = perf_counter()
        reader.scorer.score(
            "When was the first round of talks held?",
            [(text.header, text.words) for text in texts[place : place + PASSAGES]],
        )
        times.append((perf_counter() - began) * 1000)
    return round(statistics.median(times), 1)


if __name__ == "__main__":
    typer.run(main)
