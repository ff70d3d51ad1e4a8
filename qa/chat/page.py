"""The parts of the page around a conversation: what the archive holds, where to begin, the box for a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from importlib.resources import files

from qa.chat.answer import inline
from qa.chat.archive import covered, draw_bars, first_steps
from qa.chat.types import Example, Shelf
from qa.chat.words import count_words
from vectorstore.types import SourceCount, StoreStatus

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


def render_welcome(status: StoreStatus, questions: Sequence[str], *, open_to: bool = False) -> str:
    """Return what stands where the conversation will be: questions to begin with, or how to fill an empty archive."""
    if not status.articles:
        steps = first_steps(status.folder, open_to=open_to)
        there = '<p><a class="out" href="#archive">Go to the archive’s page</a></p>' if open_to else ""
        return f'<section class="welcome empty"><h2>The archive is empty</h2>{steps}{there}</section>'
    buttons = "".join(
        f'<li><button type="button" class="example" data-ask="{escape(question)}">{escape(question)}</button></li>'
        for question in questions
    )
    listed = f'<ul class="examples">{buttons}</ul>' if buttons else ""
    promise = "<p>Each sentence of an answer is read from an article that you can open at the very words.</p>"
    return f'<section class="welcome"><h2>Ask about what was reported, and when</h2>{promise}{listed}</section>'


def render_archive(status: StoreStatus, days: Mapping[date, int]) -> str:
    """Return what the source panel shows while no source is open: what there is to read."""
    if not status.articles:
        return '<section class="archive"><p class="label">Archive</p><p>No articles yet.</p></section>'
    return (
        '<section class="archive"><p class="label">Archive</p>'
        f'<div class="at-a-glance">{draw_bars(days)}</div>'
        f"<p class='held'>{count_words(status.articles, 'article')}{covered(status)}</p>"
        "<p class='hint while-asking'>Choose a number such as <span class='cite-sample'>[1]</span> in an answer "
        "to read its words here, in the whole article.</p>"
        "<p class='hint while-looking'>Choose an article to read it here.</p>"
        '<p class="hint"><a class="out" href="#archive">Look through the archive</a></p></section>'
    )


def render_composer(sources: Sequence[SourceCount]) -> str:
    """Return the form that a question is written in, with its scope."""
    boxes = "".join(
        f'<label><input type="checkbox" name="sources" value="{escape(source.source)}"> {inline(source.source)} '
        f"<span>{source.articles:,}</span></label>"
        for source in sources
        if source.source
    )
    chosen = f'<fieldset class="scope-sources"><legend>Only these sources</legend>{boxes}</fieldset>' if boxes else ""
    return COMPOSER.replace("<!--sources-->", chosen)


COMPOSER = (
    '<form class="composer" autocomplete="off">'
    '<div class="refused" role="alert" data-refused hidden><span></span>'
    '<button type="button" class="quiet" data-again>Try again</button></div>'
    '<div class="box"><label class="hidden-label" for="question">Your question</label>'
    '<textarea id="question" name="question" rows="1" maxlength="10000" dir="auto"'
    ' placeholder="Ask a question" enterkeyhint="send"></textarea>'
    '<button type="submit" class="send">Ask</button><button type="button" class="stop" data-stop>Stop</button></div>'
    '<details class="scope"><summary><span data-scope-words>All days, all sources</span></summary>'
    '<div class="scope-fields"><label>Published from <input type="date" name="from"></label>'
    '<label>to <input type="date" name="to"></label>'
    '<label>As of <input type="date" name="today"></label>'
    '<button type="button" class="quiet" data-clear-scope>Clear</button></div><!--sources--></details>'
    '<p class="hidden-label" role="status" data-status></p></form>'
)
