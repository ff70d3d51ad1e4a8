"""Saved web pages, and the HTML inside feeds. Nothing is ever fetched."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from corpus.decode import decode, read_limited
from corpus.draft import Draft, finish
from corpus.errors import UnreadableFileError
from corpus.limits import MAX_HTML_BYTES, MAX_HTML_TAGS, MAX_TAG_CHARACTERS
from corpus.moments import parse_iso
from corpus.normalise import normalise_line, normalise_text
from corpus.types import Article

_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_SCRIPT_EDGE = re.compile(r"<(/?)(?:script|style)\b", re.IGNORECASE)
_INLINE_DATA = re.compile(r"data:[\w/+.;=-]{0,100};base64,[A-Za-z0-9+/=%\s]*")
_LONG_TAG = re.compile(rf"<[a-zA-Z][^<>]{{{MAX_TAG_CHARACTERS}}}")
_TAG = re.compile(r"<[a-zA-Z]")
_TIMES = re.compile(
    r"""<meta\b(?=[^<>]*?\b(?:property|name|itemprop)\s*=\s*["']?(?:article:)?(published_time|datePublished|"""
    r"""modified_time|dateModified)\b)[^<>]*?\bcontent\s*=\s*["']([^"'>]{8,40})["']""",
    re.IGNORECASE,
)
# Of a page's own marks only; a search through its words takes any year it finds for the date.
_DATE_SEARCH = {"extensive_search": False, "original_date": True, "outputformat": "%Y-%m-%d"}
_BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main nav "
    "ol p pre section table td th tr ul".split()
)
_UNSEEN = frozenset({"script", "style", "template", "noscript", "iframe", "svg"})


def read_html(path: Path, today: date) -> Iterator[Article]:
    """Yield the one article of a saved page: its main text, and the title, date, author, site and address it states."""
    raw = read_limited(path, MAX_HTML_BYTES)
    declared = _DECLARED.search(raw[:4096])
    yield finish(parse_html(decode(raw, declared=declared.group(1).decode("ascii") if declared else "")), today)


def parse_html(page: str) -> Draft:
    """Return what a page says, its boilerplate dropped; raises UnreadableFileError where there is no article in it."""
    _refuse_monstrous(page)
    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it finds wrong is told below, in our words
    page = page.replace("\x00", "")
    try:
        found = bare_extraction(
            page, with_metadata=True, include_comments=False, date_extraction_params=dict(_DATE_SEARCH)
        )
    except Exception as error:  # the extractor raises whatever its many parts do
        raise UnreadableFileError(f"its HTML cannot be read ({type(error).__name__}: {error})") from error
    if found is None or isinstance(found, dict) or not found.text:
        raise UnreadableFileError("no article is found in its HTML: it may be a list of links, or made by scripts")
    published, updated = _stated_times(page)
    title = normalise_line(found.title or "")
    paragraphs = [line for line in found.text.split("\n") if line.strip()]
    if len(paragraphs) > 1 and normalise_line(paragraphs[0]) == title:
        paragraphs = paragraphs[1:]
    return Draft(
        text="\n\n".join(paragraphs),
        title=title,
        date=published or found.date,
        updated=updated,
        source=found.sitename or found.hostname or "",
        author=found.author or "",
        url=found.url or "",
        language=found.language or "",
    )


def _refuse_monstrous(page: str) -> None:
    """Raise UnreadableFileError for a page that would keep the extractor busy for minutes."""
    bare = _INLINE_DATA.sub("", _without_scripts(page))
    tags = sum(1 for _ in _TAG.finditer(bare))
    if tags > MAX_HTML_TAGS:
        raise UnreadableFileError(f"its HTML has {tags:,} elements, and a page may have {MAX_HTML_TAGS:,}: divide it")
    if _LONG_TAG.search(bare):
        raise UnreadableFileError(f"its HTML has a tag of more than {MAX_TAG_CHARACTERS:,} characters")


def _without_scripts(page: str) -> str:
    kept, position, inside = [], 0, False
    for edge in _SCRIPT_EDGE.finditer(page):
        if not inside:
            kept.append(page[position : edge.start()])
        position, inside = edge.start(), not edge.group(1)
    return "".join(kept) + ("" if inside else page[position:])


def _stated_times(page: str) -> tuple[str, str]:
    """Return when a page says it was published and modified, with the zone that the extractor drops, or blanks."""
    times: dict[str, str] = {}
    for match in _TIMES.finditer(page):
        name, words = match.group(1).lower(), match.group(2).strip()
        try:
            parse_iso(words)
        except UnreadableFileError:
            continue
        times.setdefault("published" if "publish" in name else "updated", words)
    return times.get("published", ""), times.get("updated", "")


def fragment_text(fragment: str) -> str:
    """Return the words of a piece of HTML, its blocks as paragraphs."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    encoded = f"<div>{normalise_text(fragment)}</div>".encode()
    parts: list[str] = []
    for event, element in etree.iterwalk(html.document_fromstring(encoded, parser=parser), events=("start", "end")):
        if element.tag in _BLOCKS:
            parts.append("\n")
        words = element.text if event == "start" and element.tag not in _UNSEEN else None
        parts.append(((element.tail if event == "end" else words) or "").replace("\n", " "))
    paragraphs = (" ".join(part.split()) for part in "".join(parts).split("\n"))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
