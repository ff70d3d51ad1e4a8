"""What programs send and get, as the API's description shows it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from qa.questions import read_day
from vectorstore.types import Filters

LONGEST_QUESTION = 10_000  # characters
MOST_EARLIER = 100  # questions of a conversation
MOST_SOURCES = 100
MOST_PASSAGES = 100  # more than this is a download, not a search
MOST_LISTED = 200


def _day(value: object) -> object:
    return read_day(value) if isinstance(value, str) else value


def _of_characters(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("half of a surrogate pair is no character") from None
    return text


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("it is blank")
    return text


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Text = Annotated[str, AfterValidator(_of_characters), Field(max_length=LONGEST_QUESTION)]
Words = Annotated[Text, AfterValidator(_said), Field(min_length=1)]
Source = Annotated[str, AfterValidator(_of_characters), Field(max_length=300)]


class Sent(BaseModel):
    """What a program sends: a name that is not known is refused, not passed over."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Scope(Sent):
    """What may be searched: days of publication, both ends included, and sources; nothing means all."""

    published_from: Day | None = Field(None, description="First day of publication", examples=["2019-01-01"])
    published_to: Day | None = Field(None, description="Last day of publication", examples=["2022-12-31"])
    sources: list[Source] = Field([], max_length=MOST_SOURCES, description="Only what these sources published")
    today: Day | None = Field(None, description="Day the question is asked; default: the current day")

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Scope:
        self.filters()
        return self

    def filters(self) -> Filters:
        """Return the scope as the store takes it. Raises ValueError when it ends before it begins."""
        return Filters(self.published_from, self.published_to, frozenset(filter(str.strip, self.sources)))


class AskRequest(Scope):
    """A question, with the questions before it in its conversation."""

    question: Words = Field(examples=["When was the first India-Japan 2+2?"])
    history: list[Text] = Field([], max_length=MOST_EARLIER, description="Earlier questions, oldest first")
    implied: bool = Field(True, description="Whether what the question itself says of time narrows the search")


class SearchRequest(Scope):
    """Words to look for."""

    query: Words = Field(examples=["harbour bridge"])
    k: int = Field(10, ge=1, le=MOST_PASSAGES, description="How many passages")


class Given(BaseModel):
    """What a program gets. Members may be added later."""

    model_config = ConfigDict(extra="allow")


class CitationOut(Given):
    """Words of an article: its text from `start` to `end`, in Unicode code points, is `quote`."""

    number: int
    article_id: str
    title: str
    date: str = Field(description='YYYY-MM-DD, or "" for an undated article')
    source: str
    url: str
    start: int
    end: int
    quote: str


class HitOut(Given):
    """A passage that was read."""

    article_id: str
    start: int
    end: int
    score: float


class FoundOut(HitOut):
    """A passage that was found, with its words."""

    title: str
    date: str
    source: str
    url: str
    text: str


class SentenceOut(Given):
    """A sentence of an answer, and the numbers of the citations that it stands on."""

    text: str
    citations: list[int]
    rules: list[str]


class NearOut(Given):
    """An article near to a question that was refused."""

    article_id: str
    title: str
    date: str
    source: str


class AnswerOut(Given):
    """An answer; `answer` has `[n]` after each sentence, `status` is answered, partial or not_in_corpus."""

    id: str
    question: str
    standalone_question: str
    status: str
    short_answer: str
    answer: str
    confidence: float
    citations: list[CitationOut]
    hits: list[HitOut]
    reason: str
    timings_ms: dict[str, float]
    sentences: list[SentenceOut]
    nearest: list[NearOut]
    notes: list[str]
    alternatives: list[dict[str, Any]]
    timeline: list[dict[str, Any]]
    implied: list[str]
    generation: int


class SearchOut(Given):
    """Passages, best first."""

    query: str
    hits: list[FoundOut]


class ListedOut(Given):
    """An article in a list."""

    id: str
    title: str
    date: str
    source: str


class ListOut(Given):
    """A page of the list of articles, latest first; `total` counts all that the filters admit."""

    total: int
    offset: int
    articles: list[ListedOut]


class ArticleOut(Given):
    """An article, whole."""

    id: str
    title: str
    date: str
    updated: str
    source: str
    author: str
    url: str
    language: str
    content_hash: str
    metadata: dict[str, str]
    text: str


class FailureOut(Given):
    """An entry of a file that could not be indexed."""

    entry: str
    reason: str


class UploadOut(Given):
    """What became of an uploaded file; counts are of articles."""

    name: str
    added: int
    updated: int
    unchanged: int
    removed: int
    failures: list[FailureOut]


class ReadyOut(Given):
    """What is ready to be asked."""

    status: str
    articles: int
    generation: int


class ProblemDetail(Given):
    """What is wrong, in OpenAI's form."""

    message: str
    type: str
    param: str | None
    code: str | None


class Problem(Given):
    """What is wrong with a request."""

    error: ProblemDetail
