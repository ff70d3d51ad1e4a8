"""Unanswerable twins: a question with one of its names, ordinals or years put in for another that its article lacks.

"When did India and Japan hold their second meeting" becomes "... their fourth meeting", to be answered by silence over
the very passages that answered it. Rajpurkar et al. 2018 (SQuAD 2.0) name entity swaps among the ways in which people
make such questions; here a twin is made only where the words put in stand nowhere in the example's articles.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from qa.training.examples import Example, Span, Text, share_of

TWINNED = ("written", "stories", "rivals", "quiz", "newsqa", "asked", "series")
SHARE = 0.35  # of the answerable questions get a twin, where one can be made

_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w-]{3,}(?: [A-Z][\w-]+)*")
_ORDINAL = re.compile(r"\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def find_twins(examples: Sequence[Example], texts: Mapping[str, Text], *, seed: int) -> Iterator[Example]:
    """Yield a twin for some of the answerable examples; which, and how, depends on their ids and the seed alone."""
    names = _names_by_length(examples)
    for example in examples:
        if example.source not in TWINNED or not example.answerable:
            continue
        if share_of(example.id, salt=f"twin/{seed}") < SHARE:
            question = _swapped(example, _words_of(example, texts), names, random.Random(f"{seed}/{example.id}"))
            if question:
                yield replace(
                    example,
                    id=f"{example.id}/twin",
                    source="twins",
                    question=question,
                    answers=(),
                    positives=(),
                    near=(*(positive.text for positive in example.positives), *example.near),
                )


def _names_by_length(examples: Sequence[Example]) -> dict[int, list[str]]:
    names: dict[int, set[str]] = defaultdict(set)
    for example in examples:
        for found in _NAME.finditer(example.question):
            names[len(found.group().split())].add(found.group())
    return {length: sorted(some) for length, some in names.items()}


def _words_of(example: Example, texts: Mapping[str, Text]) -> str:
    ids = [*(positive.text for positive in example.positives), *example.near]
    return " ".join(f"{texts[text_id].header} {texts[text_id].words}" for text_id in ids).casefold()


def _swapped(example: Example, words: str, names: Mapping[int, Sequence[str]], source: random.Random) -> str:
    """Return the question with one anchor swapped, or "" where it has none that the articles hold."""
    anchors = list(_anchors(example.question))
    source.shuffle(anchors)
    for start, end in anchors:
        anchor = example.question[start:end]
        if anchor.casefold() not in words:
            continue
        others = [other for other in _others(anchor, names, source) if other.casefold() not in words]
        if others:
            return example.question[:start] + others[0] + example.question[end:]
    return ""


def _anchors(question: str) -> Iterator[Span]:
    for pattern in (_NAME, _ORDINAL, _YEAR):
        yield from (found.span() for found in pattern.finditer(question))


def _others(anchor: str, names: Mapping[int, Sequence[str]], source: random.Random) -> list[str]:
    if _ORDINAL.fullmatch(anchor):
        return source.sample(_ORDINALS, len(_ORDINALS))
    if _YEAR.fullmatch(anchor):
        return [str(int(anchor) + step) for step in source.sample((-3, -2, -1, 1, 2, 3), 6)]
    some = names.get(len(anchor.split()), ())
    return source.sample(some, min(5, len(some)))
