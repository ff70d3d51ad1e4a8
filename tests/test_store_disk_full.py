"""A disk that fills up while an index is written: told in one line, nothing half written, mended by room."""

import resource
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fakes import FakeEmbedder, write_article

from vectorstore import dense
from vectorstore.errors import DiskFullError, StorageError
from vectorstore.store import Store
from vectorstore.sync import sync

FAKE = FakeEmbedder(dimension=512)  # a kilobyte a passage


@dataclass(frozen=True)
class SmallDisk:
    """A folder in which there is little room, until there is more, and how the want of it is told."""

    folder: Path
    told: type[StorageError]
    enlarge: Callable[[], object]


@pytest.fixture(params=["small disk", "small files"])
def small_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmallDisk]:
    """A file system of two megabytes, where one may be mounted; else files of a megabyte and a half at most."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if request.param == "small disk" and _mount(folder, "size=2m"):
        try:
            yield SmallDisk(folder, DiskFullError, lambda: _mount(folder, "remount,size=64m"))
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
        return
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, usual[1]))
    try:
        yield SmallDisk(folder, StorageError, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, usual))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


def _mount(folder: Path, options: str) -> bool:
    try:
        ran = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True)
    except OSError:
        return False
    return ran.returncode == 0


def test_a_full_disk_is_told_and_what_was_stored_is_whole(
    small_disk: SmallDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vectorstore.intake.BATCH_ARTICLES", 50)
    monkeypatch.setattr(dense, "LAG_PASSAGES", 10)
    for number in range(1000):
        write_article(tmp_path / "news" / f"{number}.txt", f"The ferry sailed on trip {number}. " * 10)
    index = small_disk.folder / "index"
    with Store.open(index, FAKE, create=True) as store:
        with pytest.raises(small_disk.told, match=r"make room on the disk|check that the disk has room") as told:
            sync(store, [tmp_path / "news"])
        assert "\n" not in str(told.value)
        stored = store.database.rows("SELECT count(*) FROM articles")[0][0]
        assert 0 < stored < 1000
        assert stored % 50 == 0
        assert len(store.search_dense(["ferry trip"], 2000)[0]) == stored
    small_disk.enlarge()
    with Store.open(index, FAKE) as store:
        report = sync(store, [tmp_path / "news"])
        assert (report.added, report.unchanged, report.failed) == (1000 - stored, stored, ())
        assert store.status().healthy
        assert len(store.search_lexical(["ferry"], 2000)[0]) == 1000
    assert list(index.glob(".*part")) == []
