"""What a rule is, and what it may look at when it resolves the words it matched."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from corpus.times.intervals import Interval
from corpus.times.tense import Tense, governing_tense
from corpus.times.vocabulary import TO
from corpus.types import TimeExpression

BOUND_REACH = 8
_BOUND = re.compile(r"\b(?:from|by|before|until|till)\s$")
_GOES_ON = re.compile(TO)

Resolver = Callable[["re.Match[str]", "Reading"], "Interval | None"]


@dataclass(slots=True)
class Reading:
    """An article while it is being read: its words, its day, and what has been found so far.

    `lowered` is the text in lower case with the same length, so that spans agree. `any_case` says that capitals mean
    nothing here, as in a question typed in a hurry.
    """

    text: str
    lowered: str
    published: date | None
    any_case: bool = False
    found: list[TimeExpression] = field(default_factory=list)

    def capital_at(self, position: int) -> bool:
        """Whether the word at `position` is written with a capital, or capitals mean nothing."""
        return self.any_case or self.text[position].isupper()

    def tense_at(self, start: int, end: int) -> Tense:
        """Return the tense of the verb that governs the words from `start` to `end`."""
        return governing_tense(self.lowered, start, end)

    def tense_of_bound(self, start: int, end: int) -> Tense:
        """Return the tense for a date that lacks its year, as `tense_at` does.

        What begins or ends then is not told by a past tense before "from", "by" and their like ("agreed on free
        travel from 1 January"): the tense is UNKNOWN, unless a range goes on.
        """
        tense = self.tense_at(start, end)
        bound = _BOUND.search(self.lowered, max(0, start - BOUND_REACH), start)
        if tense is Tense.PAST and bound and not _GOES_ON.match(self.lowered, end):
            return Tense.UNKNOWN
        return tense


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table: a pattern over lower-case text, and what its words mean.

    A resolver returns None when the words turn out to mean something else; the rows below are then tried. A row
    without a resolver marks words that look like a time and are none: nothing else is looked for inside them.
    """

    name: str
    pattern: str
    resolve: Resolver | None
