"""A pipeline for the chat's tests, of real types: its answers are a function of the question and the articles."""

from __future__ import annotations

import queue
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import app
from corpus.errors import DatelineError
from corpus.types import Article, Passage
from qa.chat.blocks import EXAMPLES
from qa.errors import UnknownArticleError
from qa.memory.memory import Memory
from qa.server.application import Doors
from qa.server.desk import Answering
from qa.server.listener import build_server, open_listener
from qa.types import Answer, Citation, NearArticle, Retrieved, Sentence, Status
from qa.uploads import Uploads
from vectorstore.types import Filters, Hit, ListedArticle, Listing, Manifest, Origin, SourceCount, StoreStatus

if TYPE_CHECKING:
    from uvicorn import Server

DAY = re.compile(
    r"\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December) \d{4}"
)
SENTENCE = re.compile(r"\S[^.!?\n]*[.!?]?")
STOP = frozenset(
    "a an and did for how in is it of on that the this to was were what when where which who why with".split()
)


def make_article(title: str, text: str, *, published: date | None, **fields: str) -> Article:
    """Return an article whose hash, and id where none is given, are a function of its title and text."""
    digest = sha256(f"{title}\n{text}".encode()).hexdigest()
    return Article(**{"id": digest[:12], **fields}, title=title, text=text, published=published, content_hash=digest)


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[\w+]+", text.lower())) - STOP


class FakeStore:
    def __init__(self, articles: Sequence[Article]) -> None:
        self.held = {article.id: article for article in articles}

    def articles(self, article_ids: Sequence[str]) -> dict[str, Article]:
        return {article_id: self.held[article_id] for article_id in article_ids if article_id in self.held}

    @property
    def generation(self) -> int:
        return 1

    def list_articles(self, filters: Filters | None = None, *, offset: int = 0, limit: int = 50) -> Listing:
        found = [article for article in self.held.values() if admitted(article, filters or Filters())]
        found.sort(key=lambda article: article.published_day or date.min, reverse=True)
        listed = [ListedArticle(a.id, a.title, a.published_day, a.source) for a in found]
        return Listing(len(listed), tuple(listed[offset : offset + limit]))

    def days(self) -> dict[date, int]:
        days = Counter(article.published_day for article in self.held.values() if article.published_day)
        return dict(sorted(days.items()))

    def sources(self) -> tuple[SourceCount, ...]:
        counts = Counter(article.source for article in self.held.values())
        return tuple(SourceCount(source, count) for source, count in sorted(counts.items()))

    def status(self) -> StoreStatus:
        days = [article.published_day for article in self.held.values() if article.published_day]
        return StoreStatus(
            folder="fake",
            articles=len(self.held),
            undated=len(self.held) - len(days),
            passages=len(self.held),
            earliest=min(days, default=None),
            latest=max(days, default=None),
            sources=self.sources(),
            manifest=Manifest(1, "fake", "0", 8, 256, "sentences"),
            generation=1,
            bytes_on_disk={},
            healthy=True,
            problems=(),
        )


class FakePipeline:
    """Answers with the sentence that shares most words with the question, or refuses when that is fewer than two."""

    def __init__(self, articles: Sequence[Article], *, pause_s: float = 0.0) -> None:
        self.store = FakeStore(articles)
        self._pause_s = pause_s

    def article(self, article_id: str) -> Article:
        if article_id not in self.store.held:
            raise UnknownArticleError(f"there is no article {article_id!r} in this archive")
        return self.store.held[article_id]

    def ask(
        self,
        question: str,
        *,
        today: date,
        history: Sequence[str] = (),
        filters: Filters | None = None,
        implied: bool = True,
        patient: bool = True,
    ) -> Answer:
        *_, answer = self.stages(question, history=history, filters=filters, today=today, implied=implied)
        assert isinstance(answer, Answer)
        return answer

    def stages(
        self,
        question: str,
        *,
        today: date,
        history: Sequence[str] = (),
        filters: Filters | None = None,
        implied: bool = True,
    ) -> Iterator[str | Answer]:
        if "fail" in question:
            raise DatelineError("the index is being rebuilt: ask again in a minute")
        if "burst" in question:
            raise RuntimeError("a defect")
        for stage in ("searching", "reading", "checking"):
            yield stage
            time.sleep(self._pause_s)
        retrieved = self.search(question, k=10, today=today, filters=filters)
        read = ("the first",) if implied and "first" in question.lower() else ()
        composed = self._compose(question, history, retrieved)
        noted, generation = (f"asked on {today.isoformat()}",), self.store.generation
        yield replace(composed, notes=noted, implied=read, generation=generation)

    def search(self, text: str, *, k: int, today: date, filters: Filters | None = None) -> list[Retrieved]:
        asked = words_of(text)
        hits = [
            Hit(Passage(f"{article.id}:{start}", article.id, start, end, article.text[start:end]), score, Origin.FUSED)
            for article in self.store.held.values()
            if admitted(article, filters or Filters())
            for start, end in (match.span() for match in SENTENCE.finditer(article.text))
            if (score := len(asked & words_of(article.text[start:end])) / max(1, len(asked))) > 0
        ]
        return [Retrieved(hit) for hit in sorted(hits, key=lambda hit: -hit.score)[:k]]

    def _compose(self, question: str, history: Sequence[str], retrieved: Sequence[Retrieved]) -> Answer:
        hits = tuple(found.hit for found in retrieved)
        standalone = f"{question} (after: {history[-1]})" if history and len(question.split()) < 4 else question
        if not hits or hits[0].score < 0.5:
            return Answer(
                question,
                standalone,
                Status.NOT_IN_CORPUS,
                "",
                (),
                (),
                0.2,
                hits,
                self._near(hits),
                "No article says so.",
            )
        best = [hit for hit in hits if hit.score >= hits[0].score - 0.2][:2]
        citations = tuple(self._cite(number, hit.passage) for number, hit in enumerate(best, 1))
        sentences = tuple(Sentence(citation.quote, (citation.number,)) for citation in citations)
        day = DAY.search(citations[0].quote)
        short = day.group() if day else ""
        return Answer(question, standalone, Status.ANSWERED, short, sentences, citations, 0.93, hits)

    def _cite(self, number: int, passage: Passage) -> Citation:
        article = self.article(passage.article_id)
        published = article.published_day.isoformat() if article.published_day else ""
        place = (passage.start, passage.end, passage.text)
        return Citation(number, article.id, article.title, published, article.source, article.url, *place)

    def _near(self, hits: Sequence[Hit]) -> tuple[NearArticle, ...]:
        found = [self.article(hit.passage.article_id) for hit in hits[:3]]
        return tuple(
            NearArticle(a.id, a.title, a.published_day.isoformat() if a.published_day else "", a.source) for a in found
        )


def admitted(article: Article, filters: Filters) -> bool:
    """Whether an article passes the filters."""
    day = article.published_day
    if (filters.published_from or filters.published_to) and day is None:
        return False
    return (
        (not filters.published_from or day >= filters.published_from)
        and (not filters.published_to or day <= filters.published_to)
        and (not filters.sources or article.source.lower() in {source.lower() for source in filters.sources})
    )


FILLER = "\n".join(
    f"Paragraph {number} of the background describes the earlier talks of both governments at some length, "
    "with the names of the officials who prepared them and the places in which they were held."
    for number in range(30)
)

ARTICLES = (
    make_article(
        "India and Japan hold second 2+2 in Tokyo",
        f"{FILLER}\nThe first India-Japan 2+2 was held in New Delhi on 30 November 2019.\n{FILLER}",
        id=EXAMPLES[0].article_id,
        published=date(2022, 9, 6),
        source="Meridian Wire",
        author="A. Rao",
        url="https://news.example/2plus2?a=1&b=2",
    ),
    make_article(
        "India and the United States meet",
        "The first India-US 2+2 took place on 6 September 2018 in New Delhi. It was long in the making.",
        published=date(2018, 9, 7),
        source="Capital Post",
    ),
    make_article(
        "Harbour bridge opens",
        "The harbour bridge of Ostrava opened on 3 May 2021. Traffic was light. The mayor cut a ribbon.",
        published=date(2021, 5, 4),
        source="Capital Post",
        url="javascript:alert(1)",
    ),
)


def new_year() -> date:
    """Return the day on which the tests ask."""
    return date(2026, 1, 1)


@contextmanager
def served(
    answerer: Answering, *, memory: Path | None = None, doors: Doors | None = None, uploads: Uploads | None = None
) -> Iterator[str]:
    """Serve the chat over a pipeline on a free port of this machine, and give its address.

    `memory` is the file of its conversations; without one they are forgotten.
    """
    started: queue.SimpleQueue[Server] = queue.SimpleQueue()
    with (
        TemporaryDirectory() as folder,
        Memory.open(memory or Path(folder) / "memory.sqlite3") as kept,
        open_listener("127.0.0.1", 0) as listener,
    ):
        port = listener.getsockname()[1]

        def serve() -> None:  # wholly in its own thread: Playwright runs an event loop in the tests' one
            application = app.build_application(answerer, memory=kept, today=new_year, doors=doors, uploads=uploads)
            server = build_server(application)
            started.put(server)
            server.run(sockets=[listener])

        thread = threading.Thread(target=serve)
        thread.start()
        server = started.get(timeout=60)
        while thread.is_alive() and not server.started:
            time.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.should_exit = True
            thread.join()
