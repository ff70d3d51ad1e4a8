"""What was read for a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from corpus.types import Article, TimeExpression


@dataclass(frozen=True, slots=True)
class Sources:
    """What was read, by article id; `copies` maps a passage's id to the articles that carry the same words.

    `covers` are the first and the last day of the archive, None where it is empty, has no dates or was not asked.
    """

    articles: Mapping[str, Article]
    times: Mapping[str, Sequence[TimeExpression]]
    copies: Mapping[str, tuple[str, ...]]
    covers: tuple[date, date] | None = None
