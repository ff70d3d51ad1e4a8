"""A pipeline over a few files, a tokenizer of whole words and a tiny encoder, for tests of readers and answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch
from fakes import FakeEmbedder
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import BertPreTokenizer

from qa.pipeline import Limits, Pipeline
from qa.reader import Reader, SentenceReader
from qa.span_inputs import PieceReader
from qa.span_model import Shape, SpanModel
from qa.span_scorer import Marked, Reading
from vectorstore.store import Store
from vectorstore.sync import sync

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")


@contextmanager
def pipeline_over(folder: Path, files: Mapping[str, str], reader: Reader | None = None) -> Iterator[Pipeline]:
    """Write files into a folder, index them with an embedder of words, and answer from ten of their passages."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    embedder = FakeEmbedder()
    with Store.open(folder / "index", embedder, create=True) as store:
        sync(store, [folder / name for name in files])
        yield Pipeline(store, reader or SentenceReader(embedder), Limits(passages=10, threshold=0.1))


def word_tokenizer(*texts: str) -> Tokenizer:
    """Return a tokenizer whose pieces are the words and marks of the texts, in lower case."""
    words = sorted({word for text in texts for word in re.findall(r"\w+|[^\w\s]", text.lower())})
    vocabulary = {word: number for number, word in enumerate((*SPECIAL, *words))}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = BertPreTokenizer()
    return tokenizer


def word_pieces(*texts: str) -> PieceReader:
    """Return a reader of such pieces."""
    return PieceReader(word_tokenizer(*texts))


def tiny_shape(vocabulary: int = 200, *, hidden: int = 32, layers: int = 2) -> Shape:
    """Return the sizes of an encoder that computes in no time."""
    return Shape(layers, hidden, 4, 2 * hidden, 512, vocabulary)


def tiny_model(shape: Shape, *, seed: int = 0) -> SpanModel:
    """Return a random model, the same for the same seed."""
    torch.manual_seed(seed)
    return SpanModel(shape)


def write_encoder(folder: Path, tokenizer: Tokenizer, shape: Shape) -> None:
    """Write a random BERT encoder and its tokenizer as they lie in a folder of the hub."""
    from safetensors.torch import save_file

    torch.manual_seed(0)
    hidden, inner = shape.hidden, shape.inner
    sizes = {
        "embeddings.word_embeddings.weight": (shape.vocabulary, hidden),
        "embeddings.position_embeddings.weight": (shape.positions, hidden),
        "embeddings.token_type_embeddings.weight": (2, hidden),
        "embeddings.LayerNorm.weight": (hidden,),
        "embeddings.LayerNorm.bias": (hidden,),
    }
    for number in range(shape.layers):
        at = f"encoder.layer.{number}."
        for part in ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"):
            sizes |= {f"{at}{part}.weight": (hidden, hidden), f"{at}{part}.bias": (hidden,)}
        sizes |= {f"{at}intermediate.dense.weight": (inner, hidden), f"{at}intermediate.dense.bias": (inner,)}
        sizes |= {f"{at}output.dense.weight": (hidden, inner), f"{at}output.dense.bias": (hidden,)}
        for part in ("attention.output.LayerNorm", "output.LayerNorm"):
            sizes |= {f"{at}{part}.weight": (hidden,), f"{at}{part}.bias": (hidden,)}
    tensors = {
        name: torch.ones(size) if name.endswith("LayerNorm.weight") else torch.randn(size) * 0.1
        for name, size in sizes.items()
    }
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, str(folder / "model.safetensors"))
    config = {
        "num_hidden_layers": shape.layers,
        "hidden_size": hidden,
        "num_attention_heads": shape.heads,
        "intermediate_size": inner,
        "max_position_embeddings": shape.positions,
        "vocab_size": shape.vocabulary,
    }
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    tokenizer.save(str(folder / "tokenizer.json"))


class WordAfterScorer:
    """Marks, in each passage, the word after each word that the question ends with; a passage without it says no."""

    def piece_spans(self, text: str) -> list[tuple[int, int]]:
        """Return the spans of words."""
        return [match.span() for match in re.finditer(r"\w+", text)]

    def score(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """Return what each passage says."""
        wanted = re.escape(re.findall(r"\w+", question)[-1])
        readings = []
        for _, words in passages:
            found = [match.span(1) for match in re.finditer(rf"\b{wanted}\s+(\S+)", words, re.IGNORECASE)]
            spans = tuple(Marked(start, end, 3.0 - place) for place, (start, end) in enumerate(found))
            readings.append(Reading(3.5 if spans else -5.0, spans))
        return readings
