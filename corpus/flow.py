"""Lines to paragraphs: text that was broken to fit a page or a screen is made to flow again."""

from __future__ import annotations

import re
from itertools import pairwise

_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_PAGE_NUMBER = re.compile(r"\s*(?:[Pp]age\s+)?[-–—]?\s*\d{1,4}\s*[-–—]?(?:\s+of\s+\d{1,4})?\s*")
_SENTENCE_END = (".", "!", "?", ":", "”", '"', "’", ")", "»", "…")
_BROKEN_WORD = re.compile(r"(\w*[^\W\d_])[-\u00ad\u2010]$")
_LOWER_START = re.compile(r"[^\W\d_]\w*")

# Lines broken for a screen or for mail have 60 to 80 characters; verse, lists and headings have fewer.
WRAPPED_SHORTEST, WRAPPED_LONGEST = 50, 100
FEWEST_WRAPPED_LINES = 4
# A line that ends a sentence this much before the margin ends a paragraph too.
FULL_LINE_SHARE = 0.8


def unwrap(text: str) -> str:
    """Join the lines of paragraphs that were broken at a fixed width; any other text is returned as it is.

    Paragraphs are then what blank lines part. The text counts as broken where nearly every line that is followed by
    another of its paragraph is about a screen wide.
    """
    blocks = [block.split("\n") for block in _BLANK_LINES.split(text.strip())]
    inner = [len(line.rstrip()) for block in blocks for line in block[:-1]]
    wrapped = sum(WRAPPED_SHORTEST <= length <= WRAPPED_LONGEST for length in inner)
    if wrapped < FEWEST_WRAPPED_LINES or wrapped < 0.9 * len(inner):
        return text
    return "\n\n".join(" ".join(line.strip() for line in block).strip() for block in blocks)


def flow_pages(pages: list[str]) -> str:
    """Join the lines of printed pages into paragraphs, mend words broken at a hyphen, and drop page numbers."""
    lines = [" ".join(line.split()) for page in pages for line in _without_number(page.split("\n"))]
    lengths = sorted(len(line) for line in lines if line)
    full = FULL_LINE_SHARE * lengths[len(lengths) * 9 // 10] if lengths else 0
    words = frozenset(re.findall(r"[\w-]+", " ".join(lines).lower()))
    flowed = lines[:1]
    for before, line in pairwise(lines):
        if not before or not line or _ends_paragraph(before, line, full):
            flowed.append(line)
        else:
            flowed[-1] = _mend_word(flowed[-1], line, words)
    return "\n\n".join(line for line in flowed if line)


def _without_number(lines: list[str]) -> list[str]:
    """Drop a line at either end of a page that is only its number."""
    kept = [line for line in lines if line.strip()]
    if kept and _PAGE_NUMBER.fullmatch(kept[0]):
        lines = lines[lines.index(kept[0]) + 1 :]
    if len(kept) > 1 and _PAGE_NUMBER.fullmatch(kept[-1]):
        lines = lines[: len(lines) - 1 - lines[::-1].index(kept[-1])]
    return lines


def _ends_paragraph(line: str, following: str, full: float) -> bool:
    if len(line) >= full:
        return False
    return line.endswith(_SENTENCE_END) or not following[0].islower()


def _mend_word(before: str, line: str, words: frozenset[str]) -> str:
    """Join two lines; a hyphen between them goes, unless the word is written with it elsewhere."""
    broken, rest = _BROKEN_WORD.search(before), _LOWER_START.match(line)
    if not broken or not rest or not line[0].islower():
        return f"{before} {line}"
    hyphenated = f"{broken.group(1)}-{rest.group()}".lower()
    return before + line if hyphenated in words and before.endswith("-") else before[:-1] + line
