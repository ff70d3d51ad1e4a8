"""The store and the embedder as LangChain sees them: its own contract tests, and what is ours beyond them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fakes import FakeEmbedder, write_article
from langchain_core.documents import Document
from langchain_core.embeddings import DeterministicFakeEmbedding, Embeddings
from langchain_core.vectorstores import VectorStore
from langchain_tests.integration_tests import EmbeddingsIntegrationTests, VectorStoreIntegrationTests
from langchain_tests.unit_tests import EmbeddingsUnitTests
from pydantic import ValidationError

from corpus.loader import ArticleLoader
from vectorstore.langchain import PassageEmbeddings, PassageVectorStore
from vectorstore.store import Store
from vectorstore.sync import sync
from vectorstore.types import Filters

FAKE = FakeEmbedder()


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[PassageVectorStore]:
    with Store.open(tmp_path / "index", FAKE, create=True) as store:
        yield PassageVectorStore(store)


class TestPassageVectorStore(VectorStoreIntegrationTests):
    """What LangChain asks of a vector store."""

    @pytest.fixture
    def vectorstore(self, opened: PassageVectorStore) -> VectorStore:  # type: ignore[override]
        return opened


class _Embeddings:
    """What both suites ask for."""

    @property
    def embeddings_class(self) -> type[Embeddings]:
        return PassageEmbeddings

    @property
    def embedding_model_params(self) -> dict[str, object]:
        return {"embedder": FAKE}


class TestPassageEmbeddings(_Embeddings, EmbeddingsUnitTests):
    """What LangChain asks of embeddings that are made."""


class TestPassageEmbeddingsAtWork(_Embeddings, EmbeddingsIntegrationTests):
    """What LangChain asks of embeddings that are used."""


TALKS = Document(
    page_content="Ministers held talks in Delhi.",
    metadata={"title": "Talks", "source": "Gazette", "date": "2022-09-07", "section": {"name": "world", "page": 3}},
)
FERRY = Document(page_content="The ferry sailed.", metadata={"source": "Harbour News"})


def test_filters_see_what_the_metadata_say_and_are_applied_before_the_search(opened: PassageVectorStore) -> None:
    opened.add_documents([TALKS, FERRY], ids=["talks", "ferry"])
    opened.add_texts([f"The ferry sailed on trip {i}." for i in range(30)])
    (found,) = opened.similarity_search("The ferry sailed", 1, filters=Filters(sources=frozenset({"gazette"})))
    assert found == TALKS.model_copy(update={"id": "talks"})
    (found,) = opened.similarity_search("The ferry sailed", 9, filters=Filters(published_from=date(2022, 9, 7)))
    assert found.id == "talks"
    assert opened.store.articles(["talks"])["talks"].published == date(2022, 9, 7)
    assert opened.store.articles(["ferry"])["ferry"].published is None


def test_a_long_document_is_found_by_its_passages_each_with_its_place(opened: PassageVectorStore) -> None:
    text = " ".join(f"The tram ran on trip {i}." for i in range(200)) + " At last a comet was seen."
    (article_id,) = opened.add_documents([Document(page_content=text, metadata={"n": 1})])
    (found,) = opened.similarity_search("at last a comet was seen", 1)
    start, end = found.metadata["start"], found.metadata["end"]
    assert found.page_content == text[start:end]
    assert found.page_content.endswith("a comet was seen.")
    assert (found.id, found.metadata["article_id"], found.metadata["n"]) == (
        f"{article_id}#{start}-{end}",
        article_id,
        1,
    )
    assert opened.get_by_ids([article_id]) == [Document(id=article_id, page_content=text, metadata={"n": 1})]


def test_the_same_document_without_an_id_is_one_article(opened: PassageVectorStore) -> None:
    assert opened.add_documents([FERRY]) == opened.add_documents([FERRY, FERRY])[:1]
    assert opened.store.status().articles == 1


def test_scores_are_cosines_and_relevance_lies_between_nothing_and_one(opened: PassageVectorStore) -> None:
    opened.add_texts(["The ferry sailed.", "A comet shone."])
    (near, far) = opened.similarity_search_with_score("the ferry sailed", 2)
    assert near[1] == pytest.approx(1, abs=1e-3)
    assert far[1] < 0.5
    relevant = opened.similarity_search_with_relevance_scores("the ferry sailed", 2)
    assert [score for _, score in relevant] == pytest.approx([(1 + score) / 2 for _, score in (near, far)], abs=1e-4)


def test_a_vector_finds_what_its_text_finds(opened: PassageVectorStore) -> None:
    opened.add_texts(["The ferry sailed.", "A comet shone."])
    vector = opened.embeddings.embed_query("a comet")
    assert opened.similarity_search_by_vector(vector, 1) == opened.similarity_search("a comet", 1)


def test_marginal_relevance_passes_over_what_says_the_same(opened: PassageVectorStore) -> None:
    opened.add_texts(["ferry sailed dawn", "ferry sailed dawn again", "ferry comet"], ids=["a", "b", "c"])
    assert [d.id for d in opened.similarity_search("ferry sailed dawn", 2)] == ["a", "b"]
    diverse = opened.max_marginal_relevance_search("ferry sailed dawn", 2, lambda_mult=0.2)
    assert [d.id for d in diverse] == ["a", "c"]


def test_articles_of_files_are_documents_as_the_loader_gives_them(opened: PassageVectorStore, tmp_path: Path) -> None:
    path = write_article(tmp_path / "a.txt", "The ferry sailed.", date="2020-01-02", title="Ferry", source="Gazette")
    sync(opened.store, [path])
    (loaded,) = ArticleLoader(path).load()
    assert opened.similarity_search("ferry", 1) == opened.get_by_ids([loaded.id or ""]) == [loaded]


def test_a_misspelt_keyword_is_refused(opened: PassageVectorStore) -> None:
    opened.add_texts(["The ferry sailed."])
    with pytest.raises(TypeError, match="filter"):
        opened.similarity_search("ferry", filter={"source": "x"})  # type: ignore[call-arg]
    with pytest.raises(ValidationError, match="serch_kwargs"):
        opened.as_retriever(serch_kwargs={"k": 1})
    with pytest.raises(TypeError, match="filter"):
        opened.as_retriever(search_kwargs={"filter": "x"}).invoke("ferry")


@pytest.mark.parametrize("search_type", ["similarity", "mmr"])
def test_a_retriever_finds_with_its_filters(opened: PassageVectorStore, search_type: str) -> None:
    opened.add_documents([TALKS, FERRY], ids=["talks", "ferry"])
    options = {"k": 5, "filters": Filters(sources=frozenset({"Harbour News"}))}
    retriever = opened.as_retriever(search_type=search_type, search_kwargs=options)
    assert [d.id for d in retriever.invoke("talks")] == ["ferry"]


def test_what_cannot_be_meant_is_refused(opened: PassageVectorStore, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="2 documents and 1 ids"):
        opened.add_documents([TALKS, FERRY], ids=["a"])
    with pytest.raises(ValueError, match="2 texts and 1 metadatas"):
        opened.add_texts(["a", "b"], [{}])
    with pytest.raises(ValueError, match="name the ids to delete"):
        opened.delete()
    with pytest.raises(TypeError, match="give PassageEmbeddings"):
        PassageVectorStore.from_texts(["a"], DeterministicFakeEmbedding(size=4), folder=tmp_path)


def test_a_store_is_made_from_texts(tmp_path: Path) -> None:
    made = PassageVectorStore.from_texts(
        ["The ferry sailed.", "A comet shone."], PassageEmbeddings(FAKE), [{"n": 1}, {"n": 2}], folder=tmp_path / "i"
    )
    assert [d.metadata for d in made.similarity_search("comet", 1)] == [{"n": 2}]
    made.store.close()
