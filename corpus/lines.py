"""The lines of a file of any length, one at a time, in bounded memory."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, cast

from corpus.decode import fallback_encoding, marked_encoding, refuse_binary
from corpus.errors import UnreadableFileError
from corpus.limits import FREE_EXPANSION_BYTES, MAX_EXPANSION, MAX_LINE_BYTES

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_HEAD_BYTES = 4_096
_SKIP_BYTES = 1 << 20


def numbered_lines(path: Path) -> Iterator[tuple[int, str | None]]:
    """Yield each line of a file, gzipped where its name ends in `.gz`, with its number from 1.

    A line of more than MAX_LINE_BYTES is passed over and given as None. Raises UnreadableFileError, after the lines
    that are good, for damaged gzip or gzip that unpacks to far more than news does, and at once for what is no text.
    """
    with ExitStack() as opened:
        stream = cast(io.BufferedReader, opened.enter_context(_open(path)))
        number, unpacked, fallback = 0, 0, ""
        most = _most_unpacked(path)
        stream = _as_utf8(stream)
        while True:
            line, size = _next_line(stream, number)
            if not size:
                return
            number, unpacked = number + 1, unpacked + size
            if unpacked > most:
                raise UnreadableFileError(
                    f"it unpacks to more than {most / 1e6:.0f} MB: unpack it yourself, and divide it"
                )
            if line is None:
                yield number, None
                continue
            try:
                yield number, line.decode("utf-8")
            except UnicodeDecodeError:
                fallback = fallback or fallback_encoding(line)
                yield number, line.decode(fallback, "replace")


def _open(path: Path) -> io.BufferedReader | gzip.GzipFile:
    return gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb")


def _most_unpacked(path: Path) -> float:
    if path.suffix.lower() != ".gz":
        return float("inf")
    return max(MAX_EXPANSION * path.stat().st_size, FREE_EXPANSION_BYTES)


def _next_line(stream: io.BufferedReader, number: int) -> tuple[bytes | None, int]:
    """Return the next line, None where it is too long, and how many bytes it has; none at the end."""
    try:
        line = stream.readline(MAX_LINE_BYTES + 1)
        size = len(line)
        if size <= MAX_LINE_BYTES:
            return line, size
        while line and not line.endswith(b"\n"):
            line = stream.readline(_SKIP_BYTES)
            size += len(line)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableFileError(f"its gzip is damaged or cut short after line {number}: get it again") from error
    return None, size


def _as_utf8(stream: io.BufferedReader) -> io.BufferedReader:
    """Return a stream without its byte-order mark, in UTF-8 where the mark told another encoding."""
    try:
        head = stream.peek(_HEAD_BYTES)[:_HEAD_BYTES]
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableFileError("its gzip is damaged: get it again") from error
    mark = marked_encoding(head)
    if mark == "utf-8-sig":
        stream.read(len(codecs.BOM_UTF8))
    elif mark:
        return io.BufferedReader(_Recoded(stream, mark))
    else:
        refuse_binary(head)
    return stream


class _Recoded(io.RawIOBase):
    """Gives the bytes of a stream in another encoding as UTF-8."""

    def __init__(self, stream: io.BufferedReader, encoding: str) -> None:
        self.stream = stream
        self.decoder = codecs.getincrementaldecoder(encoding)("replace")
        self.waiting = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        while not self.waiting:
            raw = self.stream.read(io.DEFAULT_BUFFER_SIZE)
            self.waiting = self.decoder.decode(raw, final=not raw).encode("utf-8", "replace")
            if not raw:
                break
        given = min(len(view), len(self.waiting))
        view[:given] = self.waiting[:given]
        self.waiting = self.waiting[given:]
        return given
