"""Any extractive reader of transformers, by name or folder, as a scorer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qa.span_reader import ReaderError
from qa.span_scorer import SPANS_KEPT, SPANS_LOOKED_AT, Marked, Reading, Span

LONGEST_SPAN = 32  # word pieces in an answer
LONGEST_INPUT = 512
PASSAGES_PER_PASS = 8


class ExtractiveScorer:
    """Reads with a model that scores starts and ends; its first piece stands for no answer, as in SQuAD 2.0."""

    def __init__(self, model: Any, tokenizer: Any, *, device: str) -> None:
        self._model = model.eval()
        self._tokenizer = tokenizer
        self._device = device

    def piece_spans(self, text: str) -> Sequence[Span]:
        """Return the spans of a text's word pieces."""
        encoded = self._tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        return [(start, end) for start, end in encoded["offset_mapping"]]

    def score(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """Return what each passage, given as (header, words), says, in their order."""
        texts = [f"{header}\n{words}" if header else words for header, words in passages]
        offsets = [len(text) - len(words) for text, (_, words) in zip(texts, passages, strict=True)]
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        readings: dict[int, Reading] = {}
        for first in range(0, len(order), PASSAGES_PER_PASS):
            places = order[first : first + PASSAGES_PER_PASS]
            some = self._pass(question, [texts[place] for place in places], [offsets[place] for place in places])
            readings.update(zip(places, some, strict=True))
        return [readings[place] for place in range(len(texts))]

    def _pass(self, question: str, texts: Sequence[str], offsets: Sequence[int]) -> list[Reading]:
        import torch

        longest = min(self._tokenizer.model_max_length, LONGEST_INPUT)
        encoded = self._tokenizer(
            [question] * len(texts),
            list(texts),
            truncation="only_second",
            max_length=longest,
            padding=True,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        spans = encoded.pop("offset_mapping").tolist()
        parts = [encoded.sequence_ids(row) for row in range(len(texts))]
        with torch.inference_mode():
            output = self._model(**encoded.to(self._device))
        starts, ends = output.start_logits.float().cpu(), output.end_logits.float().cpu()
        return [_reading(starts[row], ends[row], parts[row], spans[row], offset) for row, offset in enumerate(offsets)]


def _reading(starts: Any, ends: Any, parts: Sequence[int | None], spans: Sequence[Span], offset: int) -> Reading:
    import torch

    inside = [place for place, part in enumerate(parts) if part == 1 and spans[place][0] >= offset]
    if not inside:
        return Reading(-30.0, ())
    chosen = torch.tensor(inside)
    scores = starts[chosen][:, None] + ends[chosen][None, :] - (starts[0] + ends[0])
    allowed = torch.ones_like(scores, dtype=torch.bool).triu().tril(LONGEST_SPAN - 1)
    scores = scores.masked_fill(~allowed, -torch.inf)
    best = scores.flatten().topk(min(SPANS_LOOKED_AT, int(allowed.sum())))
    kept: list[tuple[int, int, float]] = []
    for score, place in zip(best.values.tolist(), best.indices.tolist(), strict=True):
        first, last = divmod(place, len(inside))
        if len(kept) < SPANS_KEPT and all(last < a or b < first for a, b, _ in kept):
            kept.append((first, last, score))
    marked = (Marked(spans[inside[a]][0] - offset, spans[inside[b]][1] - offset, score) for a, b, score in kept)
    return Reading(float(torch.logsumexp(scores.flatten(), 0)), tuple(marked))


def load_extractive_scorer(name: str, *, device: str, dtype: str) -> ExtractiveScorer:
    """Return a scorer over a model's name or folder. Raises ReaderError when it cannot be loaded."""
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(name)
        model = AutoModelForQuestionAnswering.from_pretrained(name)
    except (OSError, ValueError, RuntimeError) as error:
        reason = " ".join(str(error).split())
        raise ReaderError(f"cannot load the reader {name!r} ({reason}): name another, or its folder") from error
    if not tokenizer.is_fast:
        raise ReaderError(f"the reader {name!r} has no fast tokenizer: name another")
    return ExtractiveScorer(model.to(device, getattr(torch, dtype)), tokenizer, device=device)
