"""Sums and best places of span scores: `start + end + here` over spans of up to `LONGEST_SPAN` pieces."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from qa.span_model import LONGEST_SPAN, UNREACHABLE


def all_spans(starts: Tensor, ends: Tensor, here: Tensor, answer: Tensor) -> Tensor:
    """Return the scores of all spans, (batch, length, LONGEST_SPAN): `[b, i, w]` is the span from `i` to `i + w`.

    `starts` and `ends` are (batch, length), `here` (batch,); spans that leave `answer` are unreachable.
    """
    starts = starts.masked_fill(~answer, UNREACHABLE)
    ends = ends.masked_fill(~answer, UNREACHABLE)
    windows = functional.pad(ends, (0, LONGEST_SPAN - 1), value=UNREACHABLE).unfold(1, LONGEST_SPAN, 1)
    return starts[..., None] + windows + here[:, None, None]


def presence(scores: Tensor) -> Tensor:
    """Return the log odds, (batch,), that a passage holds an answer: what its spans add up to, against nought."""
    return torch.logsumexp(scores.flatten(1), 1)
