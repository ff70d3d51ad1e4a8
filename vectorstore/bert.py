"""A BERT encoder with mean pooling, run straight from its weights with torch.

It computes what sentence-transformers computes for the same folder (a test compares them), and spares a question three
of the four seconds that importing that library and transformers takes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import embedding, gelu, layer_norm, linear, scaled_dot_product_attention

# Lengths are rounded up to a multiple of this. Torch compiles its matrix products for each shape it meets: with fewer
# shapes a new question takes 5 ms and not 10, bulk takes a tenth less, and what is kept of them half the memory.
LENGTH_STEP = 16


@dataclass(frozen=True, slots=True)
class Affine:
    """Weight and bias of a linear map or of a layer norm."""

    weight: Tensor
    bias: Tensor


@dataclass(frozen=True, slots=True)
class Layer:
    """One transformer layer; `attend` maps to queries, keys and values at once."""

    attend: Affine
    merge: Affine
    merge_norm: Affine
    widen: Affine
    narrow: Affine
    narrow_norm: Affine


class Bert:
    """Turns lists of word pieces into the mean of their last hidden states."""

    def __init__(self, folder: Path, *, device: str, dtype: torch.dtype) -> None:
        from safetensors.torch import load_file

        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        floats = {name: tensor.to(device) for name, tensor in _floats(load_file(folder / "model.safetensors"))}
        weights = {name: tensor.to(dtype) for name, tensor in floats.items() if not name.startswith("embeddings.")}
        self.device = device
        self.dimension = int(config["hidden_size"])
        self._heads = int(config["num_attention_heads"])
        self._epsilon = float(config["layer_norm_eps"])
        self._dtype = dtype
        # What is looked up stays in float32 and where it lies in the file: of half the weights few are ever touched.
        self._words = floats["embeddings.word_embeddings.weight"]
        # Only the first kind of token is ever used: its embedding is one with that of the position.
        self._positions = (
            floats["embeddings.position_embeddings.weight"] + floats["embeddings.token_type_embeddings.weight"][0]
        )
        self._norm = _affine(floats, "embeddings.LayerNorm")
        self._layers = [_layer(weights, f"encoder.layer.{i}") for i in range(int(config["num_hidden_layers"]))]

    @torch.inference_mode()
    def mean_states(self, pieces: Sequence[Sequence[int]]) -> Tensor:
        """Return the mean hidden state of each list of piece ids, float32 (n, dimension), on the processor."""
        lengths = torch.tensor([len(ids) for ids in pieces])
        longest = min(-(-int(lengths.max()) // LENGTH_STEP) * LENGTH_STEP, len(self._positions))
        padded = torch.tensor([[*ids, *[0] * (longest - len(ids))] for ids in pieces]).to(self.device)
        real = (torch.arange(longest) < lengths[:, None]).to(self.device)
        states = self._states(padded, None if bool(real.all()) else real[:, None, None, :]).float()
        summed = (states * real[:, :, None]).sum(dim=1)
        return (summed / real.sum(dim=1, keepdim=True)).cpu()

    def _states(self, pieces: Tensor, attended: Tensor | None) -> Tensor:
        """Return the last hidden states (n, length, dimension) of padded piece ids."""
        states = embedding(pieces, self._words) + self._positions[: pieces.shape[1]]
        states = self._normed(states, self._norm).to(self._dtype)
        for layer in self._layers:
            heads = linear(states, layer.attend.weight, layer.attend.bias)
            queries, keys, values = heads.view(*states.shape[:2], 3, self._heads, -1).permute(2, 0, 3, 1, 4)
            mixed = scaled_dot_product_attention(queries, keys, values, attn_mask=attended).transpose(1, 2).flatten(2)
            states = self._normed(states + linear(mixed, layer.merge.weight, layer.merge.bias), layer.merge_norm)
            wide = gelu(linear(states, layer.widen.weight, layer.widen.bias))
            states = self._normed(states + linear(wide, layer.narrow.weight, layer.narrow.bias), layer.narrow_norm)
        return states

    def _normed(self, states: Tensor, norm: Affine) -> Tensor:
        return layer_norm(states, (self.dimension,), norm.weight, norm.bias, self._epsilon)


def _floats(tensors: Mapping[str, Tensor]) -> list[tuple[str, Tensor]]:
    return [(name, tensor) for name, tensor in tensors.items() if tensor.is_floating_point()]


def _affine(weights: Mapping[str, Tensor], name: str) -> Affine:
    return Affine(weights[f"{name}.weight"], weights[f"{name}.bias"])


def _layer(weights: Mapping[str, Tensor], name: str) -> Layer:
    attention = [_affine(weights, f"{name}.attention.self.{part}") for part in ("query", "key", "value")]
    return Layer(
        attend=Affine(torch.cat([a.weight for a in attention]), torch.cat([a.bias for a in attention])),
        merge=_affine(weights, f"{name}.attention.output.dense"),
        merge_norm=_affine(weights, f"{name}.attention.output.LayerNorm"),
        widen=_affine(weights, f"{name}.intermediate.dense"),
        narrow=_affine(weights, f"{name}.output.dense"),
        narrow_norm=_affine(weights, f"{name}.output.LayerNorm"),
    )
