"""Bytes to text: the bytes' own mark, then UTF-8, then what the file declares, then what a detector finds."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from corpus.errors import UnreadableFileError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (b"%PDF-", b"PK\x03\x04", b"\x7fELF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"MZ\x90")
# Control characters but for tab, line ends, and the escape of ISO-2022.
_CONTROLS = bytes({*range(0x20), 0x7F} - {*b"\t\n\v\f\r\x1b"})
# Compressed or compiled bytes are a tenth control characters; text has a stray one.
MAX_CONTROL_SHARE = 0.02
SAMPLE_BYTES = 65_536  # what the detector looks at: its time grows with it, its verdict does not
# A file cut in the middle of a character is still UTF-8: one broken character in ten beyond ASCII.
MAX_BROKEN_SHARE = 0.1
# In languages of Western Europe, accented letters and typographic marks are few and come from this set.
_WESTERN = re.compile("[àáâãäåæçèéêëìíîïñòóôõöøùúûüÿßœÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜŒ‘’“”„«»‹›–—…•€£§°©®·¿¡\xa0]")
MAX_WESTERN_SHARE = 0.2
_BEYOND_ASCII = re.compile(b"[\x80-\xff]")


def read_limited(path: Path, limit: int) -> bytes:
    """Return a file's bytes; raises UnreadableFileError where there are none, or more than `limit`."""
    size = path.stat().st_size
    if size <= limit:
        with path.open("rb") as stream:
            raw = stream.read(limit + 1)
        size = max(size, len(raw))
    if size > limit:
        raise UnreadableFileError(
            f"it has {size / 1e6:.0f} MB, and one such file may have {limit / 1e6:.0f}: divide it"
        )
    if not raw:
        raise UnreadableFileError("it is empty")
    return raw


def decode(raw: bytes, *, declared: str = "") -> str:
    """Return the text of bytes in any encoding that can be found; raises UnreadableFileError for what is no text."""
    mark = marked_encoding(raw)
    if mark:
        return raw.decode(mark, "replace")
    wide = _unmarked_wide(raw)
    if wide:
        return raw.decode(wide, "replace")
    refuse_binary(raw)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode(fallback_encoding(raw, declared=declared), "replace")


def marked_encoding(raw: bytes) -> str:
    """Return the encoding that a byte-order mark names, or nothing."""
    return next((encoding for mark, encoding in _MARKS if raw.startswith(mark)), "")


def refuse_binary(raw: bytes) -> None:
    """Raise UnreadableFileError where the bytes are a picture, a program or an archive, whatever the file's name."""
    controls = len(raw) - len(raw.translate(None, _CONTROLS))
    if raw.startswith(_SIGNATURES) or controls > MAX_CONTROL_SHARE * len(raw) + 8:
        raise UnreadableFileError("it is not text, whatever its name says: convert it, or leave it out")


def fallback_encoding(raw: bytes, *, declared: str = "") -> str:
    """Return the encoding of bytes that are not all UTF-8."""
    text = raw.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken < MAX_BROKEN_SHARE * sum(1 for character in text if character > "\x7f"):
        return "utf-8"
    if declared and _known(declared):
        return declared
    found = _BEYOND_ASCII.search(raw)
    start = max(found.start() - SAMPLE_BYTES // 8, 0) if found else 0
    sample = raw[start : start + SAMPLE_BYTES]
    return "cp1252" if _western(sample) else _detected(sample)


def _detected(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    if best is None:
        raise UnreadableFileError("its encoding cannot be found: save it as UTF-8")
    return best.encoding


def _known(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name not in ("utf-7", "idna", "punycode") and bool("a".encode(encoding))
    except (LookupError, UnicodeError, TypeError):
        return False


def _western(sample: bytes) -> bool:
    """Whether a sample reads as Western European; the detector takes a short one for Central European."""
    text = sample.decode("cp1252", "replace")
    beyond = [character for character in text if character > "\x7f"]
    return len(beyond) < MAX_WESTERN_SHARE * len(text) and all(map(_WESTERN.match, beyond))


def _unmarked_wide(raw: bytes) -> str:
    """Return the UTF-16 that a file is in without a mark: every other byte of Latin text is zero."""
    sample = raw[:4096]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if len(sample) >= 4 and odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if len(sample) >= 4 and even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return ""
