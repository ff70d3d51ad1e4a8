"""Whether the server lives and can answer, and what it has counted."""

import logging
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from corpus.errors import DatelineError
from qa.server.asgi import problem_record
from qa.server.metrics import CONTENT_TYPE
from qa.server.models import Problem, ReadyOut
from qa.server.observe import OUR_MISTAKE
from qa.server.services import Services, code_of

log = logging.getLogger(__name__)


def health_router(services: Services, prefix: str = "") -> APIRouter:
    """Return the routes `healthz`, `readyz` and, at the root, `metrics`."""
    router = APIRouter(prefix=prefix)
    unready: dict[int | str, dict[str, Any]] = {503: {"model": Problem, "description": "Nothing can be asked now"}}

    @router.get("/healthz", summary="Whether the server lives")
    async def healthz() -> dict[str, str]:
        """Answer: whoever can answer lives."""
        return {"status": "alive"}

    @router.get("/readyz", response_model=ReadyOut, responses=unready, summary="Whether it can be asked")
    async def readyz() -> JSONResponse:
        """Read the archive's database and compare its indexes with it."""
        try:
            return JSONResponse(await services.run(ready_record, services))
        except DatelineError as problem:
            return JSONResponse(problem_record(503, str(problem), code=code_of(problem)), 503)
        except Exception:  # whoever asks whether all is well is told no
            log.exception("the archive cannot be read")
            return JSONResponse(problem_record(503, OUR_MISTAKE, code="internal_error"), 503)

    if not prefix:

        @router.get("/metrics", include_in_schema=False)
        async def metrics() -> Response:
            return Response(services.metrics.text(), media_type=CONTENT_TYPE)

    return router


def ready_record(services: Services) -> dict[str, Any]:
    """Return what can be asked. Raises DatelineError, and UnhealthyError where the archive's parts disagree."""
    status = services.desk.store.status()
    if not status.healthy:
        raise UnhealthyError("; ".join(status.problems))
    return {"status": "ready", "articles": status.articles, "generation": status.generation}


class UnhealthyError(DatelineError):
    """An archive whose parts do not agree."""
