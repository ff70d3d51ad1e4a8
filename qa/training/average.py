"""`python -m qa.training.average FIRST SECOND --out RUN`: one reader out of two, by the mean of their weights.

Weights that were trained on from the same weights can be averaged, and often do better than either ("model soups",
Wortsman et al. 2022). `SECOND` is the folder of a run; its data, its record and its count of steps are kept, and the
confidence is fitted anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import torch
import typer

from qa.span_model import Shape, SpanModel, load_weights, read_words
from qa.span_reader import RECORD, WEIGHTS
from qa.training.__main__ import PACKAGED_DATA
from qa.training.run import Run, calibrate_run, prepare_run, write_run
from qa.training.train import Progress


def average(first: Path, second: Path, share: float, encoder: Path) -> SpanModel:
    """Return the model whose weights are those of two folders, `share` of them the second's."""
    shape = Shape(**json.loads((first / RECORD).read_text(encoding="utf-8"))["shape"])
    words = read_words(encoder)
    one, other = (load_weights(folder / WEIGHTS, shape, words) for folder in (first, second))
    with torch.no_grad():
        for own, theirs in zip(one.parameters(), other.parameters(), strict=True):
            own.lerp_(theirs, share)
    return one


def main(
    first: Annotated[Path, typer.Argument(help="folder with weights and their record")],
    second: Annotated[Path, typer.Argument(help="folder of the run that went on from them")],
    out: Annotated[Path, typer.Option(help="folder for the mean, its record and its card")],
    share: Annotated[float, typer.Option(min=0, max=1, help="share of the second")] = 0.6,
    data: Annotated[Path, typer.Option(help="folder with a folder for each set")] = PACKAGED_DATA,
    device: Annotated[str, typer.Option()] = "cpu",
) -> None:
    """Average two readers, fit the confidence and write the result."""
    run = Run(out, data, device=device, start=first)
    out.mkdir(parents=True, exist_ok=True)
    prepared = prepare_run(run)
    trained = json.loads((second / RECORD).read_text(encoding="utf-8"))["training"]
    model = average(first, second, share, run.encoder)
    calibration = calibrate_run(run, prepared, model)
    progress = Progress(trained["steps"], trained["minutes"] * 60, trained["pieces"])
    run = Run(out, data, size=trained["questions_per_step"], seed=trained["seed"], device=device, start=first)
    write_run(
        run, prepared, model, progress, calibration, notes=(f"averaged with what it started from: {share} of it",)
    )


if __name__ == "__main__":
    typer.run(main)
