"""Which files were read, and which articles each of them holds."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from corpus.draft import made_id
from corpus.types import Article
from vectorstore.contents import read_articles
from vectorstore.database import Database, json_list


class State(IntEnum):
    """How a file holds an article."""

    SETTLED = 0  # as it did when the file was last read to its end
    FRESH = 1  # stored, but the file's reading did not come to its end
    VANISHED = 2  # it did, and does no longer


@dataclass(frozen=True, slots=True)
class Met:
    """An article met in a file."""

    article_id: str
    content_hash: str


def begin(database: Database) -> None:
    """Forget what another run has met. Three tables of this connection alone, on disk where they grow large.

    `seen` has each article of this run and where it was first met; `met` those of the files not yet settled.
    """
    database.run("DROP TABLE IF EXISTS temp.seen")
    database.run("DROP TABLE IF EXISTS temp.met")
    database.run("CREATE TEMP TABLE seen(id TEXT PRIMARY KEY, content_hash TEXT, place TEXT) WITHOUT ROWID")
    database.run(
        "CREATE TEMP TABLE met(file INTEGER, article TEXT, content_hash TEXT, PRIMARY KEY(file, article)) WITHOUT ROWID"
    )


def file_key(database: Database, path: str) -> int:
    """Return the key of a file, which it is given when it is met first."""
    if found := database.rows("SELECT key FROM files WHERE path = ?", path):
        return int(found[0][0])
    return database.run("INSERT INTO files(path) VALUES (?)", path)


def unchanged(database: Database, path: str, digest: str) -> int | None:
    """Return how many entries a file has whose bytes are those last read; None where it has to be read (again).

    It has to be where an article of it was removed, or has since been given other words by another file.
    """
    found = database.rows("SELECT key, entries FROM files WHERE path = ? AND digest = ?", path, digest)
    if not found:
        return None
    changed = database.rows(
        "SELECT 1 FROM holdings h LEFT JOIN articles a ON a.id = h.article LEFT JOIN temp.seen s ON s.id = h.article"
        " WHERE h.file = ? AND h.state = ? AND coalesce(s.content_hash, a.content_hash) IS NOT h.content_hash LIMIT 1",
        found[0][0],
        State.SETTLED,
    )
    if changed:
        return None
    database.run(
        "INSERT OR IGNORE INTO temp.seen SELECT article, content_hash, ? FROM holdings WHERE file = ? AND state = ?",
        path,
        found[0][0],
        State.SETTLED,
    )
    return int(found[0][1])


def meet(database: Database, file: int, met: Met) -> None:
    """Note that a file holds an article."""
    database.run("INSERT OR REPLACE INTO temp.met VALUES (?, ?, ?)", file, met.article_id, met.content_hash)


def hold(database: Database, file: int, met: Met) -> None:
    """Note that an article that is being stored came from a file whose reading goes on. Inside its transaction."""
    database.run(
        "INSERT OR IGNORE INTO holdings VALUES (?, ?, ?, ?)", file, met.article_id, met.content_hash, State.FRESH
    )


def replaced(database: Database, file: int, *, whole: bool) -> list[str]:
    """Return the articles that a file holds no longer because new ones stand in their place.

    A new one is met for the first time and has an id made of its content. It replaces the article that vanished from
    the file with its URL, else its title; in a file that holds one article and held one before, it replaces that.
    `whole` says that every entry of the file could be read.
    """
    vanished = read_articles(database, _vanished(database, file))
    if not vanished:
        return []
    new = [article for article in read_articles(database, _fresh(database, file)).values() if _id_is_made(article)]
    if whole and len(vanished) == len(new) == _count_met(database, file) == 1:
        return list(vanished)
    found: list[str] = []
    for old in vanished.values():
        twin = next((a for a in new if old.url and a.url == old.url), None)
        twin = twin or next((a for a in new if old.title and a.title == old.title), None)
        if twin:
            new.remove(twin)
            found.append(old.id)
    return found


def _id_is_made(article: Article) -> bool:
    return article.id == made_id(article)


def _vanished(database: Database, file: int) -> list[str]:
    rows = database.rows(
        "SELECT article FROM holdings WHERE file = ?1 AND article NOT IN"
        " (SELECT article FROM temp.met WHERE file = ?1) ORDER BY article",
        file,
    )
    return [row[0] for row in rows]


def _fresh(database: Database, file: int) -> list[str]:
    rows = database.rows(
        "SELECT article FROM temp.met WHERE file = ?1 AND article NOT IN"
        " (SELECT article FROM holdings WHERE file = ?1 AND state != ?2) ORDER BY article",
        file,
        State.FRESH,
    )
    return [row[0] for row in rows]


def _count_met(database: Database, file: int) -> int:
    return int(database.rows("SELECT count(*) FROM temp.met WHERE file = ?", file)[0][0])


def settle(database: Database, file: int, digest: str, entries: int, let_go: Sequence[str]) -> list[str]:
    """Note what a file, read to its end, holds, and return those of `let_go` that no other file holds."""
    orphans = release(database, file, let_go)
    database.run(
        "UPDATE holdings SET state = ?2 WHERE file = ?1 AND article NOT IN"
        " (SELECT article FROM temp.met WHERE file = ?1)",
        file,
        State.VANISHED,
    )
    database.run(
        "INSERT OR REPLACE INTO holdings SELECT file, article, content_hash, ? FROM temp.met WHERE file = ?",
        State.SETTLED,
        file,
    )
    database.run("UPDATE files SET digest = ?, entries = ? WHERE key = ?", digest, entries, file)
    database.run("DELETE FROM temp.met WHERE file = ?", file)
    return orphans


def leave_open(database: Database, file: int, let_go: Sequence[str]) -> list[str]:
    """Note what was met in a file not all of which could be read: it is read again next time; nothing vanishes.

    Return those of `let_go` that no other file holds.
    """
    orphans = release(database, file, let_go)
    database.run(
        "INSERT OR REPLACE INTO holdings SELECT file, article, content_hash, ? FROM temp.met WHERE file = ?",
        State.SETTLED,
        file,
    )
    database.run("UPDATE files SET digest = NULL WHERE key = ?", file)
    database.run("DELETE FROM temp.met WHERE file = ?", file)
    return orphans


def release(database: Database, file: int, ids: Sequence[str]) -> list[str]:
    """Let a file hold some articles no longer, and return those that no other holds, or was met with in this run."""
    wanted = json_list(ids)
    database.run("DELETE FROM holdings WHERE file = ? AND article IN (SELECT value FROM json_each(?))", file, wanted)
    rows = database.rows(
        "SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM holdings WHERE article = value)"
        " AND NOT EXISTS (SELECT 1 FROM temp.seen WHERE id = value)",
        wanted,
    )
    return [row[0] for row in rows]


def gone(database: Database, roots: Sequence[Path]) -> Iterator[tuple[int, list[str], bool]]:
    """Yield what files under some paths hold no longer: a file's key, the ids, and whether the file itself is gone."""
    for root in roots:
        for key, path in _files_under(database, str(root)):
            missing = _is_gone(path)
            clause = "" if missing else f" AND state = {int(State.VANISHED)}"
            rows = database.rows(f"SELECT article FROM holdings WHERE file = ?{clause} ORDER BY article", key)
            if rows or missing:
                yield key, [row[0] for row in rows], missing


def forget_file(database: Database, file: int) -> None:
    """Forget a file that is gone and holds nothing any more."""
    database.run("DELETE FROM files WHERE key = ?", file)


def _files_under(database: Database, root: str) -> Iterator[tuple[int, str]]:
    prefix = root if root.endswith(os.sep) else root + os.sep
    last, highest = "", prefix[:-1] + chr(ord(prefix[-1]) + 1)
    while rows := database.rows(
        "SELECT key, path FROM files WHERE (path = ? OR path >= ? AND path < ?) AND path > ? ORDER BY path LIMIT 1000",
        root,
        prefix,
        highest,
        last,
    ):
        yield from rows
        last = rows[-1][1]


def _is_gone(path: str) -> bool:
    """Whether a file is not there. One that merely cannot be reached is."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def emptied(database: Database, article_id: str) -> list[Path]:
    """Return the files that held an article and of whose articles none is stored any more."""
    rows = database.rows(
        "SELECT f.path FROM files f JOIN holdings h ON h.file = f.key WHERE h.article = ? AND NOT EXISTS"
        " (SELECT 1 FROM holdings other JOIN articles a ON a.id = other.article WHERE other.file = f.key)",
        article_id,
    )
    return [Path(path) for (path,) in rows]
