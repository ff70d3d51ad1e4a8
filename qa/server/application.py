"""The HTTP application: the API, the tools and the page, behind what watches over all of them."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import metadata

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException

from corpus.errors import DatelineError
from qa.server.access import Access
from qa.server.asgi import problem_record
from qa.server.describe import DOCUMENT, describe
from qa.server.guard import Guard
from qa.server.health import health_router
from qa.server.identify import Identified, Sessions
from qa.server.limits import RateLimit
from qa.server.login import login_router
from qa.server.observe import OUR_MISTAKE, Observed
from qa.server.openai_routes import openai_router
from qa.server.routes import api_router
from qa.server.services import Services, code_of, status_of
from qa.server.tools import build_tools, tool_routes

DESCRIPTION = (
    "Questions over an archive of dated news articles, answered with quotations that name their article and their "
    "place in it. Nothing is kept between requests: the questions before a question are sent along with it. "
    "Where login is on, send an API key: `Authorization: Bearer KEY`."
)
RETRY_AFTER_S = "5"
ALL_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
MOST_PROBLEMS = 5  # of a request, told in one message


@dataclass(frozen=True, slots=True)
class Doors:
    """Who may come in. `hosts` are the names that the server goes by, None for any; `rate` is questions a minute."""

    access: Access
    hosts: frozenset[str] | None
    rate: int


@dataclass(frozen=True, slots=True)
class Served:
    """An application to be served; `let_go` ends what open pages hold, so that the server can stop."""

    application: Observed
    let_go: Callable[[], None]


def build_http(services: Services, doors: Doors, mount_page: Callable[[FastAPI], None]) -> Served:
    """Return the application; `mount_page` puts the page at `/` of it. To be called inside an event loop."""
    tools = build_tools(services)
    tools_at = tool_routes(tools)

    @asynccontextmanager
    async def lifespan(application: FastAPI) -> AsyncIterator[None]:
        async with tools.session_manager.run():
            yield

    inner = FastAPI(
        title="Dateline",
        version=metadata.version("dateline-qa"),
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url=DOCUMENT,
        lifespan=lifespan,
    )
    sessions = Sessions()
    for router in (api_router(services), openai_router(services), login_router(doors.access, sessions)):
        inner.include_router(router)
    inner.include_router(health_router(services))
    inner.include_router(health_router(services, "/api/v1"), include_in_schema=False)
    inner.router.routes.extend(tools_at)
    _add_description(inner)
    _add_nothing_else(inner)
    _tell_problems(inner)
    mount_page(inner)
    _watch(services)
    rate = RateLimit(doors.rate)
    identified = Identified(inner, doors.access, sessions, rate, services.metrics)
    guard = Guard(identified, services.metrics, hosts=doors.hosts)
    return Served(Observed(guard, services.metrics), guard.let_go)


def _add_description(application: FastAPI) -> None:
    @application.get("/api", include_in_schema=False)
    async def description() -> HTMLResponse:
        return HTMLResponse(describe(application.openapi()))


def _add_nothing_else(application: FastAPI) -> None:
    """Keep what is no route of the API from the page, which would answer it in its own way."""

    async def nothing(request: Request) -> JSONResponse:
        told = f"there is no {request.method} {request.url.path[:200]} here: /api describes what there is"
        return JSONResponse(problem_record(404, told, code="not_found"), 404)

    for prefix in ("/api", "/v1"):
        application.add_route(f"{prefix}/{{rest:path}}", nothing, ALL_METHODS, include_in_schema=False)


def _tell_problems(application: FastAPI) -> None:
    """Answer every problem in one form, that of OpenAI's API."""

    @application.exception_handler(DatelineError)
    async def ours(request: Request, problem: DatelineError) -> JSONResponse:
        status = status_of(problem)
        headers = {"retry-after": RETRY_AFTER_S} if status == 503 else None
        return JSONResponse(problem_record(status, str(problem), code=code_of(problem)), status, headers)

    @application.exception_handler(RequestValidationError)
    async def form(request: Request, problem: RequestValidationError) -> JSONResponse:
        errors = problem.errors()
        told = "; ".join(f"{_place(error['loc'])}: {error['msg']}" for error in errors[:MOST_PROBLEMS])
        param = _place(errors[0]["loc"]) if errors else None
        return JSONResponse(_ascii(problem_record(422, told, code="wrong_form", param=param)), 422)

    @application.exception_handler(HTTPException)
    async def framework(request: Request, problem: HTTPException) -> JSONResponse:
        record = problem_record(problem.status_code, str(problem.detail), code=None)
        return JSONResponse(_ascii(record), problem.status_code, problem.headers)

    @application.exception_handler(Exception)  # which is raised again afterwards: its full story goes to the log
    async def defect(request: Request, problem: Exception) -> JSONResponse:
        return JSONResponse(problem_record(500, OUR_MISTAKE, code="internal_error"), 500)


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location[1:]) or str(location[0] if location else "request")


def _ascii(record: dict[str, dict[str, str | None]]) -> dict[str, dict[str, str | None]]:
    """Return a record without halves of surrogate pairs, which may come in with a request and cannot go out."""
    return {
        name: {key: value and value.encode("utf-8", "replace").decode("utf-8") for key, value in told.items()}
        for name, told in record.items()
    }


def _watch(services: Services) -> None:
    """Show what is asked for each time the metrics are read."""
    desk = services.desk
    services.metrics.observe("dateline_waiting", "Questions that wait for their turn", lambda: desk.waiting)
    services.metrics.observe("dateline_index_generation", "Generation of the index", lambda: desk.store.generation)
