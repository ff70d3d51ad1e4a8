"""What the README says of settings, dependencies and commands is so."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from qa.cli import main
from qa.settings import SETTINGS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^(?:\$ |\.venv/bin/)dateline (.+)$", README, re.MULTILINE)


def rows(section: str) -> list[list[str]]:
    """Return the cells of the table in a section, without its two head lines."""
    body = README.split(f"\n## {section}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in body.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_setting_is_in_the_table_as_it_is() -> None:
    assert rows("Settings") == [
        [f"`{setting.variable}`", f"`{setting.flag}`" if setting.flag else "", setting.default, setting.meaning]
        for setting in SETTINGS
    ]


def test_every_direct_dependency_is_in_the_table_with_its_reason() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = project.split("\ndependencies = [", 1)[1].split("\n]\n", 1)[0]
    required = set(re.findall(r'^ +"([\w-]+)', listed, re.MULTILINE))
    explained = {name: why for names, why in rows("Dependencies, and why each is there") for name in names.split(", ")}
    assert explained.keys() == required
    assert all(explained.values())


def test_the_readme_shows_the_command_line() -> None:
    assert {shlex.split(command)[0] for command in COMMANDS} >= {"ask", "index", "answer"}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_in_the_readme_exists(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    name, *words = shlex.split(command)
    assert main([name, "--help"]) == 0
    told = capsys.readouterr().out
    assert [word for word in words if word.startswith("-") and not re.search(rf"{re.escape(word)}[ ,]", told)] == []
