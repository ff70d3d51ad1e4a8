"""`dateline feedback`: what people said of the answers, to read, or as questions to score on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from qa.console import print_record, print_text
from qa.options import AsJson, parse_path
from qa.records import to_json, write_lines
from qa.settings import Settings, default_memory
from qa.show import one_line
from qa.surroundings import Surroundings

if TYPE_CHECKING:
    from qa.memory.types import Feedback

MemoryFile = Annotated[
    Path | None,
    typer.Option(
        "--memory",
        parser=parse_path,
        metavar="FILE",
        help="File of conversations and feedback [default: DATELINE_MEMORY, else in your data folder]",
    ),
]


def feedback(
    context: typer.Context,
    export: Annotated[
        Path | None,
        typer.Option("--export", parser=parse_path, metavar="FILE.jsonl", help="Write questions for `dateline eval`"),
    ] = None,
    as_json: AsJson = False,
    memory: MemoryFile = None,
) -> None:
    """Show what people said of the answers, or make questions of it."""
    from qa.memory.export import feedback_record

    around: Surroundings = context.obj
    given = read_feedback(around.settings(memory=memory))
    if export:
        _export(given, export)
    elif as_json:
        print_record({"feedback": [feedback_record(item) for item in given]})
    else:
        print_text(feedback_text(given))


def read_feedback(settings: Settings) -> tuple[Feedback, ...]:
    """Return all feedback that is remembered; a memory that is not there yet holds none."""
    from qa.memory.memory import Memory

    path = settings.memory or default_memory()
    if not path.exists():
        return ()
    with Memory.open(path) as opened:
        return opened.all_feedback()


def feedback_text(given: tuple[Feedback, ...]) -> Text:
    """Return feedback for people to read in a terminal."""
    if not given:
        return Text("no feedback yet\n")
    text = Text()
    for item in given:
        said = item.opinion.reason or item.opinion.verdict.value
        text.append(f"{item.given.date().isoformat()}  {said}: ", style="bold")
        text.append(f"{one_line(item.turn.question)}\n")
        for words in (item.opinion.comment, item.opinion.right_answer and f"Right: {item.opinion.right_answer}"):
            if words.strip():
                text.append(f"    {one_line(words)}\n")
    return text


def _export(given: tuple[Feedback, ...], path: Path) -> None:
    from qa.memory.export import feedback_questions

    questions = feedback_questions(given)
    write_lines(path, (to_json(record) for record in questions.records))
    text = Text(f"questions {len(questions.records)}\n")
    for reason, count in sorted(questions.left_out.items()):
        text.append(f"left out {count}: {reason}\n")
    print_text(text)
