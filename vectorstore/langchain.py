"""Dateline's store and embedder for LangChain: the one place where Documents become articles and passages Documents.

A Document is stored as one article, under the Document's id; its passages are what is found. A passage that is all of
an article comes back as the Document that went in; one of several comes back with an id of its own, the article's id
and its span. Of the metadata, `title`, `source`, `author`, `url` and `published` (or `date`, in ISO 8601) are what
they are to any article, so that filters see them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore, VectorStoreRetriever
from langchain_core.vectorstores.utils import maximal_marginal_relevance
from pydantic import ConfigDict

from corpus.draft import Draft, finish
from corpus.errors import UnreadableFileError
from corpus.loader import article_document
from corpus.normalise import normalise_line, normalise_text
from corpus.types import Article
from vectorstore.embedder import Embedder
from vectorstore.store import Store
from vectorstore.sync import put
from vectorstore.types import Filters, Hit
from vectorstore.vectors import unit_norm

_KEPT = "langchain metadata"  # under this name an article keeps the metadata of the Document it came from


class PassageEmbeddings(Embeddings):
    """An embedder for LangChain: unit-norm vectors."""

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors of passages. Raises WindowError for one beyond the embedder's window."""
        vectors: list[list[float]] = self.embedder.embed_passages(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        vector: list[float] = self.embedder.embed_queries([text])[0].tolist()
        return vector


class PassageRetriever(VectorStoreRetriever):
    """A retriever over a store that refuses a keyword it does not know."""

    model_config = ConfigDict(arbitrary_types_allowed=True, extra="forbid")


class PassageVectorStore(VectorStore):
    """A store for LangChain. Filters are applied before the search, and every keyword is one that is known."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @classmethod
    def from_texts(  # type: ignore[override]  # a store needs a folder
        cls,
        texts: list[str],
        embedding: Embeddings,
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        folder: str | Path,
    ) -> PassageVectorStore:
        """Open the index in a folder, made where there is none, and add some texts to it."""
        if not isinstance(embedding, PassageEmbeddings):
            raise TypeError(f"embedding is {type(embedding).__name__}: give PassageEmbeddings(load_embedder())")
        made = cls(Store.open(Path(folder), embedding.embedder, create=True))
        made.add_texts(texts, metadatas, ids=ids)
        return made

    @property
    def embeddings(self) -> PassageEmbeddings:
        """The embedder of the store."""
        return PassageEmbeddings(self.store.embedder)

    def add_documents(  # type: ignore[override]  # no keyword that is not known
        self, documents: list[Document], *, ids: list[str] | None = None
    ) -> list[str]:
        """Store Documents, each in place of the one with its id, and return their ids.

        A Document without an id gets one that is made of what it says. Raises ValueError where ids are too few.
        """
        given = ids if ids is not None else [document.id for document in documents]
        if len(given) != len(documents):
            raise ValueError(f"there are {len(documents)} documents and {len(given)} ids")
        articles = [
            document_article(document, article_id) for document, article_id in zip(documents, given, strict=True)
        ]
        put(self.store, {article.id: article for article in articles}.values())
        return [article.id for article in articles]

    def add_texts(  # type: ignore[override]  # no keyword that is not known
        self, texts: Iterable[str], metadatas: list[dict[str, Any]] | None = None, *, ids: list[str] | None = None
    ) -> list[str]:
        """Store texts as Documents and return their ids. Raises ValueError where metadatas or ids are too few."""
        listed = list(texts)
        if metadatas and len(metadatas) != len(listed):
            raise ValueError(f"there are {len(listed)} texts and {len(metadatas)} metadatas")
        kept = metadatas or [{} for _ in listed]
        documents = [Document(page_content=text, metadata=own) for text, own in zip(listed, kept, strict=True)]
        return self.add_documents(documents, ids=ids)

    def delete(self, ids: list[str] | None = None) -> bool:  # type: ignore[override]
        """Remove articles by id; one that is not there is no error. Raises ValueError where no ids are given."""
        if ids is None:
            raise ValueError("name the ids to delete: all of them at once is not meant by leaving them out")
        self.store.remove(ids)
        return True

    def get_by_ids(self, ids: Sequence[str], /) -> list[Document]:
        """Return the Documents of articles, in the order of their ids; an unknown one is left out."""
        return [to_document(article) for article in self.store.articles(ids).values()]

    def similarity_search(  # type: ignore[override]
        self, query: str, k: int = 4, *, filters: Filters | None = None
    ) -> list[Document]:
        """Return the k passages nearest in meaning, best first."""
        return [document for document, _ in self.similarity_search_with_score(query, k, filters=filters)]

    def similarity_search_with_score(
        self, query: str, k: int = 4, *, filters: Filters | None = None
    ) -> list[tuple[Document, float]]:
        """Return the k passages nearest in meaning with their cosines, best first."""
        return self._documents(self.store.search_dense([query], k, filters)[0])

    def similarity_search_by_vector(  # type: ignore[override]
        self, embedding: list[float], k: int = 4, *, filters: Filters | None = None
    ) -> list[Document]:
        """Return the k passages nearest to a vector, best first."""
        hits = self._near(embedding, k, filters)
        return [document for document, _ in self._documents(hits)]

    def max_marginal_relevance_search(  # type: ignore[override]
        self,
        query: str,
        k: int = 4,
        fetch_k: int = 20,
        lambda_mult: float = 0.5,
        *,
        filters: Filters | None = None,
    ) -> list[Document]:
        """Return k of the fetch_k nearest passages that differ from each other (Carbonell and Goldstein 1998)."""
        vector = self.embeddings.embed_query(query)
        return self.max_marginal_relevance_search_by_vector(vector, k, fetch_k, lambda_mult, filters=filters)

    def max_marginal_relevance_search_by_vector(  # type: ignore[override]
        self,
        embedding: list[float],
        k: int = 4,
        fetch_k: int = 20,
        lambda_mult: float = 0.5,
        *,
        filters: Filters | None = None,
    ) -> list[Document]:
        """Return k of the fetch_k passages nearest to a vector that differ from each other."""
        hits = self._near(embedding, fetch_k, filters)
        vectors = self.store.embedder.embed_queries([hit.passage.text for hit in hits])
        chosen = maximal_marginal_relevance(np.asarray(embedding, np.float32), list(vectors), lambda_mult, k)
        return [document for document, _ in self._documents([hits[i] for i in chosen])]

    def as_retriever(self, **kwargs: Any) -> PassageRetriever:
        """Return a retriever over this store; a keyword that it does not know is refused."""
        tags = kwargs.pop("tags", None) or self._get_retriever_tags()
        return PassageRetriever(vectorstore=self, tags=tags, **kwargs)

    def _near(self, embedding: list[float], k: int, filters: Filters | None) -> list[Hit]:
        return self.store.search_vectors(unit_norm(np.asarray([embedding], np.float32)), k, filters)[0]

    def _documents(self, hits: Sequence[Hit]) -> list[tuple[Document, float]]:
        articles = self.store.articles([hit.passage.article_id for hit in hits])
        return [
            (hit_document(hit, articles[hit.passage.article_id]), hit.score)
            for hit in hits
            if hit.passage.article_id in articles
        ]

    def _select_relevance_score_fn(self) -> Any:
        return lambda cosine: min(max((1 + cosine) / 2, 0.0), 1.0)


def document_article(document: Document, article_id: str | None) -> Article:
    """Return the article that a Document is stored as; with no id, one is made of its text and metadata."""
    kept = json.dumps(document.metadata, ensure_ascii=False, default=str)
    text = normalise_text(document.page_content)
    told = hashlib.sha256(json.dumps([text, kept]).encode()).hexdigest()

    def field(*names: str) -> str:
        return normalise_line(next((str(document.metadata[name]) for name in names if document.metadata.get(name)), ""))

    article = Article(
        id=article_id or told[:16],
        title=field("title"),
        text=text,
        published=None,
        content_hash=told,
        source=field("source"),
        author=field("author"),
        url=field("url"),
        metadata=((_KEPT, kept),),
    )
    return replace(article, published=_published(field("published", "date")))


def _published(words: str) -> date | datetime | None:
    """Return the moment that some words mean as they would in a file, or None where they mean none."""
    try:
        return finish(Draft(text="words", date=words), datetime.now(timezone.utc).date()).published
    except UnreadableFileError:
        return None


def to_document(article: Article) -> Document:
    """Return an article as a Document: as the one it came from, where it came from one."""
    kept = dict(article.metadata).get(_KEPT)
    if kept is None:
        return article_document(article)
    return Document(id=article.id, page_content=article.text, metadata=json.loads(kept))


def hit_document(hit: Hit, article: Article) -> Document:
    """Return a passage as a Document: the article's own where it is all of it, else with its span, in code points."""
    whole, passage = to_document(article), hit.passage
    if passage.text == article.text:
        return whole
    span = {"article_id": article.id, "start": passage.start, "end": passage.end}
    return Document(id=passage.id, page_content=passage.text, metadata={**whole.metadata, **span})
