"""The chat completions of OpenAI's API, so that any chat client can ask: https://platform.openai.com/docs/api-reference/chat

The last message of the user is the question and those before it are its history; what an assistant or a system said
is not heeded, for an answer stands on the archive alone. An answer is put in Markdown, with its citations below it.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from corpus.errors import DatelineError
from qa.errors import QuestionError
from qa.markdown import escape_markdown
from qa.records import answer_record
from qa.server.asgi import problem_record
from qa.server.models import MOST_EARLIER, Given, Scope
from qa.server.observe import OUR_MISTAKE
from qa.server.services import code_of, status_of
from qa.types import Answer, Citation, Status

MODEL = "dateline"
MOST_MESSAGES = 2 * MOST_EARLIER
NO_TOKENS = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}  # no language model counts any

log = logging.getLogger(__name__)


class Part(BaseModel):
    """A part of a message; only text can be asked."""

    type: str
    text: str = ""


class ChatMessage(BaseModel):
    """One message of a conversation."""

    role: str
    content: str | list[Part] | None = None

    @property
    def words(self) -> str:
        """The text of the message."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type in {"text", "input_text"})
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream ends with."""

    include_usage: bool | None = None


class CompletionRequest(BaseModel):
    """A conversation. What OpenAI's API knows besides (`temperature`, `max_tokens`, …) changes nothing here."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    model: str = Field(examples=[MODEL])
    messages: list[ChatMessage] = Field(min_length=1, max_length=MOST_MESSAGES)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: int | None = Field(1, ge=1, le=1)
    dateline: Scope | None = Field(None, description="What may be searched; ours, not OpenAI's")


class CompletionOut(Given):
    """An answer in OpenAI's form, with the citations in a member of their own."""

    id: str
    object: str
    created: int
    model: str
    choices: list[dict[str, Any]]
    usage: dict[str, int]
    citations: list[dict[str, Any]]
    dateline: dict[str, Any]


class ModelsOut(Given):
    """The models there are: one."""

    object: str
    data: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation as it is asked: its last question and the questions before it."""

    question: str
    history: tuple[str, ...]
    scope: Scope
    today: date


def read_chat(request: CompletionRequest, today: date) -> Chat:
    """Return what a conversation asks. Raises QuestionError."""
    asked = [message.words.strip() for message in request.messages if message.role == "user"]
    if not asked or request.messages[-1].role != "user":
        raise QuestionError("the last message must be the user's: it is the question")
    if not asked[-1]:
        raise QuestionError("the last message holds no text: only text can be asked")
    try:
        "".join(asked).encode("utf-8")
    except UnicodeEncodeError:
        raise QuestionError("a message holds half of a surrogate pair, which is no character") from None
    earlier = tuple(words for words in asked[:-1] if words)
    scope = request.dateline or Scope.model_validate({})
    return Chat(asked[-1], earlier, scope, scope.today or today)


def answer_markdown(answer: Answer) -> Iterator[str]:
    """Yield an answer as Markdown, a piece at a time: the short answer, each sentence, then what is cited."""
    if answer.status is Status.NOT_IN_CORPUS:
        yield f"**Not in this archive.** {escape_markdown(answer.reason)}"
        if answer.nearest:
            yield "\n\nNearest articles:"
        for near in answer.nearest:
            yield "\n- " + escape_markdown(f"{near.title} ({near.published[:10] or 'undated'})")
        return
    if answer.short_answer:
        yield f"**{escape_markdown(answer.short_answer)}**\n\n"
    for number, sentence in enumerate(answer.sentences):
        marks = "".join(f"[{cited}]" for cited in sentence.citations)
        yield f"{' ' if number else ''}{escape_markdown(sentence.text)} {marks}"
    for note in answer.notes:
        yield f"\n\n{escape_markdown(note)}"
    for citation in answer.citations:
        yield f"\n\n\\[{citation.number}\\] {_citation_markdown(citation)}"


def _citation_markdown(citation: Citation) -> str:
    named = [citation.title, citation.source, citation.published[:10] or "undated"]
    return f"{escape_markdown(', '.join(filter(None, named)))}: “{escape_markdown(citation.quote)}”"


class Completion:
    """One completion that is being made: its id and its moment are the same in all its parts."""

    def __init__(self, now: datetime | None = None) -> None:
        self._id = f"chatcmpl-{uuid.uuid4().hex}"
        self._created = int((now or datetime.now(timezone.utc)).timestamp())

    def whole(self, answer: Answer) -> dict[str, Any]:
        """Return an answer as one completion."""
        message = {"role": "assistant", "content": "".join(answer_markdown(answer)), "refusal": None}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return {**self._head("chat.completion"), "choices": [choice], "usage": NO_TOKENS, **_ours(answer)}

    def chunk(self, delta: dict[str, str], *, finish: str | None = None) -> dict[str, Any]:
        """Return a part of a completion."""
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return {**self._head("chat.completion.chunk"), "choices": [choice]}

    def usage(self) -> dict[str, Any]:
        """Return the part that tells what a completion used."""
        return {**self._head("chat.completion.chunk"), "choices": [], "usage": NO_TOKENS}

    def last(self, answer: Answer) -> dict[str, Any]:
        """Return the part that ends a completion, with the citations."""
        return {**self.chunk({}, finish="stop"), **_ours(answer)}

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self._id, "object": kind, "created": self._created, "model": MODEL}


def _ours(answer: Answer) -> dict[str, Any]:
    record = answer_record(answer)
    told = ("status", "short_answer", "confidence", "reason", "standalone_question", "generation")
    return {"citations": record["citations"], "dateline": {name: record[name] for name in told}}


async def stream_completion(
    steps: AsyncIterator[str | Answer], *, include_usage: bool, completion: Completion | None = None
) -> AsyncIterator[str]:
    """Yield a completion as server-sent events: stages as comments, then the answer sentence by sentence."""
    made = completion or Completion()
    yield _event(made.chunk({"role": "assistant", "content": ""}))
    try:
        async for step in steps:
            if isinstance(step, str):
                yield f": {step}\n\n"  # a comment: clients pass over it, and the connection is seen to live
                continue
            for piece in answer_markdown(step):
                yield _event(made.chunk({"content": piece}))
            yield _event(made.last(step))
    except DatelineError as problem:
        yield _event(problem_record(status_of(problem), str(problem), code=code_of(problem)))
    except Exception:  # the answer has begun: what went wrong can only be told inside it
        log.exception("a question could not be answered")
        yield _event(problem_record(500, OUR_MISTAKE, code="internal_error"))
    if include_usage:
        yield _event(made.usage())
    yield "data: [DONE]\n\n"


def _event(record: dict[str, Any]) -> str:
    return f"data: {json.dumps(record)}\n\n"
