"""PDF and Word documents give their text and what they say of themselves, and damaged ones say what is wrong."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, timezone
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from corpus.errors import UnreadableFileError
from corpus.flow import flow_pages
from corpus.read import read_file
from corpus.types import Article

TODAY = date(2025, 6, 1)
LINES = [
    "Talks in Delhi",
    "",
    "The ministers of the two countries met in the old capital on Tues-",
    "day, where they had last met three years before, and agreed to meet",
    "again next year.",
    "Neither would say whether the matter of the islands had been raised,",
    "but the long-term plan stands, and it is a long-",
    "term plan indeed.",
]
FLOWED = (
    "The ministers of the two countries met in the old capital on Tuesday, where they had last met three years before, "
    "and agreed to meet again next year.\n\n"
    "Neither would say whether the matter of the islands had been raised, but the long-term plan stands, and it is a "
    "long-term plan indeed."
)


def pdf(lines: list[str], *, title: str = "", author: str = "", password: str = "") -> bytes:
    raw = io.BytesIO()
    canvas = Canvas(raw, pagesize=A4)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    place = 800
    for line in lines:
        canvas.drawString(60, place, line)
        place -= 16
    canvas.drawString(300, 20, "Page 1 of 1")
    canvas.save()
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(raw.getvalue())))
    writer.add_metadata({"/CreationDate": "D:20220906233000+05'30'", "/ModDate": "D:20220907080000+05'30'"})
    if password:
        writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-256")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def read(folder: Path, raw: bytes, name: str) -> Article:
    path = folder / name
    path.write_bytes(raw)
    (article,) = read_file(path, today=TODAY)
    assert isinstance(article, Article)
    return article


def refusal(folder: Path, raw: bytes, name: str) -> str:
    with pytest.raises(UnreadableFileError) as told:
        read(folder, raw, name)
    assert "\n" not in str(told.value)
    return str(told.value)


def test_a_pdf_gives_its_paragraphs_and_its_metadata(tmp_path: Path) -> None:
    article = read(tmp_path, pdf(LINES[2:], title="Talks in Delhi", author="Jane Roe"), "talks.pdf")
    assert article.text == FLOWED
    assert (article.title, article.author, article.published_day) == ("Talks in Delhi", "Jane Roe", date(2022, 9, 6))
    assert isinstance(article.published, datetime)
    assert article.published.astimezone(timezone.utc) == datetime(2022, 9, 6, 18, tzinfo=timezone.utc)
    assert isinstance(article.updated, datetime)
    assert article.updated.date() == date(2022, 9, 7)


def test_a_pdf_whose_title_is_its_makers_gets_one_from_its_text(tmp_path: Path) -> None:
    for title in ("untitled", "Microsoft Word - draft.doc", ""):
        assert read(tmp_path, pdf(["They met again."], title=title), "a.pdf").title == "They met again."


def test_an_encrypted_pdf_is_refused_unless_its_password_is_empty(tmp_path: Path) -> None:
    reason = refusal(tmp_path, pdf(LINES, password="secret"), "locked.pdf")
    assert reason == "it is encrypted: save it without its password"
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(["They met again."]))))
    writer.encrypt(user_password="", owner_password="owner", algorithm="RC4-128")
    raw = io.BytesIO()
    writer.write(raw)
    assert read(tmp_path, raw.getvalue(), "open.pdf").text == "They met again."


def test_a_truncated_pdf_is_refused(tmp_path: Path) -> None:
    whole = pdf(LINES)
    for share in (0.05, 0.3, 0.6):
        assert refusal(tmp_path, whole[: int(len(whole) * share)], "cut.pdf").startswith("it is not a whole PDF (")
    assert refusal(tmp_path, b"no pdf at all", "none.pdf").startswith("it is not a whole PDF (")
    assert refusal(tmp_path, b"", "empty.pdf") == "it is empty"


def test_a_scanned_pdf_is_refused_with_what_to_do(tmp_path: Path) -> None:
    raw = io.BytesIO()
    canvas = Canvas(raw, pagesize=A4)
    canvas.rect(50, 50, 300, 300, fill=1)
    canvas.save()
    reason = refusal(tmp_path, raw.getvalue(), "scan.pdf")
    assert reason == "it has no text, only pictures of pages: run text recognition (OCR) over it first"


def test_pages_flow_into_paragraphs_without_their_numbers() -> None:
    pages = [
        "- 1 -\nThe ministers of the two countries met on Tuesday and then\nwent",
        "home without a word to any of the press.\n2",
    ]
    assert flow_pages(pages) == (
        "The ministers of the two countries met on Tuesday and then went home without a word to any of the press."
    )
    assert flow_pages([]) == flow_pages([""]) == ""


def word(*paragraphs: str, title: str = "", heading: str = "", dated: bool = True) -> bytes:
    document = docx.Document()
    if heading:
        document.add_heading(heading, 0)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if dated:
        document.core_properties.title = title
        document.core_properties.author = "Jane Roe"
        document.core_properties.created = datetime(2022, 9, 6, 10, tzinfo=timezone.utc)
        document.core_properties.modified = datetime(2022, 9, 7, 10, tzinfo=timezone.utc)
    raw = io.BytesIO()
    document.save(raw)
    return raw.getvalue()


def test_a_word_document_gives_its_paragraphs_and_properties(tmp_path: Path) -> None:
    article = read(tmp_path, word("They met.", "", "They left.", title="Talks"), "talks.docx")
    assert (article.title, article.author, article.text) == ("Talks", "Jane Roe", "They met.\n\nThey left.")
    assert (article.published_day, article.updated) == (date(2022, 9, 6), datetime(2022, 9, 7, 10, tzinfo=timezone.utc))


def test_the_first_heading_of_a_word_document_is_its_title(tmp_path: Path) -> None:
    article = read(tmp_path, word("They met.", heading="Talks in Delhi"), "talks.docx")
    assert (article.title, article.text) == ("Talks in Delhi", "They met.")


def test_the_date_of_the_template_is_not_the_articles(tmp_path: Path) -> None:
    article = read(tmp_path, word("They met.", dated=False), "talks.docx")
    assert (article.published, article.updated, article.author) == (None, None, "")


def test_tables_of_a_word_document_are_read_in_their_place(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Before.")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "India", "Japan"
    document.add_paragraph("After.")
    raw = io.BytesIO()
    document.save(raw)
    assert read(tmp_path, raw.getvalue(), "table.docx").text == "Before.\n\nIndia | Japan\n\nAfter."


def test_a_damaged_word_document_is_refused(tmp_path: Path) -> None:
    whole = word("They met.")
    for raw in (whole[: len(whole) // 2], b"no document", b"PK\x03\x04"):
        assert refusal(tmp_path, raw, "cut.docx").startswith("it is not a whole Word document (")
    assert refusal(tmp_path, b"", "empty.docx") == "it is empty"
    assert refusal(tmp_path, word(), "blank.docx") == "it has no text"


def test_a_word_document_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    raw = io.BytesIO(word("They met."))
    with zipfile.ZipFile(raw, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/more.xml", " " * 50_000_000)
    assert refusal(tmp_path, raw.getvalue(), "bomb.docx") == "it unpacks to 51 MB, more than a document holds"


def test_a_pdf_with_a_date_that_cannot_be_read_is_undated(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(["They met again."]))))
    writer.add_metadata({"/CreationDate": "yesterday", "/ModDate": ""})
    raw = io.BytesIO()
    writer.write(raw)
    assert read(tmp_path, raw.getvalue(), "a.pdf").published is None


def test_entities_in_a_word_document_are_not_expanded(tmp_path: Path) -> None:
    layers = "".join(f"<!ENTITY l{n} '" + f"&l{n - 1};" * 10 + "'>" for n in range(1, 10))
    declared = f"<!DOCTYPE d [<!ENTITY l0 'lol'>{layers}]>"
    raw = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word("They met."))) as original, zipfile.ZipFile(raw, "w") as archive:
        for part in original.infolist():
            content = original.read(part)
            if part.filename == "word/document.xml":
                head, rest = content.decode().split("\n", 1)
                content = f"{head}\n{declared}{rest.replace('They met.', 'They met &l9;.')}".encode()
            archive.writestr(part, content)
    try:
        told = read(tmp_path, raw.getvalue(), "bomb.docx").text
    except UnreadableFileError as error:
        told = str(error)
    assert len(told) < 300
