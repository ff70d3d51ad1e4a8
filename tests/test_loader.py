"""The LangChain loader gives one Document an article."""

from __future__ import annotations

import json
import logging
from datetime import date
from pathlib import Path

import pytest
from langchain_core.document_loaders import BaseLoader
from langchain_core.documents import Document

from corpus.errors import MissingPathError
from corpus.loader import ArticleLoader


def test_each_article_is_a_document_and_what_cannot_be_read_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a.txt").write_text("date 2022-09-06\ntitle: Talks\nsource: AP\nauthor: Jane\nid: a\n\nThey met.")
    lines = [json.dumps({"id": "b", "text": "They left."}), "broken"]
    (tmp_path / "b.jsonl").write_text("\n".join(lines))
    (tmp_path / "c.pdf").write_bytes(b"")
    loader = ArticleLoader(tmp_path, today=date(2025, 6, 1))
    assert isinstance(loader, BaseLoader)
    with caplog.at_level(logging.WARNING):
        documents = loader.load()
    assert documents == [
        Document(
            id="a",
            page_content="They met.",
            metadata={
                "id": "a", "title": "Talks", "source": "AP", "published": "2022-09-06", "url": "", "author": "Jane",
                "start": 0, "end": 9,
            },
        ),
        Document(
            id="b",
            page_content="They left.",
            metadata={
                "id": "b", "title": "They left.", "source": "", "published": "", "url": "", "author": "",
                "start": 0, "end": 10,
            },
        ),
    ]  # fmt: skip
    assert [record.getMessage() for record in caplog.records] == [
        f"{tmp_path / 'b.jsonl'}: line 2 it is not JSON: Expecting value, character 1",
        f"{tmp_path / 'c.pdf'}: it is empty",
    ]


def test_loading_is_lazy_and_takes_paths_in_words(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(f"date 2022-09-06 Article {name}.")
    stream = ArticleLoader([str(tmp_path / "a.txt"), str(tmp_path / "b.txt")]).lazy_load()
    assert next(stream).page_content == "Article a."
    (tmp_path / "b.txt").write_text("date 2022-09-06 Article c.")
    assert next(stream).page_content == "Article c."


def test_a_missing_path_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError):
        ArticleLoader(tmp_path / "none").load()
