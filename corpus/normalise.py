"""The one normalisation: every text passes through here once, and its offsets hold from then on."""

from __future__ import annotations

import re
import unicodedata

# Characters that a reader cannot see and that break words or disguise a quotation: C0 and C1 controls, soft hyphens,
# zero-width spaces, invisible operators, byte-order marks, and the marks that reorder what is shown (UAX #9).
# The joiners U+200C and U+200D shape scripts and emoji, and U+061C, U+200E and U+200F only place a mark: they stay.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u202a-\u202e\u2060-\u2069\u206a-\u206f\ufeff\ufff9-\ufffb]"
)
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_BLANK = re.compile("[\t\x1f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def normalise_text(raw: str) -> str:
    r"""Return the text as it is stored: NFC, `\n` line ends, plain blanks, nothing invisible, no blank at either end.

    Blanks are replaced one for one and paragraphs are left as they are. Normalising twice changes nothing.
    """
    if raw.isascii() and raw.isprintable():
        return raw.strip()
    text = _LINE_END.sub("\n", raw)
    text = _INVISIBLE.sub("", text)
    text = _BLANK.sub(" ", text)
    text = _LONE_SURROGATE.sub("\ufffd", text)
    return unicodedata.normalize("NFC", text).strip()


def normalise_line(raw: str) -> str:
    """Return a title, name or address as one line with single blanks."""
    return " ".join(normalise_text(raw).split())
