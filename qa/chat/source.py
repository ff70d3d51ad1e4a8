"""An article as HTML, whole, with the cited words marked."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import urlsplit

from corpus.times import describe_day
from corpus.types import Article
from qa.chat.types import Target, quote_digest
from qa.chat.words import count_words

# A browser lays out some hundred thousand characters at once; beyond that only what surrounds the quotation is sent.
SHOWN_CHARACTERS = 200_000

CHANGED = "This article has changed since it was cited: the quoted words are no longer at their place."
PARAGRAPH = re.compile(r"[^\n]+")


def render_source(article: Article, target: Target) -> str:
    """Return the article with its title, source, day, author and link out, and the target's words in `<mark>`."""
    unchanged = not target.digest or quote_digest(article.text[target.start : target.end]) == target.digest
    start, end = (target.start, target.end) if unchanged else (0, 0)
    warning = "" if unchanged else f'<p class="warning" role="status">{CHANGED}</p>'
    return _panel(_header(article, target) + warning + render_text(article.text, start, end))


def render_text(text: str, start: int, end: int) -> str:
    """Return an article's text in paragraphs, `text[start:end]` in `<mark>`; very long texts only around the mark."""
    first, last = _shown(len(text), start, end)
    paragraphs = [
        _paragraph(text, max(match.start(), first), min(match.end(), last), start, end)
        for match in PARAGRAPH.finditer(text, first, last)
    ]
    cut = ""
    if (first, last) != (0, len(text)):
        cut = f'<p class="warning">A part of this article, which has {count_words(len(text), "character")}.</p>'
    return f'{cut}<div class="article-text">{"".join(paragraphs)}</div>'


def safe_url(url: str) -> str:
    """Return a web address that may be linked to, or nothing for any other scheme or for what is no address."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    usable = parts.scheme in {"http", "https"} and parts.hostname and not re.search(r"[\s\x00-\x1f\\]", url.strip())
    return url.strip() if usable else ""


CLOSE = '<button type="button" class="quiet" data-close>Close<span class="key" aria-hidden="true"> Esc</span></button>'
BACK = '<button type="button" class="quiet" data-evidence="{turn}">All sources</button>'


def close_button(turn: int | None = None) -> str:
    """Return what closes the panel, after what leads back to all the sources of a turn where one is named."""
    back = BACK.format(turn=turn) if turn is not None else ""
    return f'<span class="source-buttons">{back}{CLOSE}</span>'


def _panel(body: str) -> str:
    return f'<section class="source" aria-labelledby="source-title">{body}</section>'


def _header(article: Article, target: Target) -> str:
    numbered = f'<p class="label">Source {target.number}</p>' if target.number is not None else ""
    return (
        f'<header class="source-head"><div class="source-bar">{numbered or "<p class=label>Article</p>"}'
        f"{close_button(target.turn)}</div>"
        f'<h2 id="source-title" tabindex="-1" dir="auto">{escape(article.title)}</h2>'
        f'<p class="byline">{_byline(article)}</p></header>'
    )


def _byline(article: Article) -> str:
    day = article.published_day
    parts = [f"<bdi>{escape(article.source)}</bdi>"] if article.source else []
    parts.append(f'<time datetime="{day.isoformat()}">{describe_day(day)}</time>' if day else "undated")
    if article.author:
        parts.append(f"by <bdi>{escape(article.author)}</bdi>")
    if url := safe_url(article.url):
        host = escape(urlsplit(url).hostname or "")
        parts.append(
            f'<a class="out" href="{escape(url)}" target="_blank" rel="noopener noreferrer">Original at {host} ↗</a>'
        )
    return " · ".join(parts)


def _shown(length: int, start: int, end: int) -> tuple[int, int]:
    if length <= SHOWN_CHARACTERS:
        return 0, length
    first = max(0, min(start - SHOWN_CHARACTERS // 2, length - SHOWN_CHARACTERS))
    return first, max(end, first + SHOWN_CHARACTERS)


def _paragraph(text: str, first: int, last: int, start: int, end: int) -> str:
    mark_start, mark_end = max(first, start), min(last, end)
    if mark_start >= mark_end:
        return f'<p dir="auto">{escape(text[first:last])}</p>'
    before, quote, after = text[first:mark_start], text[mark_start:mark_end], text[mark_end:last]
    return f'<p dir="auto">{escape(before)}<mark>{escape(quote)}</mark>{escape(after)}</p>'
