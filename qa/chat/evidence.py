"""What an answer rests on, as HTML: what is cited with its words, then what was read and not used, with why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from corpus.types import Article
from qa.chat.answer import byline, citation_link, inline, numbered, origin, render_link
from qa.chat.recall import recall_citation
from qa.chat.source import close_button
from qa.chat.types import Target, quote_digest
from qa.chat.words import count_words
from qa.types import Citation

PASSAGE_WORDS = 20  # enough of a passage's beginning to recognise it by
FAINT = 0.05  # below this the reader marked something only because it always marks something
LEGEND = (
    '<details class="legend"><summary>What the scores mean</summary><dl>'
    "<dt>Meaning</dt><dd>How near the passage is to the question in meaning: a cosine, at most 1.</dd>"
    "<dt>Words</dt><dd>How much it shares of the question’s words, rare ones counting more: BM25.</dd>"
    "<dt>Named</dt><dd>What is added because the question names its source, its day or the countries that it is about, "
    "or asks for a number in it.</dd>"
    "<dt>Reader</dt><dd>How likely the best words in it are the answer, at most 1.</dd>"
    "<dt>Rank</dt><dd>The three searches together: passages are read in this order, those "
    "that come near the best.</dd></dl></details>"
)


def render_evidence(record: Mapping[str, Any], articles: Mapping[str, Article], turn: int) -> str:
    """Return the panel for an answer's record; `articles` holds, by id, those of the passages that were found."""
    citations = [recall_citation(cited) for cited in record["citations"]]
    unused = [hit for hit in record["hits"] if not any(_holds(hit, citation) for citation in citations)]
    return (
        f'<section class="source evidence" data-of-turn="{turn}" aria-labelledby="source-title">'
        f'<header class="source-head"><div class="source-bar"><p class="label">Sources</p>{close_button()}</div>'
        f'<h2 id="source-title" tabindex="-1" dir="auto">{escape(record["question"])}</h2>'
        f'<p class="byline">{_spent(record)}</p></header>'
        f"{_cited(citations)}{_unused(unused, articles, record)}</section>"
    )


def _spent(record: Mapping[str, Any]) -> str:
    timings = record["timings_ms"]
    total = f"{timings['total'] / 1000:.1f} s" if "total" in timings else ""
    return ", ".join(filter(None, (count_words(len(record["hits"]), "passage") + " found", total)))


def _cited(citations: Sequence[Citation]) -> str:
    if not citations:
        return '<p class="hint">Nothing is cited.</p>'
    rows = "".join(
        f"<li>{citation_link(citation, label=numbered(citation), css='source-link')}{origin(citation)}"
        f'<blockquote dir="auto">{escape(citation.quote)}</blockquote></li>'
        for citation in citations
    )
    return f'<h3 class="label">Cited</h3><ol class="sources cited">{rows}</ol>'


def _unused(hits: Sequence[Mapping[str, Any]], articles: Mapping[str, Article], record: Mapping[str, Any]) -> str:
    if not hits:
        return ""
    best = max((hit.get("reader") or 0.0 for hit in record["hits"]), default=0.0)
    rows = "".join(_row(hit, articles.get(hit["article_id"]), best) for hit in hits)
    return f'<h3 class="label">Found, but not used</h3>{LEGEND}<ol class="sources unused">{rows}</ol>'


def _row(hit: Mapping[str, Any], article: Article | None, best: float) -> str:
    if article is None:
        return f'<li><span class="byline">An article that is no longer in the archive.</span>{_scores(hit)}</li>'
    text = article.text[hit["start"] : hit["end"]]
    words = text.split()
    beginning = " ".join(words[:PASSAGE_WORDS]) + ("…" if len(words) > PASSAGE_WORDS else "")
    target = Target(article.id, hit["start"], hit["end"], quote_digest(text))
    day = article.published_day
    return (
        f"<li>{render_link(target, label=inline(article.title), css='source-link')}"
        f'<span class="byline">{byline(article.source, day.isoformat() if day else "")}</span>'
        f'<p class="beginning" dir="auto">{escape(beginning)}</p>'
        f'<p class="why">{_why(hit, best)}</p>{_scores(hit)}</li>'
    )


def _why(hit: Mapping[str, Any], best: float) -> str:
    """Return in words why a passage that was found is not cited."""
    reader = hit.get("reader")
    if reader is None:
        return "The reader marked no answer in it, or it was found too low to be read."
    if reader < FAINT:
        return "The reader found no likely answer in it."
    if best > reader:
        return "The best words in it scored lower than those that were used."
    return "What it says was not needed beside what is cited."


def _scores(hit: Mapping[str, Any]) -> str:
    shown = (
        ("Meaning", hit.get("dense")),
        ("Words", hit.get("lexical")),
        ("Named", hit.get("named") or None),
        ("Reader", hit.get("reader")),
        ("Rank", hit["score"]),
    )
    parts = "".join(
        f"<div><dt>{name}</dt><dd>{score:.2f}</dd></div>" for name, score in shown if isinstance(score, (int, float))
    )
    return f'<dl class="scores">{parts}</dl>'


def _holds(hit: Mapping[str, Any], citation: Citation) -> bool:
    same = hit["article_id"] == citation.article_id
    return bool(same and hit["start"] < citation.end and citation.start < hit["end"])


def articles_read(record: Mapping[str, Any]) -> list[str]:
    """Return the ids of the articles whose passages were read, each once."""
    return sorted({hit["article_id"] for hit in record["hits"]})
