"""Reports for a terminal and as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.text import Text

from qa.evaluation.bootstrap import Difference, Score
from qa.evaluation.compare import Comparison
from qa.evaluation.metrics import BY_NAME, METRICS, Metric
from qa.evaluation.outcome import Examined
from qa.evaluation.report import Report
from qa.evaluation.verdict import WORDS, verdict_of
from qa.show import one_line

NONE = "–"
OF_EACH_TYPE = ("accuracy", "em", "f1", "refusal_recall", "citation_precision", "evidence_recall@10")
NAMED = 10  # ids named in a terminal; a report on disk has them all
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-!|~&])")


def number(value: float | None, metric: Metric) -> str:
    """Return a score as it is shown: a percentage, or milliseconds."""
    if value is None:
        return NONE
    return f"{value:.1f}" if metric.timing else f"{100 * value:.1f}"


def interval(score: Score, metric: Metric) -> str:
    """Return a 95 % interval as it is shown."""
    return NONE if score.value is None else f"{number(score.low, metric)}–{number(score.high, metric)}"


def change(difference: Difference) -> str:
    """Return a difference in points with its interval, and whether it is real."""
    told = f"{100 * difference.change:+.1f} ({100 * difference.low:+.1f} to {100 * difference.high:+.1f})"
    return f"{told}, p {difference.p:.3f}" + (", real" if difference.real else "")


def report_text(report: Report) -> Text:
    """Return a report for people to read in a terminal: scores, types, and what changed."""
    text = Text()
    items = report.examination.items
    text.append(f"{one_line(report.name)}: {len(items)} questions\n\n", style="bold")
    width = max(len(metric.label) for metric in METRICS) + 2
    for metric in METRICS:
        score = report.scores[metric.name]
        if score.value is not None:
            spread = f"[{interval(score, metric)}]"
            text.append(f"{metric.label:<{width}}{number(score.value, metric):>7}  {spread:<16} n {score.count}\n")
    if report.peak_memory_mb is not None:
        text.append(f"{'Peak memory (MB)':<{width}}{report.peak_memory_mb:>7.0f}\n")
    if report.by_type:
        text.append_text(_types_text(report))
    if report.comparison:
        text.append_text(_comparison_text(report.comparison))
    return text


def _types_text(report: Report) -> Text:
    text = Text("\n")
    width = max(len(one_line(label)) for label in report.by_type) + 2
    heads = [BY_NAME[name].label for name in OF_EACH_TYPE]
    text.append(f"{'type':<{width}}{'n':>5}" + "".join(f"  {head:>{len(head)}}" for head in heads) + "\n", style="bold")
    for label, scores in report.by_type.items():
        row = f"{one_line(label):<{width}}{scores['accuracy'].count:>5}"
        for name, head in zip(OF_EACH_TYPE, heads, strict=True):
            row += f"  {number(scores[name].value, BY_NAME[name]):>{len(head)}}"
        text.append(row + "\n")
    return text


def _comparison_text(comparison: Comparison) -> Text:
    text = Text(f"\nsince {one_line(comparison.baseline)}\n", style="bold")
    width = max(len(BY_NAME[name].label) for name in comparison.differences) + 2
    for name, difference in comparison.differences.items():
        if difference.change or difference.real:
            text.append(f"{BY_NAME[name].label:<{width}}{change(difference)}\n")
    for what, ids in (
        ("better", comparison.better),
        ("worse", comparison.worse),
        ("answered otherwise", comparison.changed),
        ("not in the baseline", comparison.only_here),
        ("in the baseline only", comparison.only_there),
    ):
        named = ", ".join(map(one_line, ids[:NAMED])) + (", …" if len(ids) > NAMED else "")
        text.append(f"{what}: {len(ids)}" + (f" ({named})" if ids else "") + "\n")
    return text


def report_markdown(report: Report) -> str:
    """Return a report as Markdown: the scores, the types, and each question; all text is escaped."""
    lines = [f"# Evaluation of {escaped(report.name)}", "", f"{len(report.examination.items)} questions.", ""]
    lines += [f"> {escaped(warning)}" for warning in report.warnings]
    lines += [f"> {escaped(str(problem))}" for problem in report.examination.problems]
    lines += ["", "| score | value | 95 % interval | n | what it is |", "|---|---:|---|---:|---|"]
    for metric in METRICS:
        score = report.scores[metric.name]
        cells = (metric.label, number(score.value, metric), interval(score, metric), str(score.count), metric.meaning)
        lines.append(_row(cells))
    if report.peak_memory_mb is not None:
        lines.append(
            _row(("Peak memory (MB)", f"{report.peak_memory_mb:.0f}", NONE, "", "of the process that answered"))
        )
    lines += ["", "Scores are percentages but for latency (milliseconds) and memory.", ""]
    lines += _types_markdown(report)
    if report.comparison:
        lines += _comparison_markdown(report.comparison)
    lines += ["## Questions", ""]
    for item in report.examination.items:
        lines += _question_markdown(item, report.comparison)
    return "\n".join(lines).rstrip("\n") + "\n"


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _types_markdown(report: Report) -> list[str]:
    if not report.by_type:
        return []
    metrics = [BY_NAME[name] for name in OF_EACH_TYPE]
    lines = ["## By type", "", _row(("type", "n", *(metric.label for metric in metrics)))]
    lines.append("|---|---:|" + "---:|" * len(metrics))
    for label, scores in report.by_type.items():
        cells = [
            f"{number(scores[metric.name].value, metric)} ({interval(scores[metric.name], metric)})"
            if scores[metric.name].value is not None
            else NONE
            for metric in metrics
        ]
        lines.append(_row((escaped(label).replace("\\|", "|"), str(scores["accuracy"].count), *cells)))
    return [*lines, ""]


def _comparison_markdown(comparison: Comparison) -> list[str]:
    lines = [
        f"## Since {escaped(comparison.baseline)}",
        "",
        "| score | before | after | change |",
        "|---|---:|---:|---|",
    ]
    for name, difference in comparison.differences.items():
        metric = BY_NAME[name]
        numbers = (number(difference.before, metric), number(difference.after, metric))
        lines.append(_row((metric.label, *numbers, change(difference))))
    lines.append("")
    for what, ids in (("Better", comparison.better), ("Worse", comparison.worse)):
        lines.append(f"- {what}: {len(ids)}" + (f" ({', '.join(map(escaped, ids))})" if ids else ""))
    return [*lines, ""]


def _question_markdown(item: Examined, comparison: Comparison | None) -> Iterator[str]:
    outcome = item.outcome
    yield f"### {escaped(outcome.id)} · {WORDS[verdict_of(outcome)]}"
    yield ""
    yield escaped(item.question.question)
    yield ""
    expected = " / ".join(map(escaped, item.question.answers)) if outcome.answerable else "a refusal"
    yield f"- expected: {expected}"
    given = "a refusal" if outcome.refused else f"{escaped(outcome.short_answer)} (confidence {outcome.confidence:.2f})"
    yield f"- given: {given}"
    before = comparison.before.get(outcome.id) if comparison else None
    if before is not None and comparison is not None and outcome.id in comparison.changed:
        yield f"- before: {'a refusal' if before.refused else escaped(before.short_answer)}"
    for checked in item.checked:
        faults = [
            words
            for fault, words in (
                (not checked.exact, "not the article's words"),
                (not checked.holds, "does not hold the claim"),
                (not checked.from_evidence, "not from the evidence"),
            )
            if fault
        ]
        told = f" ({', '.join(faults)})" if faults else ""
        cited = checked.cited
        yield f"- \\[{cited.number}\\] {escaped(cited.article_id)}: “{escaped(cited.quote)}”{told}"
    for piece, rank in zip(item.evidence, outcome.found_at or (), strict=False):
        yield f"- evidence in {escaped(piece.article_id)}: " + (f"rank {rank}" if rank else "not retrieved")
    retrieved = list(dict.fromkeys(hit.article_id for hit in item.answer.hits))
    if retrieved:
        yield f"- retrieved: {', '.join(map(escaped, retrieved))}"
    yield ""


def escaped(text: str) -> str:
    """Return a text on one line, with every mark of Markdown and HTML shown as it is."""
    return _SPECIAL.sub(r"\\\1", one_line(text))
