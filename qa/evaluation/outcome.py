"""What became of each question: all that any score needs, with no text and no model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.evaluation.answers import Setting, right
from qa.evaluation.citations import Checked, check_citations, setting_of
from qa.evaluation.given import GivenAnswer
from qa.evaluation.gold import answerable
from qa.evaluation.retrieval import Ranked, RankScores, rank_evidence, score_ranks
from qa.evaluation.texts import Texts, widened
from qa.questions import Evidence, QuestionRecord

DIGITS = 6  # kept of each figure, so that a report read back has the very figures that were written


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question.

    `exact` and `f1` are 0 for a refusal and for a question that has no answer. The three counts of citations are None
    where there were no articles to check them against; `found_at` and `ranks` are None where there is no evidence to
    look for. `total_ms` is None where no time was measured.
    """

    id: str
    types: tuple[str, ...]
    answerable: bool
    refused: bool
    confidence: float
    short_answer: str
    exact: float
    f1: float
    citations: int | None
    citations_right: int | None
    quotes_exact: int | None
    found_at: tuple[int | None, ...] | None
    ranks: RankScores | None
    total_ms: float | None

    @property
    def right(self) -> bool:
        """Whether it was answered exactly, or rightly refused."""
        return self.exact == 1.0 if self.answerable else self.refused


@dataclass(frozen=True, slots=True)
class EvidenceProblem:
    """A piece of evidence that the archive does not hold; no retrieval score counts it."""

    question_id: str
    article_id: str
    quote: str
    article_known: bool

    def __str__(self) -> str:
        if not self.article_known:
            return f"question {self.question_id!r}: its evidence names article {self.article_id!r}, not in the index"
        return f"question {self.question_id!r}: article {self.article_id!r} does not hold the quote {self.quote!r}"


@dataclass(frozen=True, slots=True)
class Examined:
    """A question with its answer and all that was found of it."""

    question: QuestionRecord
    answer: GivenAnswer
    checked: tuple[Checked, ...]
    evidence: tuple[Evidence, ...]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Examination:
    """Every question with its answer, in order, and the evidence that no article holds."""

    items: tuple[Examined, ...]
    problems: tuple[EvidenceProblem, ...]

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The outcomes, in the order of the questions."""
        return tuple(item.outcome for item in self.items)


def examine(questions: Sequence[QuestionRecord], answers: Sequence[GivenAnswer], texts: Texts) -> Examination:
    """Compare each answer with its question; both in the same order."""
    problems: list[EvidenceProblem] = []
    sound: dict[str, tuple[Evidence, ...]] = {}
    ranked: dict[str, Ranked] = {}
    for question, answer in zip(questions, answers, strict=True):
        bad = _evidence_problems(question, texts)
        problems += bad.values()
        kept = tuple(item for place, item in enumerate(question.evidence) if place not in bad)
        sound[question.id] = kept
        if kept and (texts.known or not any(item.quote for item in kept)):
            ranked[question.id] = rank_evidence(kept, answer.hits, texts)
    scores = score_ranks(ranked)
    items = tuple(
        _examine(question, answer, texts, sound[question.id], ranked.get(question.id), scores.get(question.id))
        for question, answer in zip(questions, answers, strict=True)
    )
    return Examination(items, tuple(problems))


def _evidence_problems(question: QuestionRecord, texts: Texts) -> Mapping[int, EvidenceProblem]:
    """Return what is wrong with the evidence of a question, by place; nothing where there are no articles at all."""
    if not texts.known:
        return {}
    problems = {}
    for place, item in enumerate(question.evidence):
        known = item.article_id in texts.articles
        if not known or (item.quote.strip() and texts.find(item.article_id, item.quote) is None):
            problems[place] = EvidenceProblem(question.id, item.article_id, item.quote, known)
    return problems


def _examine(
    question: QuestionRecord,
    answer: GivenAnswer,
    texts: Texts,
    evidence: tuple[Evidence, ...],
    ranked: Ranked | None,
    ranks: RankScores | None,
) -> Examined:
    checked = check_citations(question, answer, texts)
    can = answerable(question)
    exact, f1 = _compare(question, answer, texts, evidence) if can and not answer.refused else (0.0, 0.0)
    outcome = Outcome(
        id=question.id,
        types=question.types,
        answerable=can,
        refused=answer.refused,
        confidence=round(answer.confidence, DIGITS),
        short_answer="" if answer.refused else answer.short_answer,
        exact=exact,
        f1=round(f1, DIGITS),
        citations=len(checked) if texts.known else None,
        citations_right=sum(item.right for item in checked) if texts.known else None,
        quotes_exact=sum(item.exact for item in checked) if texts.known else None,
        found_at=ranked.found_at if ranked else None,
        ranks=RankScores(*(round(value, DIGITS) for value in (ranks.mrr, ranks.map, ranks.ndcg))) if ranks else None,
        total_ms=answer.total_ms,
    )
    return Examined(question, answer, checked, evidence, outcome)


def _compare(
    question: QuestionRecord, answer: GivenAnswer, texts: Texts, evidence: Sequence[Evidence]
) -> tuple[float, float]:
    said = setting_of(((cited.article_id, cited.start, cited.end) for cited in answer.citations), texts)
    return right(answer.short_answer, question.answers, said=said, stands=_where(evidence, texts))


def _where(evidence: Sequence[Evidence], texts: Texts) -> Setting:
    """Return where gold answers stand: in the sentences that the evidence quotes, else anywhere in its articles."""
    places = []
    for item in evidence:
        article = texts.articles.get(item.article_id)
        if article is None:
            continue
        span = texts.find(item.article_id, item.quote)
        start, end = widened(article.text, *span) if span else (0, len(article.text))
        places.append((item.article_id, start, end))
    return setting_of(places, texts)
