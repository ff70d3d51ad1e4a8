"""Does a citation hold what is claimed? Read from the stored article, whatever the quote says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from corpus.times import describe, find_times
from corpus.types import TimeExpression
from qa.evaluation.answers import Interval, Setting, days_of, squad_normal
from qa.evaluation.given import Cited, GivenAnswer, Said
from qa.evaluation.texts import Texts, widened
from qa.questions import QuestionRecord
from qa.terms import content_terms, keys
from qa.types import Citation, Sentence
from qa.verify import RESOLVED_DATE, SOURCE_NAME, unsupported

HELD_SHARE = 0.5  # of a sentence's words of meaning: a paraphrase shares most of them, another subject shares few
UNNAMED_RULES = (RESOLVED_DATE, SOURCE_NAME)  # what may derive a sentence that does not say how it was derived

_MARKED = re.compile(r"(.+?)((?:\s*\[\d+\])+)", re.DOTALL)
_NUMBER = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Checked:
    """A citation and what was found of it in the archive.

    `exact`: the article has the quote at the span. `holds`: the span, or the sentence around it, contains or entails
    what is claimed. `from_evidence`: it is from an article of the evidence, or the archive has none of those.
    """

    cited: Cited
    exact: bool
    holds: bool
    from_evidence: bool

    @property
    def right(self) -> bool:
        """Whether it counts for citation precision."""
        return self.holds and self.from_evidence


def check_citations(question: QuestionRecord, answer: GivenAnswer, texts: Texts) -> tuple[Checked, ...]:
    """Return each citation of an answer with what the archive says of it; a refusal cites nothing."""
    if answer.refused:
        return ()
    evidence = {item.article_id for item in question.evidence} & texts.articles.keys()  # else it is a problem named
    sentences = answer.sentences if answer.sentences is not None else split_marked(answer.text)
    wide = {cited.number: _widen(cited, texts) for cited in answer.citations}
    grounded = _grounded(answer.short_answer, sentences, wide, texts)
    return tuple(
        Checked(
            cited=cited,
            exact=texts.words(cited.article_id, cited.start, cited.end) == cited.quote != "",
            holds=grounded and _holds(cited.number, answer.short_answer, sentences, wide, texts),
            from_evidence=not evidence or cited.article_id in evidence,
        )
        for cited in answer.citations
    )


def split_marked(text: str) -> tuple[Said, ...]:
    """Return the sentences of a text that has `[n]` after each, without the marks; words with none are left out."""
    return tuple(
        Said(words.strip(), tuple(int(number) for number in _NUMBER.findall(marks)))
        for words, marks in _MARKED.findall(text)
    )


def _widen(cited: Cited, texts: Texts) -> Citation | None:
    """Return a citation of the whole sentences at a span, None where the archive has no such span."""
    if not texts.words(cited.article_id, cited.start, cited.end):
        return None
    article = texts.articles[cited.article_id]
    start, end = widened(article.text, cited.start, cited.end)
    published = article.published.isoformat() if article.published else ""
    words = article.text[start:end]
    return Citation(cited.number, article.id, article.title, published, article.source, article.url, start, end, words)


def _grounded(short_answer: str, sentences: Sequence[Said], wide: Mapping[int, Citation | None], texts: Texts) -> bool:
    """Whether the citations hold a short answer, or a sentence that says it.

    One that is neither rests on nothing cited, however well the citations hold what stands around it.
    """
    wanted = squad_normal(short_answer)
    known = [held for held in wide.values() if held is not None]
    if not wanted or any(_holds_answer(held, short_answer, texts) for held in known):
        return True
    if known and _supports(known, Said(short_answer, tuple(wide)), texts):
        return True
    for said in sentences:
        together = [held for held in known if held.number in said.citations]
        if together and f" {wanted} " in f" {squad_normal(said.text)} " and _supports(together, said, texts):
            return True
    return False


def _holds(
    number: int, short_answer: str, sentences: Sequence[Said], wide: Mapping[int, Citation | None], texts: Texts
) -> bool:
    """Whether a citation holds the short answer, or a sentence that it was put to.

    A sentence with several citations may need them together: one of them counts when it holds the sentence alone, or
    when the others do not without it (as in ALCE, Gao et al. 2023).
    """
    own = wide[number]
    if own is None:
        return False
    if short_answer.strip() and _holds_answer(own, short_answer, texts):
        return True
    for said in sentences:
        if number not in said.citations:
            continue
        together = [held for key in said.citations if (held := wide.get(key)) is not None]
        others = [held for held in together if held.number != number]
        if _supports([own], said, texts):
            return True
        if others and _supports(together, said, texts) and not _supports(others, said, texts):
            return True
    return False


def _holds_answer(held: Citation, short_answer: str, texts: Texts) -> bool:
    wanted = squad_normal(short_answer)
    if wanted and f" {wanted} " in f" {squad_normal(held.quote)} ":
        return True
    said = keys(short_answer)
    if said and said <= keys(held.quote):
        return True
    times = texts.times_within(held.article_id, held.start, held.end)
    if any(squad_normal(describe(time)) == wanted for time in times):
        return True
    setting = setting_of([(held.article_id, held.start, held.end)], texts)
    return not {days for _, days in setting.times}.isdisjoint(days_of(short_answer, setting))


def setting_of(places: Iterable[tuple[str, int, int]], texts: Texts) -> Setting:
    """Return what resolves a weekday that stands in words of articles: their times and days of publication."""
    times: list[tuple[str, Interval]] = []
    published: list[date] = []
    for article_id, start, end in places:
        article = texts.articles.get(article_id)
        if article is None:
            continue
        for time in texts.times_within(article_id, start, end):
            times.append((article.text[time.start : time.end], (time.earliest, time.latest)))
        if day := article.published_day:
            published.append(day)
    return Setting(tuple(times), tuple(dict.fromkeys(published)))


def _supports(held: Sequence[Citation], said: Said, texts: Texts) -> bool:
    """Whether the sentences cited hold or derive every number, name and quotation of a sentence, and most of it."""
    named = [
        time for citation in held for time in texts.times_within(citation.article_id, citation.start, citation.end)
    ]
    rules = UNNAMED_RULES if said.rules is None else said.rules
    text = _without_times(said.text, named) if RESOLVED_DATE in rules else said.text
    numbers = tuple(citation.number for citation in held)
    by_number = {citation.number: citation for citation in held}
    if unsupported(Sentence(text or ".", numbers, rules), by_number, texts.articles, texts.times):
        return False
    if said.rules:  # what it says beside the claims is the wording of its rules
        return True
    words = {term.key for term in content_terms(text)}
    known = keys(" ".join(citation.quote for citation in held))
    return len(words & known) >= HELD_SHARE * len(words)


def _without_times(text: str, named: Iterable[TimeExpression]) -> str:
    """Return a sentence without the times it names that the cited words name too, in whatever form."""
    held = {(time.earliest, time.latest): describe(time) for time in named}
    if not held:
        return text
    for said in sorted(held.values(), key=len, reverse=True):
        text = text.replace(said, " ")
    for time in sorted(find_times(text, None), key=lambda time: -time.start):
        if (time.earliest, time.latest) in held:
            text = text[: time.start] + " " + text[time.end :]
    return text
