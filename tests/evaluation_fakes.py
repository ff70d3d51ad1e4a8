"""A small archive and answers about it, for the tests of scoring; no index and no model."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from corpus.times import find_times
from corpus.types import Article
from qa.evaluation.given import Cited, GivenAnswer, Place
from qa.evaluation.outcome import Outcome
from qa.evaluation.texts import Texts
from qa.questions import Evidence, QuestionRecord
from qa.types import Status

TALKS = (
    "The ministers of Norland and Westmark will hold their second round of talks tomorrow (Wednesday) in Tessaly.\n"
    "Defence Minister Ida Krohn leads the delegation. The first round was held on 30 November 2019.\n"
    "A crowd of 4,200 is expected."
)
BRIDGE = "The bridge was closed because its third pier had sunk by nine centimetres.\nMayor Penn said so on Monday."
ARTICLES = {
    article.id: article
    for article in (
        Article("talks", "Talks tomorrow", TALKS, date(2022, 9, 6), "0", source="Norland Post"),
        Article("bridge", "Bridge shut", BRIDGE, date(2020, 2, 18), "1", source="Tarrow Mail"),
    )
}
TEXTS = Texts(ARTICLES, {key: tuple(find_times(a.text, a.published_day)) for key, a in ARTICLES.items()})


def cite(number: int, article_id: str, quote: str) -> Cited:
    """Return a citation of words where they stand."""
    start = ARTICLES[article_id].text.index(quote)
    return Cited(number, article_id, start, start + len(quote), quote)


def place(article_id: str, words: str) -> Place:
    """Return a passage of the words where they stand."""
    start = ARTICLES[article_id].text.index(words)
    return Place(article_id, start, start + len(words))


def answer(
    short_answer: str, text: str = "", *cited: Cited, confidence: float = 0.9, hits: tuple[Place, ...] = ()
) -> GivenAnswer:
    """Return an answer; "" refuses."""
    status = Status.ANSWERED if short_answer else Status.NOT_IN_CORPUS
    return GivenAnswer("q", status, short_answer, text or short_answer, confidence, cited, hits, total_ms=10.0)


OUTCOME = Outcome(
    id="q",
    types=(),
    answerable=True,
    refused=False,
    confidence=0.5,
    short_answer="x",
    exact=1.0,
    f1=1.0,
    citations=1,
    citations_right=1,
    quotes_exact=1,
    found_at=None,
    ranks=None,
    total_ms=None,
)


def outcome(identity: str = "q", **changes: object) -> Outcome:
    """Return an outcome that is right in every way but for the changes."""
    return replace(OUTCOME, id=identity, **changes)  # type: ignore[arg-type]


EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)> | `x` [a](javascript:alert(1)) {{ 7*7 }}'
HOSTILE = Article(EVIL, EVIL, f"Before. {EVIL} After.", date(2020, 1, 1), "2", source=EVIL)
ALL = Texts({**ARTICLES, EVIL: HOSTILE}, {**TEXTS.times, EVIL: ()})

QUESTIONS = (
    QuestionRecord("right", "Who leads?", ("Ida Krohn",), types=("who",), evidence=(Evidence("talks", "Ida Krohn"),)),
    QuestionRecord("wrong", "When are the talks?", ("Wednesday",), types=("when",), evidence=(Evidence("talks"),)),
    QuestionRecord("refused", "Why was it shut?", ("a pier sank",), types=("why",)),
    QuestionRecord("answered", "Who pays?", answerable=False, types=("who", "unanswerable")),
    QuestionRecord(EVIL, EVIL, (EVIL,), types=(EVIL,), history=(EVIL,), evidence=(Evidence(EVIL, EVIL),)),
)
ANSWERS = (
    answer("Ida Krohn", "Ida Krohn. [1]", cite(1, "talks", "Ida Krohn"), hits=(place("talks", "Ida Krohn leads"),)),
    answer("8 September 2022", "", cite(1, "talks", "tomorrow (Wednesday)"), confidence=0.4),
    answer("", confidence=0.7),
    answer("Mayor Penn", "Mayor Penn. [1]", cite(1, "bridge", "Mayor Penn"), confidence=0.6),
    GivenAnswer(
        EVIL, Status.ANSWERED, EVIL, EVIL, 0.5, (Cited(1, EVIL, 8, 8 + len(EVIL), EVIL),), (Place(EVIL, 0, 20),)
    ),
)  # fmt: skip
