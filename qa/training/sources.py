"""Reads the data folders into texts and examples, each set split into what is trained on and what is held out.

Splits go by hash of the article, story or question, so that no article's questions of one set are on both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from corpus.normalise import normalise_text
from corpus.passages import PieceSpans
from qa.followup import standalone_question
from qa.training.examples import Example, Positive, share_of
from qa.training.quiz import answering, held_out_quiz, read_quiz
from qa.training.shelf import Data, Record, Shelf, find_all, read_records

HELD_OUT_WRITTEN = 0.12
HELD_OUT_NEWSQA = 0.20
HELD_OUT_MULTIHOP = 0.50
HELD_OUT_ASKED = 0.12
STORIES_IN_A_CYCLE = 4  # the last of each four stories is held out
RIVALS_IN_A_CYCLE = 8  # and the last of each eight of those written later, of which there are many more
# Sources told over several articles, whose questions have the others of their story near.
CYCLES = {"stories": STORIES_IN_A_CYCLE, "rivals": RIVALS_IN_A_CYCLE, "series": RIVALS_IN_A_CYCLE}


def read_data(folder: Path, piece_spans: PieceSpans, *, sets: Sequence[str] | None = None) -> Data:
    """Read the sets (all that are there by default) that lie in folders of their names."""
    data = Data()
    for name in sets or tuple(READERS):
        if (folder / name).is_dir():
            READERS[name](folder / name, Shelf(data, piece_spans), data)
    return data


def _written(folder: Path, shelf: Shelf, data: Data) -> None:
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


def _newsqa(folder: Path, shelf: Shelf, data: Data) -> None:
    for record in _newsqa_articles(folder):
        shelf.put(record)
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
        data.add(example, held_out=_held_out_newsqa(about))


def _newsqa_articles(folder: Path) -> Iterator[Record]:
    for record in read_records(folder, "articles"):
        yield {**record, "title": ""}  # its titles are the beginnings of the articles


def _held_out_newsqa(article_id: str) -> bool:
    return share_of(article_id) < HELD_OUT_NEWSQA


def _asked(folder: Path, shelf: Shelf, data: Data) -> None:
    """Add our own questions about articles of public sets: each tells where its answer stands, and how far was read.

    The articles are not ours to keep: where one is missing, the questions about it are left out. So are those about an
    article that would teach what is to be measured: one of NewsQA's held out, or one that answers a question of the
    quiz that is. Held out is a part of the quiz's articles alone: the other sets have held-out questions of their own.
    """
    quiz, newsqa, clapnq = (folder.parent / name for name in ("realtimeqa", "newsqa", "clapnq"))
    questions = list(read_records(folder, "questions"))
    read_to = {record["article"]: record["read_to"] for record in questions}
    barred = {key for record in read_records(quiz, "questions") if held_out_quiz(record) for key in answering(record)}
    for record in read_records(quiz, "articles"):
        if record["id"] in read_to and record["id"] not in barred:
            shelf.put({**record, "text": record["text"][: read_to[record["id"]]]})
    of_quiz = frozenset(shelf.articles)
    cnn = (record for record in _newsqa_articles(newsqa) if not _held_out_newsqa(record["id"]))
    for record in (*cnn, *_clapnq_articles(clapnq)):  # whole, as they are for their own questions
        if record["id"] in read_to:
            shelf.put(record)
    for record in questions:
        about = record["article"]
        if about not in shelf.articles:
            continue
        spans = [tuple(span) for span in record["spans"]]
        positives = shelf.at(about, spans)
        if bool(positives) != bool(spans):
            continue
        answers = tuple(dict.fromkeys(shelf.articles[about][start:end] for start, end in spans))
        read = {placed.text.id for placed in shelf.placed[about] if placed.start < record["read_to"]}
        others = read - {positive.text for positive in positives}
        example = Example(
            f"asked/{record['id']}",
            "asked",
            record["question"],
            answers,
            positives,
            tuple(sorted(others - _holding(answers, shelf, [about]))),
            frozenset({about}),
        )
        data.add(example, held_out=about in of_quiz and share_of(about) < HELD_OUT_ASKED)


def _holding(answers: Iterable[str], shelf: Shelf, article_ids: Iterable[str]) -> set[str]:
    """Return the ids of the articles' texts in which an answer's words stand."""
    return {
        placed.text.id
        for article_id in article_ids
        for placed in shelf.placed.get(article_id, ())
        if any(find_all(answer, placed.text.words) for answer in answers)
    }


def _told_over_articles(folder: Path, shelf: Shelf, data: Data, *, source: str) -> None:
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


def _from_quotes(record: Record, answers: Sequence[str], shelf: Shelf) -> tuple[Positive, ...]:
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


def _multihop(folder: Path, shelf: Shelf, data: Data) -> None:
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


def _near_quotes(record: Record, answers: Sequence[str], shelf: Shelf) -> tuple[Positive, ...]:
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


def _clapnq(folder: Path, shelf: Shelf, data: Data) -> None:
    for record, article in zip(read_records(folder, "all"), _clapnq_articles(folder), strict=True):
        shelf.put(article)
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


def _clapnq_articles(folder: Path) -> Iterator[Record]:
    for record in read_records(folder, "all"):
        text = normalise_text(record["passage"])
        yield {"id": f"clapnq-{record['id']}", "title": record["title"], "text": text}


def _squad(folder: Path, shelf: Shelf, data: Data) -> None:
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


READERS: Mapping[str, Callable[[Path, Shelf, Data], None]] = {
    "written_qa": _written,
    "story_clusters": partial(_told_over_articles, source="stories"),
    "rivals": partial(_told_over_articles, source="rivals"),
    "series": partial(_told_over_articles, source="series"),
    "newsqa": _newsqa,
    "asked": _asked,
    "multihop_rag": _multihop,
    "clapnq": _clapnq,
    "squad2": _squad,
    "realtimeqa": read_quiz,
}
