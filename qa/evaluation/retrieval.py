"""Was the evidence retrieved? Ranks of evidence in the passages read, scored by ir-measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from qa.evaluation.given import Place
from qa.evaluation.texts import Texts, bare
from qa.questions import Evidence

if TYPE_CHECKING:
    from ir_measures.measures import Measure

DEPTH = 10  # MRR, MAP and nDCG look no further, as BEIR and TREC report them


@dataclass(frozen=True, slots=True)
class Ranked:
    """Where the evidence of one question was found.

    `found_at` has the rank, from 1, of the first passage that holds each piece of evidence, or None. `relevant` has
    the ranks of the passages that hold evidence which none before them holds.
    """

    found_at: tuple[int | None, ...]
    relevant: tuple[int, ...]

    @property
    def wanted(self) -> int:
        """How many passages would have held it all: those that did, and one for each piece that was not found."""
        return len(self.relevant) + sum(rank is None for rank in self.found_at)

    def recall(self, k: int) -> float:
        """Return the share of the evidence that the first `k` passages hold."""
        return sum(rank is not None and rank <= k for rank in self.found_at) / len(self.found_at)


@dataclass(frozen=True, slots=True)
class RankScores:
    """Reciprocal rank, average precision and nDCG, each over the first 10 passages."""

    mrr: float
    map: float
    ndcg: float


def rank_evidence(evidence: Sequence[Evidence], hits: Sequence[Place], texts: Texts) -> Ranked:
    """Return where each piece of evidence was found, for at least one piece.

    A quote is found by a passage that contains it, blanks ignored, of whatever article; without a quote any passage
    of its article will do.
    """
    found_at: list[int | None] = [None] * len(evidence)
    relevant = []
    wanted = [bare(item.quote) for item in evidence]
    for rank, hit in enumerate(hits, start=1):
        open_pieces = [piece for piece, found in enumerate(found_at) if found is None]
        if not open_pieces:
            break
        held = bare(texts.words(hit.article_id, hit.start, hit.end)) if any(wanted) else ""
        new = [
            piece
            for piece in open_pieces
            if (wanted[piece] in held if wanted[piece] else evidence[piece].article_id == hit.article_id)
        ]
        for piece in new:
            found_at[piece] = rank
        if new:
            relevant.append(rank)
    return Ranked(tuple(found_at), tuple(relevant))


def score_ranks(ranked: Mapping[str, Ranked]) -> dict[str, RankScores]:
    """Return the scores of each question's ranking, by question id.

    The documents of a question are its passages by rank. Those in `relevant` are relevant, and so is one document
    that was not retrieved for each piece of evidence that was not found.
    """
    measures = _measures()
    judged = {key: _judged(question) for key, question in ranked.items()}
    runs = {key: {f"rank {rank}": float(DEPTH + 1 - rank) for rank in range(1, DEPTH + 1)} for key in ranked}
    scores: dict[str, dict[str, float]] = {key: {} for key in ranked}
    from ir_measures import iter_calc

    for metric in iter_calc(list(measures), judged, runs) if ranked else ():
        scores[metric.query_id][measures[metric.measure]] = float(metric.value)
    return {key: RankScores(**values) for key, values in scores.items()}


def _judged(question: Ranked) -> dict[str, int]:
    held = {f"rank {rank}": 1 for rank in question.relevant}
    missing = {f"missing {piece}": 1 for piece in range(question.wanted - len(held))}
    return held | missing


@cache
def _measures() -> dict[Measure, str]:
    from ir_measures import AP, RR, nDCG

    return {RR @ DEPTH: "mrr", AP @ DEPTH: "map", nDCG @ DEPTH: "ndcg"}
