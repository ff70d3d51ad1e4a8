"""What tests share: no setting from outside, no data folder of a user, and the command line over a few articles."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cli_fakes import Ended, Run, surroundings, write_articles

from qa.cli import main
from qa.settings import PREFIX
from qa.surroundings import Surroundings


@pytest.fixture(autouse=True)
def nothing_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the settings and the data folder of whoever runs the tests out of them."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.getbasetemp() / "data"))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Return a folder of three articles."""
    return write_articles(tmp_path / "archive")


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    """Return surroundings whose index, not there yet, is `index` in the test's folder."""
    return surroundings(tmp_path / "index")


@pytest.fixture
def run(around: Surroundings, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command in this process."""

    def run_command(*arguments: str | Path, within: Surroundings = around) -> Ended:
        status = main([str(argument) for argument in arguments], around=within)
        captured = capsys.readouterr()
        return Ended(status, captured.out, captured.err)

    return run_command


@pytest.fixture
def indexed(run: Run, archive: Path) -> Run:
    """Run commands over an index of the three articles."""
    assert run("index", archive).status == 0
    return run
