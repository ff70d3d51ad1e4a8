"""Learning: what is each source of examples worth to the reader?

    python benchmarks/learning.py --data DATA --work WORK

A reader is trained from the encoder on so many questions, drawn from all sources alike, and once more for each source
that is left out: then the others take its place, so that the training is as long. All are measured on the same
questions, held out from training, with the article given. A run takes minutes and is short of the hours that the
packaged reader was trained: what is compared here are the sources, not readers. An interrupted run goes on where it
was; a finished one leaves nothing in WORK.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from data import sample
from harness import Bench, run

from qa.span_inputs import PieceReader
from qa.span_scorer import SpanScorer
from qa.training.__main__ import PACKAGED_DATA
from qa.training.examples import Example
from qa.training.measure import measure as read_held_out
from qa.training.measure import summarise
from qa.training.prepare import Prepared
from qa.training.run import Run, prepare_run, train_run

QUESTIONS = 3_200  # that each reader is trained on
A_STEP = 16
MEASURED = 100  # held-out questions of a source
MEASURED_ON = ("newsqa", "squad", "written", "rivals", "asked")
LEFT_OUT: dict[str, tuple[str, ...]] = {
    "nothing": (),
    "written articles": ("written",),
    "stories told over articles": ("stories", "rivals", "series"),
    "our questions about real news": ("asked",),
    "public sets": ("newsqa", "quiz", "quiz-open", "clapnq", "multihop", "multihop-inference", "multihop-null"),
    "twins": ("twins",),
}


def measure(bench: Bench) -> dict[str, Any]:
    """Train and measure a reader without each source."""
    folder = bench.work / "learning"
    whole = Run(folder, _linked(bench.data, folder / "data"), size=A_STEP)
    prepared = prepare_run(whole)
    held_out = [
        example
        for source in MEASURED_ON
        for example in sample([example for example in prepared.held_out if example.source == source], MEASURED)
    ]
    rows = {}
    for name, sources in LEFT_OUT.items():
        some = [example for example in prepared.trained if not _of(example, sources)]
        one = replace(whole, out=folder / name.replace(" ", "-"))
        one.out.mkdir(exist_ok=True)
        model, progress = train_run(one, replace(prepared, trained=some), steps=max(bench.most // A_STEP, 1))
        scorer = SpanScorer(
            model.eval().to(one.device, one.dtype), PieceReader.of_folder(one.encoder), device=one.device
        )
        rows[name] = {"examples": len(some), "minutes": progress.seconds / 60, **_scores(scorer, held_out, prepared)}
        print(name, rows[name], flush=True)
    shutil.rmtree(folder)
    return {
        "sample": f"{len(held_out)} held-out questions; {bench.most} trained on, {A_STEP} a step",
        "tables": {"left out": rows},
    }


def _linked(data: Path, folder: Path) -> Path:
    """Return a folder with the public sets and those that are packaged."""
    folder.mkdir(parents=True, exist_ok=True)
    for found in (*data.iterdir(), *PACKAGED_DATA.iterdir()):
        if found.is_dir() and not (folder / found.name).exists():
            (folder / found.name).symlink_to(found.resolve())
    return folder


def _of(example: Example, sources: Sequence[str]) -> bool:
    """Whether an example is of one of the sources, or is a twin of such a one."""
    return example.source in sources or example.id.split("/")[0] in sources


@torch.inference_mode()
def _scores(scorer: SpanScorer, held_out: Sequence[Example], prepared: Prepared) -> dict[str, float]:
    alone = replace(prepared, found={})
    given = [entry.given for entry in read_held_out(scorer, held_out, alone)]
    scores = {}
    for source in MEASURED_ON:
        found = summarise([outcome for outcome in given if outcome.source == source])
        scores[source] = found.f1
        scores[f"{source} over all"] = found.best_f1
    return scores


if __name__ == "__main__":
    run("learning", __doc__ or "", measure, most=QUESTIONS)
