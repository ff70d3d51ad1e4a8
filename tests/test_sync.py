"""`sync` brings an index in line with files, and says exactly what it did."""

import gzip
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fakes import FakeEmbedder, make_article, write_article, write_lines

from corpus.errors import MissingPathError
from vectorstore.store import Store
from vectorstore.sync import put, sync
from vectorstore.types import SyncReport

FAKE = FakeEmbedder()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "index", FAKE, create=True) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two articles."""
    write_article(tmp_path / "news" / "ferry.txt", "The ferry sailed from the north quay.", date="2020-01-02")
    write_article(tmp_path / "news" / "deep" / "trial.txt", "The judge heard a fraud trial.", date="2021-01-02")
    return tmp_path / "news"


def counts(report: SyncReport) -> tuple[int, int, int, int, int]:
    """Return how many articles were added, updated, unchanged, removed and failed."""
    return report.added, report.updated, report.unchanged, report.removed, len(report.failed)


def texts(store: Store) -> list[str]:
    """Return all that is stored."""
    return sorted(row[0] for row in store.database.rows("SELECT text FROM articles"))


def found(store: Store, words: str) -> list[str]:
    """Return the first words of what is found by words, and check that the dense index has the same passages."""
    held = {hit.passage.id for hits in store.search_dense(["any words"], 1000) for hit in hits}
    hits = store.search_lexical([words], 100)[0]
    assert {hit.passage.id for hit in hits} <= held
    return sorted(hit.passage.text for hit in hits)


def test_the_second_run_changes_nothing(store: Store, folder: Path) -> None:
    assert counts(sync(store, [folder])) == (2, 0, 0, 0, 0)
    generation = store.generation
    before = {path: path.stat().st_mtime_ns for path in store.folder.rglob("*") if path.is_file()}
    assert counts(sync(store, [folder])) == (0, 0, 2, 0, 0)
    assert store.generation == generation
    after = {path: path.stat().st_mtime_ns for path in store.folder.rglob("*") if path.is_file()}
    assert {path.name for path in before.keys() ^ after.keys() | {p for p in before if before[p] != after.get(p)}} <= {
        "writer.lock",
        "articles.sqlite",
        "articles.sqlite-wal",
        "articles.sqlite-shm",
    }


def test_what_is_stored_is_what_was_read_with_its_passages_times_and_vectors(store: Store, tmp_path: Path) -> None:
    path = write_article(
        tmp_path / "a.txt",
        "Talks were held yesterday. A second round follows on 8 September 2022.",
        date="2022-09-07",
        title="Talks",
        source="Gazette",
        author="A. Writer",
        url="https://example.org/a",
    )
    sync(store, [path])
    ((hit, *_),) = store.search_lexical(["second round"], 5)
    article = store.articles([hit.passage.article_id])[hit.passage.article_id]
    assert (article.title, article.source, article.author, article.url, article.published) == (
        "Talks",
        "Gazette",
        "A. Writer",
        "https://example.org/a",
        date(2022, 9, 7),
    )
    assert store.passages_of(article.id) == [hit.passage]
    assert article.text[hit.passage.start : hit.passage.end] == hit.passage.text
    times = store.times([article.id])[article.id]
    assert [(article.text[t.start : t.end], t.earliest) for t in times] == [
        ("yesterday", date(2022, 9, 6)),
        ("8 September 2022", date(2022, 9, 8)),
    ]
    header = "Talks | Gazette | 7 September 2022 (2022-09-07)\n"
    (dense,) = store.search_vectors(FAKE.embed_passages([header + hit.passage.text]), 1)
    assert dense[0].passage == hit.passage
    assert dense[0].score == pytest.approx(1, abs=1e-3)


def test_a_changed_file_of_one_article_is_updated(store: Store, folder: Path) -> None:
    sync(store, [folder])
    write_article(folder / "ferry.txt", "The ferry sailed from the south quay.", date="2020-01-02")
    assert counts(sync(store, [folder])) == (0, 1, 1, 0, 0)
    assert found(store, "ferry") == ["The ferry sailed from the south quay."]
    assert found(store, "north") == []
    assert counts(sync(store, [folder])) == (0, 0, 2, 0, 0)


def test_bytes_that_change_where_nothing_is_said_differently_change_nothing(store: Store, folder: Path) -> None:
    sync(store, [folder])
    path = folder / "ferry.txt"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert counts(sync(store, [folder])) == (0, 0, 2, 0, 0)


def test_the_same_id_with_other_words_is_updated_in_place(store: Store, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", {"id": "a", "text": "First words."}, {"id": "b", "text": "Others."})
    assert counts(sync(store, [path])) == (2, 0, 0, 0, 0)
    write_lines(path, {"id": "a", "text": "Second words."}, {"id": "b", "text": "Others."})
    assert counts(sync(store, [path])) == (0, 1, 1, 0, 0)
    assert store.articles(["a"])["a"].text == "Second words."
    assert found(store, "first") == []


def test_an_entry_with_a_known_url_or_title_is_updated_and_others_are_new(store: Store, tmp_path: Path) -> None:
    url = "https://example.org/1"
    path = write_lines(
        tmp_path / "a.jsonl",
        {"title": "One", "url": url, "text": "Words one."},
        {"title": "Two", "text": "Words two."},
        {"title": "Three", "text": "Words three."},
    )
    sync(store, [path])
    write_lines(
        path,
        {"title": "One, corrected", "url": url, "text": "New words one."},
        {"title": "Two", "text": "New words two."},
        {"title": "Four", "text": "Words four."},
    )
    assert counts(sync(store, [path])) == (1, 2, 0, 0, 0)
    assert texts(store) == ["New words one.", "New words two.", "Words four.", "Words three."]
    assert counts(sync(store, [path])) == (0, 0, 3, 0, 0)
    assert counts(sync(store, [path], prune=True)) == (0, 0, 3, 1, 0)
    assert texts(store) == ["New words one.", "New words two.", "Words four."]


def test_a_given_id_that_is_new_is_a_new_article_whatever_its_title(store: Store, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", {"id": "a", "title": "Briefing", "text": "Monday."})
    sync(store, [path])
    write_lines(path, {"id": "b", "title": "Briefing", "text": "Tuesday."})
    assert counts(sync(store, [path])) == (1, 0, 0, 0, 0)
    assert sorted(store.articles(["a", "b"])) == ["a", "b"]


def test_what_vanished_stays_until_it_is_pruned_and_comes_back_with_its_file(store: Store, folder: Path) -> None:
    sync(store, [folder])
    (folder / "ferry.txt").rename(folder / "ferry.bak")
    assert counts(sync(store, [folder])) == (0, 0, 1, 0, 0)
    assert found(store, "ferry") != []
    assert counts(sync(store, [folder], prune=True)) == (0, 0, 1, 1, 0)
    assert found(store, "ferry") == []
    (folder / "ferry.bak").rename(folder / "ferry.txt")
    assert counts(sync(store, [folder])) == (1, 0, 1, 0, 0)


def test_an_entry_that_vanished_and_came_back_is_not_pruned(store: Store, tmp_path: Path) -> None:
    both = [{"id": "a", "text": "Words a."}, {"id": "b", "text": "Words b."}]
    path = write_lines(tmp_path / "a.jsonl", *both)
    sync(store, [path])
    write_lines(path, both[0])
    sync(store, [path])
    write_lines(path, *both)
    assert counts(sync(store, [path], prune=True)) == (0, 0, 2, 0, 0)


def test_pruning_leaves_alone_what_came_from_elsewhere(store: Store, folder: Path, tmp_path: Path) -> None:
    beside = tmp_path / "news-old"
    write_article(beside / "old.txt", "An old story.", date="2019-01-01")
    put(store, [make_article("loose", "An article from no file.")])
    sync(store, [folder, beside])
    shutil.rmtree(beside)
    (folder / "ferry.txt").unlink()
    assert counts(sync(store, [folder], prune=True)) == (0, 0, 1, 1, 0)
    assert texts(store) == ["An article from no file.", "An old story.", "The judge heard a fraud trial."]


def test_a_moved_file_is_the_same_article_and_survives_pruning(store: Store, folder: Path) -> None:
    sync(store, [folder])
    (folder / "ferry.txt").rename(folder / "moved.txt")
    assert counts(sync(store, [folder], prune=True)) == (0, 0, 2, 0, 0)
    assert counts(sync(store, [folder], prune=True)) == (0, 0, 2, 0, 0)
    assert len(texts(store)) == 2


def test_an_article_in_two_files_lives_as_long_as_one_of_them(store: Store, folder: Path) -> None:
    shutil.copy(folder / "ferry.txt", folder / "copy.txt")
    assert counts(sync(store, [folder])) == (2, 0, 1, 0, 0)
    assert counts(sync(store, [folder])) == (0, 0, 3, 0, 0)
    (folder / "copy.txt").unlink()
    assert counts(sync(store, [folder], prune=True)) == (0, 0, 2, 0, 0)
    assert found(store, "ferry") != []
    (folder / "ferry.txt").unlink()
    assert counts(sync(store, [folder], prune=True)) == (0, 0, 1, 1, 0)


def test_changing_one_of_two_copies_makes_a_second_article(store: Store, folder: Path) -> None:
    shutil.copy(folder / "ferry.txt", folder / "copy.txt")
    sync(store, [folder])
    write_article(folder / "copy.txt", "The ferry sailed from the south quay.", date="2020-01-02")
    assert counts(sync(store, [folder])) == (1, 0, 2, 0, 0)
    assert len(found(store, "ferry")) == 2


def test_an_id_used_twice_with_other_words_is_refused_with_both_places_every_time(store: Store, tmp_path: Path) -> None:
    one = write_lines(tmp_path / "1.jsonl", {"id": "x", "text": "First."}, {"id": "x", "text": "Second."})
    two = write_lines(tmp_path / "2.jsonl", {"id": "y", "text": "Other."}, {"id": "x", "text": "Third."})
    for expected in ((2, 0, 0, 0, 2), (0, 0, 2, 0, 2)):
        report = sync(store, [one, two])
        assert counts(report) == expected
        assert [(failure.path, failure.reason) for failure in report.failed] == [
            (f"{one}, article 2", f"its id 'x' is already that of {one}, article 1, which says something else"),
            (f"{two}, article 2", f"its id 'x' is already that of {one}, article 1, which says something else"),
        ]
    assert store.articles(["x"])["x"].text == "First."


def test_an_id_that_another_file_gives_other_words_is_noticed_in_a_file_that_did_not_change(
    store: Store, tmp_path: Path
) -> None:
    late = write_lines(tmp_path / "news" / "b.jsonl", {"id": "x", "text": "First."})
    sync(store, [tmp_path / "news"])
    write_lines(tmp_path / "news" / "a.jsonl", {"id": "x", "text": "Second."})
    report = sync(store, [tmp_path / "news"])
    assert counts(report) == (0, 1, 0, 0, 1)
    assert report.failed[0].path == f"{late}, article 1"
    assert store.articles(["x"])["x"].text == "Second."
    assert counts(sync(store, [tmp_path / "news"])) == (0, 0, 1, 0, 1)


def test_a_removed_article_comes_back_when_its_file_is_indexed_again(store: Store, folder: Path) -> None:
    sync(store, [folder])
    ((hit, *_),) = store.search_lexical(["ferry"], 1)
    assert store.remove([hit.passage.article_id, "unknown"]) == 1
    assert found(store, "ferry") == []
    assert store.remove([hit.passage.article_id]) == 0
    assert counts(sync(store, [folder])) == (1, 0, 1, 0, 0)
    assert found(store, "ferry") != []


def test_a_bad_line_is_told_every_time_and_never_stops_the_rest(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "a", "text": "Words a."}\n{"id": broken\n{"id": "c", "text": "Words c."}\n')
    for expected in ((2, 0, 0, 0, 1), (0, 0, 2, 0, 1)):
        report = sync(store, [path])
        assert counts(report) == expected
        assert "line 2" in report.failed[0].path
    path.write_text('{"id": "a", "text": "Words a."}\n{"id": "b", "text": "Words b."}\n')
    assert counts(sync(store, [path])) == (1, 0, 1, 0, 0)


def test_a_file_that_can_no_longer_be_read_keeps_what_it_held(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"id": "a", "text": "Words a."}\n{"id": "b", "text": "Words b."}\n'))
    sync(store, [path])
    path.write_bytes(path.read_bytes()[:-20])
    report = sync(store, [path], prune=True)
    assert (report.removed, len(report.failed)) == (0, 1)
    assert sorted(store.articles(["a", "b"])) == ["a", "b"]


def test_a_path_that_does_not_exist_is_refused_before_anything_is_done(store: Store, folder: Path) -> None:
    with pytest.raises(MissingPathError, match="nowhere does not exist"):
        sync(store, [folder, folder / "nowhere"])
    assert texts(store) == []


def test_an_article_that_the_embedder_cannot_take_is_told_and_the_rest_is_stored(tmp_path: Path) -> None:
    class Narrow(FakeEmbedder):
        """Counts pieces as if marks were none, and so lets passages grow too long."""

        def piece_spans(self, text: str) -> list[tuple[int, int]]:
            return [span for span in super().piece_spans(text) if text[span[0]].isalnum()]

        def embed_passages(self, texts: list[str]) -> object:  # type: ignore[override]
            return FakeEmbedder(window=self.window).embed_passages(texts)

    write_article(tmp_path / "news" / "bad.txt", "word, - " * 300)
    write_article(tmp_path / "news" / "good.txt", "The ferry sailed.")
    with Store.open(tmp_path / "index", Narrow(window=64), create=True) as store:
        report = sync(store, [tmp_path / "news"])
        assert counts(report) == (1, 0, 0, 0, 1)
        assert "cannot be embedded" in report.failed[0].reason
        assert found(store, "ferry") == ["The ferry sailed."]
        assert counts(sync(store, [tmp_path / "news"])) == (0, 0, 1, 0, 1)


def test_progress_is_told_as_it_is_made(store: Store, folder: Path) -> None:
    told: list[tuple[int, int]] = []
    sync(store, [folder], progress=lambda articles, passages: told.append((articles, passages)))
    assert told[-1] == (2, 2)
    assert told == sorted(told)
    told.clear()
    sync(store, [folder], progress=lambda articles, passages: told.append((articles, passages)))
    assert told[-1] == (2, 0)


def test_a_long_article_is_stored_whole(store: Store, tmp_path: Path) -> None:
    path = write_article(tmp_path / "long.txt", "The ferry sailed from the north quay at dawn. " * 20_000)
    assert counts(sync(store, [path])) == (1, 0, 0, 0, 0)
    ((hit, *_),) = store.search_lexical(["ferry"], 1)
    passages = store.passages_of(hit.passage.article_id)
    assert len(passages) > 700
    assert passages[-1].end == len(store.articles([hit.passage.article_id])[hit.passage.article_id].text)
    assert [p.start for p in passages] == sorted(p.start for p in passages)
    assert store.status().healthy


def test_put_replaces_and_is_found_at_once(store: Store) -> None:
    put(store, [make_article("a", "The ferry sailed."), make_article("b", "The tram ran.")])
    put(store, [make_article("a", "The comet shone.")])
    assert found(store, "comet tram") == ["The comet shone.", "The tram ran."]
    assert found(store, "ferry") == []


def test_files_are_met_one_at_a_time_and_never_listed_beforehand(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vectorstore.intake.BATCH_ARTICLES", 10)
    for folder, count in (("a", 100), ("b", 5)):
        for number in range(count):
            write_article(tmp_path / "news" / folder / f"{number}.txt", f"The ferry sailed on trip {number}.")

    def drop_the_rest(articles: int, passages: int) -> None:
        shutil.rmtree(tmp_path / "news" / "b", ignore_errors=True)

    report = sync(store, [tmp_path / "news"], progress=drop_the_rest)
    assert report.added == 100
    assert [failure.path for failure in report.failed] == [str(tmp_path / "news" / "b")]


def test_an_interrupted_run_keeps_what_it_stored(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vectorstore.intake.BATCH_ARTICLES", 1)

    def interrupt(articles: int, passages: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sync(store, [folder], progress=interrupt)
    assert len(texts(store)) == 1
    assert counts(sync(store, [folder])) == (1, 0, 1, 0, 0)
    assert store.status().healthy
