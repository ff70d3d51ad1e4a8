"""The JSON endpoints under `/api/v1`. No state is kept between requests: history is passed in."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Path, Query, UploadFile
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer

from qa.errors import QuestionError
from qa.records import answer_record, article_record, found_record
from qa.server.models import (
    MOST_LISTED,
    MOST_SOURCES,
    AnswerOut,
    ArticleOut,
    AskRequest,
    Day,
    ListOut,
    Problem,
    SearchOut,
    SearchRequest,
    Source,
    UploadOut,
)
from qa.server.services import Services
from qa.uploads import Uploads
from vectorstore.types import Filters, SyncReport

# For the description alone: who may come has been decided before a route is reached.
BEARER = [Depends(HTTPBearer(auto_error=False, scheme_name="API key", description="Where login is on"))]
FURTHEST = 1_000_000_000  # of an offset; no archive reaches it, and no database stumbles over it
MEANINGS = {
    400: "The request makes no sense; the message says why",
    401: "No API key, or a wrong one",
    404: "There is no such article",
    408: "The body did not come in time",
    411: "The body's length was not told",
    413: "The body is too large",
    422: "The request is not of the form that is described here",
    429: "Too many questions from this client: wait for `Retry-After` seconds",
    503: "The archive is being rebuilt or written to, or too many questions are waiting: ask again",
}
ArticleId = Annotated[str, Path(max_length=300, description="Id of an article, as `search` gives it")]


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the description of the problems that a route may answer with."""
    return {status: {"model": Problem, "description": MEANINGS[status]} for status in (*statuses, 401, 422, 429, 503)}


def api_router(services: Services) -> APIRouter:
    """Return the routes that ask, search, list and show."""
    router, desk = APIRouter(prefix="/api/v1", dependencies=BEARER), services.desk

    @router.post("/ask", response_model=AnswerOut, responses=problems(400, 408, 411, 413), summary="Answer a question")
    async def ask(asked: AskRequest) -> JSONResponse:
        """Answer from the archive, every sentence with its citations, or refuse with the reason."""
        answer = await services.run(
            desk.ask,
            asked.question,
            today=asked.today or services.today(),
            history=tuple(asked.history),
            filters=asked.filters(),
            implied=asked.implied,
        )
        return JSONResponse(answer_record(answer))

    @router.post("/search", response_model=SearchOut, responses=problems(400, 408, 411, 413), summary="Find passages")
    async def search(asked: SearchRequest) -> JSONResponse:
        """Return the passages that fit the words best, best first."""
        record = await services.run(search_record, services, asked)
        return JSONResponse(record)

    @router.get("/articles", response_model=ListOut, responses=problems(), summary="List articles")
    async def articles(
        offset: Annotated[int, Query(ge=0, le=FURTHEST)] = 0,
        limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 50,
        published_from: Annotated[Day | None, Query()] = None,
        published_to: Annotated[Day | None, Query()] = None,
        source: Annotated[list[Source] | None, Query(max_length=MOST_SOURCES)] = None,
    ) -> JSONResponse:
        """Return a page of what the archive holds, latest first, undated ones last."""
        filters = _filters(published_from, published_to, source or ())
        return JSONResponse(await services.run(_listed, services, filters, offset, limit))

    @router.get("/articles/{article_id:path}", response_model=ArticleOut, responses=problems(404), summary="Read one")
    async def article(article_id: ArticleId) -> JSONResponse:
        """Return an article whole; citations count in its `text`, in Unicode code points."""
        return JSONResponse(article_record(await services.run(desk.article, article_id)))

    if services.uploads is not None:
        _add_intake(router, services, services.uploads)
    return router


def _add_intake(router: APIRouter, services: Services, uploads: Uploads) -> None:
    @router.post("/articles", response_model=UploadOut, responses=problems(400, 408, 411, 413), summary="Add articles")
    async def upload(file: Annotated[UploadFile, File(description="Of any form that `dateline index` reads")]) -> Any:
        """Keep a file of articles and index it: they can be found when this answers."""
        name, content = file.filename or "", await file.read()
        return JSONResponse(upload_record(name, await services.run(uploads.take_in, name, content)))

    @router.delete("/articles/{article_id:path}", response_model=ArticleOut, responses=problems(404), summary="Remove")
    async def remove(article_id: ArticleId) -> JSONResponse:
        """Take an article out of the archive and return it as it was."""
        return JSONResponse(article_record(await services.run(uploads.remove, article_id)))


def upload_record(name: str, report: SyncReport) -> dict[str, Any]:
    """Return the record of an upload; where on this machine it lies is nobody's business."""
    failures = [{"entry": _entry(failure.path), "reason": failure.reason} for failure in report.failed]
    counts = {"added": report.added, "updated": report.updated, "unchanged": report.unchanged}
    return {"name": name, **counts, "removed": report.removed, "failures": failures}


def _entry(place: str) -> str:
    """Return the entry that a failure's place names behind the file's path, "" for the whole file."""
    return place.rpartition(", ")[2] if ", " in place else ""


def _filters(first: date | None, last: date | None, sources: Sequence[str]) -> Filters:
    try:
        return Filters(first, last, frozenset(source for source in sources if source.strip()))
    except ValueError as problem:
        raise QuestionError(str(problem)) from problem


def search_record(services: Services, asked: SearchRequest) -> dict[str, Any]:
    """Return the record of a search."""
    desk, today = services.desk, asked.today or services.today()
    found = desk.search(asked.query, k=asked.k, filters=asked.filters(), today=today)
    articles = desk.store.articles(sorted({item.hit.passage.article_id for item in found}))
    held = [item for item in found if item.hit.passage.article_id in articles]  # none that was removed meanwhile
    return {"query": asked.query, "hits": [found_record(item, articles) for item in held]}


def _listed(services: Services, filters: Filters, offset: int, limit: int) -> dict[str, Any]:
    listing = services.desk.store.list_articles(filters, offset=offset, limit=limit)
    listed = [
        {
            "id": article.id,
            "title": article.title,
            "date": article.published.isoformat() if article.published else "",
            "source": article.source,
        }
        for article in listing.articles
    ]
    return {"total": listing.total, "offset": offset, "articles": listed}
