"""Folders are walked one file at a time; what is hidden, linked away or closed is passed over or told."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import DatelineError, MissingPathError, UnreadableFileError
from corpus.read import read_file
from corpus.types import Unreadable
from corpus.walk import SORTED_TOGETHER, walk

NOBODY = 65_534


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("They met.")


def found(*paths: Path) -> list[str]:
    return [str(item.relative_to(paths[0])) for item in walk(paths) if isinstance(item, Path)]


def told(*paths: Path) -> list[tuple[str, str]]:
    return [(item.path.name, item.reason) for item in walk(paths) if isinstance(item, Unreadable)]


def test_files_of_known_forms_are_found_in_order_files_first(tmp_path: Path) -> None:
    make(tmp_path, "b.txt", "a.MD", "z/c.jsonl.gz", "z/y/d.PDF", "e.exe", "f.json", "g", "x/h.rss")
    assert found(tmp_path) == ["a.MD", "b.txt", "x/h.rss", "z/c.jsonl.gz", "z/y/d.PDF"]
    assert told(tmp_path) == []


def test_an_empty_folder_has_no_files(tmp_path: Path) -> None:
    assert list(walk([tmp_path])) == []


def test_hidden_files_and_folders_are_skipped_unless_named(tmp_path: Path) -> None:
    make(tmp_path, ".a.txt", ".git/b.txt", "c.txt")
    assert found(tmp_path) == ["c.txt"]
    assert found(tmp_path, tmp_path / ".git", tmp_path / ".a.txt") == ["c.txt", ".git/b.txt", ".a.txt"]


def test_a_missing_path_is_told_before_anything_is_read(tmp_path: Path) -> None:
    make(tmp_path, "a.txt")
    missing = tmp_path / "none"
    with pytest.raises(MissingPathError) as raised:
        walk([tmp_path, missing])
    assert str(raised.value) == f"{missing} does not exist: check its spelling"
    assert isinstance(raised.value, DatelineError)


def test_a_named_file_of_no_known_form_is_told(tmp_path: Path) -> None:
    make(tmp_path, "a.exe")
    assert [name for name, _ in told(tmp_path / "a.exe")] == ["a.exe"]
    os.mkfifo(tmp_path / "pipe.txt")
    assert told(tmp_path / "pipe.txt") == [("pipe.txt", "it is neither a file nor a folder")]
    assert found(tmp_path) == []


def test_paths_named_twice_or_inside_each_other_are_walked_once(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "b/c.txt")
    assert found(tmp_path, tmp_path, tmp_path / "b", tmp_path / "a.txt") == ["a.txt", "b/c.txt"]


def test_links_out_of_the_folder_are_refused_and_links_inside_make_no_loop(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    make(inside, "a.txt", "b/c.txt")
    make(outside, "secret.txt")
    (inside / "file.txt").symlink_to(outside / "secret.txt")
    (inside / "folder").symlink_to(outside)
    (inside / "up").symlink_to(tmp_path)
    (inside / "b" / "loop").symlink_to(inside)
    (inside / "again.txt").symlink_to(inside / "a.txt")
    (inside / "broken.txt").symlink_to(inside / "none.txt")
    (inside / "self.txt").symlink_to(inside / "self.txt")
    assert found(inside) == ["a.txt", "b/c.txt"]
    away = f"it is a symbolic link out of {inside.resolve()}: name its target itself"
    nowhere = "it is a symbolic link to nothing: remove it"
    assert sorted(told(inside)) == [
        ("broken.txt", nowhere),
        ("file.txt", away),
        ("folder", away),
        ("self.txt", nowhere),
        ("up", away),
    ]


def test_a_link_that_is_named_is_followed(tmp_path: Path) -> None:
    make(tmp_path, "real/a.txt")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert found(tmp_path / "link") == ["a.txt"]
    (tmp_path / "broken.txt").symlink_to(tmp_path / "none.txt")
    assert told(tmp_path / "broken.txt") == [("broken.txt", "it is a symbolic link to nothing: remove it")]
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    assert told(tmp_path / "self.txt") == [("self.txt", "it is a symbolic link to nothing: remove it")]


def test_a_name_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    with open(os.fsencode(tmp_path) + b"/caf\xe9.txt", "w") as stream:  # noqa: PTH123
        stream.write("They met.")
    assert told(tmp_path) == [("caf\\xe9.txt", "its name is not UTF-8: rename it")]


_MEASURE = """
import sys, tracemalloc
from pathlib import Path
from corpus.walk import walk
tracemalloc.start()
print(sum(1 for _ in walk([Path(sys.argv[1])])), tracemalloc.get_traced_memory()[1])
"""


def peak_of_walking(folder: Path, count: int) -> int:
    """The bytes that walking a folder of so many files takes at most, in a process with nothing else in its memory."""
    folder.mkdir()
    descriptor = os.open(folder, os.O_RDONLY)
    for number in range(count):
        os.close(os.open(f"article-{number:07}.txt", os.O_CREAT | os.O_WRONLY, dir_fd=descriptor))
    os.close(descriptor)
    answer = subprocess.run([sys.executable, "-c", _MEASURE, str(folder)], capture_output=True, text=True, check=True)
    walked, peak = map(int, answer.stdout.split())
    assert walked == count
    return peak


def test_a_folder_of_many_files_is_streamed_and_takes_no_more_memory_than_a_small_one(tmp_path: Path) -> None:
    one_block = peak_of_walking(tmp_path / "one", SORTED_TOGETHER)
    assert peak_of_walking(tmp_path / "four", 4 * SORTED_TOGETHER) < 1.5 * one_block


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter; pytest's own are closed to all but its user."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def _without_privileges() -> Iterator[None]:
    """Give up the superuser's right to read anything, where the tests run as the superuser."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    yield
    os.seteuid(user)


def test_what_may_not_be_read_is_told(open_folder: Path, request: pytest.FixtureRequest) -> None:
    make(open_folder, "a.txt", "closed.txt", "locked/b.txt")
    (open_folder / "closed.txt").chmod(0)
    (open_folder / "locked").chmod(0)
    request.getfixturevalue("_without_privileges")
    assert found(open_folder) == ["a.txt", "closed.txt"]
    assert told(open_folder) == [("locked", "the folder cannot be opened (Permission denied)")]
    with pytest.raises(UnreadableFileError, match=r"it cannot be opened \(Permission denied\)"):
        list(read_file(open_folder / "closed.txt"))


def test_importing_the_readers_brings_none_of_their_libraries() -> None:
    heavy = (
        "trafilatura pypdf docx feedparser frontmatter yaml markdown_it charset_normalizer lxml langchain_core torch"
    )
    code = f"import sys, corpus.read, corpus.walk, corpus.passages; print(set(sys.modules) & set({heavy.split()!r}))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "set()"
