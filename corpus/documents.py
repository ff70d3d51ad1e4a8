"""PDF and Word documents."""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.draft import Draft, finish
from corpus.errors import UnreadableFileError
from corpus.flow import flow_pages
from corpus.limits import MAX_ARTICLE_CHARACTERS, MAX_DOCUMENT_BYTES, MAX_UNPACKED_BYTES, MAX_XML_PART_BYTES
from corpus.types import Article

if TYPE_CHECKING:
    from docx.document import Document
    from pypdf import DocumentInformation, PdfReader

# What programs write as a title when their user gave none.
_NO_TITLE = ("untitled", "microsoft word", "powerpoint", "document1", "print", "(anonymous)", "unspecified")
_FILE_ENDINGS = (".doc", ".docx", ".pdf", ".indd", ".qxd", ".tex", ".dvi", ".rtf", ".odt")
_TITLE_STYLES = frozenset({"Title", "Heading 1"})
# The template of python-docx is dated, and so is every document made with it whose maker set no date.
_TEMPLATE_DATE = datetime(2013, 12, 23, 23, 15, tzinfo=timezone.utc)
_TEMPLATE_AUTHOR = "python-docx"


def read_pdf(path: Path, today: date) -> Iterator[Article]:
    """Yield the one article of a PDF."""
    _refuse_large(path)
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells each oddity that it mends
    try:
        with path.open("rb") as stream:
            draft = _pdf_draft(PdfReader(stream))
    except (UnreadableFileError, OSError):
        raise
    except Exception as error:  # a damaged file makes the parser raise anything
        raise UnreadableFileError(f"it is not a whole PDF ({_told(error)}): get it again") from error
    yield finish(draft, today)


def _pdf_draft(reader: PdfReader) -> Draft:
    from pypdf import PasswordType

    if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
        raise UnreadableFileError("it is encrypted: save it without its password")
    pages: list[str] = []
    for page in reader.pages:
        pages.append(page.extract_text())
        if sum(map(len, pages)) > MAX_ARTICLE_CHARACTERS:
            break
    if not any(character.isalnum() for page in pages for character in page):
        raise UnreadableFileError("it has no text, only pictures of pages: run text recognition (OCR) over it first")
    about = reader.metadata
    text = flow_pages(pages)
    if about is None:
        return Draft(text=text)
    return Draft(
        text=text,
        title=_real_title(about.title),
        date=_pdf_moment(about, "creation_date"),
        updated=_pdf_moment(about, "modification_date"),
        author=_author(about.author),
    )


def _pdf_moment(about: DocumentInformation, name: str) -> datetime | None:
    """Return a time of a PDF, or None where its maker wrote one that cannot be read."""
    try:
        moment: datetime | None = getattr(about, name)
    except ValueError:
        return None
    return moment


def read_docx(path: Path, today: date) -> Iterator[Article]:
    """Yield the one article of a Word document."""
    _refuse_large(path)
    import docx

    try:
        _refuse_bomb(path)
        with path.open("rb") as stream:
            draft = _docx_draft(docx.Document(stream))
    except (UnreadableFileError, OSError):
        raise
    except Exception as error:  # a damaged file makes the parser raise anything
        raise UnreadableFileError(f"it is not a whole Word document ({_told(error)}): save it again") from error
    yield finish(draft, today)


def _docx_draft(document: Document) -> Draft:
    about = document.core_properties
    paragraphs, heading = _docx_paragraphs(document)
    from_template = about.author == _TEMPLATE_AUTHOR and about.created in (
        _TEMPLATE_DATE,
        _TEMPLATE_DATE.replace(tzinfo=None),
    )
    title = _real_title(about.title)
    if heading and not title:
        title, paragraphs = heading, paragraphs[1:]
    return Draft(
        text="\n\n".join(paragraphs),
        title=title,
        date=None if from_template else about.created,
        updated=None if from_template else about.modified,
        author="" if about.author == _TEMPLATE_AUTHOR else _author(about.author),
        language=about.language or "",
    )


def _docx_paragraphs(document: Document) -> tuple[list[str], str]:
    """Return the paragraphs, rows of tables among them, and the first one if it is set as a title."""
    from docx.table import Table

    paragraphs: list[str] = []
    heading = ""
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            rows = (" | ".join(cell.text.strip() for cell in row.cells) for row in block.rows)
            paragraphs += [row for row in rows if row.strip(" |")]
        elif block.text.strip():
            if not paragraphs and block.style is not None and block.style.name in _TITLE_STYLES:
                heading = block.text.strip()
            paragraphs.append(block.text.strip())
    return paragraphs, heading


def _refuse_large(path: Path) -> None:
    size = path.stat().st_size
    if size > MAX_DOCUMENT_BYTES:
        raise UnreadableFileError(
            f"it has {size / 1e6:.0f} MB, and one document may have {MAX_DOCUMENT_BYTES / 1e6:.0f}"
        )
    if not size:
        raise UnreadableFileError("it is empty")


def _refuse_bomb(path: Path) -> None:
    """Raise UnreadableFileError where a document would unpack to more than any document holds."""
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    largest = max((part.file_size for part in parts if part.filename.endswith((".xml", ".rels"))), default=0)
    if unpacked > MAX_UNPACKED_BYTES or largest > MAX_XML_PART_BYTES:
        raise UnreadableFileError(f"it unpacks to {unpacked / 1e6:.0f} MB, more than a document holds")


def _real_title(title: str | None) -> str:
    plain = (title or "").strip()
    told = plain.lower()
    return "" if told.startswith(_NO_TITLE) or told.endswith(_FILE_ENDINGS) else plain


def _author(author: str | None) -> str:
    plain = (author or "").strip()
    return "" if plain.lower() in ("anonymous", "(anonymous)", "unspecified", "unknown", "user", "admin") else plain


def _told(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]
