"""An answer, or a refusal, as HTML. Everything that a person or an article wrote goes through `escape` on its way."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from qa.chat.types import Target, quote_digest
from qa.chat.words import confidence_words, moment_words
from qa.citing import event_words
from qa.types import Alternative, Answer, Citation, Sentence, Status, TimelineEntry


def render_answer(answer: Answer) -> str:
    """Return an answer, short answer first, or a refusal with its reason and the nearest articles."""
    if answer.status is Status.NOT_IN_CORPUS:
        return _refusal(answer)
    return (
        render_told(answer, len(answer.sentences))
        + _timeline(answer)
        + _alternatives(answer)
        + _notes(answer)
        + _confidence(answer.confidence)
        + _sources(answer.citations)
    )


def render_told(answer: Answer, told: int) -> str:
    """Return an answer as far as its first `told` sentences: what comes later only adds below it."""
    listed = {entry.text for entry in answer.timeline}
    sentences = [sentence for sentence in answer.sentences[:told] if sentence.text not in listed]
    partly = '<p class="label">Partly answered</p>' if answer.status is Status.PARTIAL else ""
    return f"{_standalone(answer)}{partly}{_short_answer(answer)}" + "".join(
        _sentence(sentence, answer) for sentence in sentences
    )


def render_link(target: Target, *, label: str, css: str, described: str = "") -> str:
    """Return a link that opens the source panel at its target; `label` is HTML, `described` is plain words."""
    number = "" if target.number is None else f' data-number="{target.number}"'
    aria = f' aria-label="{escape(described)}"' if described else ""
    return (
        f'<a class="{css}" href="#source-panel" data-article="{escape(target.article_id)}" data-start="{target.start}"'
        f' data-end="{target.end}" data-digest="{escape(target.digest)}"{number}{aria}>{label}</a>'
    )


def citation_link(citation: Citation, *, label: str = "", css: str = "cite") -> str:
    """Return a link to the very words of a citation; without a label it is the citation's number."""
    return render_link(
        citation_target(citation),
        label=label or f"[{citation.number}]",
        css=css,
        described="" if label else f"Source {citation.number}: {citation.title}, {moment_words(citation.published)}",
    )


def citation_target(citation: Citation) -> Target:
    """Return where a citation's link leads: the very words that it quotes."""
    return Target(
        article_id=citation.article_id,
        start=citation.start,
        end=citation.end,
        digest=quote_digest(citation.quote),
        number=citation.number,
    )


def numbered(citation: Citation) -> str:
    """Return the label of a link that names a citation by its number and title."""
    return f'<span class="number">{citation.number}</span> <span class="title">{inline(citation.title)}</span>'


def origin(citation: Citation) -> str:
    """Return source, days and copies of a citation, on one line."""
    event = f"; tells of {inline(event_words(citation.event))}" if citation.event else ""
    copies = f"; also in {inline(', '.join(citation.also_in))}" if citation.also_in else ""
    return f'<span class="byline">{byline(citation.source, citation.published)}{event}{copies}</span>'


def byline(source: str, published: str) -> str:
    """Return a source and its day; `published` is an ISO 8601 moment or blank."""
    day = f"published {escape(moment_words(published))}" if published.strip() else "undated"
    return f"{inline(source)}, {day}" if source else day


def inline(words: str) -> str:
    """Return words escaped and set apart, so that their direction of writing cannot reorder what stands around them."""
    return f"<bdi>{escape(words)}</bdi>"


def plain_answer(answer: Answer) -> str:
    """Return an answer as plain text to be copied: what is said, then each source with its words."""
    if answer.status is Status.NOT_IN_CORPUS:
        return f"{answer.question}\n\nNot in this archive. {answer.reason}".rstrip()
    cited = [
        f"[{citation.number}] {citation.title}, {citation.source}, {moment_words(citation.published)}\n"
        f"    “{citation.quote}”{f' {citation.url}' if citation.url else ''}"
        for citation in answer.citations
    ]
    return "\n\n".join(filter(None, (answer.question, answer.short_answer, answer.text, "\n".join(cited))))


def _standalone(answer: Answer) -> str:
    if answer.standalone_question.strip() == answer.question.strip() or not answer.standalone_question:
        return ""
    return f'<p class="understood">Understood as: {inline(answer.standalone_question)}</p>'


def _short_answer(answer: Answer) -> str:
    repeated = any(sentence.text.strip() == answer.short_answer.strip() for sentence in answer.sentences)
    if not answer.short_answer or repeated:
        return ""
    return f'<p class="short-answer" dir="auto">{escape(answer.short_answer)}</p>'


def _sentence(sentence: Sentence, answer: Answer) -> str:
    named = ", ".join(rule.replace("-", " ") for rule in sentence.rules)
    rules = f'<span class="rules">Derived by rule: {inline(named)}</span>' if named else ""
    return (
        f'<p class="sentence" dir="auto">{escape(sentence.text)}&nbsp;{_links(sentence.citations, answer)}{rules}</p>'
    )


def _links(numbers: Sequence[int], answer: Answer) -> str:
    cited = {citation.number: citation for citation in answer.citations}
    return "".join(citation_link(cited[number]) for number in numbers if number in cited)


def _timeline(answer: Answer) -> str:
    if not answer.timeline:
        return ""
    entries = "".join(_entry(entry, answer) for entry in answer.timeline)
    return f'<ol class="timeline" aria-label="Timeline">{entries}</ol>'


def _entry(entry: TimelineEntry, answer: Answer) -> str:
    day = inline(event_words(entry.day)) if entry.day else "undated"
    return (
        f'<li><span class="day">{day}</span> <span class="told" dir="auto">{escape(entry.text)}&nbsp;'
        f"{_links(entry.citations, answer)}</span></li>"
    )


def _confidence(confidence: float) -> str:
    """Return how sure an answer is, in words and as a bar."""
    bar = f'<span class="sure" aria-hidden="true" style="--sure:{confidence:.2f}"></span>'
    return f'<p class="confidence">{bar}{confidence_words(confidence)}</p>'


def _alternatives(answer: Answer) -> str:
    if not answer.alternatives:
        return ""
    rows = "".join(_alternative(rival, answer) for rival in answer.alternatives)
    return f'<section class="alternatives"><h3 class="label">Also reported</h3><ul>{rows}</ul></section>'


def _alternative(rival: Alternative, answer: Answer) -> str:
    note = f' <span class="byline">{inline(rival.note)}</span>' if rival.note else ""
    return f"<li><b>{inline(rival.short_answer)}</b>&nbsp;{_links(rival.citations, answer)}{note}</li>"


def _notes(answer: Answer) -> str:
    if not answer.notes:
        return ""
    return '<ul class="notes">' + "".join(f"<li>{inline(note)}</li>" for note in answer.notes) + "</ul>"


def _sources(citations: Sequence[Citation]) -> str:
    rows = "".join(
        f"<li>{citation_link(citation, label=numbered(citation), css='source-link')}{origin(citation)}</li>"
        for citation in citations
    )
    return f'<ul class="sources" aria-label="Sources">{rows}</ul>'


def _refusal(answer: Answer) -> str:
    near = "".join(
        "<li>"
        + render_link(Target(article.article_id), label=inline(article.title), css="source-link")
        + f'<span class="byline">{byline(article.source, article.published)}</span></li>'
        for article in answer.nearest
    )
    nearest = f'<h3 class="label">Nearest articles</h3><ul class="sources">{near}</ul>' if near else ""
    reason = escape(answer.reason) or "Nothing in it answers this question."
    return (
        f'{_standalone(answer)}<div class="refusal"><p class="short-answer">Not in this archive</p>'
        f'<p class="sentence" dir="auto">{reason}</p>{_notes(answer)}{nearest}</div>'
    )
