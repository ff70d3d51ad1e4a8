"""Whatever happens to some files, an index brought in line with them is the index they would make anew."""

import json
import shutil
import tempfile
from pathlib import Path

import pytest
from fakes import FakeEmbedder, write_article
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.store import Store
from vectorstore.sync import sync

FAKE = FakeEmbedder(dimension=8)
WORDS = ("ferry", "tram", "comet", "judge")
TITLES = ("One", "Two", "")

# What one file holds at one time: nothing (it is not there), an article, or lines of articles with or without ids.
Lines = tuple[tuple[str, str, str], ...]
a_line = st.tuples(st.sampled_from(("", "given")), st.sampled_from(TITLES), st.sampled_from(WORDS))
a_file = st.none() | st.sampled_from(WORDS) | st.lists(a_line, min_size=1, max_size=4).map(tuple)
a_time = st.fixed_dictionaries(dict.fromkeys(("a", "b", "deep/c"), a_file))


def write(folder: Path, name: str, content: str | Lines | None) -> None:
    """Make a file what it is at one time; an id that is given is the file's own and its line's."""
    text, lines = folder / f"{name}.txt", folder / f"{name}.jsonl"
    text.unlink(missing_ok=True)
    lines.unlink(missing_ok=True)
    if isinstance(content, str):
        write_article(text, f"The {content} was seen.", date="2020-01-02")
    elif content is not None:
        lines.parent.mkdir(parents=True, exist_ok=True)
        rows = [
            {"title": title, "text": f"The {word} was seen.", **({"id": f"{name} {i}"} if given else {})}
            for i, (given, title, word) in enumerate(content)
        ]
        lines.write_text("".join(json.dumps(row) + "\n" for row in rows))


def held(store: Store) -> dict[str, object]:
    """Return what a reader could tell two indexes apart by."""
    articles = store.database.rows("SELECT id, title, text, passages FROM articles ORDER BY id")
    found = {
        word: (
            [hit.passage for hit in store.search_dense([word], 50)[0]],
            sorted(hit.passage.id for hit in store.search_lexical([word], 50)[0]),
        )
        for word in WORDS
    }
    return {"articles": articles, "found": found, "problems": store.status().problems}


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(times=st.lists(a_time, min_size=1, max_size=4), pruned=st.lists(st.booleans(), min_size=4, max_size=4))
def test_after_pruning_an_index_is_what_its_files_would_make_anew(
    times: list[dict[str, str | Lines | None]], pruned: list[bool]
) -> None:
    root = Path(tempfile.mkdtemp())
    folder = root / "news"
    folder.mkdir()
    try:
        with Store.open(root / "index", FAKE, create=True) as store:
            for contents, prune in zip(times, pruned, strict=False):
                for name, content in contents.items():
                    write(folder, name, content)
                sync(store, [folder], prune=prune)
            report = sync(store, [folder], prune=True)
            assert (report.added, report.updated, report.failed) == (0, 0, ())
            again = sync(store, [folder], prune=True)
            assert (again.removed, again.unchanged) == (0, report.unchanged)
            with Store.open(root / "anew", FAKE, create=True) as anew:
                fresh = sync(anew, [folder])
                assert fresh.added + fresh.unchanged == report.unchanged
                assert held(store) == held(anew)
    finally:
        shutil.rmtree(root)
