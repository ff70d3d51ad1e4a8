"""The options that several commands share, and how their values are read."""

from __future__ import annotations

from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from qa.console import print_stored
from qa.questions import read_day


def parse_day(text: str) -> date:
    """Read a day named on the command line."""
    try:
        return read_day(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def parse_words(text: str) -> str:
    """Read what must not be blank, nor bytes that are no text."""
    if not text.strip():
        raise typer.BadParameter("it is blank")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise typer.BadParameter("it is not UTF-8 text") from None
    return text


def parse_path(text: str) -> Path:
    """Read a path; a blank one would mean the current folder."""
    return Path(parse_words(text))


def print_version(wanted: bool) -> None:
    """Print the version and end."""
    if wanted:
        print_stored(f"dateline {metadata.version('dateline-qa')}\n")
        raise typer.Exit


Index = Annotated[
    Path | None,
    typer.Option(
        "--index",
        parser=parse_path,
        metavar="DIR",
        help="Folder of the index [default: DATELINE_INDEX, else your data folder]",
    ),
]
First = Annotated[date | None, typer.Option("--from", parser=parse_day, metavar="DATE", help="First day published")]
Last = Annotated[date | None, typer.Option("--to", parser=parse_day, metavar="DATE", help="Last day published")]
Sources = Annotated[
    list[str] | None,
    typer.Option("--source", parser=parse_words, metavar="NAME", help="Only what this source published; repeatable"),
]
Today = Annotated[
    date | None,
    typer.Option("--today", parser=parse_day, metavar="DATE", help="Day the question is asked [default: this day]"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON")]
