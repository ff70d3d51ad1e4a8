"""Brings an index in line with files: adds what is new, replaces what changed, leaves the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from corpus.errors import UnreadableFileError
from corpus.read import read_file
from corpus.times import find_times
from corpus.types import Article, Unreadable
from corpus.walk import walk
from vectorstore import holdings
from vectorstore.contents import put_times, take_out
from vectorstore.database import Database
from vectorstore.holdings import Met
from vectorstore.intake import BATCH_ARTICLES, Intake, Outcome, Settling
from vectorstore.rows import ARTICLE_COLUMNS, to_article
from vectorstore.schema import check_recipe
from vectorstore.store import REBUILDING, Store, manifest_of, unfinished
from vectorstore.types import Failure, Manifest, SyncReport

READ_BYTES = 1 << 20
REMOVED_TOGETHER = 500  # articles in one transaction
TIMES = "times"  # the note of a rebuild that only finds times anew

Progress = Callable[[int, int], None]  # articles and passages done so far


def sync(
    store: Store,
    paths: Iterable[Path],
    *,
    prune: bool = False,
    rebuild: bool = False,
    renew_times: bool = False,
    progress: Progress | None = None,
) -> SyncReport:
    """Bring the index in line with files and folders; run twice, the second changes nothing.

    A file whose bytes are those last read is not read again. `prune` also removes articles that came from under these
    paths and are gone; `rebuild` first splits and embeds every stored article anew, or, where only the tables of times
    are others, finds its times anew; `renew_times` does only the latter, and nothing where they are as they should be.
    Raises IndexBusyError when another process is writing, IndexMismatchError where more than the times would have to be
    renewed, MissingPathError for a path that does not exist; a file that cannot be read is reported.
    """
    named = [Path(path) for path in paths]
    found = walk(named)
    with store.writing(), Intake(store, progress or (lambda articles, passages: None)) as intake:
        if rebuild:
            _rebuild(store, intake)
        elif renew_times:
            _renew_times(store, intake)
        store.refuse_rebuilding()
        run = _Run(store.database, intake)
        for item in found:
            run.read(item)
        intake.finish()
        if prune:
            run.prune([path.resolve() for path in named])
        store.save()
    counts = intake.counts
    return SyncReport(
        added=counts[Outcome.ADDED],
        updated=counts[Outcome.UPDATED],
        unchanged=counts[Outcome.UNCHANGED],
        removed=counts[Outcome.REMOVED],
        failed=tuple(intake.failures),
        rebuilt=counts[Outcome.REBUILT],
    )


def put(store: Store, articles: Iterable[Article]) -> None:
    """Store articles that come from no file, each in place of the one with its id; they can be found on return.

    Raises IndexBusyError when another process is writing, or a rebuild is not finished.
    """
    with store.writing(), Intake(store, lambda articles, passages: None) as intake:
        store.refuse_rebuilding()
        for article in articles:
            intake.take(article, Outcome.ADDED)
        intake.finish()
        store.save()


class _Run:
    """One sync: decides for each file, and each article in it, what it is to the index."""

    def __init__(self, database: Database, intake: Intake) -> None:
        self._database = database
        self._intake = intake
        holdings.begin(database)

    def read(self, found: Path | Unreadable) -> None:
        """Take in one file; what cannot be read is noted as a failure."""
        if isinstance(found, Unreadable):
            self._fail(found)
            return
        try:
            path, digest = _real(found), _digest(found)
        except OSError as error:
            self._intake.failures.append(Failure(str(found), f"it cannot be opened ({error.strerror or error})"))
            return
        held = holdings.unchanged(self._database, path, digest)
        if held is not None:
            self._intake.count(Outcome.UNCHANGED, held)
            return
        settling = Settling(holdings.file_key(self._database, path), path, digest)
        try:
            for item in read_file(found):
                if isinstance(item, Unreadable):
                    settling.complete = False
                    self._fail(item)
                else:
                    self._take(item, settling)
        except UnreadableFileError as error:
            settling.complete = settling.ended = False
            self._intake.failures.append(Failure(str(found), str(error)))
        self._intake.settle(settling)

    def _fail(self, item: Unreadable) -> None:
        place = f"{item.path}, {item.entry}" if item.entry else str(item.path)
        self._intake.failures.append(Failure(place, item.reason))

    def _take(self, article: Article, settling: Settling) -> None:
        """Decide what one article is to the index: new, changed, unchanged, or a second of its id in this run."""
        settling.entries += 1
        place = f"{settling.path}, article {settling.entries}"
        if seen := self._database.rows("SELECT content_hash, place FROM temp.seen WHERE id = ?", article.id):
            if seen[0][0] != article.content_hash:
                settling.complete = False
                reason = f"its id {article.id!r} is already that of {seen[0][1]}, which says something else"
                self._intake.failures.append(Failure(place, reason))
                return
            outcome = Outcome.UNCHANGED
        else:
            self._database.run("INSERT INTO temp.seen VALUES (?, ?, ?)", article.id, article.content_hash, place)
            outcome = self._compare(article)
        holdings.meet(self._database, settling.file, Met(article.id, article.content_hash))
        if outcome is Outcome.UNCHANGED:
            self._intake.count(Outcome.UNCHANGED, 1)
        else:
            self._intake.take(article, outcome, settling)

    def _compare(self, article: Article) -> Outcome:
        stored = self._database.rows("SELECT content_hash FROM articles WHERE id = ?", article.id)
        if not stored:
            return Outcome.ADDED
        return Outcome.UNCHANGED if stored[0][0] == article.content_hash else Outcome.UPDATED

    def prune(self, roots: Sequence[Path]) -> None:
        """Remove the articles that files under some paths held and hold no longer, unless another file does."""
        for file, ids, missing in holdings.gone(self._database, roots):
            for start in range(0, len(ids), REMOVED_TOGETHER):
                with self._database.transaction():
                    orphans = holdings.release(self._database, file, ids[start : start + REMOVED_TOGETHER])
                    self._intake.counts[Outcome.REMOVED] += take_out(self._database, orphans)
            if missing:
                holdings.forget_file(self._database, file)


def _rebuild(store: Store, intake: Intake) -> None:
    """Bring every stored article under the present recipe. After a crash, what was embedded is not embedded again."""
    database, recipe = store.database, manifest_of(store.embedder)
    if _are_times_due(database, recipe):
        _find_times_anew(database, intake)
    else:
        _embed_anew(database, recipe, intake)
    _finish(database, recipe)


def _renew_times(store: Store, intake: Intake) -> None:
    """Find the times anew where other tables found them; embed nothing, whatever else is amiss."""
    database, recipe = store.database, manifest_of(store.embedder)
    if _are_times_due(database, recipe):
        _find_times_anew(database, intake)
        _finish(database, recipe)
    elif database.meta(REBUILDING):
        raise unfinished(store.folder)
    else:
        check_recipe(store.folder, database.manifest, recipe)


def _are_times_due(database: Database, recipe: Manifest) -> bool:
    """Whether the times alone are to be found anew, or were begun to be."""
    built, begun = database.manifest, database.meta(REBUILDING)
    return recipe == replace(built, times=recipe.times) and (begun == TIMES or (not begun and built != recipe))


def _finish(database: Database, recipe: Manifest) -> None:
    with database.transaction():
        database.set_recipe(recipe)
        database.set_meta(REBUILDING, "")
        database.next_generation()


def _find_times_anew(database: Database, intake: Intake) -> None:
    """Find the times of every stored article; their passages and vectors stay as they are."""
    with database.transaction():
        database.set_meta(REBUILDING, TIMES)
        database.next_generation()  # readers look again, and see the note
    last = 0
    while rows := database.rows(
        f"SELECT key, {ARTICLE_COLUMNS} FROM articles WHERE key > ? ORDER BY key LIMIT ?", last, BATCH_ARTICLES
    ):
        last = rows[-1][0]
        articles = {key: to_article(row) for key, *row in rows}
        found = {key: find_times(article.text, article.published_day) for key, article in articles.items()}
        with database.transaction():
            for key, times in found.items():
                put_times(database, key, times)
        intake.count(Outcome.REBUILT, len(rows))


def _embed_anew(database: Database, recipe: Manifest, intake: Intake) -> None:
    """Split and embed every stored article that was not since this was begun for this recipe."""
    began, _, recipe_begun = database.meta(REBUILDING).partition(" ")
    if recipe_begun != repr(recipe):
        with database.transaction():
            began = str(database.next_generation())
            database.set_meta(REBUILDING, f"{began} {recipe!r}")
    for article in _built_before(database, int(began)):
        intake.take(article, Outcome.REBUILT)
    intake.finish()


def _built_before(database: Database, generation: int) -> Iterator[Article]:
    last = 0
    while rows := database.rows(
        f"SELECT key, {ARTICLE_COLUMNS} FROM articles WHERE key > ? AND generation <= ? ORDER BY key LIMIT 1",
        last,
        generation,
    ):
        last = rows[0][0]
        yield to_article(rows[0][1:])


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(READ_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _real(path: Path) -> str:
    """Return where a file really lies, by whatever links it was reached."""
    return str(path.resolve()) if path.is_symlink() else str(_real_folder(path.parent) / path.name)


@lru_cache(maxsize=256)
def _real_folder(folder: Path) -> Path:
    return folder.resolve()
