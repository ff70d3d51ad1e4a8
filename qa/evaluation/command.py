"""`dateline eval`: score answers to a file of questions, answering them first when none are given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.batch import answer_all
from qa.console import print_record, print_text, progress_bar, tell
from qa.options import AsJson, Index, Today, parse_path
from qa.records import answer_record, to_json, write_lines
from qa.settings import Settings
from qa.surroundings import Surroundings
from vectorstore.types import Filters

if TYPE_CHECKING:
    from qa.evaluation.given import GivenAnswer
    from qa.evaluation.minimum import Minimum
    from qa.evaluation.report import Report
    from qa.questions import QuestionRecord

MISSED = 1  # the exit status when a minimum is not reached
PROBLEMS_TOLD = 20
ANSWERS_FILE = "answers.jsonl"


def evaluate_file(  # noqa: PLR0913 one parameter for each option
    context: typer.Context,
    questions: Annotated[Path, typer.Argument(metavar="QUESTIONS.jsonl", help="Questions with their gold answers")],
    more: Annotated[list[str] | None, typer.Argument(hidden=True)] = None,
    answers: Annotated[
        Path | None,
        typer.Option("--answers", metavar="ANSWERS.jsonl", help="Answers to score; without it they are made first"),
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", metavar="REPORT.json", help="An earlier report to compare with")
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", parser=parse_path, metavar="DIR", help="Where report.html, .json and .md go"),
    ] = None,
    minimums: Annotated[
        list[str] | None,
        typer.Option("--min", metavar="METRIC=VALUE", help="End with status 1 below this score; repeatable"),
    ] = None,
    today: Today = None,
    as_json: AsJson = False,
    index: Index = None,
) -> None:
    """Score answers: exact match, refusals, citations, retrieval, confidence, latency."""
    from qa.evaluation.given import match_answers, read_answers
    from qa.evaluation.gold import read_gold
    from qa.evaluation.minimum import missed_minimums
    from qa.evaluation.report_json import read_baseline, report_record
    from qa.evaluation.report_text import report_text
    from qa.evaluation.run import evaluate, open_texts, peak_memory_mb, write_report

    around: Surroundings = context.obj
    settings = around.settings(index=index)
    wanted = _minimums((*(minimums or ()), *(more or ())))  # `--min` may be followed by several
    records = read_gold(questions)
    before = (baseline.name, read_baseline(baseline)) if baseline else None
    peak = None
    if answers:
        given = match_answers(records, read_answers(answers))
    else:
        given = _answer(around, settings, records, today or around.today(), report)
        peak = peak_memory_mb()
    texts = open_texts(settings.index, records, given)
    found = evaluate(questions.name, records, given, texts, baseline=before, peak_memory_mb=peak)
    if report:
        write_report(report, found, texts)
    if as_json:
        print_record(report_record(found))
    else:
        print_text(report_text(found))
    _tell(found, report)
    missed = missed_minimums(found.scores, wanted)
    for line in missed:
        tell(line)
    if missed:
        raise typer.Exit(MISSED)


def _minimums(texts: Sequence[str]) -> list[Minimum]:
    from qa.evaluation.minimum import parse_minimum

    try:
        return [parse_minimum(text) for text in texts]
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="'--min'") from None


def _answer(
    around: Surroundings, settings: Settings, records: Sequence[QuestionRecord], today: date, folder: Path | None
) -> tuple[GivenAnswer, ...]:
    """Answer each question, keep the answers in the report's folder, and read them as any other system's."""
    from qa.errors import about_file
    from qa.evaluation.given import parse_answers

    with around.open_pipeline(settings) as pipeline, progress_bar() as bar:
        told = bar.track(records, description="questions")
        lines = [
            to_json(answer_record(answer, question_id=record.id))
            for record, answer in zip(records, answer_all(pipeline, told, filters=Filters(), today=today), strict=True)
        ]
    if folder:
        with about_file("write", folder):
            folder.mkdir(parents=True, exist_ok=True)
        write_lines(folder / ANSWERS_FILE, lines)
    return parse_answers("the answers", [line.encode("utf-8") for line in lines])


def _tell(found: Report, folder: Path | None) -> None:
    for warning in found.warnings:
        tell(warning)
    problems = found.examination.problems
    for problem in problems[:PROBLEMS_TOLD]:
        tell(f"{problem}; it counts in no retrieval score")
    if len(problems) > PROBLEMS_TOLD:
        tell(
            f"and {len(problems) - PROBLEMS_TOLD} more pieces of evidence like these: --json and --report have them all"
        )
    if folder:
        tell(f"report written to {folder / 'report.html'}")
