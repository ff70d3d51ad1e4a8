"""Word pieces: how many a text has, and where they stand in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

Span = tuple[int, int]

# A tokenizer holds some 200 bytes for each piece: longer texts are taken in parts, cut at blanks.
PART_CHARACTERS = 100_000


class Pieces:
    """A tokenizer that never cuts and never pads."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self.special = tokenizer.num_special_tokens_to_add(False)

    def spans(self, text: str) -> list[Span]:
        """Return the spans of a text's pieces, in code points and in order, without special ones."""
        found: list[Span] = []
        for part in _parts(text):
            encoding = self._tokenizer.encode(text[part[0] : part[1]], add_special_tokens=False)
            found += [(part[0] + start, part[0] + end) for start, end in encoding.offsets]
        return found

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """Return the texts' pieces with the special ones around them."""
        return list(self._tokenizer.encode_batch(list(texts)))

    def windows(self, text: str, window: int) -> list[str]:
        """Return a text in parts of at most `window` pieces, special ones included; all of it is in one of them."""
        room = window - self.special
        parts = []
        while len(spans := self.spans(text)) > room:
            cut = spans[room][0]
            while len(self.spans(text[:cut])) > room:  # a word divided may have more pieces than its half had
                cut -= 1
            cut = max(_last_blank(text, cut), 0) or cut
            parts.append(text[:cut])
            text = text[cut:]
        return [*parts, text]


def _last_blank(text: str, end: int) -> int:
    return max(text.rfind(" ", 0, end), text.rfind("\n", 0, end))


def _parts(text: str) -> Iterator[Span]:
    start = 0
    while start < len(text):
        end = min(start + PART_CHARACTERS, len(text))
        if end < len(text):
            blank = _last_blank(text, end)
            end = blank if blank > start else end
        yield start, end
        start = end
