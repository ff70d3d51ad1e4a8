"""Plain text and Markdown are read as FORMATS says, in any encoding, and what is no text is refused in one line."""

from __future__ import annotations

import codecs
import tracemalloc
from contextlib import suppress
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.decode import decode
from corpus.errors import UnreadableFileError
from corpus.plain import parse_markdown, parse_text
from corpus.read import read_file
from corpus.types import Article

TODAY = date(2025, 6, 1)


def read(folder: Path, content: str | bytes, name: str = "article.txt") -> Article:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (article,) = read_file(path, today=TODAY)
    assert isinstance(article, Article)
    return article


def refusal(folder: Path, content: str | bytes, name: str = "article.txt") -> str:
    with pytest.raises(UnreadableFileError) as told:
        read(folder, content, name)
    assert "\n" not in str(told.value)
    return str(told.value)


def test_the_text_may_begin_on_the_date_line_after_a_leading_blank(tmp_path: Path) -> None:
    article = read(tmp_path, "\n date 2022-09-06 The ministers met in Delhi.\n\nThey talked.\n")
    assert article.published == date(2022, 9, 6)
    assert article.text == "The ministers met in Delhi.\n\nThey talked."
    assert article.title == "The ministers met in Delhi."
    assert (article.source, article.url, article.language) == ("", "", "")


def test_fields_follow_the_date_in_any_order(tmp_path: Path) -> None:
    article = read(
        tmp_path,
        "date 2022-09-06T23:30:00-04:00\r\nsource: The Herald\r\ntitle:  Talks: day two \r\nid: talks-2\r\n"
        "url: https://herald.example/2\r\nauthor: Jane Roe\r\nupdated: 2022-09-07\r\n\r\nThe ministers met.\r\n",
    )
    assert article == Article(
        id="talks-2",
        title="Talks: day two",
        text="The ministers met.",
        published=datetime(2022, 9, 6, 23, 30, tzinfo=timezone(-timedelta(hours=4))),
        content_hash=article.content_hash,
        updated=date(2022, 9, 7),
        source="The Herald",
        author="Jane Roe",
        url="https://herald.example/2",
    )
    assert article.published_day == date(2022, 9, 6)


def test_a_text_without_a_date_is_an_undated_article(tmp_path: Path) -> None:
    article = read(tmp_path, "Date night is back. Source: nobody.")
    assert (article.published, article.text) == (None, "Date night is back. Source: nobody.")


def test_fields_may_come_first_when_they_are_in_lower_case() -> None:
    assert parse_text("title: Talks\ndate: 2022-09-06\n\nThey met.").date == "2022-09-06"
    assert parse_text("Source: a man who knows\nsaid so.").text == "Source: a man who knows\nsaid so."


def test_a_field_given_twice_belongs_to_the_text() -> None:
    draft = parse_text("date 2022-09-06\ntitle: One\ntitle: Two\nThey met.")
    assert (draft.title, draft.text) == ("One", "title: Two\nThey met.")


def test_a_title_is_made_from_the_first_sentence_and_cut_at_a_word(tmp_path: Path) -> None:
    long = (
        "Defence Minister Rajnath Singh and External Affairs Minister S Jaishankar will pay a visit to Japan tomorrow"
    )
    article = read(tmp_path, f"date 2022-09-06 {long}. More follows.")
    assert article.title == "Defence Minister Rajnath Singh and External Affairs Minister S Jaishankar will pay a…"
    assert len(article.title) <= 91


@pytest.mark.parametrize(
    ("first", "reason"),
    [
        ("date 2022-13-45", "the date '2022-13-45' does not exist: correct it"),
        ("date 2023-02-29", "the date '2023-02-29' does not exist: correct it"),
        ("date 06/09/2022", "the date '06/09/2022' is not ISO 8601: write it like 2022-09-06"),
        ("date 2025-06-04", "the date 2025-06-04 is in the future (today is 2025-06-01): correct it"),
        ("date 2022-09-06T25:00Z", "the date '2022-09-06T25:00Z' does not exist: correct it"),
    ],
)
def test_a_date_that_cannot_be_is_refused(tmp_path: Path, first: str, reason: str) -> None:
    assert refusal(tmp_path, f"{first} The ministers met.") == reason


@pytest.mark.parametrize("words", ["3 hours ago", "2022-13-45", "2031-01-01"])
def test_an_update_that_cannot_be_is_left_out(tmp_path: Path, words: str) -> None:
    assert read(tmp_path, f"date 2022-09-06\nupdated: {words}\nThey met.").updated is None


def test_a_day_ahead_of_today_is_some_zones_today(tmp_path: Path) -> None:
    assert read(tmp_path, "date 2025-06-03 They met.").published == date(2025, 6, 3)


@pytest.mark.parametrize("content", ["", "   \n", "date 2022-09-06", "date 2022-09-06\ntitle: Talks\n", "...\n—"])
def test_a_file_without_words_is_refused(tmp_path: Path, content: str) -> None:
    assert refusal(tmp_path, content) in ("it is empty", "it has no text")


@pytest.mark.parametrize("given_id", ["x" * 201, "a\x07b"])
def test_an_id_that_cannot_be_shown_is_refused(tmp_path: Path, given_id: str) -> None:
    assert refusal(tmp_path, f"date 2022-09-06\nid: {given_id}\nThey met.").startswith("the id ")


def test_the_id_is_made_from_the_content_and_the_hash_covers_all_that_is_seen(tmp_path: Path) -> None:
    one = read(tmp_path, "date 2022-09-06\ntitle: Talks\nThey met.")
    same = read(tmp_path, "date 2022-09-06\r\ntitle:  Talks\r\n\r\nThey met.\r\n", "other.txt")
    assert (one.id, one.content_hash) == (same.id, same.content_hash)
    assert len(one.id) == 16
    assert len(one.content_hash) == 64
    signed = read(tmp_path, "date 2022-09-06\ntitle: Talks\nauthor: Jane\nThey met.")
    assert signed.id == one.id
    assert signed.content_hash != one.content_hash
    assert read(tmp_path, "date 2022-09-07\ntitle: Talks\nThey met.").id != one.id


def test_an_address_that_runs_as_a_program_is_left_out(tmp_path: Path) -> None:
    assert read(tmp_path, "date 2022-09-06\nurl: JavaScript:alert(1)\nThey met.").url == ""


def test_lines_broken_for_a_screen_flow_again(tmp_path: Path) -> None:
    wrapped = (
        "The ministers of the two countries met on Tuesday in the old capital,\n"
        "where they had last met three years before, and agreed to meet again\n"
        "next year. Neither would say whether the matter of the islands had\n"
        "been raised at all.\n\n"
        "A statement is expected on Wednesday, the spokesman of the ministry\n"
        "said, adding that it would be short.\n"
    )
    text = read(tmp_path, "date 2022-09-06\n" + wrapped).text
    assert text.count("\n") == 2
    assert "islands had been raised at all.\n\nA statement" in text


def test_verse_and_lists_keep_their_lines(tmp_path: Path) -> None:
    verse = "One fish\nTwo fish\nRed fish\nBlue fish\nOld fish\nNew fish"
    assert read(tmp_path, verse).text == verse


FRENCH = "Le ministre français a été reçu à Paris. « Très bien », a-t-il dit."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "latin-1"),
        (FRENCH, "utf-8-sig"),
        (FRENCH, "utf-16"),
        (FRENCH, "utf-16-le"),
        (FRENCH, "utf-16-be"),
        (FRENCH, "utf-32"),
        ("Shares rose to £12.50 after the bank’s report — “at last”, one said.", "cp1252"),
        ("Министр иностранных дел прибыл в Москву в среду. Переговоры начнутся завтра.", "cp1251"),
        ("外務大臣は水曜日に東京で会談を行った。次回の会合は来月の予定だ。", "shift_jis"),
        ("外交部长星期三在北京举行会谈。下次会议定于下个月举行。", "gb18030"),
        ("وصل وزير الخارجية إلى القاهرة يوم الأربعاء. ستبدأ المحادثات غدا.", "cp1256"),
        ("שר החוץ הגיע לירושלים ביום רביעי. 😀 השיחות יתחילו מחר.", "utf-8"),
        ("Minister spraw zagranicznych przybył w środę do Łodzi.", "cp1250"),
    ],
)
def test_texts_in_any_encoding_are_read(tmp_path: Path, text: str, encoding: str) -> None:
    assert read(tmp_path, f"date 2022-09-06 {text}".encode(encoding)).text == text


def test_a_stray_nul_is_dropped(tmp_path: Path) -> None:
    assert read(tmp_path, "date 2022-09-06 The minis\x00ters met in Delhi on Tuesday.").text.startswith("The ministers")


def test_a_broken_character_does_not_change_the_encoding_of_the_rest(tmp_path: Path) -> None:
    raw = ("date 2022-09-06 " + FRENCH * 5).encode() + b"\xc3"
    assert read(tmp_path, raw).text == FRENCH * 5 + "\ufffd"


@pytest.mark.parametrize(
    "raw",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
        b"\x7fELF" + b"\0" * 500,
        b"PK\x03\x04 zip",
        bytes(range(256)) * 99,
        b"\0" * 9,
    ],
)
def test_a_binary_file_named_txt_is_refused(tmp_path: Path, raw: bytes) -> None:
    assert refusal(tmp_path, raw) == "it is not text, whatever its name says: convert it, or leave it out"


def test_a_line_of_30_megabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_bytes(b"word " * 6_000_000)
    tracemalloc.start()
    with pytest.raises(UnreadableFileError, match="it has 30 MB, and one such file may have 8: divide it"):
        list(read_file(path, today=TODAY))
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_a_text_longer_than_an_article_is_refused(tmp_path: Path) -> None:
    reason = refusal(tmp_path, "word " * 400_001)
    assert reason == "its text has 2,000,005 characters; an article may have 2,000,000: divide it"


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    loop = tmp_path / "loop.txt"
    loop.symlink_to(loop)
    for path in (loop, tmp_path / "none.txt"):
        with pytest.raises(UnreadableFileError, match="it cannot be opened"):
            list(read_file(path, today=TODAY))


def test_a_file_of_no_known_form_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "text", "article.exe").startswith("it is of no form that can be read: use one of .txt, ")


@given(st.binary(max_size=400))
def test_any_bytes_are_decoded_or_refused(raw: bytes) -> None:
    with suppress(UnreadableFileError):
        assert isinstance(decode(raw), str)


@given(st.text(max_size=300))
def test_any_text_is_parsed_and_decoding_inverts_utf_8(text: str) -> None:
    assert isinstance(parse_text(text).text, str)
    raw = text.encode()
    if not raw.startswith((codecs.BOM_UTF8, b"MZ\x90")) and "\0" not in text and text.isprintable():
        assert decode(raw) == text


MARKDOWN = """---
title: "Talks: *day two*"
date: 2022-09-06
source: The Herald
author: [Jane Roe, Max Doe]
url: https://herald.example/2
desk: world
---

# Talks

The **ministers** met in [Delhi](https://x.example) on
Tuesday, with `no` result. ![a picture](p.png)

> “We _tried_,” one said.

- first
- second
"""


def test_markdown_is_read_with_its_front_matter_and_without_its_marks(tmp_path: Path) -> None:
    article = read(tmp_path, MARKDOWN, "article.md")
    assert article.text == (
        "Talks\n\nThe ministers met in Delhi on Tuesday, with no result.\n\n“We tried,” one said.\n\nfirst\n\nsecond"
    )
    assert (article.title, article.published) == ("Talks: *day two*", date(2022, 9, 6))
    assert (article.source, article.author, article.url) == (
        "The Herald",
        "Jane Roe, Max Doe",
        "https://herald.example/2",
    )
    assert article.metadata == (("desk", "world"),)


def test_the_first_heading_is_the_title_where_the_front_matter_has_none() -> None:
    draft = parse_markdown(
        "---\ndate: 2022-09-06T10:00:00Z\n---\n# Talks in *Delhi*\n\nThey met.\n\n## Later\n\nThey left."
    )
    assert (draft.title, draft.date, draft.text) == (
        "Talks in Delhi",
        "2022-09-06T10:00:00Z",
        "They met.\n\nLater\n\nThey left.",
    )


def test_markdown_may_begin_with_a_date_like_plain_text() -> None:
    draft = parse_markdown("date 2022-09-06\nsource: AP\n\n# Talks\n\nThey **met**.")
    assert (draft.date, draft.source, draft.title, draft.text) == ("2022-09-06", "AP", "Talks", "They met.")


@pytest.mark.parametrize(
    ("front", "reason"),
    [
        ("---\ndate: 2022-13-45\n---\nText", "the date '2022-13-45' does not exist: correct it"),
        ("---\ntitle: [a\n---\nText", "its front matter is not YAML: "),
        ("---\ntitle: a\nText", "its front matter does not end: close it with a line '---'"),
        ("---\njust words\n---\nText", "its front matter holds no fields: write them like 'title: …'"),
        ("---\ntitle: x\npad: '" + "y" * 70_000 + "'\n---\nText", "its front matter has 70,018 characters: shorten it"),
    ],
)
def test_bad_front_matter_is_refused(tmp_path: Path, front: str, reason: str) -> None:
    assert refusal(tmp_path, front, "article.md").startswith(reason)


def test_a_yaml_bomb_stays_small(tmp_path: Path) -> None:
    layers = "\n".join(f"k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 9)}]" for n in range(1, 30))
    article = read(tmp_path, f"---\nk0: &k0 [lol, lol]\n{layers}\n---\nText of it.", "article.md")
    assert article.metadata == (("k0", "lol, lol"),)


@given(st.text(max_size=300))
def test_any_text_is_parsed_as_markdown_or_refused(text: str) -> None:
    for markdown in (text, f"---\n{text}\n---\n{text}"):
        with suppress(UnreadableFileError):
            assert isinstance(parse_markdown(markdown).text, str)
