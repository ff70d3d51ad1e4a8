"""Many visitors of the page at once: none of them waits for what another one's click waits for."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from chat_fakes import ARTICLES, FakePipeline, served

pytestmark = pytest.mark.slow

FIRST = "when was the first India-Japan 2+2"
VISITORS = 60  # more than Gradio has threads by itself
STAGE_S = 0.6


def component(config: dict[str, Any], name: str) -> int:
    """Return the number that Gradio gave to a part of the page."""
    (found,) = [part["id"] for part in config["components"] if part["props"].get("elem_id") == name]
    return int(found)


def dependency(config: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [one for one in config["dependencies"] if one["api_name"] == name]
    return dict(found)


def ask_on_the_page(client: httpx.Client, config: dict[str, Any], session: str, question: str) -> str:
    """Ask as a browser does and return all that comes of it."""
    asking = dependency(config, "chat")
    sent = {
        "data": [],
        "event_data": {"question": question},
        "fn_index": asking["id"],
        "trigger_id": component(config, "composer"),
        "session_hash": session,
    }
    assert client.post("/gradio_api/queue/join", json=sent).status_code == 200
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
        return "".join(stream.iter_text())


def search_the_archive(client: httpx.Client, config: dict[str, Any], session: str) -> int:
    sent = {
        "data": {"words": "harbour bridge"},
        "component_id": component(config, "shelf"),
        "fn_name": "browse",
        "session_hash": session,
    }
    return client.post("/gradio_api/component_server/", json=sent).status_code


def test_questions_are_answered_while_more_visitors_search_than_gradio_has_threads() -> None:
    with (
        served(FakePipeline(ARTICLES, pause_s=STAGE_S)) as url,
        httpx.Client(base_url=url, timeout=60, limits=httpx.Limits(max_connections=2 * VISITORS)) as client,
        ThreadPoolExecutor(2 * VISITORS) as visitors,
    ):
        config = client.get("/config").json()
        questions = [
            visitors.submit(ask_on_the_page, client, config, f"asks-{number}", f"{FIRST} {number}")
            for number in range(2)
        ]
        time.sleep(STAGE_S)  # both are being answered
        searches = [
            visitors.submit(search_the_archive, client, config, f"looks-{number}") for number in range(VISITORS)
        ]
        assert all("30 November 2019" in question.result() for question in questions)
        assert {search.result() for search in searches} == {200}
