"""A BERT encoder with two heads: which words are the answer, and whether the passage holds it at all.

Every span of a passage has a score, `start + end + here`, and the absence of an answer has the score nought, whatever
passages are read together. So spans of different passages compare (shared normalisation: Clark & Gardner 2018), and
one passage read alone can still say no.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

LONGEST_SPAN = 32  # word pieces in an answer
WORDS = "embeddings.word_embeddings.weight"  # of the encoder that was started from; frozen, and not stored again
UNREACHABLE = -1e4  # the score of what cannot be an answer; finite in half precision


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of an encoder."""

    layers: int
    hidden: int
    heads: int
    inner: int
    positions: int
    vocabulary: int

    @classmethod
    def of_folder(cls, folder: Path) -> Shape:
        """Read the sizes of a BERT encoder from its configuration."""
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        return cls(
            layers=config["num_hidden_layers"],
            hidden=config["hidden_size"],
            heads=config["num_attention_heads"],
            inner=config["intermediate_size"],
            positions=config["max_position_embeddings"],
            vocabulary=config["vocab_size"],
        )

    def to_json(self) -> dict[str, int]:
        """Return the sizes as they are stored beside the weights."""
        return asdict(self)


class _Attend(torch.autograd.Function):
    """Attention whose backward pass keeps the probabilities: on processors, three times as fast as torch's own."""

    @staticmethod
    def forward(ctx: Any, query: Tensor, key: Tensor, value: Tensor, bias: Tensor) -> Tensor:
        scores = torch.bmm(query, key.transpose(1, 2))
        heads = scores.shape[0] // bias.shape[0]
        scores.view(bias.shape[0], heads, *scores.shape[1:]).add_(bias[:, None])
        shares = torch.softmax(scores, -1)
        ctx.save_for_backward(query, key, value, shares)
        return torch.bmm(shares, value)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor, Tensor, None]:
        query, key, value, shares = ctx.saved_tensors
        wanted = gradients[0].contiguous()
        of_shares = torch.bmm(wanted, value.transpose(1, 2))
        of_scores = torch._softmax_backward_data(of_shares, shares, -1, shares.dtype)
        return (
            torch.bmm(of_scores, key),
            torch.bmm(of_scores.transpose(1, 2), query),
            torch.bmm(shares.transpose(1, 2), wanted),
            None,
        )


class _Layer(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.attention = nn.Linear(shape.hidden, 3 * shape.hidden)
        self.gathered = nn.Linear(shape.hidden, shape.hidden)
        self.attention_norm = nn.LayerNorm(shape.hidden, eps=1e-12)
        self.inner = nn.Linear(shape.hidden, shape.inner)
        self.outer = nn.Linear(shape.inner, shape.hidden)
        self.norm = nn.LayerNorm(shape.hidden, eps=1e-12)

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        states = self.attention_norm(states + self.gathered(self._attend(states, bias)))
        changed: Tensor = self.norm(states + self.outer(functional.gelu(self.inner(states))))
        return changed

    def _attend(self, states: Tensor, bias: Tensor) -> Tensor:
        batch, length, hidden = states.shape
        width = hidden // self.heads
        parts = self.attention(states).view(batch, length, 3, self.heads, width).permute(2, 0, 3, 1, 4)
        if not torch.is_grad_enabled():
            query, key, value = parts.unbind()
            mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias[:, None])
            return mixed.transpose(1, 2).reshape(batch, length, hidden)
        query, key, value = parts.reshape(3, batch * self.heads, length, width).unbind()
        gathered: Tensor = _Attend.apply(query * width**-0.5, key, value, bias)  # type: ignore[no-untyped-call]
        return gathered.view(batch, self.heads, length, width).transpose(1, 2).reshape(batch, length, hidden)


class SpanModel(nn.Module):
    """Scores the starts, the ends and the presence of an answer in passages read with their question."""

    def __init__(self, shape: Shape, words: Tensor | None = None) -> None:
        super().__init__()
        self.shape = shape
        self.words = nn.Embedding(shape.vocabulary, shape.hidden, _weight=words)
        self.positions = nn.Embedding(shape.positions, shape.hidden)
        self.segments = nn.Embedding(2, shape.hidden)
        self.norm = nn.LayerNorm(shape.hidden, eps=1e-12)
        self.layers = nn.ModuleList(_Layer(shape) for _ in range(shape.layers))
        self.bounds = nn.Linear(shape.hidden, 2)
        self.here = nn.Linear(shape.hidden, 1)
        self.words.requires_grad_(False)

    def forward(self, ids: Tensor, segments: Tensor, real: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the scores of starts and ends (batch, length) and of presence (batch,), all float32.

        `ids` and `segments` are (batch, length) integers; `real` is False at padding.
        """
        places = torch.arange(ids.shape[1], device=ids.device)
        states = self.norm(self.words(ids) + self.positions(places) + self.segments(segments))
        bias = torch.zeros_like(real, dtype=states.dtype).masked_fill_(~real, UNREACHABLE)[:, None]
        for layer in self.layers:
            states = layer(states, bias)
        bounds = self.bounds(states).float()
        return bounds[..., 0], bounds[..., 1], self.here(states[:, 0]).float()[:, 0]


def read_words(folder: Path) -> Tensor:
    """Return the word embeddings of an encoder's folder, float32 (vocabulary, hidden)."""
    from safetensors import safe_open

    with safe_open(str(folder / "model.safetensors"), framework="pt") as stored:
        words: Tensor = stored.get_tensor(WORDS)
    return words


def start_from_encoder(folder: Path) -> SpanModel:
    """Return a model whose encoder is that of `folder` (BERT, safetensors) and whose heads know nothing yet."""
    from safetensors.torch import load_file

    model = SpanModel(Shape.of_folder(folder))
    stored = load_file(str(folder / "model.safetensors"))
    nn.init.normal_(model.bounds.weight, std=0.02)
    nn.init.normal_(model.here.weight, std=0.02)
    for head in (model.bounds, model.here):
        nn.init.zeros_(head.bias)
    model.load_state_dict({**model.state_dict(), **_translated(stored, model.shape.layers)})
    return model


def save_weights(model: SpanModel, file: Path) -> str:
    """Store all but the word embeddings in half precision, and return the file's SHA-256."""
    from safetensors.torch import save_file

    kept = {
        name: tensor.detach().cpu().half().contiguous()
        for name, tensor in sorted(model.state_dict().items())
        if not name.startswith("words.")
    }
    save_file(kept, str(file))
    return file_digest(file)


def load_weights(file: Path, shape: Shape, words: Tensor, *, dtype: torch.dtype = torch.float32) -> SpanModel:
    """Return the model stored in `file` over the word embeddings it was trained with."""
    from safetensors.torch import load_file

    # Not on the meta device: what torch imports for that takes a second.
    model = SpanModel(shape, words)
    state: Mapping[str, Tensor] = {name: tensor.to(dtype) for name, tensor in load_file(str(file)).items()}
    model.load_state_dict({**state, "words.weight": words.to(dtype)}, assign=True)
    return model.eval().requires_grad_(False)


def file_digest(file: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() if hasattr(hashlib, "file_digest") else _digest(stream)


def _digest(stream: Any) -> str:
    digest = hashlib.sha256()
    while block := stream.read(1 << 20):
        digest.update(block)
    return digest.hexdigest()


def _translated(stored: Mapping[str, Tensor], layers: int) -> dict[str, Tensor]:
    """Return the tensors of a BERT encoder under this model's names."""
    names = {
        "words.weight": WORDS,
        "positions.weight": "embeddings.position_embeddings.weight",
        "segments.weight": "embeddings.token_type_embeddings.weight",
        "norm.weight": "embeddings.LayerNorm.weight",
        "norm.bias": "embeddings.LayerNorm.bias",
    }
    parts = {
        "gathered": "attention.output.dense",
        "attention_norm": "attention.output.LayerNorm",
        "inner": "intermediate.dense",
        "outer": "output.dense",
        "norm": "output.LayerNorm",
    }
    state = {ours: stored[theirs] for ours, theirs in names.items()}
    for number in range(layers):
        there = f"encoder.layer.{number}."
        for kind in ("weight", "bias"):
            for ours, theirs in parts.items():
                state[f"layers.{number}.{ours}.{kind}"] = stored[f"{there}{theirs}.{kind}"]
            state[f"layers.{number}.attention.{kind}"] = torch.cat(
                [stored[f"{there}attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
            )
    return state
