"""Reads RealTimeQA: weekly questions with the evidence they were given, and with articles found for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from corpus.normalise import normalise_text
from qa.training.examples import Example, Positive, share_of
from qa.training.shelf import Data, Record, Shelf, find_all, read_records

HELD_OUT_QUIZ = 0.25
QUIZ_ARTICLES = 3  # articles with the answer's words that are kept for a question of the quiz, best first
QUIZ_OTHERS = 3  # and articles found for it without them


def read_quiz(folder: Path, shelf: Shelf, data: Data) -> None:
    """Add the questions of the quiz; those of one week are all trained on or all held out."""
    questions = list(read_records(folder, "questions"))
    wanted = {
        article_id
        for record in questions
        for article_id in (*answering(record)[:QUIZ_ARTICLES], *_without_answer(record)[:QUIZ_OTHERS])
    }
    for record in read_records(folder, "articles"):
        if record["id"] in wanted:
            shelf.put(record)
    for record in questions:
        held_out = held_out_quiz(record)
        _quiz_evidence(record, shelf, data, held_out=held_out)
        _quiz_articles(record, shelf, data, held_out=held_out)


def held_out_quiz(record: Record) -> bool:
    """Whether a question is of a week that training leaves out."""
    return share_of(str(record["date"])) < HELD_OUT_QUIZ


def answering(record: Record) -> Sequence[str]:
    """Return the ids of the articles that hold a question's answer."""
    found: Sequence[str] = record.get("answer_in", ())
    return found


def _without_answer(record: Record) -> list[str]:
    holding = set(answering(record))
    return [article_id for article_id in record.get("searched", ()) if article_id not in holding]


def _quiz_evidence(record: Record, shelf: Shelf, data: Data, *, held_out: bool) -> None:
    """Add a question with the paragraph that the quiz gave as its evidence."""
    words = normalise_text(record.get("evidence_text") or "")
    answers = tuple(record["answers"])
    if not any(find_all(answer, words) for answer in answers):
        return
    article_id = f"evidence-{record['id']}"
    shelf.put({"id": article_id, "date": record["date"], "text": words})
    spans = [span for answer in answers for span in find_all(answer, words)]
    positives = shelf.at(article_id, spans)
    if positives:
        near = shelf.texts_of(_without_answer(record)[:QUIZ_OTHERS])
        data.add(
            Example(f"quiz/{record['id']}", "quiz", record["question"], answers, positives, near), held_out=held_out
        )


def _quiz_articles(record: Record, shelf: Shelf, data: Data, *, held_out: bool) -> None:
    """Add a question with the passages of articles found for it that hold its answer's words and most of its own."""
    answers = tuple(record["answers"])
    asked = _long_words(record["question"])
    ranked = []
    for article_id in answering(record)[:QUIZ_ARTICLES]:
        for placed in shelf.placed.get(article_id, ()):
            spans = [span for answer in answers for span in find_all(answer, placed.text.words)]
            shared = len(asked & _long_words(placed.text.words + " " + placed.text.header)) / max(len(asked), 1)
            if spans and shared >= 0.5:
                ranked.append((shared, placed.text.id, tuple(spans)))
    ranked.sort(key=lambda entry: -entry[0])
    positives = tuple(Positive(text_id, spans) for _, text_id, spans in ranked[:2])
    if positives:
        near = shelf.texts_of(_without_answer(record)[:QUIZ_OTHERS])
        example = Example(f"quiz-open/{record['id']}", "quiz-open", record["question"], answers, positives, near)
        data.add(example, held_out=held_out)


def _long_words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > 3}
