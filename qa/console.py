"""Where the command line writes: results to standard output, all else to standard error."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from qa.records import to_json
from qa.show import one_line, printable


def speak_utf_8() -> None:
    """Write UTF-8 with `\\n` line ends whatever the locale says: JSON and spans are the same bytes everywhere."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace", newline="\n")


def print_text(text: Text) -> None:
    """Print for people: wrapped and styled on a terminal, each line whole and plain elsewhere."""
    _console(sys.stdout).print(text, end="")


def print_record(record: dict[str, Any]) -> None:
    """Print for programs: JSON over several lines."""
    sys.stdout.write(to_json(record, indent=2) + "\n")


def print_stored(text: str) -> None:
    """Print a stored text exactly, so that spans count in it; on a terminal without what a terminal would obey."""
    if sys.stdout.isatty():
        text = printable(text)
        text += "" if text.endswith("\n") else "\n"
    sys.stdout.write(text)


def tell(line: str) -> None:
    """Say one line beside the results."""
    sys.stderr.write(f"dateline: {one_line(line)}\n")


def tell_text(text: Text) -> None:
    """Say several lines beside the results."""
    _console(sys.stderr).print(text, end="")


class RateColumn(ProgressColumn):
    """How many are done each second."""

    def render(self, task: Task) -> Text:
        """Return the rate, or nothing while there is none to tell."""
        return Text(f"{task.speed:.1f}/s" if task.speed else "", style="progress.data.speed")


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Give a bar with rate and time left on standard error; where that is no terminal it shows nothing."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), RateColumn(), TimeRemainingColumn())
    console = _console(sys.stderr)
    with Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty()) as bar:
        yield bar


def _console(stream: TextIO) -> Console:
    from rich.console import Console

    return Console(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=not stream.isatty())
