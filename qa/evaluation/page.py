"""A report as one HTML file that asks nothing of any other: every text in it is escaped by the template engine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qa.evaluation.bootstrap import Difference, Score
from qa.evaluation.citations import Checked
from qa.evaluation.compare import Comparison
from qa.evaluation.metrics import BY_NAME, METRICS, Metric
from qa.evaluation.outcome import Examined, Outcome
from qa.evaluation.plots import Curve, Row, draw_reliability, draw_risk, draw_types
from qa.evaluation.report import Report
from qa.evaluation.report_text import OF_EACH_TYPE, change, interval, number
from qa.evaluation.texts import Texts, bare
from qa.evaluation.verdict import WORDS, Verdict, verdict_of

CONTEXT = 240  # characters of the article shown on either side of a citation
SNIPPET = 280  # characters shown of a passage that was retrieved
HITS_SHOWN = 10
QUESTIONS_SHOWN = 2000  # a page of more would be slow to open; the JSON and Markdown have them all
HEADLINES = (
    "accuracy",
    "em",
    "f1",
    "refusal_f1",
    "citation_precision",
    "citation_recall",
    "quote_exactness",
    "evidence_recall@10",
    "ndcg@10",
    "risk_coverage_auc",
    "latency_p50_ms",
    "latency_p95_ms",
)


@dataclass(frozen=True, slots=True)
class ScoreView:
    """A score as it is shown. `low`, `width` and `at` are percentages of a bar from 0 to 1; None draws no bar."""

    metric: Metric
    value: str
    interval: str
    count: int
    low: float | None
    width: float
    at: float
    change: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class CitationView:
    """A citation in its context: the words before it, its own, and those after it."""

    number: int
    title: str
    origin: str
    before: str
    quote: str
    after: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage that was retrieved; `holds` says that it has a piece of the evidence."""

    rank: int
    title: str
    origin: str
    snippet: str
    holds: bool


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """A piece of evidence and the rank at which it was found, None where it was not."""

    origin: str
    quote: str
    rank: int | None


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question with all that is shown of it. `before` is what the baseline answered where that was something else."""

    item: Examined
    verdict: Verdict
    verdict_words: str
    changed: bool
    before: str
    citations: tuple[CitationView, ...]
    evidence: tuple[EvidenceView, ...]
    passages: tuple[PassageView, ...]


@dataclass(frozen=True, slots=True)
class TypeView:
    """The scores of one type of question, in the order of the table's columns."""

    label: str
    count: int
    scores: tuple[ScoreView, ...]


def render_page(report: Report, texts: Texts) -> str:
    """Return the page of a report; the same report gives the same page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    comparison = report.comparison
    shown = report.examination.items[:QUESTIONS_SHOWN]
    questions = [view_question(item, texts, comparison) for item in shown]
    verdicts = [verdict_of(outcome) for outcome in report.examination.outcomes]
    return environment.get_template("report.html").render(
        report=report,
        total=len(verdicts),
        left_out=len(verdicts) - len(questions),
        headlines=[view_score(report, name) for name in HEADLINES if report.scores[name].value is not None],
        scores=[view_score(report, metric.name) for metric in METRICS],
        columns=[BY_NAME[name] for name in OF_EACH_TYPE],
        types=[_view_type(label, scores) for label, scores in report.by_type.items()],
        differences=_differences(comparison),
        filters=_filters(verdicts, comparison),
        labels=list(report.by_type),
        questions=questions,
        risk=draw_risk(report.risk) if report.risk else Curve("", ()),
        bins=draw_reliability(report.reliability),
        rows=type_rows(report),
    )


def view_score(report: Report, name: str) -> ScoreView:
    """Return one of the report's scores as it is shown, with its change since the baseline."""
    difference = report.comparison.differences.get(name) if report.comparison else None
    return _view(report.scores[name], BY_NAME[name], difference)


def _view(score: Score, metric: Metric, difference: Difference | None = None) -> ScoreView:
    barred = not metric.timing and score.value is not None and score.low is not None and score.high is not None
    low, high = (100 * (score.low or 0.0), 100 * (score.high or 0.0)) if barred else (0.0, 0.0)
    return ScoreView(
        metric=metric,
        value=number(score.value, metric),
        interval=interval(score, metric),
        count=score.count,
        low=low if barred else None,
        width=high - low,
        at=100 * (score.value or 0.0),
        change=f"{100 * difference.change:+.1f}" if difference and difference.change else "",
        direction=_direction(difference, metric) if difference else "",
    )


def _direction(difference: Difference, metric: Metric) -> str:
    if not difference.real:
        return "same"
    return "better" if (difference.change > 0) != metric.lower_is_better else "worse"


def _view_type(label: str, scores: dict[str, Score]) -> TypeView:
    views = tuple(_view(scores[name], BY_NAME[name]) for name in OF_EACH_TYPE)
    return TypeView(label, scores["accuracy"].count, views)


def type_rows(report: Report) -> tuple[Row, ...]:
    """Return the accuracy of each type with its interval, for a plot; the most asked types first."""
    named = {"all questions": report.scores, **report.by_type}
    found = [(label, scores["accuracy"]) for label, scores in named.items()]
    found.sort(key=lambda pair: -pair[1].count)
    return draw_types([(label, score) for label, score in found if score.value is not None])


def _differences(comparison: Comparison | None) -> list[tuple[Metric, str, str, str, str]]:
    if comparison is None:
        return []
    return [
        (
            BY_NAME[name],
            number(difference.before, BY_NAME[name]),
            number(difference.after, BY_NAME[name]),
            change(difference),
            _direction(difference, BY_NAME[name]),
        )
        for name, difference in comparison.differences.items()
    ]


def _filters(verdicts: list[Verdict], comparison: Comparison | None) -> list[tuple[str, str, int]]:
    """Return the buttons: the value each looks for, its words and how many questions it leaves."""
    found = [("all", "all", len(verdicts))]
    found += [(verdict.value, WORDS[verdict], verdicts.count(verdict)) for verdict in Verdict]
    if comparison:
        found.append(("changed", "changed since baseline", len(comparison.changed)))
    return found


def view_question(item: Examined, texts: Texts, comparison: Comparison | None) -> QuestionView:
    """Return all that is shown of a question."""
    outcome = item.outcome
    verdict = verdict_of(outcome)
    changed = comparison is not None and outcome.id in comparison.changed
    before = comparison.before.get(outcome.id) if comparison and changed else None
    found_at = outcome.found_at or (None,) * len(item.evidence)
    return QuestionView(
        item=item,
        verdict=verdict,
        verdict_words=WORDS[verdict],
        changed=changed,
        before=_said(before) if before else "",
        citations=tuple(_view_citation(checked, texts) for checked in item.checked),
        evidence=tuple(
            EvidenceView(_origin(piece.article_id, texts), piece.quote, rank)
            for piece, rank in zip(item.evidence, found_at, strict=True)
        ),
        passages=_view_passages(item, texts),
    )


def _said(outcome: Outcome) -> str:
    return "a refusal" if outcome.refused else outcome.short_answer


def _view_citation(checked: Checked, texts: Texts) -> CitationView:
    cited = checked.cited
    article = texts.articles.get(cited.article_id)
    known = article is not None and bool(texts.words(cited.article_id, cited.start, cited.end))
    text = article.text if article and known else ""
    start, end = (cited.start, cited.end) if known else (0, 0)
    faults = (
        (not checked.exact, "not the article’s words"),
        (not checked.holds, "does not hold what is claimed"),
        (not checked.from_evidence, "not from the evidence"),
    )
    return CitationView(
        number=cited.number,
        title=article.title if article else "",
        origin=_origin(cited.article_id, texts),
        before=("…" if start > CONTEXT else "") + text[max(0, start - CONTEXT) : start],
        quote=text[start:end] if known else cited.quote,
        after=text[end : end + CONTEXT] + ("…" if end + CONTEXT < len(text) else ""),
        faults=tuple(words for fault, words in faults if fault and texts.known),
    )


def _view_passages(item: Examined, texts: Texts) -> tuple[PassageView, ...]:
    quotes = [bare(piece.quote) for piece in item.evidence]
    views = []
    for rank, hit in enumerate(item.answer.hits[:HITS_SHOWN], start=1):
        article = texts.articles.get(hit.article_id)
        words = texts.words(hit.article_id, hit.start, hit.end)
        holds = any(
            (quote in bare(words)) if quote else piece.article_id == hit.article_id
            for quote, piece in zip(quotes, item.evidence, strict=True)
        )
        snippet = words[:SNIPPET] + ("…" if len(words) > SNIPPET else "")
        title = article.title if article else ""
        views.append(PassageView(rank, title, _origin(hit.article_id, texts), snippet, holds))
    return tuple(views)


def _origin(article_id: str, texts: Texts) -> str:
    article = texts.articles.get(article_id)
    if article is None:
        return article_id
    day = article.published_day.isoformat() if article.published_day else "undated"
    return " · ".join(filter(None, (article.source, day, article.id)))
