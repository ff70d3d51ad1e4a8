"""Plain text in the archive's own form, and Markdown with YAML front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from corpus.decode import decode, read_limited
from corpus.draft import Draft, draft_of, finish
from corpus.errors import UnreadableFileError
from corpus.flow import unwrap
from corpus.limits import MAX_FRONT_MATTER_CHARACTERS, MAX_TEXT_BYTES
from corpus.types import Article

# "date 2022-09-06 The ministers …": whatever begins with a digit is meant as the date, and is checked as one.
_DATE_LINE = re.compile(r"date\b:?[ \t]*(\d\S*)[ \t]*", re.IGNORECASE)
_FIELD_LINE = re.compile(r"(id|title|source|author|url|updated|language)[ \t]*:[ \t]*(.*)", re.IGNORECASE)
_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n")


def read_text(path: Path, today: date) -> Iterator[Article]:
    """Yield the one article of a plain text file."""
    yield finish(parse_text(_read(path)), today)


def read_markdown(path: Path, today: date) -> Iterator[Article]:
    """Yield the one article of a Markdown file."""
    yield finish(parse_markdown(_read(path)), today)


def _read(path: Path) -> str:
    text = decode(read_limited(path, MAX_TEXT_BYTES))
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def parse_text(text: str) -> Draft:
    """Return what a plain text says: `date …` first, `title: …` and the like after it, then the article.

    The article may begin on the date's own line. A text that does not begin with a date is an article without one,
    unless it begins with a field in lower case.
    """
    lines = text.lstrip().split("\n")
    fields: dict[str, str] = {}
    position = 0
    found = _DATE_LINE.match(lines[0])
    if found:
        fields["date"] = found.group(1).rstrip(",;:")
        lines[0] = lines[0][found.end() :]
        position = 0 if lines[0].strip() else _skip_blank(lines, 1)
    elif not re.match(r"(?:title|source|author|url|id)[ \t]*:", lines[0]):
        return Draft(text=unwrap(text))
    while position < len(lines):
        field = _FIELD_LINE.fullmatch(lines[position].strip())
        dated = _DATE_LINE.fullmatch(lines[position].strip())
        if dated and "date" not in fields:
            fields["date"] = dated.group(1).rstrip(",;:")
        elif field and field.group(1).lower() not in fields:
            fields[field.group(1).lower()] = field.group(2)
        else:
            break
        position += 1
    return draft_of(unwrap("\n".join(lines[position:])), fields)


def _skip_blank(lines: list[str], position: int) -> int:
    while position < len(lines) and not lines[position].strip():
        position += 1
    return position


def parse_markdown(text: str) -> Draft:
    """Return what Markdown says, its marks removed; without a `title` in front, a heading that comes first is it.

    Markdown without front matter may begin with a date as plain text does.
    """
    if _FRONT_MATTER.match(text):
        front, body = _front_matter(text)
        draft = draft_of(body, front)
    else:
        draft = parse_text(text)
    heading, paragraphs = _plain(draft.text, drop_heading=not draft.title)
    return replace(draft, text=paragraphs, title=draft.title or heading)


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    import yaml
    from frontmatter.default_handlers import YAMLHandler

    handler = YAMLHandler()
    try:
        front, body = handler.split(text.lstrip())
    except ValueError:
        raise UnreadableFileError("its front matter does not end: close it with a line '---'") from None
    if len(front) > MAX_FRONT_MATTER_CHARACTERS:
        raise UnreadableFileError(f"its front matter has {len(front):,} characters: shorten it")
    try:
        # The base loader leaves every value in words, so that a bad date is told by us, and builds no objects.
        loaded = handler.load(front, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UnreadableFileError(f"its front matter is not YAML: {' '.join(str(error).split())[:200]}") from None
    if not isinstance(loaded, dict):
        raise UnreadableFileError("its front matter holds no fields: write them like 'title: …'")
    return {str(key).strip().lower(): _words(value) for key, value in loaded.items()}, body


def _words(value: object) -> str:
    """Return a value of the front matter in words; of lists within lists only the first level is kept."""
    if isinstance(value, list):
        return ", ".join(item for item in value if isinstance(item, str))
    return value if isinstance(value, str) else ""


def _plain(text: str, *, drop_heading: bool) -> tuple[str, str]:
    """Return the first heading and the paragraphs, without marks, addresses, pictures or HTML."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    heading, paragraphs = "", []
    for position, token in enumerate(tokens):
        if token.type in ("fence", "code_block"):
            paragraphs.append(token.content.strip())
        if token.type != "inline":
            continue
        words = "".join(_inline(child.type, child.content) for child in token.children or []).strip()
        if drop_heading and position == 1 and tokens[0].type == "heading_open":
            heading = words
        else:
            paragraphs.append(words)
    return heading, "\n\n".join(paragraphs)


def _inline(kind: str, content: str) -> str:
    if kind in ("softbreak", "hardbreak"):
        return " " if kind == "softbreak" else "\n"
    return content if kind in ("text", "code_inline") else ""
