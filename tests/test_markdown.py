"""Words come out of Markdown as they went in, whatever they are."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from qa.markdown import escape_markdown

PIECES = ["http://a.example", "&lt;", "</p>", "1. ", "---", "x"]
MARKS = st.sampled_from([*"\\`*_[]()<>~|&$#+-=!:.\"' \n0123456789ab", *PIECES])


def shown(markdown: str) -> str:
    """Return the words that a reader of the rendered Markdown sees, and check that there is nothing but a paragraph."""
    rendered = MarkdownIt("default", {"html": True}).render(markdown)
    if not rendered:
        return ""
    inner = re.fullmatch(r"<p>(.*)</p>\n", rendered, re.DOTALL)
    assert inner is not None, rendered
    assert "<" not in inner.group(1), rendered
    return html.unescape(inner.group(1))


@given(st.lists(MARKS, max_size=30).map("".join) | st.text(max_size=60))
def test_nothing_in_the_words_is_a_mark(words: str) -> None:
    expected = " ".join(words.replace("\0", "\ufffd").split())
    assert shown(escape_markdown(words)) == expected


@pytest.mark.parametrize(
    "words", ["Prices rose 3.5% (to $4.10) - a record!", "2. May was first", "It is 'so', she said."]
)
def test_prose_stays_readable(words: str) -> None:
    assert escape_markdown(words).replace("\\", "") == words
    assert escape_markdown(words).count("\\") <= 1
