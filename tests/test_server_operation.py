"""The server at work: another process changes the index under it, it is told to stop, it is counted and logged."""

from __future__ import annotations

import io
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from chat_fakes import ARTICLES, FakePipeline, served
from fakes import FakeEmbedder, write_article
from http_calls import call

from qa.pipeline import Limits, Pipeline
from qa.reader import SentenceReader
from qa.server.log import JsonFormatter, begin_request
from vectorstore.store import Store

TESTS = Path(__file__).parent
FIRST = "When was the first India-Japan 2+2?"
BRIDGE = {"question": "When did the harbour bridge of Ostrava open?"}
INDEXING = (
    "import sys; from pathlib import Path; from fakes import FakeEmbedder; from vectorstore.store import Store;"
    "from vectorstore.sync import sync; store = Store.open(Path(sys.argv[1]), FakeEmbedder());"
    "print(sync(store, [Path(sys.argv[2])], prune=True).added); store.close()"
)
SERVING = (
    "import app, tempfile; from pathlib import Path; from chat_fakes import *; from qa.memory.memory import Memory;"
    "folder = tempfile.TemporaryDirectory(); memory = Memory.open(Path(folder.name) / 'memory.sqlite3');"
    "listener = open_listener('127.0.0.1', 0);"
    "print(listener.getsockname()[1], flush=True);"
    "answerer = FakePipeline(ARTICLES, pause_s=0.7);"
    "build_server(app.build_application(answerer, memory=memory, today=new_year)).run(sockets=[listener])"
)

# Reports each name that is looked up and each address that is called, but those of this machine.
WATCHING = """
import sys
def watch(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        where = arguments[0]
    elif event in ("socket.connect", "socket.sendto"):
        where = arguments[1][0] if isinstance(arguments[1], tuple) else None
    else:
        return
    if where not in (None, "", "localhost", "127.0.0.1", "::1", b"127.0.0.1"):
        print(event, where, file=sys.stderr, flush=True)
sys.addaudithook(watch)
"""


def python(script: str, *arguments: str | Path) -> list[str]:
    return [sys.executable, "-c", script, *map(str, arguments)]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent)])}


def test_what_another_process_indexes_is_answered_from_without_a_restart(tmp_path: Path) -> None:
    index, news = tmp_path / "index", tmp_path / "news"
    write_article(news / "other.txt", "The judge heard a fraud trial.", date="2021-01-02")
    with (
        Store.open(index, FakeEmbedder(), create=True) as store,
        served(Pipeline(store, SentenceReader(store.embedder), Limits())) as address,
    ):
        assert call(address, "/api/v1/ask", BRIDGE).record["status"] == "not_in_corpus"
        before = call(address, "/readyz").record
        write_article(news / "bridge.txt", "The harbour bridge of Ostrava opened on 3 May 2021.", date="2021-05-04")
        subprocess.run(python(INDEXING, index, news), env=environment(), check=True, timeout=120)
        answered = call(address, "/api/v1/ask", BRIDGE).record
        assert (before["articles"], call(address, "/readyz").record["articles"]) == (0, 2)
        assert answered["citations"][0]["quote"] == "The harbour bridge of Ostrava opened on 3 May 2021."
        assert answered["generation"] > before["generation"]
        (news / "bridge.txt").unlink()
        subprocess.run(python(INDEXING, index, news), env=environment(), check=True, timeout=120)
        assert call(address, "/api/v1/ask", BRIDGE).record["status"] == "not_in_corpus"


def test_answers_never_break_while_another_process_indexes(tmp_path: Path) -> None:
    index, news = tmp_path / "index", tmp_path / "news"
    for number in range(60):
        write_article(news / f"{number}.txt", f"Ferry number{number} sailed from the north quay.", date="2021-01-02")
    with (
        Store.open(index, FakeEmbedder(), create=True) as store,
        served(Pipeline(store, SentenceReader(store.embedder), Limits())) as address,
    ):
        statuses = []
        with subprocess.Popen(python(INDEXING, index, news), env=environment(), stdout=subprocess.PIPE) as indexing:
            while indexing.poll() is None:
                question = {"question": f"Where did ferry number{len(statuses) % 60} sail from?"}
                statuses.append(call(address, "/api/v1/ask", question).status)
        assert set(statuses) == {200}
        assert call(address, "/readyz").record["articles"] == 60


@pytest.fixture
def process() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Give a server in a process of its own, which takes two seconds for an answer, and its address."""
    with subprocess.Popen(python(SERVING), env=environment(), stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        address = f"http://127.0.0.1:{running.stdout.readline().strip()}/"
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                if call(address, "/healthz").status == 200:
                    break
            except OSError:
                time.sleep(0.1)
        yield running, address
        if running.poll() is None:
            running.kill()


@pytest.mark.slow
def test_told_to_stop_it_finishes_the_answers_under_way(process: tuple[subprocess.Popen[str], str]) -> None:
    running, address = process
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(call, address, "/api/v1/ask", {"question": f"{FIRST} {n}"}) for n in range(2)]
        time.sleep(0.5)
        running.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        with pytest.raises(OSError, match="refused"):
            call(address, "/healthz")
        assert [given.result().record["short_answer"] for given in asked] == ["30 November 2019"] * 2
    assert running.wait(timeout=30) in {0, -signal.SIGTERM}


@pytest.mark.slow
def test_the_server_calls_no_other_machine() -> None:
    serving = python(WATCHING + SERVING.replace("0.7", "0"))
    with subprocess.Popen(
        serving, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        address = f"http://127.0.0.1:{running.stdout.readline().strip()}/"
        for path in ("/", "/api", "/api/v1/openapi.json", "/login", "/readyz", "/gradio_api/info", "/theme.css"):
            assert call(address, path).status == 200
        assert call(address, "/api/v1/ask", {"question": FIRST}).status == 200
        assert call(address, "/v1/chat/completions", {"model": "x", "messages": []}).status == 422
        running.terminate()
        assert running.stderr.read() == ""


def test_requests_and_answers_are_counted() -> None:
    with served(FakePipeline(ARTICLES)) as address:
        for question in (FIRST, FIRST, "Who painted it?"):
            call(address, "/api/v1/ask", {"question": question})
        call(address, "/api/v1/ask", {"question": ""})
        call(address, f"/api/v1/articles/{ARTICLES[0].id}")
        text = call(address, "/metrics").text
    counted = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert counted['dateline_answers_total{status="answered"}'] == "2.0"
    assert counted['dateline_answers_total{status="not_in_corpus"}'] == "1.0"
    assert counted["dateline_answers_remembered_total"] == "1.0"
    assert counted['dateline_requests_total{method="POST",route="/api/v1/ask",status="200"}'] == "3.0"
    assert counted['dateline_requests_total{method="POST",route="/api/v1/ask",status="422"}'] == "1.0"
    assert counted['dateline_requests_total{method="GET",route="/api/v1/articles/{article_id}",status="200"}'] == "1.0"
    assert (counted["dateline_index_generation"], counted["dateline_waiting"]) == ("1.0", "0.0")
    assert float(counted["process_resident_memory_bytes"]) > 0


def test_a_request_has_an_id_in_its_answer_and_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), served(FakePipeline(ARTICLES)) as address:
        own = call(address, "/api/v1/ask", {"question": "burst"}, headers={"x-request-id": "mine-1"})
        made = call(address, "/healthz?secret=1", headers={"x-request-id": "not fit\tfor a log"})
    assert own.headers["x-request-id"] == "mine-1"
    assert len(made.headers["x-request-id"]) == 32
    records = {record.fields["path"]: record.fields for record in caplog.records if hasattr(record, "fields")}
    assert (records["/api/v1/ask"]["status"], records["/api/v1/ask"]["method"]) == (500, "POST")
    assert records["/healthz"]["status"] == 200
    assert "secret" not in json.dumps(records)
    assert any(record.exc_info and "a defect" in str(record.exc_info[1]) for record in caplog.records)


def test_a_log_line_is_json_with_the_requests_id() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logger = logging.Logger("ours")
    logger.addHandler(handler)

    def write() -> None:
        begin_request("mine-2")
        logger.warning("lines\nof \x1b[31mcolour", extra={"fields": {"status": 200}})

    writing = threading.Thread(target=write)
    writing.start()
    writing.join()
    (line,) = stream.getvalue().splitlines()
    record = json.loads(line)
    assert (record["request_id"], record["level"], record["logger"], record["status"]) == (
        "mine-2",
        "warning",
        "ours",
        200,
    )
    assert record["message"] == "lines\nof \x1b[31mcolour"
    assert "\x1b" not in line
