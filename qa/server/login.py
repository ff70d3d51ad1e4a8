"""Signing in and out: a plain form, and patience with whoever guesses."""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qs

import anyio
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from qa.server.access import Access
from qa.server.identify import SESSION, SESSION_S, Sessions, set_cookie
from qa.server.limits import RateLimit
from qa.server.plain import plain_page

TRIES_A_MINUTE = 5  # for each address, and for each name whoever tries it
MOST_FORM_BYTES = 10_000
HASHED_AT_ONCE = 2  # each hash takes 32 MiB

FORM = """<main class="sign-in"><h1>Dateline</h1>{problem}<form method="post" action="/login">
<label>Name <input name="name" autocomplete="username" required autofocus maxlength="64"></label>
<label>Password <input name="password" type="password" required autocomplete="current-password"></label>
<button>Sign in</button></form></main>"""


def login_router(access: Access, sessions: Sessions, tries: RateLimit | None = None) -> APIRouter:
    """Return the routes `/login` and `/logout`."""
    router = APIRouter(include_in_schema=False)
    limit, hashing = tries or RateLimit(TRIES_A_MINUTE), anyio.CapacityLimiter(HASHED_AT_ONCE)

    def page(problem: str = "", status: int = 200, wait_s: float = 0.0) -> HTMLResponse:
        told = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
        headers = {"retry-after": str(int(wait_s) + 1)} if wait_s else None
        return HTMLResponse(plain_page("Sign in", FORM.format(problem=told)), status, headers)

    @router.get("/login")
    async def form() -> HTMLResponse:
        return page()

    @router.post("/login")
    async def sign_in(request: Request) -> Response:
        name, password = _read_form(await request.body())
        address = request.client.host if request.client else ""
        wait_s = max(limit.wait_s(f"address {address}"), limit.wait_s(f"name {name[:64]}"))
        if wait_s:
            return page(f"Too many tries: try again in {int(wait_s) + 1} s.", 429, wait_s)
        user = await anyio.to_thread.run_sync(access.user_with, name, password, limiter=hashing)
        if user is None:
            return page("This name and this password do not go together.", 401)
        kept = set_cookie(request.scope, SESSION, sessions.begin(user), SESSION_S)
        return RedirectResponse("/", 303, {"set-cookie": kept})

    @router.post("/logout")
    async def sign_out(request: Request) -> Response:
        sessions.end(request.cookies.get(SESSION, ""))
        return RedirectResponse("/login", 303, {"set-cookie": set_cookie(request.scope, SESSION, "", 0)})

    return router


def _read_form(body: bytes) -> tuple[str, str]:
    """Return the name and the password of a form, blank where it has none."""
    try:
        told = parse_qs(body[:MOST_FORM_BYTES].decode("utf-8", "replace"), max_num_fields=10)
    except ValueError:
        return "", ""
    return told.get("name", [""])[0], told.get("password", [""])[0]
