"""Who may come: passwords are hashed slowly with salt, keys by their digest, and a change counts at once."""

from __future__ import annotations

import io
import json
import stat
from pathlib import Path

import pytest
from cli_fakes import Run

from qa.errors import AccessError
from qa.server.access import Access

PASSWORD = "correct horse"


@pytest.fixture
def access(tmp_path: Path) -> Access:
    """Return a file of users and keys that is not there yet."""
    return Access(tmp_path / "deep" / "access.json")


def test_a_user_is_known_by_name_and_password_together(access: Access) -> None:
    assert not access.required
    access.add_user("ana", PASSWORD)
    assert access.required
    assert access.user_with("ana", PASSWORD) == "ana"
    for name, password in (("ana", "correct horsf"), ("ana", ""), ("bob", PASSWORD), ("", ""), ("ana", "\ud800")):
        assert access.user_with(name, password) is None


def test_the_file_holds_no_password_and_no_key_and_is_its_owners_alone(access: Access) -> None:
    access.add_user("ana", PASSWORD)
    access.add_user("bob", PASSWORD)
    key = access.add_key("ci")
    text = access.path.read_text(encoding="utf-8")
    assert PASSWORD not in text
    assert key not in text
    held = json.loads(text)["users"]
    assert held["ana"]["digest"] != held["bob"]["digest"]
    assert held["ana"]["salt"] != held["bob"]["salt"]
    assert stat.S_IMODE(access.path.stat().st_mode) == 0o600


def test_a_key_is_known_until_it_is_removed_or_replaced(access: Access) -> None:
    old = access.add_key("ci")
    assert (access.holder_of(old), access.holder_of("dl-wrong"), access.holder_of("\ud800")) == ("ci", None, None)
    new = access.add_key("ci")
    assert (access.holder_of(old), access.holder_of(new)) == (None, "ci")
    access.remove_key("ci")
    assert access.holder_of(new) is None


def test_what_another_process_changes_counts_at_once(access: Access) -> None:
    assert not access.required
    Access(access.path).add_user("ana", PASSWORD)
    assert access.user_with("ana", PASSWORD) == "ana"
    Access(access.path).remove_user("ana")
    assert access.user_with("ana", PASSWORD) is None


@pytest.mark.parametrize("name", ["", "a b", "../x", "a\n", "-a", "x" * 65, "\ud800"])
def test_a_name_is_plain(access: Access, name: str) -> None:
    with pytest.raises(AccessError, match="is no name"):
        access.add_user(name, PASSWORD)
    with pytest.raises(AccessError, match="is no name"):
        access.add_key(name)


def test_a_short_password_is_refused(access: Access) -> None:
    with pytest.raises(AccessError, match="10 to 1,000 characters"):
        access.add_user("ana", "short")
    assert not access.path.exists()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": 1}', '{"version": 1, "users": {"a": {"x": 1}}, "keys": {}}']
)
def test_a_file_that_cannot_be_read_lets_nobody_in(access: Access, text: str) -> None:
    access.add_key("ci")
    access.path.write_text(text, encoding="utf-8")
    with pytest.raises(AccessError, match="is no file of users and keys"):
        _ = access.required


def test_a_newer_file_is_refused(access: Access) -> None:
    access.add_key("ci")
    access.path.write_text(access.path.read_text().replace('"version": 1', '"version": 2'), encoding="utf-8")
    with pytest.raises(AccessError, match="a newer Dateline wrote"):
        _ = access.required


def test_users_and_keys_are_added_and_removed_by_command(
    run: Run, access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert run("user", "add", "ana", "--access", access.path).out == "added user ana\n"
    assert access.user_with("ana", PASSWORD) == "ana"
    assert run("user", "list", "--access", access.path).out == "ana\n"
    added = run("key", "add", "ci", "--access", access.path)
    assert access.holder_of(added.out.strip()) == "ci"
    assert run("key", "list", "--access", access.path).out == "ci\n"
    assert run("user", "remove", "bob", "--access", access.path).complaint == "there is no user 'bob': there are ana"
    assert run("user", "remove", "ana", "--access", access.path).status == 0
    assert run("key", "remove", "ci", "--access", access.path).status == 0
    assert not access.required
