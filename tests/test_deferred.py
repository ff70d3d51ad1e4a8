"""The installed model, loaded when it is first needed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vectorstore.deferred import DeferredEmbedder
from vectorstore.embedder import load_embedder
from vectorstore.store import Store, manifest_of
from vectorstore.sync import sync

pytestmark = pytest.mark.model


def test_its_recipe_and_its_vectors_are_those_of_the_loaded_model() -> None:
    deferred, loaded = DeferredEmbedder(dtype="float32"), load_embedder(dtype="float32")
    assert manifest_of(deferred) == manifest_of(loaded)
    texts = ["Ministers met in New Delhi.", "It rained."]
    assert not deferred.loaded
    assert deferred.piece_spans(texts[0]) == loaded.piece_spans(texts[0])
    assert deferred.loaded
    np.testing.assert_allclose(deferred.embed_passages(texts), loaded.embed_passages(texts), atol=1e-6)
    np.testing.assert_allclose(deferred.embed_queries(texts), loaded.embed_queries(texts), atol=1e-6)


def test_a_sync_that_finds_nothing_new_does_not_load_it(archive: Path, tmp_path: Path) -> None:
    for added, loaded in ((3, True), (0, False)):
        model = DeferredEmbedder()
        with Store.open(tmp_path / "index", model, create=True) as store:
            assert sync(store, [archive]).added == added
        assert model.loaded is loaded
