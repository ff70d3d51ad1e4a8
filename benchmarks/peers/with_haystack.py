"""Haystack's hybrid pipeline over its in-memory store: its splitter's 200 words, BM25 and embeddings, joined by rank.

Its tutorial puts a cross-encoder behind that, which is another model: here the joiner's reciprocal ranks stand in.
"""

from __future__ import annotations

from typing import Any

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from protocol import Search, serve


def index(articles: list[dict[str, Any]], job: dict[str, Any]) -> tuple[Search, int]:
    """Split, embed and index."""
    store = InMemoryDocumentStore()
    documents = [
        Document(content=article["text"], meta={key: article[key] for key in ("title", "source", "date")})
        for article in articles
    ]
    chunks = DocumentSplitter().run(documents=documents)["documents"]
    embedder = SentenceTransformersDocumentEmbedder(model=job["model"], progress_bar=False)
    embedder.warm_up()
    store.write_documents(embedder.run(documents=chunks)["documents"])
    pipeline = _pipeline(store, job["model"])

    def search(question: str, k: int) -> list[str]:
        asked = {
            "text_embedder": {"text": question},
            "bm25": {"query": question, "top_k": k},
            "dense": {"top_k": k},
            "joiner": {"top_k": k},
        }
        return [found.content for found in pipeline.run(asked)["joiner"]["documents"]]

    return search, len(chunks)


def _pipeline(store: InMemoryDocumentStore, model: str) -> Pipeline:
    pipeline = Pipeline()
    pipeline.add_component("text_embedder", SentenceTransformersTextEmbedder(model=model, progress_bar=False))
    pipeline.add_component("dense", InMemoryEmbeddingRetriever(store))
    pipeline.add_component("bm25", InMemoryBM25Retriever(store))
    pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
    pipeline.connect("text_embedder.embedding", "dense.query_embedding")
    pipeline.connect("bm25", "joiner")
    pipeline.connect("dense", "joiner")
    pipeline.warm_up()
    return pipeline


if __name__ == "__main__":
    serve(index)
