"""This report and an earlier one: what got better, what got worse, and whether the difference is real."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.errors import RecordError
from qa.evaluation.bootstrap import Difference, compare_scores
from qa.evaluation.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Comparison:
    """Differences from a baseline on the questions that both have; the rest are question ids.

    `better` were not right and are now, `worse` the other way round; `changed` are all that are answered otherwise.
    `before` has the baseline's outcome of each shared question, by id.
    """

    baseline: str
    differences: dict[str, Difference]
    better: tuple[str, ...]
    worse: tuple[str, ...]
    changed: tuple[str, ...]
    only_here: tuple[str, ...]
    only_there: tuple[str, ...]
    before: dict[str, Outcome]


def compare(baseline: str, before: Sequence[Outcome], after: Sequence[Outcome]) -> Comparison:
    """Compare with the outcomes of a baseline. Raises RecordError when they share no question."""
    earlier = {outcome.id: outcome for outcome in before}
    pairs = [(earlier[outcome.id], outcome) for outcome in after if outcome.id in earlier]
    if not pairs:
        raise RecordError(f"{baseline} is about other questions: none of its ids is among these")
    shared = {outcome.id for _, outcome in pairs}
    return Comparison(
        baseline=baseline,
        differences=compare_scores([old for old, _ in pairs], [new for _, new in pairs]),
        better=tuple(new.id for old, new in pairs if new.right and not old.right),
        worse=tuple(new.id for old, new in pairs if old.right and not new.right),
        changed=tuple(new.id for old, new in pairs if _said(old) != _said(new) or old.right != new.right),
        only_here=tuple(outcome.id for outcome in after if outcome.id not in shared),
        only_there=tuple(outcome.id for outcome in before if outcome.id not in shared),
        before={old.id: old for old, _ in pairs},
    )


def _said(outcome: Outcome) -> tuple[bool, str]:
    return outcome.refused, outcome.short_answer
