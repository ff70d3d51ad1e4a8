"""A conversation as HTML. Everything that a person or an article wrote goes through `escape` on its way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from corpus.types import Article
from qa.chat.types import Failed, Stopped, Target, Turn, Working, quote_digest
from qa.chat.words import confidence_words, count_words, moment_words, stage_words
from qa.types import Answer, Citation, Sentence, Status
from vectorstore.types import Hit

PASSAGE_WORDS = 16  # enough of a passage's beginning to recognise it by


def render_conversation(turns: Sequence[Turn]) -> str:
    """Return every turn, oldest first."""
    body = "".join(render_turn(index, turn) for index, turn in enumerate(turns))
    return f'<section class="turns" role="log" aria-label="Conversation" aria-live="polite">{body}</section>'


def render_turn(index: int, turn: Turn) -> str:
    """Return a question and what came of it."""
    scope = f'<p class="scope-said">Scope: {_inline(turn.scope)}</p>' if turn.scope else ""
    state = "working" if isinstance(turn.outcome, Working) else "done"
    return (
        f'<article class="turn" data-state="{state}" data-turn="{index}">'
        f'<h2 class="question" dir="auto">{escape(turn.question)}</h2>{scope}'
        f'<div class="outcome">{_outcome(turn)}</div>{_actions(index, turn)}</article>'
    )


def render_answer(answer: Answer, read: Mapping[str, Article]) -> str:
    """Return an answer, short answer first, or a refusal with its reason and the nearest articles.

    `read` holds, by id, the articles whose passages were read.
    """
    if answer.status is Status.NOT_IN_CORPUS:
        return _refusal(answer) + _also_read(answer, read)
    partly = '<p class="label">Partly answered</p>' if answer.status is Status.PARTIAL else ""
    return (
        f"{_standalone(answer)}{partly}{_short_answer(answer)}"
        + "".join(_sentence(sentence, answer) for sentence in answer.sentences)
        + _notes(answer)
        + f'<p class="confidence">{confidence_words(answer.confidence)}</p>'
        + _sources(answer.citations)
        + _also_read(answer, read)
    )


def render_link(target: Target, *, label: str, css: str, described: str = "") -> str:
    """Return a link that opens the source panel at its target; `label` is HTML, `described` is plain words."""
    number = "" if target.number is None else f' data-number="{target.number}"'
    aria = f' aria-label="{escape(described)}"' if described else ""
    return (
        f'<a class="{css}" href="#source-panel" data-article="{escape(target.article_id)}" data-start="{target.start}"'
        f' data-end="{target.end}" data-digest="{escape(target.digest)}"{number}{aria}>{label}</a>'
    )


def _outcome(turn: Turn) -> str:
    outcome = turn.outcome
    if isinstance(outcome, Working):
        return (
            f'<p class="stage"><span class="pulse" aria-hidden="true"></span>{escape(stage_words(outcome.stage))}…</p>'
        )
    if isinstance(outcome, Stopped):
        return '<p class="label">Stopped before an answer was found.</p>'
    if isinstance(outcome, Failed):
        return (
            f'<div class="problem" role="alert"><p class="label">No answer</p><p>{_inline(outcome.message)}</p></div>'
        )
    return render_answer(outcome, turn.read)


def _actions(index: int, turn: Turn) -> str:
    if isinstance(turn.outcome, Working):
        return ""
    question = escape(turn.question)
    return (
        '<p class="actions">'
        f'<button type="button" class="quiet" data-ask="{question}" data-replaces="{index}">Ask again</button>'
        f'<button type="button" class="quiet" data-edit="{question}" data-replaces="{index}">Edit question</button></p>'
    )


def _standalone(answer: Answer) -> str:
    if answer.standalone_question.strip() == answer.question.strip() or not answer.standalone_question:
        return ""
    return f'<p class="understood">Understood as: {_inline(answer.standalone_question)}</p>'


def _short_answer(answer: Answer) -> str:
    repeated = any(sentence.text.strip() == answer.short_answer.strip() for sentence in answer.sentences)
    if not answer.short_answer or repeated:
        return ""
    return f'<p class="short-answer" dir="auto">{escape(answer.short_answer)}</p>'


def _sentence(sentence: Sentence, answer: Answer) -> str:
    cited = {citation.number: citation for citation in answer.citations}
    links = "".join(_citation_link(cited[number]) for number in sentence.citations)
    named = ", ".join(rule.replace("-", " ") for rule in sentence.rules)
    rules = f'<span class="rules">Derived by rule: {_inline(named)}</span>' if named else ""
    return f'<p class="sentence" dir="auto">{escape(sentence.text)}&nbsp;{links}{rules}</p>'


def _citation_link(citation: Citation, *, label: str = "", css: str = "cite") -> str:
    return render_link(
        citation_target(citation),
        label=label or f"[{citation.number}]",
        css=css,
        described=f"Source {citation.number}: {citation.title}, {moment_words(citation.published)}",
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


def _notes(answer: Answer) -> str:
    if not answer.notes:
        return ""
    return '<ul class="notes">' + "".join(f"<li>{_inline(note)}</li>" for note in answer.notes) + "</ul>"


def _sources(citations: Sequence[Citation]) -> str:
    rows = "".join(
        "<li>"
        + _citation_link(
            citation,
            label=f'<span class="number">{citation.number}</span> <span class="title">{_inline(citation.title)}</span>',
            css="source-link",
        )
        + f'<span class="byline">{_byline(citation.source, citation.published)}{_copies(citation)}</span></li>'
        for citation in citations
    )
    return f'<ul class="sources" aria-label="Sources">{rows}</ul>'


def _copies(citation: Citation) -> str:
    return f"; also in {_inline(', '.join(citation.also_in))}" if citation.also_in else ""


def _also_read(answer: Answer, read: Mapping[str, Article]) -> str:
    """Return the passages that were read and not cited, best first, with the score that brought each here."""
    unused = [hit for hit in answer.hits if not any(_holds(hit, citation) for citation in answer.citations)]
    if not unused:
        return ""
    rows = "".join(_read_row(hit, read.get(hit.passage.article_id)) for hit in unused)
    summary = f"{count_words(len(unused), 'passage')} also read, but not used"
    return f'<details class="also-read"><summary>{summary}</summary><ol>{rows}</ol></details>'


def _holds(hit: Hit, citation: Citation) -> bool:
    passage = hit.passage
    return passage.article_id == citation.article_id and passage.start < citation.end and citation.start < passage.end


def _read_row(hit: Hit, article: Article | None) -> str:
    passage = hit.passage
    words = passage.text.split()
    beginning = " ".join(words[:PASSAGE_WORDS]) + ("…" if len(words) > PASSAGE_WORDS else "")
    target = Target(passage.article_id, passage.start, passage.end, quote_digest(passage.text))
    byline = ""
    if article is not None:
        day = article.published_day
        byline = f"{_inline(article.title)}. {_byline(article.source, day.isoformat() if day else '')}; "
    link = render_link(target, label=_inline(beginning), css="passage-link")
    return f'<li>{link}<span class="byline">{byline}score {hit.score:.2f}</span></li>'


def _refusal(answer: Answer) -> str:
    near = "".join(
        "<li>"
        + render_link(Target(article.article_id), label=_inline(article.title), css="source-link")
        + f'<span class="byline">{_byline(article.source, article.published)}</span></li>'
        for article in answer.nearest
    )
    nearest = f'<p class="label">Nearest articles</p><ul class="sources">{near}</ul>' if near else ""
    reason = escape(answer.reason) or "Nothing in it answers this question."
    return (
        f'{_standalone(answer)}<div class="refusal"><p class="short-answer">Not in this archive</p>'
        f'<p class="sentence" dir="auto">{reason}</p>{_notes(answer)}{nearest}</div>'
    )


def _byline(source: str, published: str) -> str:
    day = f"published {escape(moment_words(published))}" if published.strip() else "undated"
    return f"{_inline(source)}, {day}" if source else day


def _inline(words: str) -> str:
    """Return words escaped and set apart, so that their direction of writing cannot reorder what stands around them."""
    return f"<bdi>{escape(words)}</bdi>"
