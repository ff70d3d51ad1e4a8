"""An evaluation from files to a report: predicting and scoring are apart, and scoring runs no model."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from qa.errors import about_file
from qa.evaluation.compare import compare
from qa.evaluation.given import GivenAnswer
from qa.evaluation.outcome import Outcome, examine
from qa.evaluation.page import render_page
from qa.evaluation.report import Report, make_report
from qa.evaluation.report_json import report_record
from qa.evaluation.report_text import report_markdown
from qa.evaluation.texts import Texts, read_texts
from qa.questions import QuestionRecord
from qa.records import to_json, write_lines
from vectorstore.errors import IndexMissingError

BYTES_PER_MB = 1_000_000


def open_texts(index: Path, questions: Iterable[QuestionRecord], answers: Iterable[GivenAnswer]) -> Texts:
    """Return every article that is cited, was read or holds evidence; none are known where there is no index."""
    ids = {evidence.article_id for question in questions for evidence in question.evidence}
    for answer in answers:
        ids.update(cited.article_id for cited in answer.citations)
        ids.update(hit.article_id for hit in answer.hits)
    try:
        return read_texts(index, ids)
    except IndexMissingError:
        return Texts(known=False)


def evaluate(
    name: str,
    questions: Sequence[QuestionRecord],
    answers: Sequence[GivenAnswer],
    texts: Texts,
    *,
    baseline: tuple[str, Sequence[Outcome]] | None = None,
    peak_memory_mb: float | None = None,
) -> Report:
    """Score answers, in the order of their questions, and compare them with a named baseline."""
    examination = examine(questions, answers, texts)
    warnings = [] if texts.known else ["There is no index, so that no citation and no quote was checked in an article."]
    inexact = sum(not checked.exact for item in examination.items for checked in item.checked)
    if texts.known and inexact:
        warnings.append(f"{inexact} quotes do not stand in their article at their span: every one must.")
    return make_report(
        name,
        examination,
        comparison=compare(*baseline, examination.outcomes) if baseline else None,
        warnings=warnings,
        peak_memory_mb=peak_memory_mb,
    )


def write_report(folder: Path, report: Report, texts: Texts) -> None:
    """Write a report as `report.html`, `report.json` and `report.md`. Raises RecordError when it cannot be written."""
    with about_file("write", folder):
        folder.mkdir(parents=True, exist_ok=True)
    for name, content in (
        ("report.html", render_page(report, texts)),
        ("report.json", to_json(report_record(report, details=True), indent=1)),
        ("report.md", report_markdown(report)),
    ):
        write_lines(folder / name, [content.rstrip("\n")])


def peak_memory_mb() -> float | None:
    """Return the most memory that this process has held, None where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak * (1 if sys.platform == "darwin" else 1024) / BYTES_PER_MB, 1)
