"""The values that flow from a question to its cited answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from corpus.types import Passage, TimeExpression
from vectorstore.types import Filters, Hit


class AnswerKind(Enum):
    """What kind of thing a question asks for."""

    DAY = "day"
    PERSON = "person"
    PLACE = "place"
    COUNT = "count"
    AMOUNT = "amount"
    DURATION = "duration"
    NAME = "name"
    REASON = "reason"
    YES_NO = "yes-no"
    STATEMENT = "statement"
    TIMELINE = "timeline"


class Ordering(Enum):
    """Which of several events a question asks for, or which of several reports of one.

    The ORIGINAL is what was given or planned at first, the FINAL what stands in the end; the NEXT is still to come.
    The PREVIOUS and the FOLLOWING stood before and after somebody or something named.
    """

    NONE = "none"
    FIRST = "first"
    LATEST = "latest"
    NTH = "nth"
    ORIGINAL = "original"
    FINAL = "final"
    NEXT = "next"
    PREVIOUS = "previous"
    FOLLOWING = "following"


@dataclass(frozen=True, slots=True)
class Window:
    """Days that a question speaks about, both ends included; None is an open end. `words` is what said so.

    `as_of` says that it asks for what was known by its last day.
    """

    earliest: date | None
    latest: date | None
    words: str
    as_of: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A question understood: a pure function of the question, its history and the day it is asked.

    `window` bounds the answer in time; `subject` holds the days that only name what is asked about, which bound
    nothing: "the 2008 declaration".
    """

    text: str
    standalone: str
    asked_on: date
    kind: AnswerKind = AnswerKind.STATEMENT
    ordering: Ordering = Ordering.NONE
    ordinal: int | None = None
    window: Window | None = None
    subject: Window | None = None
    filters: Filters = field(default_factory=Filters)
    sources_named: tuple[str, ...] = ()
    days_named: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage to be read: its fused hit, the near-identical copies folded into it, and the scores behind it.

    `named` is what was added because it lies in a source or on a day that the question names, or says the number that
    it asks for.
    """

    hit: Hit
    copies: tuple[Passage, ...] = ()
    dense: float | None = None
    lexical: float | None = None
    named: float = 0.0


@dataclass(frozen=True, slots=True)
class Weighed:
    """Why a passage was read, and what was made of it.

    `dense` is the cosine and `lexical` the BM25 score, None where that search did not return it; `named` is as in
    `Retrieved`; `reader` is the score of the best words that were marked in it, None where none were.
    """

    dense: float | None = None
    lexical: float | None = None
    named: float = 0.0
    reader: float | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may be the answer: `article.text[start:end]`, inside a sentence of a passage that was read.

    `score` is a probability between 0 and 1 that this span is the one that answers the question. `time` is the span's
    own date, resolved, where it names one.
    """

    passage: Passage
    start: int
    end: int
    sentence_start: int
    sentence_end: int
    score: float
    time: TimeExpression | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Candidates that denote the same answer, best first, one an article; `score` is the sum over all that said it."""

    candidates: tuple[Candidate, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Citation:
    """Words of an article that support a sentence: `article.text[start:end] == quote`, byte for byte.

    `event` is when what the quote tells took place: an ISO 8601 day, an interval `2019-11-01/2019-11-30`, or "" where
    the article does not say.
    """

    number: int
    article_id: str
    title: str
    published: str
    source: str
    url: str
    start: int
    end: int
    quote: str
    also_in: tuple[str, ...] = ()
    event: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer, the numbers of the citations that support it, and the rules that derived it."""

    text: str
    citations: tuple[int, ...]
    rules: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.citations:
            raise ValueError(f"a sentence of an answer needs a citation: {self.text!r}")


@dataclass(frozen=True, slots=True)
class Alternative:
    """A rival that is shown beside the answer: the value it replaced, or what another source gives.

    `citations` are numbers of the answer's citations; `note` says in words what sets the rival apart.
    """

    short_answer: str
    citations: tuple[int, ...]
    confidence: float
    note: str

    def __post_init__(self) -> None:
        if not self.citations:
            raise ValueError(f"an alternative needs a citation: {self.short_answer!r}")


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of a timeline: the day or days, ISO 8601 as in `Citation.event`, what happened, and who says so."""

    day: str
    text: str
    citations: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.citations:
            raise ValueError(f"a line of a timeline needs a citation: {self.text!r}")


class Status(Enum):
    """Whether the archive held the answer."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    NOT_IN_CORPUS = "not_in_corpus"


@dataclass(frozen=True, slots=True)
class NearArticle:
    """An article close to a question that was refused."""

    article_id: str
    title: str
    published: str
    source: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown. `confidence` is between 0 and 1; timings are milliseconds by stage.

    `notes` say what was compared to choose it, `alternatives` are the rivals that were not chosen, `timeline` is
    filled for a question that asks what happened, in order of time, and `implied` says in words what the question
    itself was taken to ask for: its window of days, its order. `weighed` has, by passage id, why each hit was read.
    """

    question: str
    standalone_question: str
    status: Status
    short_answer: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    confidence: float
    hits: tuple[Hit, ...]
    nearest: tuple[NearArticle, ...] = ()
    reason: str = ""
    notes: tuple[str, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)
    generation: int = 0
    alternatives: tuple[Alternative, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    implied: tuple[str, ...] = ()
    weighed: Mapping[str, Weighed] = field(default_factory=dict)

    def __post_init__(self) -> None:
        numbers = {citation.number for citation in self.citations}
        cited = [sentence.citations for sentence in self.sentences]
        cited += [rival.citations for rival in self.alternatives] + [entry.citations for entry in self.timeline]
        for own in cited:
            if not set(own) <= numbers:
                raise ValueError(f"a sentence cites {own}, but there are {sorted(numbers)}")
        if (self.status is Status.NOT_IN_CORPUS) != (not self.sentences):
            raise ValueError("an answer has sentences, a refusal has none")

    @property
    def text(self) -> str:
        """The answer as shown: each sentence followed by the `[n]` of its citations."""
        return " ".join(
            sentence.text + " " + "".join(f"[{number}]" for number in sentence.citations) for sentence in self.sentences
        )
