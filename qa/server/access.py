"""Who may come: a file of users with salted, slow hashes of their passwords, and of API keys."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Any

from qa.errors import AccessError

VERSION = 1
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 1000  # characters
KEY_PREFIX = "dl-"  # so that a key that leaks is recognised for what it is


@dataclass(frozen=True, slots=True)
class Password:
    """The scrypt hash of a password (RFC 7914), in hexadecimal, with its salt and its costs.

    The costs are those that OWASP's Password Storage Cheat Sheet gives for 32 MiB a hash.
    """

    salt: str
    digest: str
    n: int = 2**15
    r: int = 8
    p: int = 3


@dataclass(frozen=True, slots=True)
class Entries:
    """What the file holds: passwords by user, and the SHA-256 of API keys by name. A key is 256 random bits."""

    users: Mapping[str, Password] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)


class Access:
    """The file, read again whenever it has changed. Raises AccessError where it cannot be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        self._seen: tuple[tuple[int, int, int] | None, Entries] = (None, Entries())

    @property
    def required(self) -> bool:
        """Whether there is anybody to tell from others: with no user and no key, whoever reaches the server may ask."""
        entries = self.entries()
        return bool(entries.users or entries.keys)

    def entries(self) -> Entries:
        """Return what the file holds now."""
        with self._lock:
            try:
                stamp = self._stamp()
                if stamp is None or stamp != self._seen[0]:
                    self._seen = stamp, self._read() if stamp else Entries()
            except OSError as error:
                raise AccessError(f"cannot read {self.path}: {error.strerror or error}") from error
            return self._seen[1]

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            found = self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _read(self) -> Entries:
        try:
            record = json.loads(self.path.read_text(encoding="utf-8"))
            if record["version"] > VERSION:
                raise AccessError(f"a newer Dateline wrote {self.path}: update Dateline or name another by --access")
            users = {str(name): Password(**told) for name, told in record["users"].items()}
            return Entries(users, {str(name): str(digest) for name, digest in record["keys"].items()})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise AccessError(f"{self.path} is no file of users and keys ({error}): name another by --access") from None

    def user_with(self, name: str, password: str) -> str | None:
        """Return the user of a name and a password, or None; an unknown name takes as long as a wrong password."""
        held = self.entries().users.get(name)
        made = _digest(password[:LONGEST_PASSWORD], held or STRANGER)
        return name if hmac.compare_digest(made, (held or STRANGER).digest) and held else None

    def holder_of(self, key: str) -> str | None:
        """Return the name of an API key, or None."""
        digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        named = [name for name, held in self.entries().keys.items() if hmac.compare_digest(held, digest)]
        return named[0] if named else None

    def add_user(self, name: str, password: str) -> None:
        """Add a user, or give one another password. Raises AccessError."""
        _check_name(name)
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise AccessError(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD:,} characters")
        blank = Password(secrets.token_hex(16), "")
        entries = self.entries()
        self._write(replace(entries, users={**entries.users, name: replace(blank, digest=_digest(password, blank))}))

    def add_key(self, name: str) -> str:
        """Add an API key, in place of the one of this name, and return it: it cannot be read again."""
        _check_name(name)
        key = KEY_PREFIX + secrets.token_urlsafe(32)
        entries = self.entries()
        self._write(replace(entries, keys={**entries.keys, name: hashlib.sha256(key.encode("ascii")).hexdigest()}))
        return key

    def remove_user(self, name: str) -> None:
        """Remove a user: they are shut out at once. Raises AccessError when there is none."""
        entries = self.entries()
        self._write(replace(entries, users=_without(entries.users, name, "user")))

    def remove_key(self, name: str) -> None:
        """Remove an API key: it opens nothing any more. Raises AccessError when there is none."""
        entries = self.entries()
        self._write(replace(entries, keys=_without(entries.keys, name, "key")))

    def _write(self, entries: Entries) -> None:
        """Put the file in place of the old one, for its owner's eyes only."""
        record: dict[str, Any] = {"version": VERSION, "users": {}, "keys": dict(entries.keys)}
        record["users"] = {name: asdict(password) for name, password in entries.users.items()}
        part = self.path.with_name(f".{self.path.name}.{os.getpid()}.part")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                json.dump(record, file, indent=1)
            part.replace(self.path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise AccessError(f"cannot write {self.path}: {error.strerror or error}") from error


STRANGER = Password("00" * 16, "00" * 64)


def _digest(password: str, costs: Password) -> str:
    return hashlib.scrypt(
        password.encode("utf-8", "surrogatepass"),
        salt=bytes.fromhex(costs.salt),
        n=costs.n,
        r=costs.r,
        p=costs.p,
        maxmem=2**27,
        dklen=64,
    ).hex()


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise AccessError(
            f"{name[:80]!r} is no name: use up to 64 letters, digits and . _ @ -, a letter or digit first"
        )


def _without(held: Mapping[str, Any], name: str, noun: str) -> dict[str, Any]:
    if name not in held:
        known = f": there are {', '.join(sorted(held))}" if held else ""
        raise AccessError(f"there is no {noun} {name!r}{known}")
    return {other: value for other, value in held.items() if other != name}
