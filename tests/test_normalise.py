"""Texts are normalised once, and what a reader cannot see does not survive it."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from corpus.normalise import normalise_line, normalise_text

_ANY = st.text(alphabet=st.characters(), max_size=200)


@given(_ANY)
def test_normalising_twice_changes_nothing(raw: str) -> None:
    once = normalise_text(raw)
    assert normalise_text(once) == once
    assert normalise_line(normalise_line(raw)) == normalise_line(raw)


@given(_ANY)
def test_a_normalised_text_is_nfc_and_holds_no_control_character_but_line_ends(raw: str) -> None:
    text = normalise_text(raw)
    assert unicodedata.is_normalized("NFC", text)
    assert {character for character in text if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")} <= {"\n"}
    assert text == text.strip()
    text.encode()


def test_every_kind_of_line_end_becomes_a_newline() -> None:
    assert normalise_text("a\r\nb\rc\x85d\u2028e\u2029f\x0bg\x0ch") == "a\nb\nc\nd\ne\nf\ng\nh"


def test_every_kind_of_blank_becomes_a_space_and_blanks_are_not_merged() -> None:
    assert normalise_text("a\tb\xa0c\u2009d\u202fe\u3000f  g") == "a b c d e f  g"


def test_a_decomposed_accent_is_composed() -> None:
    assert normalise_text("cafe\u0301") == "café"


def test_marks_that_disguise_or_break_words_are_removed() -> None:
    assert normalise_text("S\ufeffAINT Skars\u200bgård fron\xadtier \x00nul") == "SAINT Skarsgård frontier nul"
    assert normalise_text("pay \u202e001\u202c \u2066200\u2069 euros") == "pay 001 200 euros"


def test_joiners_that_shape_scripts_and_emoji_are_kept() -> None:
    family = "👩\u200d👩\u200d👧"
    persian = "می\u200cخواهم"
    assert normalise_text(f"{family} {persian}") == f"{family} {persian}"


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    assert normalise_text("a\ud800b") == "a\ufffdb"


def test_paragraphs_are_left_as_they_are() -> None:
    assert normalise_text("\n\n one\n\n\ntwo \n") == "one\n\n\ntwo"


def test_a_line_has_single_blanks_and_no_line_ends() -> None:
    assert normalise_line("  A title\n over\tlines ") == "A title over lines"
