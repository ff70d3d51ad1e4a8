"""The command line: what goes into an index, what is shown of it, and what is taken out."""

from __future__ import annotations

import dataclasses
import gzip
from contextlib import closing
from pathlib import Path

from cli_fakes import ARTICLES, Ended, Run, ids_by_title
from fakes import FakeEmbedder

from qa.expected import expected_articles
from qa.surroundings import Surroundings
from vectorstore.database import Database
from vectorstore.store import manifest_of


def test_indexing_prints_counts_and_the_second_time_changes_nothing(run: Run, archive: Path) -> None:
    assert run("index", archive) == Ended(0, "added 3, updated 0, unchanged 0, removed 0, failed 0\n", "")
    assert run("index", archive) == Ended(0, "added 0, updated 0, unchanged 3, removed 0, failed 0\n", "")


def test_what_changed_is_updated_and_what_is_gone_is_removed_when_pruning(indexed: Run, archive: Path) -> None:
    (archive / "bridge.md").unlink()
    changed = archive / "tokyo.txt"
    changed.write_text(ARTICLES["tokyo.txt"] + " It will rain.", encoding="utf-8")
    assert indexed("index", archive).out == "added 0, updated 1, unchanged 1, removed 0, failed 0\n"
    assert indexed("index", archive, "--prune").out == "added 0, updated 0, unchanged 2, removed 1, failed 0\n"


def test_a_file_that_cannot_be_read_is_told_with_its_reason_and_does_not_stop_the_rest(run: Run, archive: Path) -> None:
    (archive / "broken.pdf").write_bytes(b"%PDF-1.4\n1 0 obj\n<<")
    ended = run("index", archive, "--json")
    assert ended.status == 0
    assert ended.record["added"] == 3
    assert ended.record["failed"] == 1
    (failure,) = ended.record["failures"]
    assert failure["path"].endswith("broken.pdf")
    assert failure["reason"]
    printed = run("index", archive).out.splitlines()
    assert printed[0] == "added 0, updated 0, unchanged 3, removed 0, failed 1"
    assert printed[1].startswith("failed ")
    assert "broken.pdf: " in printed[1]


def test_the_json_of_indexing_holds_counts(run: Run, archive: Path) -> None:
    assert run("index", archive, "--json").record == {
        "added": 3,
        "updated": 0,
        "unchanged": 0,
        "removed": 0,
        "failed": 0,
        "failures": [],
    }


def test_a_folder_without_articles_is_a_problem_and_counts_are_printed(run: Run, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    ended = run("index", empty)
    assert ended.complaint == f"no article was found in {empty}"
    assert ended.out == "added 0, updated 0, unchanged 0, removed 0, failed 0\n"


def test_pruning_a_folder_that_was_emptied_is_no_problem(indexed: Run, archive: Path) -> None:
    for path in archive.iterdir():
        path.unlink()
    assert indexed("index", archive, "--prune") == Ended(
        0, "added 0, updated 0, unchanged 0, removed 3, failed 0\n", ""
    )


def test_a_path_that_does_not_exist_is_named_and_nothing_is_made(run: Run, archive: Path, tmp_path: Path) -> None:
    missing = tmp_path / "nowhere"
    assert str(missing) in run("index", archive, missing).complaint
    assert not (tmp_path / "index").exists()


def test_an_index_of_another_model_is_refused_and_can_be_rebuilt_with_no_path(
    indexed: Run, around: Surroundings, archive: Path
) -> None:
    other = dataclasses.replace(around, environ={**around.environ, "DATELINE_MODEL": "other words"})
    refused = indexed("index", archive, within=other).complaint
    assert "'fake words'" in refused
    assert "'other words'" in refused
    assert "--rebuild" in refused
    rebuilt = indexed("index", "--rebuild", within=other)
    assert rebuilt.status == 0
    assert indexed("status", "--json", within=other).record["model"] == "other words"


def test_times_that_other_tables_found_are_found_anew_when_articles_are_indexed(
    indexed: Run, archive: Path, tmp_path: Path
) -> None:
    with closing(Database.open(tmp_path / "index", manifest_of(FakeEmbedder()))) as database, database.transaction():
        database.set_recipe(dataclasses.replace(database.manifest, times="times-0"))
        database.run("DELETE FROM times")
    assert "rebuild it with" in indexed("ask", "When did they meet?").complaint
    ended = indexed("index", archive)
    assert ended.out == "added 0, updated 0, unchanged 3, removed 0, failed 0, rebuilt 3\n"
    assert "found anew" in ended.err
    with closing(Database.open(tmp_path / "index", manifest_of(FakeEmbedder()))) as database:
        assert database.rows("SELECT count(*) FROM times")[0][0] > 0
    assert indexed("index", archive).out == "added 0, updated 0, unchanged 3, removed 0, failed 0\n"


def test_an_index_of_a_newer_version_is_refused(indexed: Run, archive: Path, tmp_path: Path) -> None:
    database = Database.open(tmp_path / "index", manifest_of(FakeEmbedder()))
    database.set_meta("schema", "99")
    database.close()
    for command in (["index", str(archive)], ["ask", "Who?"], ["status"], ["show", "x"], ["remove", "x"]):
        assert "newer" in indexed(*command).complaint


def test_the_stored_text_is_printed_exactly_and_the_rest_beside_it(indexed: Run) -> None:
    article_id = ids_by_title(indexed)["India and Japan hold first 2+2"]
    text = ARTICLES["delhi.txt"].split("\n\n", 1)[1]
    ended = indexed("show", article_id)
    assert (ended.status, ended.out) == (0, text)
    assert ended.err == (
        f"id: {article_id}\ntitle: India and Japan hold first 2+2\ndate: 2019-12-01\nsource: The Wire\n"
    )


def test_an_article_in_json_holds_all_that_is_known(indexed: Run) -> None:
    article_id = ids_by_title(indexed)["Bridge closed"]
    record = indexed("show", article_id, "--json").record
    assert record["id"] == article_id
    assert (record["title"], record["date"], record["source"]) == ("Bridge closed", "", "")
    assert record["text"] == "The old bridge over the Orrel was closed for repairs last week."


def test_a_removed_article_is_not_found_any_more(indexed: Run) -> None:
    ids = ids_by_title(indexed)
    assert indexed("remove", ids["Bridge closed"]) == Ended(0, "removed 1\n", "")
    assert "Bridge closed" not in ids_by_title(indexed)
    assert repr(ids["Bridge closed"]) in indexed("show", ids["Bridge closed"]).complaint


def test_an_unknown_id_is_named_and_nothing_is_removed(indexed: Run) -> None:
    known = ids_by_title(indexed)["Bridge closed"]
    assert "'nobody'" in indexed("show", "nobody").complaint
    assert "'nobody'" in indexed("remove", known, "nobody").complaint
    assert indexed("status", "--json").record["articles"] == 3


def test_the_status_tells_what_the_index_holds(indexed: Run, tmp_path: Path) -> None:
    record = indexed("status", "--json").record
    assert record["folder"] == str(tmp_path / "index")
    assert (record["articles"], record["undated"], record["passages"]) == (3, 1, 3)
    assert (record["earliest"], record["latest"]) == ("2019-12-01", "2022-09-06")
    assert record["sources"] == [{"source": "Harbour Post", "articles": 1}, {"source": "The Wire", "articles": 1}]
    assert record["model"] == "fake words"
    assert record["healthy"] is True
    assert record["bytes_on_disk"].keys() == {"database", "dense", "lexical"}
    assert "health      good" in indexed("status").out.splitlines()


def test_the_work_ahead_is_one_article_a_file_and_one_a_line_of_tables(archive: Path) -> None:
    line = '{"date": "2020-01-01", "text": "It rained."}\n'
    (archive / "three.jsonl").write_text(line * 3, encoding="utf-8")
    (archive / "two.jsonl.gz").write_bytes(gzip.compress(line.encode() * 2))
    (archive / "cut.jsonl.gz").write_bytes(gzip.compress(line.encode() * 2)[:-9])
    (archive / ".hidden.txt").write_text("date 2020-01-01\n\nUnseen.", encoding="utf-8")
    assert expected_articles([archive]) == len(ARTICLES) + 3 + 2 + 1
    assert expected_articles([archive / "three.jsonl"]) == 3
    assert expected_articles([archive / "nowhere"]) == 0
