"""The archive's page: what is held, day by day and source by source, each article to be read, and what may be added."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from pathlib import Path

from corpus.read import SUFFIXES
from corpus.times import MONTH_NAMES, describe_day
from corpus.types import Article
from qa.chat.answer import byline, inline, render_link
from qa.chat.types import Target, quote_digest
from qa.chat.words import count_words
from qa.settings import default_index
from qa.types import Retrieved
from vectorstore.types import Listing, SourceCount, StoreStatus, SyncReport

MOST_BARS = 150  # of months; an archive that covers more of them is shown by years
MOST_YEARS = 14  # named under the bars; of more, every second or fifth is
SOURCES_NAMED = 40  # as many as a reader looks through
PAGE = 25  # articles listed at once
FOUND = 20  # passages looked at for a search
SNIPPET_WORDS = 30

Bars = list[tuple[str, int]]  # each a name and how many articles it stands for, in order of time


def render_shelf(
    status: StoreStatus, days: Mapping[date, int], sources: Sequence[SourceCount], *, open_to: bool
) -> str:
    """Return the page around the list; `open_to` is whether visitors may add and delete articles."""
    adding = ADDING.replace("<!--forms-->", ", ".join(SUFFIXES)) if open_to else ""
    if not status.articles:
        steps = first_steps(status.folder, open_to=open_to)
        return f'<section class="shelf">{_head("The archive is empty")}{steps}{adding}</section>'
    held = f"{count_words(status.articles, 'article')}, {count_words(status.passages, 'passage')}"
    return (
        f'<section class="shelf">{_head("Archive")}<p class="held">{held}{covered(status)}</p>{_histogram(days)}'
        f"{_sources(sources)}{adding}{LOOKING.replace('<!--sources-->', _options(sources))}</section>"
    )


def render_listing(listing: Listing, *, offset: int, open_to: bool) -> str:
    """Return a page of the list of articles, and the way to the next ones."""
    if not listing.articles:
        return '<p class="hint" role="status">No article fits.</p>'
    rows = "".join(
        _row(article.id, article.title, article.source, article.published, open_to=open_to)
        for article in listing.articles
    )
    last = offset + len(listing.articles)
    more = "".join(
        f'<button type="button" class="quiet" data-offset="{place}">{words}</button>'
        for words, place, there in (
            ("Newer", max(0, offset - PAGE), offset > 0),
            ("Older", last, last < listing.total),
        )
        if there
    )
    said = f"{count_words(listing.total, 'article')}, {offset + 1:,} to {last:,} shown, latest first"
    return f'<p class="hint" role="status">{said}</p><ul class="sources">{rows}</ul><p class="actions">{more}</p>'


def render_found(found: Sequence[Retrieved], articles: Mapping[str, Article], *, open_to: bool) -> str:
    """Return the articles that a search found, best first, each with the beginning of its best passage."""
    best: dict[str, Retrieved] = {}
    for item in found:
        best.setdefault(item.hit.passage.article_id, item)
    rows = "".join(
        _row(
            article.id,
            article.title,
            article.source,
            article.published_day,
            open_to=open_to,
            item=best[article.id],
        )
        for article in (articles[article_id] for article_id in best if article_id in articles)
    )
    if not rows:
        return '<p class="hint" role="status">Nothing was found.</p>'
    said = f"{count_words(len(best), 'article')}, best first"
    return f'<p class="hint" role="status">{said}</p><ul class="sources">{rows}</ul>'


def render_taken(name: str, report: SyncReport) -> str:
    """Return in one line what became of a file that was added."""
    counts = ((report.added, "added"), (report.updated, "updated"), (report.unchanged, "already there"))
    said = ", ".join(f"{count_words(count, 'article')} {done}" for count, done in counts if count)
    failed = f"; {len(report.failed)} not: {escape(report.failed[0].reason)}" if report.failed else ""
    return f"{inline(name)}: {said or 'nothing new'}{failed}"


def covered(status: StoreStatus) -> str:
    """Return the days that an archive covers, as the end of a sentence."""
    if not (status.earliest and status.latest):
        return ", none with a date"
    undated = f", {status.undated:,} undated" if status.undated else ""
    return f", {describe_day(status.earliest)} to {describe_day(status.latest)}{undated}"


def bars_of(days: Mapping[date, int]) -> Bars:
    """Return how many articles each month has, or each year where there are many, without a gap in between."""
    if not days:
        return []
    months: Counter[int] = Counter()
    for day, count in days.items():
        months[day.year * 12 + day.month - 1] += count
    first, last = min(months), max(months)
    if last - first < MOST_BARS:
        return [(f"{MONTH_NAMES[month % 12]} {month // 12}", months[month]) for month in range(first, last + 1)]
    years: Counter[int] = Counter()
    for month, count in months.items():
        years[month // 12] += count
    return [(str(year), years[year]) for year in range(first // 12, last // 12 + 1)]


def _head(words: str) -> str:
    return f'<h2 class="page-title" tabindex="-1">{words}</h2>'


def first_steps(folder: str, *, open_to: bool) -> str:
    """Return how to fill an empty archive."""
    elsewhere = "" if Path(folder) == default_index() else f"--index {shlex.quote(folder)} "
    here = (
        "Add files or paste a text on the archive’s page, or in a terminal run:" if open_to else "In a terminal, run:"
    )
    return (
        f"<p>Nothing has been indexed yet, so there is nothing to ask. {here}</p>"
        f'<pre tabindex="0"><code>dateline index {escape(elsewhere)}PATH</code></pre>'
        "<p>PATH is a file or a folder of articles: text, Markdown, HTML, PDF, Word, JSON Lines, CSV or feeds. "
        "Then reload this page.</p>"
    )


def _histogram(days: Mapping[date, int]) -> str:
    if not days:
        return ""
    return (
        f'<figure class="histogram">{draw_bars(days)}{_years(days)}'
        f'<figcaption class="hint">{_bars_said(days)}.</figcaption></figure>'
    )


def draw_bars(days: Mapping[date, int]) -> str:
    """Return a picture of how many articles each month or year has, "" where none has a day."""
    bars = bars_of(days)
    if not bars:
        return ""
    most = max(count for _, count in bars)
    drawn = "".join(
        f'<rect x="{place + 0.1:.1f}" y="{40 * (1 - count / most):.2f}" width="0.8" height="{40 * count / most:.2f}">'
        f"<title>{name}: {count_words(count, 'article')}</title></rect>"
        for place, (name, count) in enumerate(bars)
        if count
    )
    return (
        f'<svg class="bars" viewBox="0 0 {len(bars)} 40" preserveAspectRatio="none" role="img"'
        f' aria-label="{_bars_said(days)}">{drawn}</svg>'
    )


def _bars_said(days: Mapping[date, int]) -> str:
    bars = bars_of(days)
    peak, most = max(bars, key=lambda bar: bar[1])
    return f"Articles by date, {bars[0][0]} to {bars[-1][0]}; most in {peak}: {count_words(most, 'article')}"


def _years(days: Mapping[date, int]) -> str:
    first, last = min(days).year, max(days).year
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000) if (last - first) / step <= MOST_YEARS)
    buttons = "".join(
        f'<button type="button" class="year" data-year="{year}" title="List the articles of {year}">{year}</button>'
        for year in range(first, last + 1, step)
    )
    return f'<div class="years">{buttons}</div>'


def _sources(sources: Sequence[SourceCount]) -> str:
    named = [source for source in sources if source.source]
    rows = "".join(
        f'<li><button type="button" class="chip" data-source="{escape(source.source)}">{inline(source.source)} '
        f"<span>{source.articles:,}</span></button></li>"
        for source in named[:SOURCES_NAMED]
    )
    more = f"<li class='hint'>and {len(named) - SOURCES_NAMED:,} more</li>" if len(named) > SOURCES_NAMED else ""
    if not named:
        return ""
    summary = f"<summary>{count_words(len(named), 'source')}</summary>"
    return f'<details class="held-sources">{summary}<ul class="chips" aria-label="Sources">{rows}{more}</ul></details>'


def _options(sources: Sequence[SourceCount]) -> str:
    return "".join(
        f'<option value="{escape(source.source)}">{escape(source.source)} ({source.articles:,})</option>'
        for source in sources
        if source.source
    )


def _row(
    article_id: str, title: str, source: str, day: date | None, *, open_to: bool, item: Retrieved | None = None
) -> str:
    target, snippet = Target(article_id), ""
    if item is not None:
        passage = item.hit.passage
        words = passage.text.split()
        beginning = " ".join(words[:SNIPPET_WORDS]) + ("…" if len(words) > SNIPPET_WORDS else "")
        target = Target(article_id, passage.start, passage.end, quote_digest(passage.text))
        snippet = f'<p class="beginning" dir="auto">{escape(beginning)}</p>'
    name = escape(title)
    delete = (
        f'<button type="button" class="quiet" data-delete-article="{escape(article_id)}" data-title="{name}"'
        f' aria-label="Delete: {name}">Delete</button>'
        if open_to
        else ""
    )
    return (
        f'<li class="held-row"><div>{render_link(target, label=inline(title), css="source-link")}'
        f'<span class="byline">{byline(source, day.isoformat() if day else "")}</span>{snippet}</div>{delete}</li>'
    )


LOOKING = (
    '<form class="looking" role="search" autocomplete="off"><h3 class="label">Read</h3>'
    '<div class="looking-fields"><label>Search <input type="search" name="words" maxlength="2000" dir="auto"'
    ' placeholder="Words or a question"></label><label>From <input type="date" name="from"></label>'
    '<label>To <input type="date" name="to"></label>'
    '<label>Source <select name="source"><option value="">Any</option><!--sources--></select></label>'
    '<button type="submit" class="send">Search</button></div></form><div class="listing" data-listing></div>'
)

ADDING = (
    '<details class="adding"><summary>Add articles</summary><div class="adding-body">'
    '<form class="uploading"><label class="drop">Choose files, or drop them here '
    '<input type="file" name="files" multiple></label>'
    '<p class="hint">Read are <!--forms-->; a web page is added as the .html file that a browser saves.</p></form>'
    '<form class="pasting" autocomplete="off"><h3 class="label">Or paste a text</h3>'
    '<label>Text <textarea name="text" rows="5" required dir="auto"></textarea></label><div class="looking-fields">'
    '<label>Title <input type="text" name="title" maxlength="300" dir="auto"></label>'
    '<label>Published <input type="date" name="published"></label>'
    '<label>Source <input type="text" name="source" maxlength="200" dir="auto"></label>'
    '<button type="submit" class="send">Add text</button></div></form>'
    '</div></details><ul class="taken" aria-live="polite" aria-label="What was added or deleted" data-taken></ul>'
)
