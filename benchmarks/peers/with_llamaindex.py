"""LlamaIndex's starter: `VectorStoreIndex.from_documents` with its own splitter (1,024 tokens, 200 shared)."""

from __future__ import annotations

from typing import Any

from llama_index.core import Document, Settings, VectorStoreIndex
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from protocol import Search, serve


def index(articles: list[dict[str, Any]], job: dict[str, Any]) -> tuple[Search, int]:
    """Split, embed and index; title, source and date are embedded with each text, as metadata is by default."""
    Settings.embed_model = HuggingFaceEmbedding(model_name=job["model"], device="cpu")
    Settings.llm = None
    documents = [
        Document(text=article["text"], metadata={key: article[key] for key in ("title", "source", "date")})
        for article in articles
    ]
    made = VectorStoreIndex.from_documents(documents)

    def search(question: str, k: int) -> list[str]:
        return [found.node.text for found in made.as_retriever(similarity_top_k=k).retrieve(question)]

    return search, len(made.index_struct.nodes_dict)


if __name__ == "__main__":
    serve(index)
