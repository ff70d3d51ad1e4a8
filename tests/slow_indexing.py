"""A process that indexes slowly, to be killed or met while it is at work: `python slow_indexing.py INDEX FOLDER`.

Embedding a batch takes a moment, as a real model does; a line is printed when the process holds the index.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from fakes import FakeEmbedder

from vectorstore import intake
from vectorstore.store import Store
from vectorstore.sync import sync
from vectorstore.vectors import Vectors

PAUSE_S = 0.02
BATCH = 5


class SlowEmbedder(FakeEmbedder):
    """Takes its time."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return what the fake returns, after a moment."""
        time.sleep(PAUSE_S)
        return super().embed_passages(texts)


def main(index: str, folder: str) -> None:
    """Index a folder in batches of five."""
    intake.BATCH_ARTICLES = BATCH
    with Store.open(Path(index), SlowEmbedder(), create=True) as store:
        sync(store, [Path(folder)], progress=lambda articles, passages: print(articles, flush=True))


if __name__ == "__main__":
    main(*sys.argv[1:])
