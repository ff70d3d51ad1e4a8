"""Draws the groups of each step: a question, a passage that answers it, and ones that do not."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.span_inputs import PASSAGE_PIECES, Input, PieceReader, Pieces, join_pieces
from qa.span_model import LONGEST_SPAN
from qa.training.examples import Example, Span, Text
from qa.training.sources import CYCLES


@dataclass(frozen=True, slots=True)
class Row:
    """One passage of a group: its pieces, and the gold spans in them (both ends included; none: no answer here)."""

    inputs: Input
    gold: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How groups are drawn: passages without the answer beside each positive, and passages of a null question.

    Beside the passages of a story, whose articles tell of like things, stand more of them: `rivals`.
    A part of the passages is cropped: they teach nearly as much as whole ones and cost half.
    """

    negatives: int = 1
    rivals: int = 2
    negative_share: float = 0.85  # how often a positive has negatives beside it
    nulls: int = 1
    found_share: float = 0.5  # how often a negative is one that retrieval found, where there are near ones too
    crop_share: float = 0.8
    crop_pieces: int = 100


class Groups:
    """Builds groups of rows. Pieces of texts are cut once and kept."""

    def __init__(
        self, reader: PieceReader, texts: Mapping[str, Text], found: Mapping[str, Sequence[str]], recipe: Recipe
    ) -> None:
        self._reader = reader
        self._texts = texts
        self._found = found
        self._recipe = recipe
        self._cut: dict[str, tuple[Pieces, Pieces]] = {}

    def draw(self, example: Example, random_source: random.Random) -> list[Row]:
        """Return the rows of one example; which of its passages is up to the random source."""
        question = self._reader.cut([example.question])[0]
        if example.positives:
            positive = random_source.choice(example.positives)
            rows = [self._row(question, positive.text, positive.spans, random_source)]
            beside = self._recipe.rivals if example.source in CYCLES else self._recipe.negatives
            wanted = beside if random_source.random() < self._recipe.negative_share else 0
        else:
            rows = []
            wanted = self._recipe.nulls
        others = self._others(example, wanted, random_source)
        return rows + [self._row(question, text_id, (), random_source) for text_id in others]

    def _others(self, example: Example, wanted: int, random_source: random.Random) -> list[str]:
        near = random_source.sample(example.near, min(wanted, len(example.near)))
        found = list(self._found.get(example.id, ()))
        random_source.shuffle(found)
        if not example.positives:
            return (near or found)[:wanted]
        if near and random_source.random() < self._recipe.found_share:
            return (found[:1] + near)[:wanted]
        return (near + found)[:wanted]

    def _row(self, question: Pieces, text_id: str, spans: Sequence[Span], random_source: random.Random) -> Row:
        header, words = self._pieces(text_id)
        if random_source.random() < self._recipe.crop_share:
            words = crop(words, spans, self._recipe.crop_pieces, random_source)
        inputs = join_pieces(self._reader, question, header, words)
        gold = {shifted for span in spans if (shifted := _to_pieces(words, span, inputs.passage)) is not None}
        return Row(inputs, tuple(sorted(gold)))

    def _pieces(self, text_id: str) -> tuple[Pieces, Pieces]:
        if text_id not in self._cut:
            text = self._texts[text_id]
            header, words = self._reader.cut([text.header, text.words])
            self._cut[text_id] = header, words.clipped(PASSAGE_PIECES)
        return self._cut[text_id]


def _to_pieces(words: Pieces, span: Span, offset: int) -> Span | None:
    """Return a span of characters as pieces, or None where it is longer than an answer may be or was cut off."""
    start, end = span
    inside = [place for place, (a, b) in enumerate(words.spans) if a < end and b > start]
    if not inside or words.spans[-1][1] < end or words.spans[0][0] > start:
        return None
    last = min(inside[-1], inside[0] + LONGEST_SPAN - 1)
    return offset + inside[0], offset + last


def crop(words: Pieces, spans: Sequence[Span], length: int, random_source: random.Random) -> Pieces:
    """Return `length` pieces in a row, at a random place that holds one of the spans (in characters) where any is."""
    surplus = len(words.ids) - length
    if surplus <= 0:
        return words
    lowest, highest = 0, surplus
    if spans:
        start, end = random_source.choice(list(spans))
        inside = [place for place, (a, b) in enumerate(words.spans) if a < end and b > start]
        if not inside or inside[-1] - inside[0] >= length:
            return words
        lowest, highest = max(0, inside[-1] - length + 1), min(surplus, inside[0])
    first = random_source.randint(lowest, max(lowest, highest))
    return words.part(first, first + length)


def draw_steps(
    groups: Groups, examples: Sequence[Example], *, size: int, seed: int, start: int = 0
) -> Iterator[list[list[Row]]]:
    """Yield the groups of each step from step `start` on, without end: each pass over the examples in a new order."""
    per_pass = max(len(examples) // size, 1)
    step = start
    while True:
        order = list(range(len(examples)))
        random.Random(f"{seed}/pass/{step // per_pass}").shuffle(order)
        first = step % per_pass * size
        source = random.Random(f"{seed}/step/{step}")
        yield [groups.draw(examples[place], source) for place in order[first : first + size]]
        step += 1


def split_groups(groups: Sequence[Sequence[Row]], parts: int) -> list[list[Sequence[Row]]]:
    """Deal the groups into parts of like lengths, so that little is padded; the longest first: none is waited for."""
    ordered = sorted(groups, key=lambda group: -max(row.inputs.length for row in group))
    size = -(-len(ordered) // parts)
    return [list(ordered[place : place + size]) for place in range(0, len(ordered), size)]
