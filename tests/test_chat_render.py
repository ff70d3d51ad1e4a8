"""A conversation as HTML: what is said, where its links lead, and that nothing written in it is taken for markup."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timezone
from html.parser import HTMLParser

import pytest
from chat_fakes import ARTICLES, FakePipeline, make_article

from corpus.types import Passage
from qa.chat.answer import plain_answer, render_answer
from qa.chat.archive import bars_of, render_found, render_listing, render_shelf
from qa.chat.evidence import render_evidence
from qa.chat.page import fitting_examples, render_archive, render_composer, render_welcome
from qa.chat.render import render_talk
from qa.chat.sidebar import render_history
from qa.chat.source import render_source
from qa.chat.types import Arriving, Example, Failed, Stopped, Talk, Target, Turn, Working, quote_digest
from qa.chat.words import confidence_words, count_words, moment_words, scope_words
from qa.citing import event_words
from qa.memory.types import Conversation, Opinion, Verdict
from qa.records import answer_record
from qa.settings import default_index
from qa.types import Alternative, Answer, Citation, NearArticle, Retrieved, Sentence, Status, TimelineEntry, Weighed
from vectorstore.types import Filters, Hit, ListedArticle, Listing, Origin, SourceCount

TODAY = date(2026, 1, 1)
NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
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
    citation = Citation(1, words, words, words, words, words, 0, len(words), words, also_in=(words,), event=words)
    near = NearArticle(words, words, words, words)
    sentence = Sentence(words + ".", (1,), rules=(words,))
    hit = Hit(Passage(words, words + "!", 0, len(words), words), 0.5, Origin.FUSED)
    return Answer(
        question=words,
        standalone_question=words + "?",
        status=Status.ANSWERED,
        short_answer=words,
        sentences=(sentence,),
        citations=(citation,),
        confidence=0.9,
        hits=(hit,),
        nearest=(near,),
        reason=words,
        notes=(words,),
        alternatives=(Alternative(words, (1,), 0.4, words),),
        timeline=(TimelineEntry(words, words, (1,)),),
        implied=(words,),
        weighed={words: Weighed(0.5, 2.0, 0.1, 0.3)},
    )


def test_an_answer_gives_the_short_answer_then_the_sentence_then_its_source_with_its_day() -> None:
    page = Page(render_answer(FakePipeline(ARTICLES).ask(FIRST, today=TODAY)))
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
    links = Page(render_answer(answer)).having("data-number")
    assert len(links) == 2  # after the sentence, and in the list of sources
    for link in links:
        citation = answer.citations[int(link["data-number"] or 0) - 1]
        assert link["data-article"] == citation.article_id
        assert (link["data-start"], link["data-end"]) == (str(citation.start), str(citation.end))
        assert link["data-digest"] == quote_digest(citation.quote)


def test_a_link_says_in_words_where_it_leads() -> None:
    (cite, *_) = Page(render_answer(FakePipeline(ARTICLES).ask(FIRST, today=TODAY))).having("aria-label")
    assert cite["aria-label"] == "Source 1: India and Japan hold second 2+2 in Tokyo, 6 September 2022"


def test_a_refusal_gives_its_reason_and_links_the_nearest_articles() -> None:
    page = Page(render_answer(FakePipeline(ARTICLES).ask("Who won the harbour regatta of 2034?", today=TODAY)))
    assert "Not in this archive" in page.text
    assert "No article says so." in page.text
    assert page.having("data-article")[0]["data-article"] == ARTICLES[2].id
    assert "right" not in page.text  # no confidence is claimed for a refusal


def test_a_rule_that_derived_a_sentence_is_named() -> None:
    answer = FakePipeline(ARTICLES).ask(FIRST, today=TODAY)
    derived = replace(answer, sentences=(replace(answer.sentences[0], rules=("resolved-date", "publication-date")),))
    assert "Derived by rule: resolved date, publication date" in Page(render_answer(derived)).text


def test_a_short_answer_that_is_the_sentence_itself_is_not_said_twice() -> None:
    answer = FakePipeline(ARTICLES).ask(FIRST, today=TODAY)
    whole = replace(answer, short_answer=answer.sentences[0].text, hits=())
    assert Page(render_answer(whole)).text.count(answer.sentences[0].text) == 1


def test_a_question_read_in_the_light_of_earlier_ones_says_how_it_was_read() -> None:
    answer = FakePipeline(ARTICLES).ask("And the US?", history=(FIRST,), today=TODAY)
    assert f"Understood as: And the US? (after: {FIRST})" in Page(render_answer(answer)).text
    assert "Understood as" not in render_answer(FakePipeline(ARTICLES).ask(FIRST, today=TODAY))


def test_each_outcome_of_a_turn_is_told() -> None:
    turns = (
        Turn("one", Working("reading"), scope="by Capital Post"),
        Turn("two", Stopped()),
        Turn("three", Failed("the index is being rebuilt")),
    )
    earlier, latest = render_talk(Talk("c1", turns))
    page = Page(earlier + latest)
    for words in ("Scope: by Capital Post", "Reading the passages found…", "Stopped before", "being rebuilt"):
        assert words in page.text
    assert [turn["data-state"] for turn in page.having("data-state")] == ["working", "done", "done"]
    assert [button.get("data-ask") for button in page.having("data-ask")] == ["two", "three"]


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_written_in_an_answer_becomes_markup(words: str) -> None:
    def whole(text: str) -> str:
        answer = hostile_answer(text)
        refusal = replace(answer, status=Status.NOT_IN_CORPUS, sentences=(), citations=(), alternatives=(), timeline=())
        article = make_article(text, text, published=TODAY, source=text)
        turns = (
            Turn(text, answer, text, opinion=Opinion(Verdict.DOWN, "other", text, text)),
            Turn(text, refusal, problem=text, implied=False),
            Turn(text, Failed(text)),
            Turn(text, Arriving(answer, 1)),
            Turn(text, Working(text)),
        )
        history = render_history([Conversation(text, text, NOW, NOW)], text)
        evidence = render_evidence(answer_record(replace(refusal, citations=())), {text + "!": article}, 0)
        cited = render_evidence(answer_record(answer), {}, 0)
        return "".join(render_talk(Talk(text, turns))) + history + evidence + cited

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
        status, sources = pipeline.store.status(), (SourceCount(text, 1),)
        listing = Listing(1, (ListedArticle(text, text, TODAY, text),))
        hit = Hit(Passage("p", "id", 0, len(text), text), 1.0, Origin.FUSED)
        found = render_found([Retrieved(hit)], {"id": make_article(text, text, published=TODAY, id="id")}, open_to=True)
        return (
            render_welcome(status, [text])
            + render_archive(status, {TODAY: 1})
            + render_composer(sources)
            + render_shelf(status, {TODAY: 1}, sources, open_to=True)
            + render_listing(listing, offset=0, open_to=True)
            + found
        )

    assert shape(whole(words)) == shape(whole("x"))


def shape(html: str) -> list[tuple[str, list[str]]]:
    """Return the tags of a page and the names of their attributes: what a text must not be able to change."""
    return [(tag, list(attributes)) for tag, attributes in Page(html).tags]


def test_what_was_read_and_not_used_is_listed_with_its_scores_and_why() -> None:
    answer = FakePipeline(ARTICLES).ask(FIRST, today=TODAY)
    unused = answer.hits[1].passage
    weighed = {
        unused.id: Weighed(dense=0.61, lexical=7.25, named=0.0, reader=0.12),
        answer.hits[0].passage.id: Weighed(reader=0.9),
    }
    page = Page(render_evidence(answer_record(replace(answer, weighed=weighed)), {a.id: a for a in ARTICLES}, 3))
    assert page.having("data-of-turn")[0]["data-of-turn"] == "3"
    cited, listed = page.text.split("Found, but not used")
    assert "The first India-Japan 2+2 was held in New Delhi on 30 November 2019." in cited
    for words in (
        "India and the United States meet",
        "Capital Post, published 7 September 2018",
        "The best words in it scored lower than those that were used.",
        "Meaning0.61",
        "Words7.25",
        "Reader0.12",
    ):
        assert words in listed
    assert "New Delhi on 30 November 2019" not in listed


def test_a_timeline_is_shown_in_its_order_each_line_with_its_source_and_not_said_twice() -> None:
    answer = FakePipeline(ARTICLES).ask(FIRST, today=TODAY)
    told = answer.sentences[0].text
    line = TimelineEntry("2019-11-30", told, (1,)), TimelineEntry("2022-09-01/2022-09-30", "They met again.", (1,))
    page = Page(render_answer(replace(answer, timeline=line)))
    assert (
        page.text.index("30 November 2019") < page.text.index(told) < page.text.index("September 2022 They met again.")
    )
    assert page.text.count(told) == 1
    assert len([link for link in page.having("data-number") if link["class"] == "cite"]) == 2


def test_rivals_are_shown_with_their_source_and_what_sets_them_apart() -> None:
    answer = FakePipeline(ARTICLES).ask(FIRST, today=TODAY)
    page = Page(
        render_answer(replace(answer, alternatives=(Alternative("1 December 2019", (1,), 0.3, "an earlier report"),)))
    )
    assert "Also reported1 December 2019\xa0[1] an earlier report" in page.text


def test_what_was_read_from_the_question_can_be_taken_away_and_heeded_again() -> None:
    answer = replace(FakePipeline(ARTICLES).ask(FIRST, today=TODAY), implied=("the first", "up to 2020-01-01"))
    _, latest = render_talk(Talk("c1", (Turn(FIRST, answer),)))
    (button,) = Page(latest).having("data-implied")
    assert (button["data-ask"], button["data-replaces"], button["data-implied"]) == (FIRST, "0", "no")
    assert "the firstup to 2020-01-01" in Page(latest).text
    _, latest = render_talk(Talk("c1", (Turn(FIRST, replace(answer, implied=()), implied=False),)))
    assert "Not heeded" in Page(latest).text


def test_an_answer_is_copied_with_its_sources() -> None:
    copied = plain_answer(FakePipeline(ARTICLES).ask(FIRST, today=TODAY))
    assert copied.startswith(f"{FIRST}\n\n30 November 2019\n\n")
    assert "[1] India and Japan hold second 2+2 in Tokyo, Meridian Wire, 6 September 2022\n    “The first" in copied


def test_the_thumb_that_was_given_is_shown_and_the_reason_with_it() -> None:
    answer = FakePipeline(ARTICLES).ask(FIRST, today=TODAY)
    _, latest = render_talk(Talk("c1", (Turn(FIRST, answer, opinion=Opinion(Verdict.DOWN, "wrong date")),)))
    page = Page(latest)
    assert [thumb["aria-pressed"] for thumb in page.having("data-verdict")] == ["false", "true"]
    assert "Noted: wrong date" in page.text


def test_only_the_last_turn_is_sent_again_while_an_answer_comes() -> None:
    earlier, latest = render_talk(Talk("c1", (Turn("one", Stopped()), Turn("two", Working("reading")))))
    assert ("one" in Page(earlier).text, "two" in Page(earlier).text) == (True, False)
    assert Page(latest).having("data-conversation")[0]["data-conversation"] == "c1"
    assert render_talk(Talk())[0] == ""


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
    store = FakePipeline(ARTICLES).store
    shown = render_archive(store.status(), store.days())
    assert "3 articles, 7 September 2018 to 6 September 2022" in Page(shown).text
    assert shown.count("<rect") == 3
    shelf = Page(render_shelf(store.status(), store.days(), store.sources(), open_to=False))
    assert shelf.text.index("Capital Post 2") < shelf.text.index("Meridian Wire 1")
    assert not shelf.having("data-taken"), "nobody is offered to add what they may not"


def test_the_days_covered_are_drawn_month_by_month_without_a_gap() -> None:
    days = {date(2020, 11, 3): 2, date(2020, 11, 9): 1, date(2021, 2, 1): 1}
    assert bars_of(days) == [("November 2020", 3), ("December 2020", 0), ("January 2021", 0), ("February 2021", 1)]
    centuries = {date(1900, 1, 1): 1, date(2000, 1, 1): 2}
    assert (len(bars_of(centuries)), bars_of(centuries)[-1]) == (101, ("2000", 2))
    assert bars_of({}) == []
    store = FakePipeline(ARTICLES).store
    page = Page(render_shelf(store.status(), days, store.sources(), open_to=False))
    (drawing,) = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert (
        drawing["aria-label"] == "Articles by date, November 2020 to February 2021; most in November 2020: 3 articles"
    )


def test_a_list_says_which_part_of_it_is_shown_and_leads_to_the_rest() -> None:
    listed = tuple(ListedArticle(f"a{n}", f"Title {n}", None, "") for n in range(25))
    page = Page(render_listing(Listing(60, listed), offset=25, open_to=False))
    assert "60 articles, 26 to 50 shown, latest first" in page.text
    assert [button["data-offset"] for button in page.having("data-offset")] == ["0", "50"]
    assert "Delete" not in page.text
    assert "No article fits" in render_listing(Listing(0, ()), offset=0, open_to=True)


def test_the_form_offers_every_source() -> None:
    boxes = Page(render_composer(FakePipeline(ARTICLES).store.sources())).having("value")
    assert [box["value"] for box in boxes] == ["Capital Post", "Meridian Wire"]


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("2019-11-30", "30 November 2019"),
        ("2019-11-01/2019-11-30", "November 2019"),
        ("2020-02-01/2020-02-29", "February 2020"),
        ("2019-01-01/2019-12-31", "2019"),
        ("2019-11-25/2019-12-01", "25 November – 1 December 2019"),
        ("sometime", "sometime"),
    ],
)
def test_an_event_reads_as_the_day_the_month_or_the_year_that_it_was(iso: str, words: str) -> None:
    assert event_words(iso) == words


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
