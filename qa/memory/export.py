"""What is remembered, for elsewhere: a conversation as Markdown and JSON, feedback as questions to be scored on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qa.chat.source import safe_url
from qa.markdown import escape_markdown
from qa.memory.records import turn_record
from qa.memory.types import SHOULD_HAVE_REFUSED, Conversation, Feedback, StoredTurn, Verdict


def conversation_record(conversation: Conversation, turns: Sequence[StoredTurn]) -> dict[str, Any]:
    """Return the record of a conversation: its turns with the answers as `dateline ask --json` prints them."""
    return {
        "id": conversation.id,
        "title": conversation.title,
        "created": conversation.created.isoformat(),
        "updated": conversation.updated.isoformat(),
        "turns": [turn_record(turn) for turn in turns],
    }


def conversation_markdown(conversation: Conversation, turns: Sequence[StoredTurn]) -> str:
    """Return a conversation as Markdown, each answer with its citations quoted; nobody's words are marks in it."""
    told = [_turn_markdown(turn) for turn in turns]
    return "\n\n".join([f"# {escape_markdown(conversation.title)}", *told]) + "\n"


def _turn_markdown(turn: StoredTurn) -> str:
    parts = [f"## {escape_markdown(turn.question)}", f"Asked on {turn.asked_on.isoformat()}{_scope_words(turn.scope)}."]
    if turn.answer is None:
        parts.append(escape_markdown(turn.message) or "There is no answer.")
    else:
        parts += _answer_markdown(turn.answer)
    return "\n\n".join(parts)


def _answer_markdown(answer: Mapping[str, Any]) -> Iterator[str]:
    if answer["short_answer"]:
        yield f"**{escape_markdown(answer['short_answer'])}**"
    yield escape_markdown(answer["answer"] or f"Not in this archive. {answer['reason']}")
    for citation in answer["citations"]:
        yield _citation_markdown(citation)


def _citation_markdown(citation: Mapping[str, Any]) -> str:
    named = [citation["title"], citation["source"], citation["date"] or "undated"]
    named += [f"article {citation['article_id']}, characters {citation['start']} to {citation['end']}"]
    named += [safe_url(citation["url"])]
    head = f"[{citation['number']}] {', '.join(filter(None, named))}"
    return f"{escape_markdown(head)}\n\n> {escape_markdown(citation['quote'])}"


def _scope_words(scope: Mapping[str, Any]) -> str:
    told = [f"{name} {value}" for name, value in scope.items() if value and name != "today"]
    return f", {escape_markdown(', '.join(told))}" if told else ""


@dataclass(frozen=True, slots=True)
class Questions:
    """Records of questions for `dateline eval`, and how many opinions made none, by reason."""

    records: tuple[dict[str, Any], ...]
    left_out: Mapping[str, int]


NO_RIGHT_ANSWER = "nobody said what the right answer is"
RESTRICTED = "asked of a part of the archive, which a file of questions cannot say"


def feedback_questions(feedback: Sequence[Feedback]) -> Questions:
    """Return feedback as questions whose gold answers people have confirmed or given.

    A thumb up makes the answer gold, with its citations as evidence; "should have refused" makes a question without
    an answer; any other opinion counts when its author gave the right answer.
    """
    records: list[dict[str, Any]] = []
    left_out: dict[str, int] = {}
    for given in feedback:
        gold = None if given.turn.restricted else _gold(given)
        if gold is not None:
            records.append({**_question(given), **gold})
        else:
            reason = RESTRICTED if given.turn.restricted else NO_RIGHT_ANSWER
            left_out[reason] = left_out.get(reason, 0) + 1
    return Questions(tuple(records), left_out)


def _question(given: Feedback) -> dict[str, Any]:
    labels = ["feedback", given.opinion.reason or given.opinion.verdict.value]
    return {
        "id": given.id,
        "question": given.turn.question,
        "date": given.turn.asked_on.isoformat(),
        "history": list(given.history),
        "type": labels,
    }


def _gold(given: Feedback) -> dict[str, Any] | None:
    opinion, answer = given.opinion, given.turn.answer
    if opinion.verdict is Verdict.UP and answer is not None:
        if not answer["short_answer"]:
            return {"answers": [], "answerable": False}
        evidence = [{"article_id": cited["article_id"], "quote": cited["quote"]} for cited in given.citations]
        return {"answers": [answer["short_answer"]], "answerable": True, "evidence": evidence}
    if opinion.reason == SHOULD_HAVE_REFUSED:
        return {"answers": [], "answerable": False}
    if opinion.right_answer.strip():
        return {"answers": [opinion.right_answer.strip()], "answerable": True}
    return None


def feedback_record(given: Feedback) -> dict[str, Any]:
    """Return the record of an opinion, with all that the turn was; whose it is, is not told."""
    return {
        "id": given.id,
        "conversation": given.conversation_id,
        "place": given.place,
        "verdict": given.opinion.verdict.value,
        "reason": given.opinion.reason,
        "comment": given.opinion.comment,
        "right_answer": given.opinion.right_answer,
        "given": given.given.isoformat(),
        "generation": given.generation,
        "history": list(given.history),
        **turn_record(given.turn),
    }
