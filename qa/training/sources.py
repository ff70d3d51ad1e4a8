"""Reads the data folders into texts and examples, each set split into what is trained on and what is held out.

Splits go by hash of the article, story or question, so that no article's questions are on both sides.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from corpus.normalise import normalise_text
from corpus.passages import PieceSpans, passage_header, split_passages
from corpus.types import Article
from qa.also_called import as_told
from qa.followup import standalone_question
from qa.training.examples import Example, Positive, Span, Text, share_of

WINDOW = 256  # word pieces: the passages that the store keeps
HELD_OUT_WRITTEN = 0.12
HELD_OUT_NEWSQA = 0.20
HELD_OUT_QUIZ = 0.25
HELD_OUT_MULTIHOP = 0.50
HELD_OUT_ASKED = 0.12
STORIES_IN_A_CYCLE = 4  # the last of each four stories is held out
RIVALS_IN_A_CYCLE = 8  # and the last of each eight of those written later, of which there are many more
# Sources told over several articles, whose questions have the others of their story near.
CYCLES = {"stories": STORIES_IN_A_CYCLE, "rivals": RIVALS_IN_A_CYCLE}
QUIZ_ARTICLES = 3  # articles with the answer's words that are kept for a question of the quiz, best first
QUIZ_OTHERS = 3  # and articles found for it without them

Record = dict[str, Any]


@dataclass(slots=True)
class Data:
    """Texts by id, and examples: those to train on, and those held out to measure on."""

    texts: dict[str, Text] = field(default_factory=dict)
    trained: list[Example] = field(default_factory=list)
    held_out: list[Example] = field(default_factory=list)

    def add(self, example: Example, *, held_out: bool) -> None:
        """File an example under what it is for, its question put as the reader is asked it."""
        asked = replace(example, question=as_told(example.question))
        (self.held_out if held_out else self.trained).append(asked)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A text and where it stands in its article."""

    text: Text
    start: int
    end: int


class _Shelf:
    """Splits articles into texts and finds them again by article."""

    def __init__(self, data: Data, piece_spans: PieceSpans) -> None:
        self._data = data
        self._piece_spans = piece_spans
        self.articles: dict[str, str] = {}
        self.placed: dict[str, list[_Placed]] = {}

    def put(self, record: Record) -> None:
        """Add an article. Its text is kept as it came where it is normalised already."""
        day = str(record.get("date") or "")[:10]
        article = Article(
            id=record["id"],
            title=record.get("title", ""),
            text=record["text"],
            published=date.fromisoformat(day) if day else None,
            content_hash="",
            source=record.get("source", ""),
        )
        header = passage_header(article, piece_spans=self._piece_spans, window=WINDOW)
        passages = split_passages(article, piece_spans=self._piece_spans, window=WINDOW)
        self.articles[article.id] = article.text
        self.placed[article.id] = [
            _Placed(Text(passage.id, article.id, header, passage.text), passage.start, passage.end)
            for passage in passages
        ]
        for placed in self.placed[article.id]:
            self._data.texts[placed.text.id] = placed.text

    def texts_of(self, article_ids: Iterable[str]) -> tuple[str, ...]:
        """Return the ids of the articles' texts."""
        return tuple(placed.text.id for article_id in article_ids for placed in self.placed.get(article_id, ()))

    def at(self, article_id: str, spans: Sequence[Span]) -> tuple[Positive, ...]:
        """Return the texts of an article that hold any of the spans whole."""
        found = []
        for placed in self.placed[article_id]:
            inside = [
                (start - placed.start, end - placed.start)
                for start, end in spans
                if placed.start <= start and end <= placed.end
            ]
            if inside:
                found.append(Positive(placed.text.id, tuple(inside)))
        return tuple(found)


def read_records(folder: Path, name: str) -> Iterator[Record]:
    """Yield the records of `name.jsonl` or `name.jsonl.gz` in a folder; nothing where there is neither."""
    plain, packed = folder / f"{name}.jsonl", folder / f"{name}.jsonl.gz"
    if plain.exists():
        with plain.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)
    elif packed.exists():
        with gzip.open(packed, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def read_data(folder: Path, piece_spans: PieceSpans, *, sets: Sequence[str] | None = None) -> Data:
    """Read the sets (all that are there by default) that lie in folders of their names."""
    data = Data()
    for name in sets or tuple(READERS):
        if (folder / name).is_dir():
            READERS[name](folder / name, _Shelf(data, piece_spans), data)
    return data


def find_all(words: str, text: str, *, start: int = 0, end: int | None = None) -> list[Span]:
    """Return each place where the words stand as whole words, without regard to case; blanks match any blanks."""
    wanted = words.strip().strip("“”\"'‘’")
    if not wanted:
        return []
    pattern = r"\s+".join(map(re.escape, wanted.split()))
    whole = re.compile(rf"(?<!\w){pattern}(?!\w)", re.IGNORECASE)
    return [match.span() for match in whole.finditer(text, start, len(text) if end is None else end)]


def _written(folder: Path, shelf: _Shelf, data: Data) -> None:
    for record in read_records(folder, "articles"):
        shelf.put(record)
    for record in read_records(folder, "questions"):
        about = record["evidence"][0]["article_id"] if record["answerable"] else record["near"][0]
        answers = tuple(record["answers"])
        text = shelf.articles[about]
        spans = [span for answer in answers for span in find_all(answer, text)]
        positives = shelf.at(about, spans) if record["answerable"] else ()
        others = set(shelf.texts_of([about])) - {positive.text for positive in positives}
        if record["answerable"] and not positives:
            continue
        example = Example(
            f"written/{record['id']}",
            "written",
            record["question"],
            answers,
            positives,
            tuple(sorted(others)),
            frozenset({about}),
        )
        data.add(example, held_out=share_of(about) < HELD_OUT_WRITTEN)


def _newsqa(folder: Path, shelf: _Shelf, data: Data) -> None:
    for record in read_records(folder, "articles"):
        shelf.put({**record, "title": ""})  # its titles are the beginnings of the articles
    for record in read_records(folder, "questions"):
        evidence = record["evidence"][0]
        about, start = evidence["article_id"], evidence["start"]
        end = start + len(evidence["quote"].rstrip(" \n.,;:"))
        positives = shelf.at(about, [(start, end)])
        if not positives:
            continue
        answers = tuple(record["answers"])
        others = (set(shelf.texts_of([about])) - {positives[0].text}) - _holding(answers, shelf, [about])
        example = Example(
            f"newsqa/{record['id']}",
            "newsqa",
            record["question"],
            answers,
            positives,
            tuple(sorted(others)),
            frozenset({about}),
        )
        data.add(example, held_out=share_of(about) < HELD_OUT_NEWSQA)


def _asked(folder: Path, shelf: _Shelf, data: Data) -> None:
    """Add our own questions about RealTimeQA's articles: each tells where its answer stands, and how far was read.

    Their articles are not ours to keep: where an article is missing, the questions about it are left out.
    """
    quiz = folder.parent / "realtimeqa"
    # An article that answers a question of the quiz that is held out would teach what is to be measured.
    barred = {key for record in read_records(quiz, "questions") if _held_out_quiz(record) for key in _answering(record)}
    questions = list(read_records(folder, "questions"))
    read_to = {record["article"]: record["read_to"] for record in questions}
    for record in read_records(quiz, "articles"):
        if record["id"] in read_to and record["id"] not in barred:
            shelf.put({**record, "text": record["text"][: read_to[record["id"]]]})
    for record in questions:
        about = record["article"]
        if about not in shelf.articles:
            continue
        spans = [tuple(span) for span in record["spans"]]
        positives = shelf.at(about, spans)
        if bool(positives) != bool(spans):
            continue
        answers = tuple(dict.fromkeys(shelf.articles[about][start:end] for start, end in spans))
        others = set(shelf.texts_of([about])) - {positive.text for positive in positives}
        example = Example(
            f"asked/{record['id']}",
            "asked",
            record["question"],
            answers,
            positives,
            tuple(sorted(others - _holding(answers, shelf, [about]))),
            frozenset({about}),
        )
        data.add(example, held_out=share_of(about) < HELD_OUT_ASKED)


def _holding(answers: Iterable[str], shelf: _Shelf, article_ids: Iterable[str]) -> set[str]:
    """Return the ids of the articles' texts in which an answer's words stand."""
    return {
        placed.text.id
        for article_id in article_ids
        for placed in shelf.placed.get(article_id, ())
        if any(find_all(answer, placed.text.words) for answer in answers)
    }


def _stories(folder: Path, shelf: _Shelf, data: Data) -> None:
    _told_over_articles(folder, shelf, data, source="stories")


def _rivals(folder: Path, shelf: _Shelf, data: Data) -> None:
    _told_over_articles(folder, shelf, data, source="rivals")


def _told_over_articles(folder: Path, shelf: _Shelf, data: Data, *, source: str) -> None:
    stories: dict[str, list[str]] = {}
    for record in read_records(folder, "articles"):
        shelf.put(record)
        stories.setdefault(_story(record["id"]), []).append(record["id"])
    for record in read_records(folder, "questions"):
        story = _story(record["id"])
        members = stories[story]
        answers = tuple(record["answers"])
        positives = _from_quotes(record, answers, shelf)
        others = set(shelf.texts_of(members)) - {positive.text for positive in positives}
        if record["answerable"]:
            if not positives:
                continue
            others -= _holding(answers, shelf, members)
        example = Example(
            f"{source}/{record['id']}",
            source,
            standalone_question(record["question"], record.get("history", ())),
            answers,
            positives,
            tuple(sorted(others)),
            frozenset(members),
        )
        data.add(example, held_out=is_held_out(record["id"], CYCLES[source]))


def is_held_out(identifier: str, cycle: int = STORIES_IN_A_CYCLE) -> bool:
    """Whether the story of an article or a question is one that training leaves out: the last of each `cycle`."""
    return int(_story(identifier).rsplit("-", 1)[1]) % cycle == cycle - 1


def _story(identifier: str) -> str:
    return identifier.rsplit("-", 1)[0]


def _from_quotes(record: Record, answers: Sequence[str], shelf: _Shelf) -> tuple[Positive, ...]:
    """Return where an answer stands in the quotes of evidence, in its best form: "Ada Quill" and not "Quill"."""
    found: list[Positive] = []
    for evidence in record.get("evidence", ()):
        about = evidence["article_id"]
        text = shelf.articles[about]
        at = text.find(evidence["quote"])
        if at < 0:
            continue
        end = at + len(evidence["quote"])
        spans = next((spans for answer in answers if (spans := find_all(answer, text, start=at, end=end))), [])
        found += shelf.at(about, spans)
    return tuple(found)


def _multihop(folder: Path, shelf: _Shelf, data: Data) -> None:
    for record in read_records(folder, "articles"):
        shelf.put(record)
    for record in read_records(folder, "questions"):
        if record["type"] not in ("inference", "null"):
            continue  # compared or answered with yes or no: no span to mark
        answers = tuple(record["answers"]) if record["answerable"] else ()
        positives = _near_quotes(record, answers, shelf)
        if record["answerable"] and not positives:
            continue
        example = Example(
            f"multihop/{record['id']}", f"multihop-{record['type']}", record["question"], answers, positives
        )
        data.add(example, held_out=share_of(record["question"]) < HELD_OUT_MULTIHOP)


def _near_quotes(record: Record, answers: Sequence[str], shelf: _Shelf) -> tuple[Positive, ...]:
    """Return the texts that hold both a quote of the evidence and the answer's words."""
    found: dict[str, Positive] = {}
    for evidence in record.get("evidence", ()):
        about = evidence["article_id"]
        at = shelf.articles[about].find(evidence["quote"])
        if at < 0:
            continue
        for placed in shelf.placed[about]:
            spans = [span for answer in answers for span in find_all(answer, placed.text.words)]
            if spans and placed.start <= at < placed.end:
                found[placed.text.id] = Positive(placed.text.id, tuple(spans))
    return tuple(found.values())


def _clapnq(folder: Path, shelf: _Shelf, data: Data) -> None:
    for record in read_records(folder, "all"):
        shelf.put({"id": f"clapnq-{record['id']}", "title": record["title"], "text": normalise_text(record["passage"])})
        texts = shelf.texts_of([f"clapnq-{record['id']}"])
        if record["type"] == "answerable" or not texts:
            continue  # its answers are whole paragraphs
        example = Example(
            f"clapnq/{record['id']}",
            "clapnq",
            record["question"],
            (),
            (),
            texts,
        )
        data.add(example, held_out=False)


def _squad(folder: Path, shelf: _Shelf, data: Data) -> None:
    for record in read_records(folder, "all"):
        article_id = f"squad-{record['id']}"
        shelf.put({"id": article_id, "text": normalise_text(record["context"])})
        texts = shelf.texts_of([article_id])
        answers = tuple(record["answers"])
        spans = [span for answer in answers for span in find_all(answer, shelf.articles[article_id])]
        positives = shelf.at(article_id, spans)
        if bool(positives) == bool(answers):
            others = tuple(sorted(set(texts) - {positive.text for positive in positives}))
            example = Example(f"squad/{record['id']}", "squad", record["question"], answers, positives, others)
            data.add(example, held_out=True)  # a small sample: to measure on only


def _quiz(folder: Path, shelf: _Shelf, data: Data) -> None:
    questions = list(read_records(folder, "questions"))
    wanted = {
        article_id
        for record in questions
        for article_id in (*_answering(record)[:QUIZ_ARTICLES], *_without_answer(record)[:QUIZ_OTHERS])
    }
    for record in read_records(folder, "articles"):
        if record["id"] in wanted:
            shelf.put(record)
    for record in questions:
        held_out = _held_out_quiz(record)
        _quiz_evidence(record, shelf, data, held_out=held_out)
        _quiz_articles(record, shelf, data, held_out=held_out)


def _held_out_quiz(record: Record) -> bool:
    return share_of(str(record["date"])) < HELD_OUT_QUIZ


def _answering(record: Record) -> Sequence[str]:
    """Return the ids of the articles that hold a question's answer."""
    found: Sequence[str] = record.get("answer_in", ())
    return found


def _without_answer(record: Record) -> list[str]:
    holding = set(_answering(record))
    return [article_id for article_id in record.get("searched", ()) if article_id not in holding]


def _quiz_evidence(record: Record, shelf: _Shelf, data: Data, *, held_out: bool) -> None:
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


def _quiz_articles(record: Record, shelf: _Shelf, data: Data, *, held_out: bool) -> None:
    """Add a question with the passages of articles found for it that hold its answer's words and most of its own."""
    answers = tuple(record["answers"])
    asked = _long_words(record["question"])
    ranked = []
    for article_id in _answering(record)[:QUIZ_ARTICLES]:
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


READERS: Mapping[str, Callable[[Path, _Shelf, Data], None]] = {
    "written_qa": _written,
    "story_clusters": _stories,
    "rivals": _rivals,
    "newsqa": _newsqa,
    "asked": _asked,
    "multihop_rag": _multihop,
    "clapnq": _clapnq,
    "squad2": _squad,
    "realtimeqa": _quiz,
}
