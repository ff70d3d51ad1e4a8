"""Where a text quotes someone."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

_QUOTATION = re.compile(r"“[^”\n]*”?|\"[^\"\n]*\"?|(?<![\w’'])[‘'](?=\w)(?:[^'’\n]|['’](?=\w)){0,400}['’](?!\w)")
"""Single marks are apostrophes too: what they open must close within a few sentences to be a quotation."""


def quotation_spans(text: str) -> list[tuple[int, int]]:
    """Return the spans between quotation marks, in order; one left open ends with its paragraph."""
    return [match.span() for match in _QUOTATION.finditer(text)]


def inside(spans: Sequence[tuple[int, int]], position: int) -> bool:
    """Whether a position lies in one of the spans, which are in order and do not overlap."""
    index = bisect_right(spans, (position, len(spans) and spans[-1][1])) - 1
    return index >= 0 and position < spans[index][1]
