"""The routes of the chat completions under `/v1`."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response, StreamingResponse

from qa.server.asgi import problem_record
from qa.server.completions import (
    MODEL,
    Chat,
    Completion,
    CompletionOut,
    CompletionRequest,
    ModelsOut,
    read_chat,
    stream_completion,
)
from qa.server.routes import BEARER, problems
from qa.server.services import Services
from qa.types import Answer

MODEL_RECORD = {"id": MODEL, "object": "model", "created": 0, "owned_by": "dateline"}
STREAMED = {"text/event-stream": {"schema": {"type": "string"}}}


def openai_router(services: Services) -> APIRouter:
    """Return the routes `/v1/models` and `/v1/chat/completions`."""
    router = APIRouter(prefix="/v1", dependencies=BEARER)
    answered: dict[int | str, dict[str, Any]] = {**problems(400, 404, 408, 411, 413), 200: {"content": STREAMED}}

    @router.get("/models", response_model=ModelsOut, responses=problems(), summary="List the models")
    async def models() -> JSONResponse:
        """Return the one model there is: the archive."""
        return JSONResponse({"object": "list", "data": [MODEL_RECORD]})

    @router.get("/models/{model}", responses=problems(404), summary="Describe a model")
    async def model(model: str) -> JSONResponse:
        """Return the model of this name."""
        return JSONResponse(MODEL_RECORD) if model == MODEL else _no_model(model)

    @router.post("/chat/completions", response_model=CompletionOut, responses=answered, summary="Chat")
    async def complete(request: CompletionRequest) -> Response:
        """Answer the last message of a conversation, whole or (`stream`) as server-sent events."""
        if request.model != MODEL:
            return _no_model(request.model)
        chat = read_chat(request, services.today())
        stages = services.iterate(_stages(services, chat))
        if not request.stream:
            *_, answer = [step async for step in stages]
            assert isinstance(answer, Answer)
            return JSONResponse(Completion().whole(answer))
        begun = await _begun(stages)
        usage = bool(request.stream_options and request.stream_options.include_usage)
        events = stream_completion(begun, include_usage=usage)
        return StreamingResponse(events, media_type="text/event-stream", headers={"cache-control": "no-store"})

    return router


def _stages(services: Services, chat: Chat) -> Iterator[str | Answer]:
    scope = chat.scope.filters()
    yield from services.desk.stages(chat.question, today=chat.today, history=chat.history, filters=scope)


async def _begun(steps: AsyncIterator[str | Answer]) -> AsyncIterator[str | Answer]:
    """Return steps of which the first has been taken: what is wrong with a question is told before a stream begins."""
    first = await anext(steps)

    async def all_steps() -> AsyncIterator[str | Answer]:
        yield first
        async for step in steps:
            yield step

    return all_steps()


def _no_model(name: str) -> JSONResponse:
    told = problem_record(
        404, f"there is no model {name[:80]!r}: ask for {MODEL!r}", code="model_not_found", param="model"
    )
    return JSONResponse(told, 404)
