"""A conversation as HTML: each turn with its question, what came of it, and what can be done with it."""

from __future__ import annotations

from html import escape

from qa.chat.answer import inline, plain_answer, render_answer, render_told
from qa.chat.types import Arriving, Failed, Stopped, Talk, Turn, Working
from qa.chat.words import stage_words
from qa.memory.types import REASONS, Verdict
from qa.types import Answer

THUMB = (
    '<svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true"{turned}><path d="M7 11v9H4v-9zm0 0 4-8c1.7 0'
    ' 2.5 1.2 2.2 3L12.6 9H19a1.6 1.6 0 0 1 1.6 2l-1.7 7.4A2 2 0 0 1 17 20H7" fill="none" stroke="currentColor"'
    ' stroke-width="1.6" stroke-linejoin="round"/></svg>'
)
OPINIONS = (
    (Verdict.UP, "This answer is right", THUMB.format(turned="")),
    (Verdict.DOWN, "Something is wrong with this answer", THUMB.format(turned=' style="transform:scaleY(-1)"')),
)


def render_talk(talk: Talk) -> tuple[str, str]:
    """Return all turns but the last, oldest first, and the last: only that one changes while an answer comes."""
    *earlier, last = [render_turn(index, turn) for index, turn in enumerate(talk.turns)] or [""]
    return (
        _section("Earlier in this conversation", talk, "".join(earlier)) if earlier else "",
        _section("Latest question", talk, last),
    )


def _section(name: str, talk: Talk, turns: str) -> str:
    return f'<section class="turns" aria-label="{name}" data-conversation="{escape(talk.id)}">{turns}</section>'


def render_turn(index: int, turn: Turn) -> str:
    """Return a question and what came of it."""
    scope = f'<p class="scope-said">Scope: {inline(turn.scope)}</p>' if turn.scope else ""
    state = "working" if isinstance(turn.outcome, (Working, Arriving)) else "done"
    return (
        f'<article class="turn" data-state="{state}" data-turn="{index}" aria-labelledby="question-{index}">'
        f'<h2 class="question" id="question-{index}" tabindex="-1" dir="auto">{escape(turn.question)}</h2>{scope}'
        f'{_implied(index, turn)}<div class="outcome">{_outcome(turn)}</div>{_problem(turn)}{_actions(index, turn)}'
        "</article>"
    )


def _implied(index: int, turn: Turn) -> str:
    """Return what the question itself was taken to ask for, as chips that can be taken away."""
    question = escape(turn.question)
    again = f'data-ask="{question}" data-replaces="{index}"'
    if not turn.implied:
        return (
            '<p class="implied">Not heeded: the order and the days in the question. '
            f'<button type="button" class="chip" {again}>Heed them</button></p>'
        )
    answer = turn.outcome.answer if isinstance(turn.outcome, Arriving) else turn.outcome
    if not isinstance(answer, Answer) or not answer.implied:
        return ""
    chips = "".join(f'<span class="chip-words">{inline(words)}</span>' for words in answer.implied)
    return (
        f'<p class="implied">Read from the question: {chips}<button type="button" class="chip" {again}'
        ' data-implied="no" aria-label="Ask again without what was read from the question">Remove ×</button></p>'
    )


def _outcome(turn: Turn) -> str:
    outcome = turn.outcome
    if isinstance(outcome, Working):
        words = escape(stage_words(outcome.stage))
        return f'<p class="stage"><span class="pulse" aria-hidden="true"></span>{words}…</p>'
    if isinstance(outcome, Arriving):
        return render_told(outcome.answer, outcome.told)
    if isinstance(outcome, Stopped):
        return '<p class="label">Stopped before an answer was found.</p>'
    if isinstance(outcome, Failed):
        return f'<div class="problem" role="alert"><p class="label">No answer</p><p>{inline(outcome.message)}</p></div>'
    return render_answer(outcome)


def _problem(turn: Turn) -> str:
    return f'<p class="warning" role="alert">{inline(turn.problem)}</p>' if turn.problem else ""


def _actions(index: int, turn: Turn) -> str:
    if isinstance(turn.outcome, (Working, Arriving)):
        return ""
    question = escape(turn.question)
    about = ""
    if isinstance(turn.outcome, Answer):
        about = (
            '<button type="button" class="quiet" data-evidence>Sources and scores</button>'
            f'<button type="button" class="quiet" data-copy="{escape(plain_answer(turn.outcome))}">Copy</button>'
        )
    retry = (
        f'<button type="button" class="quiet" data-ask="{question}" data-replaces="{index}">Ask again</button>'
        f'<button type="button" class="quiet" data-edit="{question}" data-replaces="{index}">Edit question</button>'
    )
    thumbs, form = (_thumbs(turn), _opinion_form(index, turn)) if isinstance(turn.outcome, Answer) else ("", "")
    return f'<div class="actions">{about}{retry}{thumbs}</div>{form}'


def _thumbs(turn: Turn) -> str:
    given = turn.opinion.verdict if turn.opinion else None
    return "".join(
        f'<button type="button" class="quiet thumb" data-verdict="{verdict.value}"'
        f' aria-pressed="{"true" if verdict is given else "false"}" aria-label="{label}" title="{label}">'
        f"{icon}</button>"
        for verdict, label, icon in OPINIONS
    )


def _opinion_form(index: int, turn: Turn) -> str:
    """Return the form that asks what is wrong with an answer; hidden until a thumb down is given."""
    chosen = turn.opinion.reason if turn.opinion else ""
    reasons = "".join(
        f'<label><input type="radio" name="reason-{index}" value="{reason}"{" checked" if reason == chosen else ""}>'
        f" {reason.capitalize()}</label>"
        for reason in REASONS
    )
    said = f'<p class="label">Noted: {escape(chosen)}</p>' if chosen else ""
    return (
        f'{said}<form class="opinion" hidden><fieldset><legend>What is wrong?</legend>{reasons}</fieldset>'
        '<label>The right answer, if you know it <input type="text" name="right_answer" maxlength="4000" dir="auto">'
        '</label><label>Anything else <input type="text" name="comment" maxlength="4000" dir="auto"></label>'
        '<p><button type="submit" class="send">Send</button>'
        '<button type="button" class="quiet" data-opinion-cancel>Cancel</button></p></form>'
    )
