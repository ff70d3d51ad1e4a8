"""Processes that are killed while they index, and others that meet them at work."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fakes import FakeEmbedder, write_article, write_lines

from vectorstore.errors import IndexBusyError
from vectorstore.store import Store
from vectorstore.sync import sync

FAKE = FakeEmbedder()
SLOW = Path(__file__).with_name("slow_indexing.py")
Indexing = subprocess.Popen[str]


def start(index: Path, folder: Path) -> Indexing:
    """Begin to index a folder in another process; it prints how many articles are done."""
    return subprocess.Popen([sys.executable, str(SLOW), str(index), str(folder)], stdout=subprocess.PIPE, text=True)


def wait_for(process: Indexing, articles: int) -> None:
    """Wait until a process has done so many articles."""
    assert process.stdout
    for line in process.stdout:
        if int(line) >= articles:
            return
    raise AssertionError("the process ended before that")


def kill(process: Indexing) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Forty files of one article, and one of twenty."""
    for number in range(40):
        write_article(tmp_path / "news" / f"{number:02}.txt", f"The ferry sailed on trip {number}.", date="2020-01-02")
    lines = [{"id": f"l{number}", "text": f"The tram ran on trip {number}."} for number in range(20)]
    write_lines(tmp_path / "news" / "lines.jsonl", *lines)
    return tmp_path / "news"


def contents(store: Store) -> dict[str, object]:
    """Return all that is stored and found, keys and generations aside."""
    rows = store.database.rows
    words = ["the ferry sailed", "the tram ran on trip 7", "ships"]
    return {
        "articles": rows("SELECT id, content_hash, day, passages, source, title, text FROM articles ORDER BY id"),
        "passages": rows(
            "SELECT a.id, p.start, p.end, p.vector FROM passages p JOIN articles a ON a.key = p.key >> 20 ORDER BY 1, 2"
        ),
        "times": rows("SELECT a.id, t.number, t.start, t.earliest FROM articles a JOIN times t ON t.article = a.key"),
        "files": rows("SELECT path, digest FROM files ORDER BY path"),
        "holdings": rows(
            "SELECT f.path, h.article, h.content_hash, h.state FROM holdings h JOIN files f ON f.key = h.file"
            " ORDER BY 1, 2"
        ),
        "dense": store.search_dense(words, 15),
        "lexical": [{hit.passage.id for hit in hits} for hits in store.search_lexical(words, 100)],
        "healthy": store.status().problems,
    }


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["starting", 5, 20, 35, 45, 55, "pause 1", "pause 2", "pause 3"])
def test_a_process_killed_at_any_moment_leaves_an_index_that_the_next_run_completes(
    tmp_path: Path, folder: Path, moment: int | str
) -> None:
    index = tmp_path / "index"
    process = start(index, folder)
    if isinstance(moment, int):
        wait_for(process, moment)
    elif moment == "starting":
        time.sleep(0.3)
    else:
        wait_for(process, 5)
        time.sleep(int(moment[-1]) * 0.037)
    kill(process)
    with Store.open(index, FAKE, create=True) as store:
        before = store.status()
        assert before.healthy
        if isinstance(moment, int):
            assert before.articles >= moment  # what was told to be done is never lost
        report = sync(store, [folder])
        assert (report.added + report.unchanged, report.updated, report.failed) == (60, 0, ())
        assert report.unchanged == before.articles
        healed = contents(store)
        assert sync(store, [folder]).unchanged == 60
    with Store.open(tmp_path / "undisturbed", FAKE, create=True) as store:
        sync(store, [folder])
        assert healed == contents(store)
    assert [path.name for path in index.glob("*.part*")] == []


@pytest.mark.slow
def test_killed_again_and_again_it_still_gets_there(tmp_path: Path, folder: Path) -> None:
    index = tmp_path / "index"
    for _ in range(4):
        process = start(index, folder)
        try:
            wait_for(process, 1)
            time.sleep(0.15)
        finally:
            kill(process)
    with Store.open(index, FAKE) as store:
        sync(store, [folder])
        healed = contents(store)
    with Store.open(tmp_path / "undisturbed", FAKE, create=True) as store:
        sync(store, [folder])
        assert healed == contents(store)


@pytest.mark.slow
def test_a_second_process_is_refused_at_once_with_the_pid_of_the_first(tmp_path: Path, folder: Path) -> None:
    index = tmp_path / "index"
    process = start(index, folder)
    try:
        wait_for(process, 5)
        with Store.open(index, FAKE) as store:
            began = time.monotonic()
            with pytest.raises(IndexBusyError, match=f"process {process.pid} is writing to the index at {index}"):
                sync(store, [folder])
            with pytest.raises(IndexBusyError, match=f"process {process.pid} is writing"):
                store.remove(["l1"])
            assert time.monotonic() - began < 5
        assert process.poll() is None
    finally:
        kill(process)
    with Store.open(index, FAKE) as store:  # a lock dies with its process
        assert sync(store, [folder]).failed == ()
    assert not (index / "writer.pid").exists()


@pytest.mark.slow
def test_an_open_reader_sees_articles_come_while_another_process_indexes(tmp_path: Path, folder: Path) -> None:
    index = tmp_path / "index"
    process = start(index, folder)
    try:
        wait_for(process, 5)
        seen = []
        with Store.open(index, FAKE) as reader:
            while process.poll() is None and len(seen) < 500:
                (hits,) = reader.search_lexical(["trip"], 100)
                (near,) = reader.search_dense(["trip"], 100)
                texts = reader.articles([hit.passage.article_id for hit in (*hits, *near)])
                for hit in (*hits, *near):
                    text = texts[hit.passage.article_id].text
                    assert text[hit.passage.start : hit.passage.end] == hit.passage.text
                seen.append((len(hits), len(near)))
            assert process.wait() == 0
            assert len(reader.search_lexical(["trip"], 100)[0]) == len(reader.search_dense(["trip"], 100)[0]) == 60
    finally:
        kill(process)
    assert seen == sorted(seen)
    assert 5 <= seen[0][1] < 60


@pytest.mark.slow
def test_what_another_process_removes_is_gone_for_an_open_reader_when_the_command_returns(tmp_path: Path) -> None:
    index = tmp_path / "index"
    path = write_lines(tmp_path / "a.jsonl", {"id": "a", "text": "The ferry."}, {"id": "b", "text": "The tram."})
    script = (
        "import sys; from pathlib import Path; from fakes import FakeEmbedder; from vectorstore.store import Store\n"
        "with Store.open(Path(sys.argv[1]), FakeEmbedder()) as store: print(store.remove(['a']))"
    )
    with Store.open(index, FAKE, create=True) as reader:
        sync(reader, [path])
        assert [hit.passage.article_id for hit in reader.search_lexical(["ferry tram"], 5)[0]] == ["a", "b"]
        environment = {**os.environ, "PYTHONPATH": str(SLOW.parent)}
        ran = subprocess.run(
            [sys.executable, "-c", script, str(index)], capture_output=True, text=True, check=True, env=environment
        )
        assert ran.stdout == "1\n"
        assert [hit.passage.article_id for hit in reader.search_lexical(["ferry tram"], 5)[0]] == ["b"]
        assert [hit.passage.article_id for hit in reader.search_dense(["ferry tram"], 5)[0]] == ["b"]
        assert reader.articles(["a"]) == {}
