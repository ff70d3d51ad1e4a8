"""The parts of the page around a conversation: what the archive holds, where to begin, the box for a question."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from html import escape
from importlib.resources import files
from pathlib import Path

from qa.chat.types import Example, Shelf
from qa.chat.words import count_words, day_words
from qa.settings import default_index
from vectorstore.types import SourceCount, StoreStatus

SOURCES_NAMED = 12  # more than this is a list nobody reads

MASTHEAD = (
    '<header class="masthead"><div><h1>Dateline</h1><p>Answers from dated articles, each with its source.</p></div>'
    '<button type="button" class="quiet" data-restart>New conversation</button></header>'
)

ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32'"
    " rx='7' fill='%2314566f'/%3E%3Cpath d='M9 10h14M9 16h14M9 22h8' stroke='%23fff' stroke-width='3'/%3E%3C/svg%3E"
)


def read_asset(name: str) -> str:
    """Return the text of a file of this package, such as its stylesheet."""
    return files("qa.chat").joinpath(name).read_text(encoding="utf-8")


def fitting_examples(shelf: Shelf, examples: Sequence[Example]) -> tuple[str, ...]:
    """Return the questions that the archive can answer, because it holds their articles."""
    held = shelf.articles([example.article_id for example in examples])
    return tuple(example.question for example in examples if example.article_id in held)


def render_welcome(status: StoreStatus, questions: Sequence[str]) -> str:
    """Return what stands where the conversation will be: questions to begin with, or how to fill an empty archive."""
    if not status.articles:
        return _empty(status.folder)
    buttons = "".join(
        f'<li><button type="button" class="example" data-ask="{escape(question)}">{escape(question)}</button></li>'
        for question in questions
    )
    listed = f'<ul class="examples">{buttons}</ul>' if buttons else ""
    return f'<section class="welcome"><h2>Ask about what was reported, and when</h2>{listed}</section>'


def render_archive(status: StoreStatus) -> str:
    """Return what the source panel shows while no source is open: what there is to read."""
    if not status.articles:
        return '<section class="archive"><p class="label">Archive</p><p>No articles yet.</p></section>'
    return (
        '<section class="archive"><p class="label">Archive</p>'
        f"<p class='held'>{count_words(status.articles, 'article')}{_covered(status)}</p>{_sources(status.sources)}"
        "<p class='hint'>Choose a number such as <span class='cite-sample'>[1]</span> in an answer "
        "to read its words here, in the whole article.</p></section>"
    )


def render_composer(sources: Sequence[SourceCount]) -> str:
    """Return the form that a question is written in, with its scope."""
    options = "".join(
        f'<option value="{escape(source.source)}">{escape(source.source)} ({source.articles:,})</option>'
        for source in sources
        if source.source
    )
    return COMPOSER.replace("<!--sources-->", options)


def _empty(folder: str) -> str:
    elsewhere = "" if Path(folder) == default_index() else f"--index {shlex.quote(folder)} "
    return (
        '<section class="welcome empty"><h2>The archive is empty</h2>'
        "<p>Nothing has been indexed yet, so there is nothing to ask. In a terminal, run:</p>"
        f"<pre><code>dateline index {escape(elsewhere)}PATH</code></pre>"
        "<p>PATH is a file or a folder of articles: text, Markdown, HTML, PDF, Word, JSON Lines, CSV or feeds. "
        "Then reload this page.</p></section>"
    )


def _covered(status: StoreStatus) -> str:
    if not (status.earliest and status.latest):
        return ", none with a date"
    undated = f", {status.undated:,} undated" if status.undated else ""
    return f", {day_words(status.earliest)} to {day_words(status.latest)}{undated}"


def _sources(sources: Sequence[SourceCount]) -> str:
    named = sorted((source for source in sources if source.source), key=lambda source: -source.articles)
    if not named:
        return ""
    rows = "".join(
        f"<li><bdi>{escape(source.source)}</bdi> <span>{source.articles:,}</span></li>"
        for source in named[:SOURCES_NAMED]
    )
    more = f"<li class='more'>and {len(named) - SOURCES_NAMED:,} more</li>" if len(named) > SOURCES_NAMED else ""
    return f'<ul class="held-sources">{rows}{more}</ul>'


COMPOSER = (
    '<form class="composer" autocomplete="off">'
    '<div class="box"><label class="hidden-label" for="question">Your question</label>'
    '<textarea id="question" name="question" rows="1" maxlength="10000" dir="auto"'
    ' placeholder="Ask a question" enterkeyhint="send"></textarea>'
    '<button type="submit" class="send">Ask</button><button type="button" class="stop" data-stop>Stop</button></div>'
    '<details class="scope"><summary><span data-scope-words>All days, all sources</span></summary>'
    '<div class="scope-fields"><label>From <input type="date" name="from"></label>'
    '<label>To <input type="date" name="to"></label>'
    '<label>Source <select name="source"><option value="">Any</option><!--sources--></select></label>'
    '<label>As if asked on <input type="date" name="today"></label>'
    '<button type="button" class="quiet" data-clear-scope>Clear</button></div></details></form>'
)
