"""`dateline user` and `dateline key`: who may come to the server."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from qa.console import print_text, tell
from qa.options import parse_path
from qa.server.access import Access
from qa.settings import default_access
from qa.surroundings import Surroundings

AccessFile = Annotated[
    Path | None,
    typer.Option(
        "--access",
        parser=parse_path,
        metavar="FILE",
        help="File of users and API keys [default: DATELINE_ACCESS, else in your data folder]",
    ),
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="Letters, digits and . _ @ -")]

users = typer.Typer(help="Add, remove and list the users of the server.", no_args_is_help=True)
keys = typer.Typer(help="Add, remove and list the API keys of the server.", no_args_is_help=True)


@users.command("add")
def add_user(context: typer.Context, name: Name, access: AccessFile = None) -> None:
    """Add a user, or give one another password; it is asked for, or is the first line of standard input."""
    _open(context, access).add_user(name, _read_password())
    print_text(Text(f"added user {name}\n"))


@users.command("remove")
def remove_user(context: typer.Context, name: Name, access: AccessFile = None) -> None:
    """Remove a user: they are shut out at once."""
    _open(context, access).remove_user(name)
    print_text(Text(f"removed user {name}\n"))


@users.command("list")
def list_users(context: typer.Context, access: AccessFile = None) -> None:
    """List the users."""
    print_text(Text("".join(f"{name}\n" for name in sorted(_open(context, access).entries().users))))


@keys.command("add")
def add_key(context: typer.Context, name: Name, access: AccessFile = None) -> None:
    """Add an API key and print it; it cannot be read again."""
    key = _open(context, access).add_key(name)
    tell(f"the key of {name}, which is shown this once:")
    print_text(Text(f"{key}\n"))


@keys.command("remove")
def remove_key(context: typer.Context, name: Name, access: AccessFile = None) -> None:
    """Remove an API key: it opens nothing any more."""
    _open(context, access).remove_key(name)
    print_text(Text(f"removed key {name}\n"))


@keys.command("list")
def list_keys(context: typer.Context, access: AccessFile = None) -> None:
    """List the names of the API keys."""
    print_text(Text("".join(f"{name}\n" for name in sorted(_open(context, access).entries().keys))))


def _open(context: typer.Context, path: Path | None) -> Access:
    around: Surroundings = context.obj
    return Access(around.settings(access=path).access or default_access())


def _read_password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")
