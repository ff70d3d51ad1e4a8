"""The two questions that programs may ask over HTTP, without any state between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from qa.chat.request import read_day, read_scope
from qa.chat.types import Answerer
from qa.errors import QuestionError
from qa.records import answer_record, found_record
from vectorstore.types import Filters

MOST_PASSAGES = 100  # more than this is a download, not a search


@dataclass(frozen=True, slots=True)
class Asked:
    """The scope of a request: what may be searched, and the day it is asked."""

    filters: Filters
    today: date


def read_asked(first: str, last: str, source: str, today: str, *, default: Callable[[], date]) -> Asked:
    """Return a request's scope; every word is a blank or what the command line takes. Raises QuestionError."""
    filters = read_scope({"from": first, "to": last, "source": source})
    return Asked(filters, read_day(today) or default())


def ask_record(answerer: Answerer, question: str, history: Sequence[str], asked: Asked) -> dict[str, Any]:
    """Return the record of an answer, as the command line writes it."""
    if not question.strip():
        raise QuestionError("there is no question")
    answer = answerer.ask(question, history=tuple(history), filters=asked.filters, today=asked.today)
    return answer_record(answer)


def search_record(answerer: Answerer, query: str, k: int, asked: Asked) -> dict[str, Any]:
    """Return the passages nearest to a query, best first, as the command line writes them."""
    if not query.strip():
        raise QuestionError("there is nothing to look for")
    if not 1 <= k <= MOST_PASSAGES:
        raise QuestionError(f"k is {k}, but it must be from 1 to {MOST_PASSAGES}")
    found = answerer.search(query, k=k, filters=asked.filters, today=asked.today)
    articles = {item.hit.passage.article_id: answerer.article(item.hit.passage.article_id) for item in found}
    return {"query": query, "hits": [found_record(item, articles) for item in found]}
