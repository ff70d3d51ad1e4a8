"""What a span model reads: `[CLS] question [SEP] header [SEP] passage [SEP]`, in word pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

QUESTION_PIECES = 96  # a longer question loses its end
HEADER_PIECES = 64
PASSAGE_PIECES = 340  # with the others, fits the 512 positions of the encoder; a longer passage is read in parts


@dataclass(frozen=True, slots=True)
class Pieces:
    """The word pieces of a text: their ids, and the code points each spans."""

    ids: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]

    def clipped(self, limit: int) -> Pieces:
        """Return the first `limit` pieces."""
        return self if len(self.ids) <= limit else self.part(0, limit)

    def part(self, start: int, end: int) -> Pieces:
        """Return the pieces from `start` up to `end`."""
        return Pieces(self.ids[start:end], self.spans[start:end])


class PieceReader:
    """Cuts texts into the word pieces of an encoder's own tokenizer."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer
        first, last = (tokenizer.token_to_id(name) for name in ("[CLS]", "[SEP]"))
        if first is None or last is None:
            raise ValueError("the tokenizer has no [CLS] and [SEP]: a BERT tokenizer is needed")
        self.first, self.last = first, last

    @classmethod
    def of_folder(cls, folder: Path) -> PieceReader:
        """Load the tokenizer that lies in an encoder's folder."""
        from tokenizers import Tokenizer

        return cls(Tokenizer.from_file(str(folder / "tokenizer.json")))

    def cut(self, texts: Sequence[str]) -> list[Pieces]:
        """Return the pieces of each text."""
        encodings = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [Pieces(tuple(encoding.ids), tuple(encoding.offsets)) for encoding in encodings]


@dataclass(frozen=True, slots=True)
class Input:
    """One question with one passage: piece ids, and where in them the header and the passage begin."""

    ids: tuple[int, ...]
    header: int
    passage: int

    @property
    def length(self) -> int:
        """The number of pieces, special ones included."""
        return len(self.ids)


def join_pieces(reader: PieceReader, question: Pieces, header: Pieces, passage: Pieces) -> Input:
    """Put a question and a passage together; what has no room is cut off at the end of its part."""
    before = (reader.first, *question.ids[:QUESTION_PIECES], reader.last)
    named = (*header.ids[:HEADER_PIECES], reader.last)
    ids = (*before, *named, *passage.ids[:PASSAGE_PIECES], reader.last)
    return Input(ids, len(before), len(before) + len(named))


@dataclass(frozen=True, slots=True)
class Batch:
    """Inputs of one pass, padded: all (batch, length). `answer` is True where an answer may start or end."""

    ids: Tensor
    segments: Tensor
    real: Tensor
    answer: Tensor


def pad_batch(inputs: Sequence[Input], *, multiple: int = 8) -> Batch:
    """Pad inputs to one length, a multiple of `multiple`."""
    import torch

    longest = max(entry.length for entry in inputs)
    longest += -longest % multiple
    ids = torch.tensor([[*entry.ids, *[0] * (longest - entry.length)] for entry in inputs])
    places = torch.arange(longest)[None]
    lengths = torch.tensor([entry.length for entry in inputs])[:, None]
    headers = torch.tensor([entry.header for entry in inputs])[:, None]
    passages = torch.tensor([entry.passage for entry in inputs])[:, None]
    real = places < lengths
    return Batch(
        ids=ids,
        segments=((places >= headers) & real).long(),
        real=real,
        answer=(places >= passages) & (places < lengths - 1),
    )
