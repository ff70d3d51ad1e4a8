"""JSON Lines and CSV are read line by line; a line that holds no article is told and the rest goes on."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from datetime import date, datetime, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableFileError
from corpus.read import read_file
from corpus.types import Article, Unreadable

TODAY = date(2025, 6, 1)


def read(path: Path) -> list[Article | Unreadable]:
    return list(read_file(path, today=TODAY))


def read_until_refused(path: Path) -> tuple[list[Article | Unreadable], str]:
    found: list[Article | Unreadable] = []
    with pytest.raises(UnreadableFileError) as told:
        found.extend(read_file(path, today=TODAY))
    return found, str(told.value)


def line(**fields: object) -> str:
    return json.dumps({"text": "The ministers met.", "date": "2022-09-06"} | fields, ensure_ascii=False)


def test_each_line_is_an_article_and_unknown_keys_are_metadata(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        line(
            id="a1", title="Talks", source="AP", author=["Jane", "Max"], url="https://x.example", section="World", n=[1]
        )
        + "\n\n"
        + line(date="2022-09-06T10:00:00Z", id=7, language="en", updated=None)
        + "\n"
    )
    first, second = read(path)
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.id, first.title, first.source, first.author) == ("a1", "Talks", "AP", "Jane, Max")
    assert (first.url, first.published) == ("https://x.example", date(2022, 9, 6))
    assert first.metadata == (("section", "World"), ("n", "[1]"))
    assert (second.id, second.language, second.updated) == ("7", "en", None)
    assert second.published == datetime(2022, 9, 6, 10, tzinfo=timezone.utc)


def test_a_broken_line_in_the_middle_is_told_with_its_number_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    bad = ['{"text": "cut', "[1, 2]", '{"date": "2022-09-06"}', '{"text": 5}', line(date="2022-13-45"), line(text=" ")]
    path.write_text("\n".join([line(id="first"), *bad, line(date="2026-01-01"), "[" * 100_000, line(id="last")]))
    found = read(path)
    assert [item.id for item in found if isinstance(item, Article)] == ["first", "last"]
    told = {item.entry: item.reason for item in found if isinstance(item, Unreadable)}
    assert told == {
        "line 2": "it is not JSON: Unterminated string starting, character 10",
        "line 3": 'it is not a JSON object: write {"date": …, "text": …}',
        "line 4": 'it has no "text"',
        "line 5": 'its "text" is not a string',
        "line 6": "the date '2022-13-45' does not exist: correct it",
        "line 7": "it has no text",
        "line 8": "the date 2026-01-01 is in the future (today is 2025-06-01): correct it",
        "line 9": told["line 9"],
    }
    assert told["line 9"].startswith("it")


def test_gzipped_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress((line(id="a") + "\n" + line(id="b")).encode()))
    assert [item.id for item in read(path) if isinstance(item, Article)] == ["a", "b"]


def test_gzip_cut_short_keeps_what_was_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    whole = gzip.compress("\n".join(line(id=str(n), text=f"Text {n * 7919}") for n in range(5000)).encode())
    path.write_bytes(whole[: len(whole) // 2])
    found, reason = read_until_refused(path)
    assert len(found) > 1000
    assert reason == f"its gzip is damaged or cut short after line {len(found)}: get it again"
    path.write_bytes(b"not gzip at all")
    assert read_until_refused(path) == ([], "its gzip is damaged: get it again")


def test_gzip_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=1) as stream:
        stream.write((line(id="good") + "\n").encode())
        for _ in range(200):
            stream.write(b" " * 1_000_000)
    tracemalloc.start()
    found, reason = read_until_refused(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [item.id for item in found if isinstance(item, Article)] == ["good"]
    assert reason.startswith("it unpacks to more than ")
    assert peak < 60_000_000


def test_a_line_of_30_megabytes_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("w") as stream:
        stream.write(line(id="before") + '\n{"text": "')
        for _ in range(30):
            stream.write("word " * 200_000)
        stream.write('"}\n' + line(id="after"))
    tracemalloc.start()
    found = read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [item.id for item in found if isinstance(item, Article)] == ["before", "after"]
    assert [(item.entry, item.reason) for item in found if isinstance(item, Unreadable)] == [
        ("line 2", "it is longer than 16 MB")
    ]
    assert peak < 60_000_000


def test_a_file_of_nothing_but_bad_lines_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("no json\n" * 5000)
    found, reason = read_until_refused(path)
    assert len(found) == 1000
    assert reason == "1,000 of its entries hold no article: the rest is left unread"


def test_an_empty_or_binary_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"")
    assert read_until_refused(path) == ([], "it is empty")
    path.write_bytes(b"\x89PNG" + bytes(range(256)))
    assert read_until_refused(path)[1].startswith("it is not text")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_lines_in_any_encoding_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes("\r\n".join([line(text="Déjà vu à Paris."), line(text="Été.")]).encode(encoding))
    assert [item.text for item in read(path) if isinstance(item, Article)] == ["Déjà vu à Paris.", "Été."]


def test_escaped_controls_surrogates_and_emoji_are_normalised(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "nul\\u0000 \\ud83d\\ude00 lone \\ud800 end", "title": "a\\nb"}')
    (article,) = read(path)
    assert isinstance(article, Article)
    assert (article.text, article.title) == ("nul 😀 lone \ufffd end", "a b")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_is_read_with_its_quotes_and_line_ends(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "a.csv"
    rows = [
        ["ID", "Title", "date", "text", "Section"],
        ["a1", '"Talks; day, two"', "2022-09-06", '"He said ""no"".\n\nThey\tleft."', "World"],
        [],
        ["a2", "Short", "", "They met."],
    ]
    path.write_bytes("\r\n".join(separator.join(row) for row in rows).encode("utf-8-sig"))
    first, second = read(path)
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.id, first.title, first.published) == ("a1", "Talks; day, two", date(2022, 9, 6))
    assert first.text == 'He said "no".\n\nThey left.'
    assert first.metadata == (("Section", "World"),)
    assert (second.id, second.published) == ("a2", None)


def test_bad_rows_of_a_csv_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("date,text\n2022-09-06,one\n2022-13-45,two\n2022-09-06,a,b\n2022-09-06,\n2022-09-06,last\n")
    found = read(path)
    assert [item.text for item in found if isinstance(item, Article)] == ["one", "last"]
    assert [(item.entry, item.reason) for item in found if isinstance(item, Unreadable)] == [
        ("line 3", "the date '2022-13-45' does not exist: correct it"),
        ("line 4", "it has 3 fields, and the first line names 2"),
        ("line 5", 'it has no "text"'),
    ]


def test_a_csv_without_a_text_column_or_with_an_open_quote_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("date,body\n2022-09-06,one\n")
    assert read_until_refused(path) == ([], 'its first line names no column "text"')
    path.write_text('date,text\n2022-09-06,one\n2022-09-06,"two\n' + "2022-09-06,more text\n" * 200_000)
    found, reason = read_until_refused(path)
    assert len(found) == 1
    assert "look for a quotation mark too many" in reason


def test_a_csv_field_longer_than_the_modules_own_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("date,text\n2022-09-06," + "word " * 40_000)
    (article,) = read(path)
    assert isinstance(article, Article)
    assert len(article.text) == 199_999


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    folder = tmp_path_factory.mktemp("any")
    for name in ("a.jsonl", "a.csv", "a.jsonl.gz", "a.xml", "a.html", "a.pdf", "a.docx"):
        path = folder / name
        path.write_bytes(raw)
        try:
            read(path)
        except UnreadableFileError as error:
            told = str(error)
        else:
            told = ""
        assert "\n" not in told


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
_NAMES = st.sampled_from(["text", "date", "id", "title", "source", "author", "url", "updated", "language"])


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(_NAMES | st.text(max_size=5), _JSON, max_size=6))
def test_any_json_object_is_an_article_or_told(
    tmp_path_factory: pytest.TempPathFactory, fields: dict[str, object]
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.jsonl"
    path.write_text(json.dumps({"text": "They met."} | fields))
    (item,) = read(path)
    assert isinstance(item, (Article, Unreadable))
