"""Nothing is said that its citation does not hold: each date, number, quotation and name is traced to its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from corpus.times import describe
from corpus.types import Article, TimeExpression
from qa.ends import first_day, is_run, last_day_of
from qa.types import Citation, Sentence

# Rules by which a sentence may say what its citation does not hold letter by letter.
RESOLVED_DATE = "resolved-date"  # a time expression in the cited words, given as the days it means
PUBLICATION_DATE = "publication-date"  # the day the cited article was published
SOURCE_NAME = "source-name"  # the cited article's own source or title

_QUOTED = re.compile(r"[“\"]([^”\"]+)[”\"]")
_CLAIM = re.compile(r"\d[\d.,]*\d|\d|[^\W\d_][\w'’.-]*\w")


def quote_is_exact(citation: Citation, article: Article) -> bool:
    """Whether the citation's words stand in the article at its span, code point for code point."""
    return article.id == citation.article_id and article.text[citation.start : citation.end] == citation.quote


def unsupported(
    sentence: Sentence,
    citations: Mapping[int, Citation],
    articles: Mapping[str, Article],
    times: Mapping[str, Sequence[TimeExpression]],
) -> tuple[str, ...]:
    """Return the dates, numbers, names and quotations of a sentence that its citations neither hold nor derive.

    Empty means the sentence may be said. Only a rule that the sentence names may excuse words that are not in the
    cited span, and each rule excuses just the words that it derives.
    """
    cited = [citations[number] for number in sentence.citations]
    held = " ".join(_spaced(citation.quote) for citation in cited)
    missing = [quoted for quoted in _QUOTED.findall(sentence.text) if _spaced(quoted) not in held]
    rest = sentence.text
    for words in sorted(_derived(sentence.rules, cited, articles, times), key=len, reverse=True):
        rest = rest.replace(words, " ")
    known = set(_claims(held))
    missing.extend(claim for claim in _claims(_QUOTED.sub(" ", rest)) if claim not in known)
    return tuple(missing)


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _claims(text: str) -> Iterable[str]:
    """Yield the numbers and capitalised words of a text: what a made-up fact would be made of."""
    for match in _CLAIM.finditer(text):
        word = match.group()
        if word[0].isdigit() or word[0].isupper():
            yield word.removesuffix("'s").removesuffix("’s")


def _derived(
    rules: Sequence[str],
    cited: Sequence[Citation],
    articles: Mapping[str, Article],
    times: Mapping[str, Sequence[TimeExpression]],
) -> set[str]:
    words: set[str] = set()
    for citation in cited:
        article = articles[citation.article_id]
        if RESOLVED_DATE in rules:
            inside = (
                time for time in times.get(article.id, ()) if citation.start <= time.start and time.end <= citation.end
            )
            for time in inside:
                words.update(map(describe, (time, first_day(time), last_day_of(time)) if is_run(time) else (time,)))
        if PUBLICATION_DATE in rules and (day := article.published_day):
            words.add(f"{day.day} {day:%B %Y}")
        if SOURCE_NAME in rules:
            words.update(filter(None, (article.source, article.title)))
    return words
