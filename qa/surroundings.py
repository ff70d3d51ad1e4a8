"""What the command line finds around it: settings, the index, the chat, the day."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from qa.settings import Settings, read_settings

if TYPE_CHECKING:
    from qa.pipeline import Pipeline
    from vectorstore.embedder import Embedder
    from vectorstore.store import Store


def open_pipeline(settings: Settings) -> Pipeline:
    """Open the index and the models that the settings name, to ask."""
    from qa.pipeline import Pipeline

    return Pipeline.open(settings)


def load_model(settings: Settings) -> Embedder:
    """Return the embedding model that the settings name; the installed one is loaded when something is embedded."""
    if settings.model is None:
        from vectorstore.deferred import DeferredEmbedder

        return DeferredEmbedder(device=settings.device, dtype=settings.dtype)
    from vectorstore.embedder import load_embedder

    return load_embedder(settings.model, device=settings.device, dtype=settings.dtype)


def serve_chat(settings: Settings) -> None:
    """Serve the web chat until interrupted."""
    import app as chat

    chat.main(settings=settings, host=settings.host, port=settings.port)


def local_day() -> date:
    """Return the current day where the user is."""
    return datetime.now(tz=timezone.utc).astimezone().date()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the commands find around them; `index` is the folder named before the command."""

    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    open_pipeline: Callable[[Settings], Pipeline] = open_pipeline
    load_model: Callable[[Settings], Embedder] = load_model
    serve: Callable[[Settings], None] = serve_chat
    today: Callable[[], date] = local_day
    index: Path | None = None

    def settings(self, **flags: object) -> Settings:
        """Return the settings; a flag of the command wins over the one before it."""
        if flags.get("index") is None:
            flags["index"] = self.index
        return read_settings(self.environ, **flags)


@dataclass(frozen=True, slots=True)
class NoModel:
    """Stands where a model would, for commands that embed nothing: they start without loading one."""

    name: str = "none"
    digest: str = ""
    dimension: int = 0
    window: int = 0

    def embed_passages(self, texts: Sequence[str]) -> NoReturn:
        """Raise: there is nothing to embed with."""
        raise AssertionError("this command was to embed nothing")

    embed_queries = embed_passages

    def piece_spans(self, text: str) -> NoReturn:
        """Raise: there is nothing to split with."""
        raise AssertionError("this command was to split nothing")


def open_to_write(settings: Settings, model: Embedder, *, rebuild: bool) -> Store:
    """Open the index to add to it, made where there is none; `rebuild` opens one of another model too."""
    from vectorstore.store import Store

    return Store.open(settings.index, model, create=True, rebuild=rebuild)


def open_as_built(settings: Settings) -> Store:
    """Open the index to look into it or take from it, whatever model built it."""
    from vectorstore.store import Store

    return Store.open(settings.index, NoModel(), rebuild=True)  # what would rebuild it takes it with any model
