"""What people read in a terminal."""

from __future__ import annotations

import io
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from corpus.types import Article, Passage
from qa.show import answer_text, article_header, hits_text, one_line, printable, report_text, status_text
from qa.types import Answer, Citation, NearArticle, Retrieved, Sentence, Status
from vectorstore.types import Failure, Hit, Manifest, Origin, SourceCount, StoreStatus, SyncReport

QUOTE = "They met on [bold]Saturday[/bold] :smile:."


def terminal_bytes(text: Text) -> str:
    """Return what a colour terminal of 60 columns is sent."""
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=60, highlight=False, markup=False, emoji=False)
    console.print(text, end="")
    return stream.getvalue()


def answered(title: str = "2+2 held", quote: str = QUOTE) -> Answer:
    return Answer(
        question="When?",
        standalone_question="When?",
        status=Status.ANSWERED,
        short_answer="30 November 2019",
        sentences=(Sentence("It was 30 November 2019.", (1, 2)), Sentence(quote, (1,))),
        citations=(
            Citation(1, "a1", title, "2019-12-01", "The Wire", "https://a.example/1", 12, 54, quote, ("The Post",)),
            Citation(2, "a2", "Copy", "", "", "", 0, 42, quote),
        ),
        confidence=0.9,
        hits=(),
        notes=("The sources disagree.",),
    )


def test_an_answer_shows_the_short_answer_the_sentences_and_what_they_cite() -> None:
    assert answer_text(answered()).plain == (
        "30 November 2019\n\n"
        f"It was 30 November 2019. [1][2] {QUOTE} [1]\n"
        "\nThe sources disagree.\n"
        "\n[1] 2+2 held — The Wire, 2019-12-01\n"
        f"    “{QUOTE}”\n"
        "    also in: The Post\n"
        "    https://a.example/1\n"
        "    a1 [12:54]\n"
        "\n[2] Copy — undated\n"
        f"    “{QUOTE}”\n"
        "    a2 [0:42]\n"
    )


def test_the_short_answer_is_bold_and_markup_in_an_article_is_not_obeyed() -> None:
    sent = terminal_bytes(answer_text(answered()))
    assert sent.startswith("\x1b[1m30 November 2019\x1b[0m\n")
    assert "[bold]Saturday[/bold] :smile:" in sent


def test_a_refusal_shows_why_and_the_nearest_articles() -> None:
    refusal = Answer(
        question="Who won?",
        standalone_question="Who won?",
        status=Status.NOT_IN_CORPUS,
        short_answer="",
        sentences=(),
        citations=(),
        confidence=0.7,
        hits=(),
        nearest=(NearArticle("a1", "2+2 held", "2019-12-01T10:00:00+05:30", "The Wire"),),
        reason="No article says so.",
    )
    assert answer_text(refusal).plain == (
        "Not in the archive.\n\nNo article says so.\n\nThe nearest articles:\n    2+2 held — The Wire, 2019-12-01  a1\n"
    )


@given(st.text(max_size=60))
def test_nothing_that_a_terminal_obeys_is_printed(text: str) -> None:
    shown = printable(text)
    assert all(character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs") for character in shown)
    assert printable(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;title\x07red \x1b[31m", "\ufffd]0;title\ufffdred \ufffd[31m"),
        ("one\r\ntwo\tthree", "one\ufffd\ntwo\tthree"),
        ("\x9b31m", "\ufffd31m"),
        ("\u202eevil\u202c", "evil"),
        ("न्यू दिल्ली 新德里 عربي 🙂", "न्यू दिल्ली 新德里 عربي 🙂"),
        ("half \ud83d", "half \ufffd"),
    ],
)
def test_control_characters_become_visible_and_words_stay(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_one_line_joins_lines() -> None:
    assert one_line("  one\r\n\ttwo\u2028three ") == "one two three"


def test_an_escape_in_a_title_or_a_quote_does_not_reach_the_terminal() -> None:
    plain = answer_text(answered(title="\x1b[2JGone", quote="\x1b]52;c;ZWNobw==\x07copied")).plain
    assert "\x1b" not in plain
    assert "\x07" not in plain


def test_passages_are_shown_best_first_with_their_place() -> None:
    article = Article("a1", "2+2 held", "They met. It rained.", date(2019, 12, 1), "0", source="The Wire")
    found = [
        Retrieved(Hit(Passage("p1", "a1", 0, 9, "They met."), 0.75, Origin.FUSED)),
        Retrieved(Hit(Passage("p2", "a1", 10, 20, "It rained."), 0.5, Origin.FUSED)),
    ]
    assert hits_text(found, {"a1": article}).plain == (
        "1. 2+2 held — The Wire, 2019-12-01\n    They met.\n    a1 [0:9]  score 0.7500\n"
        "\n2. 2+2 held — The Wire, 2019-12-01\n    It rained.\n    a1 [10:20]  score 0.5000\n"
    )
    assert hits_text([], {}).plain == "Nothing found.\n"


def test_an_article_is_headed_by_what_is_known_of_it() -> None:
    article = Article("a1", "2+2\nheld", "They met.", date(2019, 12, 1), "0", author="A. Writer")
    assert article_header(article).plain == "id: a1\ntitle: 2+2 held\ndate: 2019-12-01\nauthor: A. Writer\n"


def test_a_sync_is_reported_in_counts_with_the_reason_of_each_failure() -> None:
    report = SyncReport(added=3, updated=2, unchanged=1, removed=4, failed=(Failure("b\x1b.pdf", "no text\nin it"),))
    assert report_text(report).plain == (
        "added 3, updated 2, unchanged 1, removed 4, failed 1\nfailed b\ufffd.pdf: no text in it\n"
    )


def test_a_status_names_what_the_index_holds() -> None:
    status = StoreStatus(
        folder="/there",
        articles=3,
        undated=1,
        passages=9,
        earliest=date(2019, 12, 1),
        latest=date(2022, 9, 6),
        sources=(SourceCount("The Wire", 2), SourceCount("", 1)),
        manifest=Manifest(1, "small", "0", 384, 256, "sentences"),
        generation=7,
        bytes_on_disk={"database": 999, "dense": 1000, "lexical": 2_340_000_000},
        healthy=False,
        problems=("the dense index is behind", "the disk is full"),
    )
    assert status_text(status).plain.splitlines() == [
        "index       /there",
        "articles    3",
        "passages    9",
        "dates       2019-12-01 to 2022-09-06 (1 undated)",
        "sources     The Wire (2), unnamed (1)",
        "model       small (384 dimensions)",
        "generation  7",
        "on disk     database 999 B, dense 1.0 kB, lexical 2.3 GB",
        "health      the dense index is behind; the disk is full",
    ]
