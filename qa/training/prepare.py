"""Puts the texts, examples and hard negatives together once, and keeps them in the folder of a run."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.passages import PieceSpans
from qa.training.examples import Example, Positive, Text
from qa.training.negatives import find_negatives
from qa.training.sources import read_data
from qa.training.twins import find_twins

TWIN_SEED = 1


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that training and calibration read: texts by id, examples, and found negatives by example."""

    texts: dict[str, Text]
    trained: list[Example]
    held_out: list[Example]
    found: dict[str, tuple[str, ...]]

    def counts(self) -> dict[str, dict[str, int]]:
        """Return how many examples of each source are trained on, and held out."""
        return {
            "trained": dict(Counter(example.source for example in self.trained)),
            "held_out": dict(Counter(example.source for example in self.held_out)),
        }


def prepare(data: Path, out: Path, piece_spans: PieceSpans, sets: Sequence[str] | None = None) -> Prepared:
    """Read the sets in `data`, or what an earlier call left in `out`."""
    kept = out / "prepared.jsonl.gz"
    if kept.exists():
        return _load(kept)
    prepared = gather(data, piece_spans, sets)
    out.mkdir(parents=True, exist_ok=True)
    _store(prepared, kept)
    return prepared


def gather(data: Path, piece_spans: PieceSpans, sets: Sequence[str] | None = None) -> Prepared:
    """Read the sets in `data` and find negatives for each example; only texts that are used are kept."""
    read = read_data(data, piece_spans, sets=sets)
    read.trained += list(find_twins(read.trained, read.texts, seed=TWIN_SEED))
    found = dict(find_negatives([*read.trained, *read.held_out], read.texts))
    used = {text_id for chosen in found.values() for text_id in chosen}
    for example in (*read.trained, *read.held_out):
        used |= {positive.text for positive in example.positives} | set(example.near)
    texts = {text_id: text for text_id, text in read.texts.items() if text_id in used}
    return Prepared(texts, read.trained, read.held_out, found)


def _store(prepared: Prepared, file: Path) -> None:
    partial = file.with_suffix(".new")
    with gzip.open(partial, "wt", encoding="utf-8", compresslevel=3) as lines:
        for text in prepared.texts.values():
            lines.write(json.dumps({"text": asdict(text)}) + "\n")
        for name in ("trained", "held_out"):
            for example in getattr(prepared, name):
                record = {**asdict(example), "excluded": sorted(example.excluded)}
                lines.write(json.dumps({name: record, "found": prepared.found[example.id]}) + "\n")
    partial.replace(file)


def _load(file: Path) -> Prepared:
    prepared = Prepared({}, [], [], {})
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            if "text" in record:
                text = Text(**record["text"])
                prepared.texts[text.id] = text
            else:
                name = "trained" if "trained" in record else "held_out"
                example = _example(record[name])
                getattr(prepared, name).append(example)
                prepared.found[example.id] = tuple(record["found"])
    return prepared


def _example(record: dict[str, Any]) -> Example:
    positives = tuple(
        Positive(entry["text"], tuple((start, end) for start, end in entry["spans"])) for entry in record["positives"]
    )
    return Example(
        id=record["id"],
        source=record["source"],
        question=record["question"],
        answers=tuple(record["answers"]),
        positives=positives,
        near=tuple(record["near"]),
        excluded=frozenset(record["excluded"]),
    )
