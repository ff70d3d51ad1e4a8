"""Paths to files, one at a time: a folder of two million files is never listed in memory."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from corpus.errors import MissingPathError
from corpus.read import SUFFIXES, suffix_of
from corpus.types import Unreadable

# A folder is read this many names at a time, and each time they are sorted: two runs over a folder of fewer files
# meet them in the same order, and one of millions takes a few megabytes.
SORTED_TOGETHER = 5_000


def walk(paths: Iterable[Path]) -> Iterator[Path | Unreadable]:
    """Yield the files under some files and folders that can be read as articles, and what is refused.

    Hidden files, hidden folders and files of other forms are passed over in silence, but told when they are named
    themselves. A symbolic link is told where it leaves the path it was found under; where it stays inside, its target
    is met on its own, so links make no loops and nothing is read twice. Raises MissingPathError, before anything is
    yielded, for a path that does not exist.
    """
    named = [Path(path) for path in paths]
    for path in named:
        if not os.path.lexists(path):
            raise MissingPathError(f"{path} does not exist: check its spelling")
    return _walk_all(named)


def _walk_all(named: list[Path]) -> Iterator[Path | Unreadable]:
    walked: list[Path] = []
    for path in named:
        root = Path(os.path.realpath(path))  # which, unlike resolve(), bears a link to itself
        if any(_reached(root, earlier) for earlier in walked):
            continue
        walked.append(root)
        if root.is_dir():
            yield from _walk_folder(path, root)
        elif not root.exists():
            yield Unreadable(path, "", "it is a symbolic link to nothing: remove it")
        elif not root.is_file():
            yield Unreadable(path, "", "it is neither a file nor a folder")
        elif not suffix_of(path):
            yield Unreadable(path, "", f"it is of no form that can be read: use one of {', '.join(SUFFIXES)}")
        else:
            yield path


def _reached(root: Path, earlier: Path) -> bool:
    """Whether a path was met when an earlier one was walked."""
    if not root.is_relative_to(earlier):
        return False
    return not any(part.startswith(".") for part in root.relative_to(earlier).parts)


def _walk_folder(folder: Path, root: Path) -> Iterator[Path | Unreadable]:
    """Yield what lies under a folder, files before the folders beside them, with one open listing for each level."""
    levels = [_entries(folder)]
    while levels:
        entry = next(levels[-1], None)
        if entry is None:
            levels.pop()
        elif isinstance(entry, Unreadable):
            yield entry
        elif not _is_unicode(entry.name):
            shown = os.fsencode(entry.path).decode("utf-8", "backslashreplace")
            yield Unreadable(Path(shown), "", "its name is not UTF-8: rename it")
        elif entry.is_symlink():
            yield from _refused_link(Path(entry.path), root)
        elif entry.is_dir(follow_symlinks=False):
            levels.append(_entries(Path(entry.path)))
        elif suffix_of(entry.name) and entry.is_file(follow_symlinks=False):
            yield Path(entry.path)


def _is_unicode(name: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in name)


def _entries(folder: Path) -> Iterator[os.DirEntry[str] | Unreadable]:
    """Yield what a folder shows, sorted by name within each block that is read."""
    try:
        with os.scandir(folder) as listing:
            shown = (entry for entry in listing if not entry.name.startswith("."))
            while block := sorted(islice(shown, SORTED_TOGETHER), key=_files_first):
                yield from block
                block.clear()
    except OSError as error:
        yield Unreadable(folder, "", f"the folder cannot be opened ({error.strerror or error})")


def _files_first(entry: os.DirEntry[str]) -> tuple[bool, str]:
    return entry.is_dir(follow_symlinks=False), entry.name


def _refused_link(link: Path, root: Path) -> Iterator[Unreadable]:
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):
        yield Unreadable(link, "", "it is a symbolic link to nothing: remove it")
        return
    if not target.is_relative_to(root):
        yield Unreadable(link, "", f"it is a symbolic link out of {root}: name its target itself")
