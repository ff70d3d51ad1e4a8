"""Answers, passages and counts for people to read in a terminal.

Everything that comes from an article is plain text here: it carries no markup and no control characters, so it can
neither colour, move the cursor nor set a title.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from rich.text import Text

from corpus.types import Article
from qa.citing import event_words
from qa.types import Answer, Citation, Retrieved, Status
from vectorstore.types import StoreStatus, SyncReport

KEPT_CONTROLS = "\n\t"
INDENT = "    "
BIDI_CONTROLS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))  # they would reorder the line around
BYTES_PER_UNIT = 1000
UNDATED = "undated"


def printable(text: str) -> str:
    """Return text without what a terminal obeys: control characters become U+FFFD, orders of direction go."""
    kept = text.translate(BIDI_CONTROLS)
    if kept.isprintable():
        return kept
    return "".join(
        "\ufffd" if unicodedata.category(character) in ("Cc", "Cs") and character not in KEPT_CONTROLS else character
        for character in kept
    )


def one_line(text: str) -> str:
    """Return text as `printable`, on one line."""
    return printable(" ".join(text.split()))


def answer_text(answer: Answer) -> Text:
    """Return an answer: the short answer, the sentences with their numbers, then what they cite; or the refusal."""
    if answer.status is Status.NOT_IN_CORPUS:
        return _refusal_text(answer)
    text = Text()
    if answer.short_answer:
        text.append(one_line(answer.short_answer), style="bold")
        text.append("\n\n")
    if not answer.timeline:  # whose lines are the same sentences
        text.append(f"{one_line(answer.text)}\n")
    for entry in answer.timeline:
        numbers = "".join(f"[{number}]" for number in entry.citations)
        text.append(f"\n{event_words(entry.day)}  ", style="bold")
        text.append(f"{one_line(entry.text)} {numbers}\n")
    for note in answer.notes:
        text.append(f"\n{one_line(note)}\n", style="italic")
    for rival in answer.alternatives:
        numbers = "".join(f"[{number}]" for number in rival.citations)
        text.append(f"\n{one_line(rival.short_answer)} {numbers} — {one_line(rival.note)}\n")
    for citation in answer.citations:
        _append_citation(text, citation)
    return text


def _refusal_text(answer: Answer) -> Text:
    text = Text()
    text.append("Not in the archive.\n", style="bold")
    if answer.reason:
        text.append(f"\n{one_line(answer.reason)}\n")
    for note in answer.notes:
        text.append(f"\n{one_line(note)}\n", style="italic")
    if answer.nearest:
        text.append("\nThe nearest articles:\n")
    for article in answer.nearest:
        text.append(f"{INDENT}{_origin(article.title, article.source, article.published)}")
        text.append(f"  {one_line(article.article_id)}\n", style="dim")
    return text


def _append_citation(text: Text, citation: Citation) -> None:
    text.append(f"\n[{citation.number}] ", style="bold")
    text.append(_origin(citation.title, citation.source, citation.published))
    text.append(f" — event {citation.event}\n" if citation.event else "\n")
    text.append(f"{INDENT}“{one_line(citation.quote)}”\n", style="italic")
    if citation.also_in:
        text.append(f"{INDENT}also in: {', '.join(map(one_line, citation.also_in))}\n", style="dim")
    if citation.url:
        text.append(f"{INDENT}{one_line(citation.url)}\n", style="dim")
    text.append(f"{INDENT}{one_line(citation.article_id)} [{citation.start}:{citation.end}]\n", style="dim")


def _origin(title: str, source: str, published: str) -> str:
    """Return `title — source, day`; `published` is an ISO 8601 moment or ""."""
    day = published[: len("YYYY-MM-DD")] or UNDATED
    return " — ".join(filter(None, (one_line(title), ", ".join(filter(None, (one_line(source), day))))))


def hits_text(found: Sequence[Retrieved], articles: Mapping[str, Article]) -> Text:
    """Return the passages found, best first, each with its article, its place and its score."""
    if not found:
        return Text("Nothing found.\n")
    text = Text()
    for rank, item in enumerate(found, start=1):
        passage = item.hit.passage
        article = articles[passage.article_id]
        published = article.published.isoformat() if article.published else ""
        text.append("\n" if rank > 1 else "")
        text.append(f"{rank}. ", style="bold")
        text.append(f"{_origin(article.title, article.source, published)}\n")
        text.append(f"{INDENT}{one_line(passage.text)}\n")
        place = f"{INDENT}{one_line(article.id)} [{passage.start}:{passage.end}]  score {item.hit.score:.4f}\n"
        text.append(place, style="dim")
    return text


def article_header(article: Article) -> Text:
    """Return what is known of an article besides its text, a line for each thing."""
    moments = ((name, moment) for name, moment in (("date", article.published), ("updated", article.updated)) if moment)
    known = [("id", article.id), ("title", article.title), *((name, moment.isoformat()) for name, moment in moments)]
    known += [("source", article.source), ("author", article.author), ("url", article.url)]
    return Text("".join(f"{name}: {one_line(value)}\n" for name, value in known if value), style="dim")


def report_text(report: SyncReport) -> Text:
    """Return the counts of a sync, and each failure with its reason."""
    counts = (
        f"added {report.added}, updated {report.updated}, unchanged {report.unchanged}, "
        f"removed {report.removed}, failed {len(report.failed)}"
    )
    text = Text(f"{counts}, rebuilt {report.rebuilt}\n" if report.rebuilt else f"{counts}\n")
    for failure in report.failed:
        text.append("failed", style="red")
        text.append(f" {one_line(failure.path)}: {one_line(failure.reason)}\n")
    return text


def status_text(status: StoreStatus) -> Text:
    """Return what an index holds, a line for each thing."""
    dates = f"{status.earliest} to {status.latest}" if status.earliest else "none"
    if status.undated:
        dates += f" ({status.undated} {UNDATED})"
    sources = ", ".join(f"{one_line(count.source) or 'unnamed'} ({count.articles})" for count in status.sources)
    sizes = ", ".join(f"{part} {_size(count)}" for part, count in status.bytes_on_disk.items())
    rows = (
        ("index", status.folder),
        ("articles", f"{status.articles}"),
        ("passages", f"{status.passages}"),
        ("dates", dates),
        ("sources", sources or "none"),
        ("model", f"{status.manifest.model} ({status.manifest.dimension} dimensions)"),
        ("generation", f"{status.generation}"),
        ("on disk", sizes or "nothing"),
        ("health", "good" if status.healthy else "; ".join(status.problems)),
    )
    width = max(len(name) for name, _ in rows) + 2
    return Text("".join(f"{name:<{width}}{one_line(value)}\n" for name, value in rows))


def _size(count: int) -> str:
    """Return a number of bytes in decimal units, as disks are sold and `du --si` counts."""
    size = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if size < BYTES_PER_UNIT:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= BYTES_PER_UNIT
    return f"{size:.1f} TB"
