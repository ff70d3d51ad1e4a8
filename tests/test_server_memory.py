"""A server that has answered long enough takes no more memory by answering on."""

from __future__ import annotations

import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from chat_fakes import ARTICLES, FakePipeline, served

pytestmark = pytest.mark.slow

USERS, EACH = 20, 60
MOST_GROWTH_MB = 8  # what is kept of each answer for good, a kilobyte say, would not show; a passage would


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


def ask_many(address: str, begin: int) -> set[int]:
    """Let users ask at the same time, each question another one, and return the statuses of the answers."""

    def user(number: int) -> set[int]:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)
        heard = set()
        for place in range(EACH):
            asked = {"question": f"When was the first India-Japan 2+2, {begin} {number} {place}?"}
            connection.request("POST", "/api/v1/ask", json.dumps(asked), {"content-type": "application/json"})
            response = connection.getresponse()
            response.read()
            heard.add(response.status)
        connection.close()
        return heard

    with ThreadPoolExecutor(USERS) as users:
        return set().union(*users.map(user, range(USERS)))


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux tells it there")
def test_memory_stays_where_it_is_after_the_remembered_answers_are_full() -> None:
    with served(FakePipeline(ARTICLES)) as url:
        assert ask_many(url, 0) == {200}  # more than are remembered
        before = resident_mb()
        assert ask_many(url, 1) == ask_many(url, 2) == {200}
        assert resident_mb() - before < MOST_GROWTH_MB
