"""Sentences end where a reader of news would end them, and together they are the text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import BLOCK_CHARACTERS, LONG_QUOTATION_CHARACTERS, sentence_spans

_NEWSY = st.lists(
    st.sampled_from(
        [
            "He said. ",
            '"Yes." ',
            "“No. 5 ",
            "vs. ",
            "U.S. ",
            "5 p.m. ",
            "ET ",
            "\n",
            "😀 ",
            "‘",
            "’",
            '"',
            "Dr. ",
            "é",
            "1. ",
            "?",
            "!",
            ")",
            "(",
            "…",
            "A.B",
            ". ",
            "said",
            "日本。",
            "\u2028",
            "\x85",
        ]
    ),
    max_size=60,
).map("".join)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@given(st.one_of(_NEWSY, st.text(max_size=300)))
def test_sentences_are_in_order_apart_trimmed_and_cover_all_that_is_not_blank(text: str) -> None:
    spans = sentence_spans(text)
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    covered = [text[start:end] for start, end in spans]
    assert all(part == part.strip() and "\n" not in part for part in covered)
    assert "".join("".join(part.split()) for part in covered) == "".join(text.split())


@pytest.mark.parametrize(
    "text",
    [
        "The U.S. Senate voted on Tuesday.",
        "Mr. Smith met Dr. No.",
        "No. 5 Kansas plays No. 6 Texas vs. No. 7 Duke.",
        "The No. 1 seed won.",
        "Gov. Jane Roe, R-N.Y., and Sen. Ted Doe, D-Calif., agreed.",
        "It begins at 8:20 p.m. ET (5:20 p.m. CT) on Sunday.",
        "It was seen at 3:30 a.m. Tuesday, more than 12 hours later.",
        "It ended at 9 p.m. Sept. 6 in Delhi.",
        "The court overturned Roe v. Wade in June.",
        "3. Honda Civic two-door, 76",
        "J. K. Rowling wrote it.",
        "The firm, Acme Inc., paid Rs. 500 crore on Sept. 29.",
        "“It is over. We go home,” she said.",
        "It cost $3.5 million, i.e. a lot.",
        "An E! fashion correspondent wrote it.",
    ],
)
def test_one_sentence_stays_whole(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He is in the U.S. She is not.", ["He is in the U.S.", "She is not."]),
        ("They met Dr. No. Then they left.", ["They met Dr. No.", "Then they left."]),
        ("It opens at 5 p.m. Tickets are free.", ["It opens at 5 p.m.", "Tickets are free."]),
        ('"I did," he said. "Now I go."', ['"I did," he said.', '"Now I go."']),
        ("he said.“We go.”", ["he said.", "“We go.”"]),
        ("It is over. iPhone sales rose.", ["It is over.", "iPhone sales rose."]),
        ("What? Yes! 😀 It is. Fine.", ["What?", "Yes!", "😀 It is.", "Fine."]),
        ("今日は晴れ。明日は雨。", ["今日は晴れ。", "明日は雨。"]),
        ("مرحبا؟ نعم.", ["مرحبا؟", "نعم."]),
        ("all is lower case. and this too. and this.", ["all is lower case.", "and this too.", "and this."]),
    ],
)
def test_sentences_are_parted(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_line_end_always_ends_a_sentence() -> None:
    assert sentences("A heading\nThe text begins\n\nand goes on.") == ["A heading", "The text begins", "and goes on."]


def test_spans_count_code_points() -> None:
    text = "😀😀 é. Then 𝒳 came."
    assert sentence_spans(text) == [(0, 5), (6, len(text))]


def test_a_long_quotation_is_parted_and_keeps_its_marks() -> None:
    said = ["“They are reading the leaves this week.", *["And nobody is sure of it at all, he thinks."] * 8]
    text = " ".join(said) + " What then?” she said. “Go home.”"
    assert len(text) > LONG_QUOTATION_CHARACTERS
    assert sentences(text) == [*said, "What then?” she said.", "“Go home.”"]


def test_a_line_longer_than_a_block_is_cut_at_a_blank() -> None:
    text = "word " * BLOCK_CHARACTERS
    parts = sentences(text)
    assert " ".join(parts) == text.strip()
    assert max(map(len, parts)) <= BLOCK_CHARACTERS
    assert sentence_spans("x" * (2 * BLOCK_CHARACTERS + 1))[-1] == (2 * BLOCK_CHARACTERS, 2 * BLOCK_CHARACTERS + 1)


def test_a_blank_text_has_no_sentences() -> None:
    assert sentence_spans("") == sentence_spans(" \n ") == []
