"""The training loop: gradients in bfloat16 by several workers, weights in float32, a checkpoint every few minutes."""

from __future__ import annotations

import copy
import json
import queue
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from qa.span_inputs import Batch, pad_batch
from qa.span_model import SpanModel
from qa.span_scores import all_spans
from qa.training.batches import Row, split_groups
from qa.training.loss import passage_sums, shared_loss

ROWS_PER_PASS = 8  # passages padded to one length
LOG_EVERY = 20  # steps


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to train. `minutes`, where given, sets the pace instead of `steps`."""

    steps: int
    minutes: float | None = None
    rate: float = 2e-4
    head_rate: float = 1e-3
    warm_up: float = 0.03
    decay_from: float = 0.6
    weight_decay: float = 0.01
    clip: float = 1.0
    parts: int = 6
    checkpoint_s: float = 240.0

    def factor(self, progress: float) -> float:
        """Return the share of the rate at `progress` (0 to 1): up, level, then down to nought."""
        if progress < self.warm_up:
            return max(progress / self.warm_up, 0.02)
        return min(1.0, max(0.0, (1 - progress) / (1 - self.decay_from)))


@dataclass(slots=True)
class Progress:
    """How far training has come."""

    step: int = 0
    seconds: float = 0.0
    pieces: int = 0

    def share(self, plan: Plan) -> float:
        """Return how much of the plan is done."""
        by_steps = self.step / plan.steps
        return by_steps if plan.minutes is None else max(by_steps, self.seconds / 60 / plan.minutes)


class Trainer:
    """Holds the weights in float32, and a copy in the working precision for each worker."""

    def __init__(self, model: SpanModel, plan: Plan, *, workers: int, device: str, dtype: torch.dtype) -> None:
        self.model = model.train()
        self.plan = plan
        self.device = device
        self.progress = Progress()
        self.parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
        heads = {id(parameter) for head in (model.bounds, model.here) for parameter in head.parameters()}
        self.optimizer = torch.optim.AdamW(
            [
                {"params": [p for p in self.parameters if id(p) not in heads], "scale": plan.rate},
                {"params": [p for p in self.parameters if id(p) in heads], "scale": plan.head_rate},
            ],
            weight_decay=plan.weight_decay,
            betas=(0.9, 0.98),
            fused=True,
        )
        self._replicas: queue.Queue[SpanModel] = queue.Queue()
        self._copies = [copy.deepcopy(model).to(device, dtype) for _ in range(workers)]
        for replica in self._copies:
            self._replicas.put(replica)
        self._pool = ThreadPoolExecutor(workers)
        if workers > 1:
            torch.set_num_threads(1)

    def step(self, groups: Sequence[Sequence[Row]]) -> float:
        """Learn from some groups and return their mean loss."""
        began = time.monotonic()
        parts = split_groups(groups, self.plan.parts)
        results = list(self._pool.map(self._gradients, parts))
        for place, parameter in enumerate(self.parameters):
            parameter.grad = sum((result[1][place].float() for result in results), torch.zeros(())) / len(groups)
        torch.nn.utils.clip_grad_norm_(self.parameters, self.plan.clip)
        factor = self.plan.factor(self.progress.share(self.plan))
        for group in self.optimizer.param_groups:
            group["lr"] = group["scale"] * factor
        self.optimizer.step()
        self._refresh()
        self.progress.step += 1
        self.progress.pieces += sum(row.inputs.length for group in groups for row in group)
        self.progress.seconds += time.monotonic() - began
        return sum(result[0] for result in results) / len(groups)

    def _refresh(self) -> None:
        with torch.no_grad():
            for replica in self._copies:
                trained = (parameter for parameter in replica.parameters() if parameter.requires_grad)
                for own, parameter in zip(trained, self.parameters, strict=True):
                    own.copy_(parameter)

    def _gradients(self, groups: Sequence[Sequence[Row]]) -> tuple[float, tuple[Tensor, ...]]:
        replica = self._replicas.get()
        try:
            if self.device == "cpu" and len(self._copies) > 1:
                torch.set_num_threads(1)
            loss = group_loss(replica, groups, self.device)
            trained = [parameter for parameter in replica.parameters() if parameter.requires_grad]
            gradients = torch.autograd.grad(loss, trained)
            return float(loss.detach()), tuple(gradient.cpu() for gradient in gradients)
        finally:
            self._replicas.put(replica)

    def save(self, folder: Path) -> None:
        """Write a checkpoint: weights, moments and progress. The last complete one is never lost."""
        folder.mkdir(parents=True, exist_ok=True)
        tensors = {f"weights.{place}": p.detach().cpu() for place, p in enumerate(self.parameters)}
        for place, parameter in enumerate(self.parameters):
            for name, moment in self.optimizer.state.get(parameter, {}).items():
                tensors[f"{name}.{place}"] = moment.detach().cpu().float().contiguous()
        metadata = {"progress": json.dumps(asdict(self.progress))}
        save_file(tensors, str(folder / "checkpoint.new"), metadata=metadata)
        (folder / "checkpoint.new").replace(folder / "checkpoint.safetensors")

    def restore(self, folder: Path) -> bool:
        """Continue from the checkpoint in a folder; return whether there was one."""
        from safetensors import safe_open

        file = folder / "checkpoint.safetensors"
        if not file.exists():
            return False
        with safe_open(str(file), framework="pt") as stored:
            self.progress = Progress(**json.loads(stored.metadata()["progress"]))
        tensors = load_file(str(file))
        with torch.no_grad():
            for place, parameter in enumerate(self.parameters):
                parameter.copy_(tensors[f"weights.{place}"])
                moments = {
                    name: tensors[f"{name}.{place}"]
                    for name in ("step", "exp_avg", "exp_avg_sq")
                    if f"{name}.{place}" in tensors
                }
                if moments:
                    self.optimizer.state[parameter] = {name: moment.clone() for name, moment in moments.items()}
        self._refresh()
        return True


def group_loss(model: SpanModel, groups: Sequence[Sequence[Row]], device: str) -> Tensor:
    """Return the summed loss of some groups; their passages are read in order of length, a few at a time."""
    rows = sorted(
        ((row, number) for number, group in enumerate(groups) for row in group),
        key=lambda entry: entry[0].inputs.length,
    )
    totals, golds = [], []
    for place in range(0, len(rows), ROWS_PER_PASS):
        some = [row for row, _ in rows[place : place + ROWS_PER_PASS]]
        batch = to_device(pad_batch([row.inputs for row in some]), device)
        starts, ends, here = model(batch.ids, batch.segments, batch.real)
        total, gold = passage_sums(all_spans(starts, ends, here, batch.answer), [row.gold for row in some])
        totals.append(total)
        golds.append(gold)
    return shared_loss(torch.cat(totals), torch.cat(golds), [number for _, number in rows])


def to_device(batch: Batch, device: str) -> Batch:
    """Return a batch on a device."""
    return Batch(*(getattr(batch, name).to(device) for name in Batch.__slots__))


def train(
    trainer: Trainer, steps: Iterator[list[list[Row]]], folder: Path, log: Callable[[dict[str, float]], None]
) -> None:
    """Train until the plan is done, with a checkpoint every few minutes and at the end."""
    saved = time.monotonic()
    recent: list[float] = []
    while trainer.progress.share(trainer.plan) < 1:
        recent.append(trainer.step(next(steps)))
        if trainer.progress.step % LOG_EVERY == 0:
            progress = trainer.progress
            log(
                {
                    "step": progress.step,
                    "loss": sum(recent) / len(recent),
                    "seconds": progress.seconds,
                    "pieces": progress.pieces,
                    "share": progress.share(trainer.plan),
                }
            )
            recent = []
        if time.monotonic() - saved > trainer.plan.checkpoint_s:
            trainer.save(folder)
            saved = time.monotonic()
    trainer.save(folder)
