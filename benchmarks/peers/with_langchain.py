"""A plain LangChain RAG, as its tutorial builds one: 1,000 characters with 200 shared, one embedding each, FAISS."""

from __future__ import annotations

from typing import Any

from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter
from protocol import Search, serve


def index(articles: list[dict[str, Any]], job: dict[str, Any]) -> tuple[Search, int]:
    """Split, embed and index."""
    embeddings = HuggingFaceEmbeddings(model_name=job["model"], model_kwargs={"device": "cpu"})
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    chunks = splitter.split_documents(
        [
            Document(article["text"], metadata={key: article[key] for key in ("title", "source", "date")})
            for article in articles
        ]
    )
    store = FAISS.from_documents(chunks, embeddings)
    return lambda question, k: [found.page_content for found in store.similarity_search(question, k=k)], len(chunks)


if __name__ == "__main__":
    serve(index)
