"""Was the evidence retrieved? Ranks of evidence in the passages read, scored by ir-measures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    wanted = [bare(item.quote) for item in evidence]

    def held_by(hit: Place) -> list[int]:
        held = bare(texts.words(hit.article_id, hit.start, hit.end)) if any(wanted) else ""
        return [
            piece
            for piece, quote in enumerate(wanted)
            if (quote in held if quote else evidence[piece].article_id == hit.article_id)
        ]

    return _rank(len(wanted), map(held_by, hits))


def rank_quotes(quotes: Sequence[str], passages: Iterable[str]) -> Ranked:
    """Return where each quote was found, for at least one, by passages of which only the words are known."""
    wanted = [bare(quote) for quote in quotes]
    return _rank(
        len(wanted),
        ([piece for piece, quote in enumerate(wanted) if quote in held] for held in map(bare, passages)),
    )


def _rank(pieces: int, held: Iterable[Sequence[int]]) -> Ranked:
    """Return the ranks of so many pieces of evidence; `held` has the pieces that each passage holds, best first."""
    found_at: list[int | None] = [None] * pieces
    relevant = []
    ranks = enumerate(held, start=1)
    while None in found_at and (ranked := next(ranks, None)):
        rank, holds = ranked
        new = [piece for piece in holds if found_at[piece] is None]
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
