"""`python -m qa.training --data DIR --out DIR`: from data folders to a reader's weights, confidence and record.

Stopped, it goes on from its last checkpoint when called again with the same folder. With glibc, the environment
`MALLOC_MMAP_THRESHOLD_=4294967296 MALLOC_TRIM_THRESHOLD_=17179869184` spares a fifth of the time on processors: without
it, every large tensor is taken from the system and given back.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from qa.training.run import Run, calibrate_run, prepare_run, train_run, write_run

PACKAGED_DATA = Path(__file__).parent / "data"


def main(  # noqa: PLR0913 - options of a command
    out: Annotated[Path, typer.Option(help="folder of the run: checkpoints, log, weights")],
    data: Annotated[Path, typer.Option(help="folder with a folder for each set")] = PACKAGED_DATA,
    encoder: Annotated[Path | None, typer.Option(help="folder of the encoder; the packaged one by default")] = None,
    start: Annotated[Path | None, typer.Option(help="folder of weights to go on from, with their record")] = None,
    passes: Annotated[float, typer.Option(help="how often each example is seen")] = 3.0,
    minutes: Annotated[float | None, typer.Option(help="train this long instead")] = None,
    rate: Annotated[float, typer.Option(help="highest learning rate of the encoder")] = 2e-4,
    size: Annotated[int, typer.Option(help="questions a step")] = 24,
    seed: Annotated[int, typer.Option()] = 1,
    workers: Annotated[int, typer.Option(help="passes at a time; one a core")] = 2,
    device: Annotated[str, typer.Option()] = "cpu",
) -> None:
    """Train the reader, fit its confidence and write both with their record."""
    run = Run(out, data, size=size, seed=seed, workers=workers, device=device, start=start)
    if encoder is not None:
        run = replace(run, encoder=encoder)
    prepared = prepare_run(run)
    print(json.dumps(prepared.counts()), file=sys.stderr)
    steps = max(round(passes * len(prepared.trained) / size), 1)
    model, progress = train_run(run, prepared, steps=steps, minutes=minutes, rate=rate)
    calibration = calibrate_run(run, prepared, model)
    record = write_run(run, prepared, model, progress, calibration)
    print(json.dumps(record, indent=1))


if __name__ == "__main__":
    typer.run(main)
