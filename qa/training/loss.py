"""What the reader is taught: spans of all passages of a question, and no answer, share one probability."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from qa.span_scores import presence

PRESENCE_WEIGHT = 1.0  # of each passage's own question, is the answer here, beside the question's shared one
Span = tuple[int, int]


def passage_sums(scores: Tensor, gold: Sequence[Sequence[Span]]) -> tuple[Tensor, Tensor]:
    """Return per passage the log sum of all spans and that of the gold ones (-inf without), each (batch,).

    `scores` is (batch, length, widths); gold spans count pieces, both ends included.
    """
    sums = []
    for row, spans in zip(scores, gold, strict=True):
        if spans:
            first = torch.tensor([start for start, _ in spans])
            width = torch.tensor([end - start for start, end in spans])
            sums.append(torch.logsumexp(row[first.to(row.device), width.to(row.device)], 0))
        else:
            sums.append(row.new_tensor(-torch.inf))
    return presence(scores), torch.stack(sums)


def shared_loss(totals: Tensor, golds: Tensor, groups: Sequence[int]) -> Tensor:
    """Return the loss summed over questions; passage `i` belongs to question `groups[i]`.

    The score of no answer is nought. A question without gold spans has it as its answer.
    """
    answered = torch.isfinite(golds)
    losses = []
    members: dict[int, list[int]] = {}
    for place, group in enumerate(groups):
        members.setdefault(group, []).append(place)
    for places in members.values():
        everything = torch.logaddexp(torch.logsumexp(totals[places], 0), totals.new_zeros(()))
        gold = [place for place in places if answered[place]]
        losses.append(everything - torch.logsumexp(golds[gold], 0) if gold else everything)
    alone = torch.nn.functional.softplus(torch.where(answered, -totals, totals))
    weight = PRESENCE_WEIGHT * len(members) / len(groups)
    return torch.stack(losses).sum() + weight * alone.sum()
