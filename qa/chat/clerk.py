"""What a page asks for besides answers: an article, what an answer rests on, the archive's list, an export.

Each function takes whose page it is and what the page sent, and returns HTML or text. What is wrong is a DatelineError.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from qa.chat.archive import FOUND, PAGE, render_found, render_listing, render_shelf, render_taken
from qa.chat.evidence import articles_read, render_evidence
from qa.chat.followups import follow_ups
from qa.chat.recall import recall_answer
from qa.chat.request import read_day, read_name, read_scope, read_target
from qa.chat.source import render_source
from qa.chat.types import Answerer
from qa.errors import QuestionError, UnknownConversationError, UploadError
from qa.memory.export import conversation_markdown, conversation_record, feedback_questions
from qa.memory.memory import Memory
from qa.memory.types import StoredTurn
from qa.records import to_json
from qa.uploads import Uploads


@dataclass(frozen=True, slots=True)
class Clerk:
    """Answers a page's requests over one archive and one memory; without `uploads` nobody adds or deletes."""

    answerer: Answerer
    memory: Memory
    uploads: Uploads | None
    today: Callable[[], date]

    def open_source(self, owner: str, sent: object) -> str:
        """Return the panel with the article that a link opens."""
        try:
            target = read_target(sent)
        except ValueError as problem:
            raise QuestionError(f"this link cannot be opened: {problem}") from problem
        return render_source(self.answerer.article(target.article_id), target)

    def open_evidence(self, owner: str, sent: object) -> str:
        """Return the panel with all that was read for an answer."""
        stored, place = self._turn(owner, sent)
        if stored.answer is None:
            raise UnknownConversationError("there is no answer to this question")
        articles = self.answerer.store.articles(articles_read(stored.answer))
        return render_evidence(stored.answer, articles, place)

    def follow_ups(self, owner: str, sent: object) -> str:
        """Return, as buttons, further questions that the archive can answer."""
        stored, place = self._turn(owner, sent)
        if stored.answer is None:
            return ""
        turns = self.memory.turns(owner, read_name(sent, "conversation"))
        history = [turn.question for turn in turns[: place + 1]]
        offered = follow_ups(self.answerer, recall_answer(stored.answer), history, self.today())
        chips = "".join(
            f'<li><button type="button" class="chip" data-ask="{escape(question)}">{escape(question)}</button></li>'
            for question in offered
        )
        return f'<ul class="chips">{chips}</ul>' if chips else ""

    def export(self, owner: str, sent: object) -> str:
        """Return a conversation as Markdown or as JSON."""
        wanted = read_name(sent, "conversation")
        conversation, turns = self.memory.conversation(owner, wanted), self.memory.turns(owner, wanted)
        if read_name(sent, "form") == "json":
            return to_json(conversation_record(conversation, turns), indent=2) + "\n"
        return conversation_markdown(conversation, turns)

    def feedback(self, owner: str, sent: object) -> str:
        """Return what an owner thinks of answers as questions for `dateline eval`, one a line."""
        records = feedback_questions(self.memory.feedback(owner)).records
        return "".join(to_json(record) + "\n" for record in records)

    def shelf(self) -> str:
        """Return the archive's page, without its list."""
        store = self.answerer.store
        return render_shelf(store.status(), store.days(), store.sources(), open_to=self.uploads is not None)

    def browse(self, owner: str, sent: object) -> str:
        """Return the list of the articles that are looked for."""
        filters, words = read_scope(sent if isinstance(sent, Mapping) else {}), read_name(sent, "words").strip()
        open_to = self.uploads is not None
        if words:
            found = self.answerer.search(words, k=FOUND, today=self.today(), filters=filters)
            ids = [item.hit.passage.article_id for item in found]
            return render_found(found, self.answerer.store.articles(ids), open_to=open_to)
        offset = read_name(sent, "offset")
        place = int(offset) if offset.isdecimal() else 0
        listing = self.answerer.store.list_articles(filters, offset=place, limit=PAGE)
        return render_listing(listing, offset=place, open_to=open_to)

    def take_text(self, owner: str, sent: object) -> str:
        """Take in a text that was pasted, and return what became of it."""
        title = read_name(sent, "title")
        published, source = read_day(read_name(sent, "published")), read_name(sent, "source")
        report = self._uploads.paste(read_name(sent, "text"), title=title, published=published, source=source)
        return render_taken(title.strip() or "The text", report)

    def take_out(self, owner: str, sent: object) -> str:
        """Delete an article, and return that it is gone."""
        article = self._uploads.remove(read_name(sent, "article"))
        return f"<bdi>{escape(article.title)}</bdi> was deleted."

    @property
    def _uploads(self) -> Uploads:
        if self.uploads is None:
            raise UploadError("this archive is only to be read")
        return self.uploads

    def _turn(self, owner: str, sent: object) -> tuple[StoredTurn, int]:
        turns: Sequence[StoredTurn] = self.memory.turns(owner, read_name(sent, "conversation"))
        place = read_name(sent, "turn")
        if not place.isdecimal() or int(place) >= len(turns):
            raise QuestionError("there is no such question in this conversation any more")
        return turns[int(place)], int(place)
