"""A conversation as HTML: what is said, where its links lead, and that nothing written in it is taken for markup."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from chat_fakes import ARTICLES, FakePipeline, make_article

from corpus.types import Passage
from qa.chat.page import fitting_examples, render_archive, render_composer, render_welcome
from qa.chat.render import render_answer, render_conversation
from qa.chat.source import render_source
from qa.chat.types import Example, Failed, Stopped, Target, Turn, Working, quote_digest
from qa.chat.words import confidence_words, count_words, moment_words, scope_words
from qa.settings import default_index
from qa.types import Answer, Citation, NearArticle, Sentence, Status
from vectorstore.types import Filters, Hit, Origin

TODAY = date(2026, 1, 1)
FIRST = "When was the first India-Japan 2+2?"

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "![picture](http://evil.example/p.png)",
    "[link](javascript:alert(1))",
    "</textarea></title></style><b>bold</b>",
    "<style>body{background:url(//evil.example)}</style>",
    "${alert(1)} {{constructor}} {{{raw}}} `${1}`",
    "<a href=javascript:alert(1)>x</a>",
    "\u202egnp.exe\u2066<b>\u2069",
    "&lt;script&gt; &amp;",
)


class Page(HTMLParser):
    """Every tag with its attributes, and all the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def having(self, attribute: str) -> list[dict[str, str | None]]:
        return [attributes for _, attributes in self.tags if attribute in attributes]


def hostile_answer(words: str) -> Answer:
    """Return an answer in which every text that could come from elsewhere is `words`."""
    citation = Citation(1, words, words, words, words, words, 0, len(words), words, also_in=(words,))
    near = NearArticle(words, words, words, words)
    sentence = Sentence(words + ".", (1,), rules=(words,))
    hit = Hit(Passage(words, words + "!", 0, len(words), words), 0.5, Origin.FUSED)
    return Answer(
        words, words + "?", Status.ANSWERED, words, (sentence,), (citation,), 0.9, (hit,), (near,), words, (words,)
    )


def test_an_answer_gives_the_short_answer_then_the_sentence_then_its_source_with_its_day() -> None:
    page = Page(render_answer(FakePipeline(ARTICLES).ask(FIRST, today=TODAY), {}))
    said = [
        "30 November 2019",
        "held in New Delhi on 30 November 2019.",
        "[1]",
        "Very likely right",
        "6 September 2022",
    ]
    places = [page.text.index(words) for words in said]
    assert places == sorted(places)


def test_a_citation_leads_to_the_very_words_it_quotes() -> None:
    answer = FakePipeline(ARTICLES).ask(FIRST, today=TODAY)
    links = Page(render_answer(answer, {})).having("data-number")
    assert len(links) == 2  # after the sentence, and in the list of sources
    for link in links:
        citation = answer.citations[int(link["data-number"] or 0) - 1]
        assert link["data-article"] == citation.article_id
        assert (link["data-start"], link["data-end"]) == (str(citation.start), str(citation.end))
        assert link["data-digest"] == quote_digest(citation.quote)


def test_a_link_says_in_words_where_it_leads() -> None:
    (cite, *_) = Page(render_answer(FakePipeline(ARTICLES).ask(FIRST, today=TODAY), {})).having("aria-label")
    assert cite["aria-label"] == "Source 1: India and Japan hold second 2+2 in Tokyo, 6 September 2022"


def test_a_refusal_gives_its_reason_and_links_the_nearest_articles() -> None:
    page = Page(render_answer(FakePipeline(ARTICLES).ask("Who won the harbour regatta of 2034?", today=TODAY), {}))
    assert "Not in this archive" in page.text
    assert "No article says so." in page.text
    assert page.having("data-article")[0]["data-article"] == ARTICLES[2].id
    assert "right" not in page.text  # no confidence is claimed for a refusal


def test_a_rule_that_derived_a_sentence_is_named() -> None:
    answer = FakePipeline(ARTICLES).ask(FIRST, today=TODAY)
    derived = replace(answer, sentences=(replace(answer.sentences[0], rules=("resolved-date", "publication-date")),))
    assert "Derived by rule: resolved date, publication date" in Page(render_answer(derived, {})).text


def test_a_short_answer_that_is_the_sentence_itself_is_not_said_twice() -> None:
    answer = FakePipeline(ARTICLES).ask(FIRST, today=TODAY)
    whole = replace(answer, short_answer=answer.sentences[0].text, hits=())
    assert Page(render_answer(whole, {})).text.count(answer.sentences[0].text) == 1


def test_a_question_read_in_the_light_of_earlier_ones_says_how_it_was_read() -> None:
    answer = FakePipeline(ARTICLES).ask("And the US?", history=(FIRST,), today=TODAY)
    assert f"Understood as: And the US? (after: {FIRST})" in Page(render_answer(answer, {})).text
    assert "Understood as" not in render_answer(FakePipeline(ARTICLES).ask(FIRST, today=TODAY), {})


def test_each_outcome_of_a_turn_is_told() -> None:
    turns = (
        Turn("one", Working("reading"), scope="by Capital Post"),
        Turn("two", Stopped()),
        Turn("three", Failed("the index is being rebuilt")),
    )
    page = Page(render_conversation(turns))
    for words in ("Scope: by Capital Post", "Reading the passages found…", "Stopped before", "being rebuilt"):
        assert words in page.text
    assert [turn["data-state"] for turn in page.having("data-state")] == ["working", "done", "done"]
    assert [button.get("data-ask") for button in page.having("data-ask")] == ["two", "three"]


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_written_in_an_answer_becomes_markup(words: str) -> None:
    def whole(text: str) -> str:
        answer = hostile_answer(text)
        refusal = replace(answer, status=Status.NOT_IN_CORPUS, sentences=(), citations=())
        read = {text + "!": make_article(text, text, published=TODAY, source=text)}
        turns = (
            Turn(text, answer, text, read),
            Turn(text, refusal),
            Turn(text, Failed(text)),
            Turn(text, Working(text)),
        )
        return render_conversation(turns)

    assert shape(whole(words)) == shape(whole("x"))


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_written_in_an_article_becomes_markup(words: str) -> None:
    fields = {"source": words, "author": words, "url": words}
    hostile = make_article(words, words, published=TODAY, **fields)
    harmless = make_article("x", "x", published=TODAY, source="x", author="x", url="x")
    target = Target("id", 0, 1, number=1)
    assert shape(render_source(hostile, replace(target, end=len(words)))) == shape(render_source(harmless, target))


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_written_as_a_source_or_an_example_becomes_markup(words: str) -> None:
    def whole(text: str) -> str:
        pipeline = FakePipeline([make_article("t", "t", published=TODAY, source=text)])
        status = pipeline.store.status()
        return render_welcome(status, [text]) + render_archive(status) + render_composer(pipeline.store.sources())

    assert shape(whole(words)) == shape(whole("x"))


def shape(html: str) -> list[tuple[str, list[str]]]:
    """Return the tags of a page and the names of their attributes: what a text must not be able to change."""
    return [(tag, list(attributes)) for tag, attributes in Page(html).tags]


def test_passages_read_but_not_cited_are_listed_with_their_article_and_score() -> None:
    answer = FakePipeline(ARTICLES).ask(FIRST, today=TODAY)
    page = Page(render_answer(answer, {article.id: article for article in ARTICLES}))
    assert "1 passage also read, but not used" in page.text
    listed = page.text[page.text.index("not used") :]
    assert "India and the United States meet. Capital Post, published 7 September 2018; score 0.75" in listed
    assert "New Delhi on 30 November 2019" not in listed


def test_an_example_is_offered_only_where_its_article_is_held() -> None:
    held = Example("When was the first India-Japan 2+2?", ARTICLES[0].id)
    questions = fitting_examples(FakePipeline(ARTICLES).store, [held, Example("And elsewhere?", "no such article")])
    assert questions == (held.question,)


def test_an_empty_archive_says_what_to_do() -> None:
    status = FakePipeline(()).store.status()
    usual = render_welcome(replace(status, folder=str(default_index())), ["When?"])
    assert "dateline index PATH" in usual
    assert "When?" not in usual
    elsewhere = render_welcome(replace(status, folder="/my archive/<i>"), [])
    assert "dateline index --index &#x27;/my archive/&lt;i&gt;&#x27; PATH" in elsewhere


def test_the_archive_is_described_by_its_counts_days_and_sources() -> None:
    text = Page(render_archive(FakePipeline(ARTICLES).store.status())).text
    assert "3 articles, 7 September 2018 to 6 September 2022" in text
    assert text.index("Capital Post 2") < text.index("Meridian Wire 1")


def test_the_form_offers_every_source() -> None:
    options = [tag for tag in Page(render_composer(FakePipeline(ARTICLES).store.sources())).tags if tag[0] == "option"]
    assert [attributes["value"] for _, attributes in options] == ["", "Capital Post", "Meridian Wire"]


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (1.0, "Very likely right"),
        (0.9, "Very likely right"),
        (0.89, "Likely right"),
        (0.5, "More likely right than wrong"),
        (0.1, "Unsure: read the source"),
    ],
)
def test_confidence_is_told_in_words(confidence: float, words: str) -> None:
    assert confidence_words(confidence) == words


def test_days_counts_and_scopes_read_as_one_would_say_them() -> None:
    assert moment_words("2022-09-06") == moment_words("2022-09-06T23:30:00+05:30") == "6 September 2022"
    assert (moment_words(""), moment_words("spring")) == ("undated", "spring")
    assert (count_words(1, "article"), count_words(26829, "article")) == ("1 article", "26,829 articles")
    filters = Filters(date(2020, 1, 1), date(2020, 12, 31), frozenset({"B", "A"}))
    assert scope_words(filters) == "published 1 January 2020 to 31 December 2020, by A, B"
    assert scope_words(Filters()) == ""
    assert scope_words(Filters(), date(2022, 9, 6)) == "as if asked on 6 September 2022"
