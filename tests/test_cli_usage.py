"""The command line: options, wrong usage, and processes around it."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cli_fakes import Ended, Run, Served, ids_by_title, interrupted, surroundings

from qa.settings import Settings
from qa.surroundings import Surroundings


def test_the_index_is_named_before_the_command_or_after_it_and_after_wins(
    indexed: Run, around: Surroundings, tmp_path: Path
) -> None:
    elsewhere = dataclasses.replace(around, environ={})
    there, nowhere = tmp_path / "index", tmp_path / "nowhere"
    assert indexed("--index", there, "status", within=elsewhere).status == 0
    assert indexed("status", "--index", there, within=elsewhere).status == 0
    assert indexed("--index", nowhere, "status", "--index", there, within=elsewhere).status == 0
    assert str(nowhere) in indexed("--index", nowhere, "status").complaint


def test_serving_passes_on_the_settings(run: Run, tmp_path: Path) -> None:
    served = Served()
    assert run("serve", "--port", "8000", within=surroundings(tmp_path, served)).status == 0
    assert served.settings == [Settings(index=tmp_path, port=8000)]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["answr"],
        ["index"],
        ["index", ""],
        ["ask"],
        ["ask", " \n"],
        ["ask", "caf\udce9"],
        ["ask", "Who?", "--from", "2022-13-45"],
        ["ask", "Who?", "--to", "yesterday"],
        ["ask", "Who?", "--today", "20220906"],
        ["ask", "Who?", "--from", "2022-02-02", "--to", "2022-02-01"],
        ["ask", "Who?", "--source", ""],
        ["ask", "Who?", "--colour"],
        ["search", "x", "-k", "0"],
        ["search", "x", "-k", "-1"],
        ["search", "x", "-k", "many"],
        ["answer", "questions.jsonl"],
        ["answer", "pyproject.toml", "-o", "pyproject.toml"],
        ["remove"],
        ["show"],
        ["status", "--index", ""],
        ["serve", "--port", "70000"],
    ],
)
def test_wrong_usage_ends_with_status_two_and_prints_no_result(run: Run, arguments: list[str]) -> None:
    ended = run(*arguments)
    assert (ended.status, ended.out) == (2, "")
    assert "Usage: dateline" in ended.err
    assert "Traceback" not in ended.err


def test_an_unknown_variable_is_refused_by_every_command(run: Run, around: Surroundings) -> None:
    misspelt = dataclasses.replace(around, environ={"DATELINE_INDX": "x"})
    for command in (["ask", "Who?"], ["status"], ["index", "."], ["serve"]):
        assert "the nearest is DATELINE_INDEX" in run(*command, within=misspelt).complaint


def test_an_interrupted_command_ends_as_shells_expect_and_says_nothing(run: Run, around: Surroundings) -> None:
    ended = run("ask", "Who?", within=dataclasses.replace(around, open_pipeline=interrupted))
    assert ended == Ended(130, "", "")


def test_help_and_version_are_results(run: Run) -> None:
    told = run("--help")
    assert (told.status, told.err) == (0, "")
    for command in ("index", "remove", "ask", "search", "answer", "show", "status", "serve"):
        assert f"\n  {command}" in told.out
        assert run(command, "--help").status == 0
    assert run("--version").out.startswith("dateline 0.")


def start(*arguments: str, index: Path, **more: Any) -> subprocess.Popen[bytes]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")}
    return subprocess.Popen(
        [sys.executable, "-m", "qa", "--index", str(index), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**environ, **more},
    )


def test_a_reader_that_goes_away_is_no_reason_to_complain(indexed: Run, tmp_path: Path) -> None:
    article_id = ids_by_title(indexed)["Bridge closed"]
    with start("show", article_id, "--json", index=tmp_path / "index") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_output_is_utf_8_whatever_the_locale(run: Run, tmp_path: Path, archive: Path) -> None:
    (archive / "café.txt").write_text("date 2018-01-01\ntitle: Le café\n\nUn “mot” — 新德里.\n", encoding="utf-8")
    assert run("index", archive).status == 0
    article_id = {hit["title"]: hit["article_id"] for hit in run("search", "mot café", "--json").record["hits"]}[
        "Le café"
    ]
    process = start("show", article_id, index=tmp_path / "index", LC_ALL="C", PYTHONIOENCODING="ascii")
    out, err = process.communicate()
    assert out.decode("utf-8").strip() == "Un “mot” — 新德里."
    assert "title: Le café" in err.decode("utf-8")


@pytest.mark.parametrize("command", [["--help"], ["status"], ["show", "x"], ["remove", "x"]])
def test_commands_that_need_no_model_load_none(indexed: Run, tmp_path: Path, command: list[str]) -> None:
    code = (
        "import sys; from qa.cli import main; main(sys.argv[1:]); "
        "print(*sorted({'torch', 'transformers', 'gradio', 'langchain_core', 'trafilatura'} & sys.modules.keys()))"
    )
    arguments = ["--index", str(tmp_path / "index"), *command]
    ended = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1] == ""
