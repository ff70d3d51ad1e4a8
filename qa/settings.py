"""Every setting of Dateline, read once at the entry point into one frozen value."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import SettingsError

PREFIX = "DATELINE_"
DTYPES = ("float32", "bfloat16")
LOG_LEVELS = ("debug", "info", "warning", "error")
MOST_A_MINUTE = 1_000_000
HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Settings:
    """How Dateline runs. None is left to whoever uses the setting: see `SETTINGS` for what it then does.

    `passages` is how many passages are found for a question; `threshold` is between 0 and 1.
    """

    index: Path
    memory: Path | None = None
    model: str | None = None
    reader: str | None = None
    device: str | None = None
    dtype: str | None = None
    passages: int = 10
    threshold: float | None = None
    host: str = "127.0.0.1"
    port: int = 7860
    access: Path | None = None
    rate: int = 120
    log: str = "warning"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as it is documented, and how its text is read.

    `flag` is "" where only the variable sets it. `read` raises ValueError with what was expected.
    """

    name: str
    flag: str
    default: str
    meaning: str
    read: Callable[[str], Any]

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return PREFIX + self.name.upper()


def _dtype(text: str) -> str:
    return _one_of(text, DTYPES)


def _log_level(text: str) -> str:
    return _one_of(text, LOG_LEVELS)


def _one_of(text: str, choices: Sequence[str]) -> str:
    if text not in choices:
        raise ValueError(f"one of {', '.join(choices)}")
    return text


def _passages(text: str) -> int:
    return _whole_number(text, 1, 1000)


def _port(text: str) -> int:
    return _whole_number(text, 0, HIGHEST_PORT)


def _rate(text: str) -> int:
    return _whole_number(text, 0, MOST_A_MINUTE)


def _whole_number(text: str, least: int, most: int) -> int:
    wanted = f"a whole number from {least} to {most}"
    try:
        number = int(text)
    except ValueError:
        raise ValueError(wanted) from None
    if not least <= number <= most:
        raise ValueError(wanted)
    return number


def _probability(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise ValueError("a number from 0 to 1")
    return number


def _path(text: str) -> Path:
    return Path(text).expanduser()


SETTINGS = (
    Setting("index", "--index", "`index` in the user's data folder for `dateline`", "folder of the index", _path),
    Setting(
        "memory",
        "--memory",
        "`memory.sqlite3` in the user's data folder for `dateline`",
        "file of the chat's conversations and feedback",
        _path,
    ),
    Setting(
        "model",
        "",
        "the model that is installed with Dateline",
        "name or folder of the sentence-transformers model that embeds passages and questions",
        str,
    ),
    Setting(
        "reader",
        "",
        "the trained reader that is installed with Dateline",
        "what marks answers: `sentences` for the one that needs no training, or name or folder of an extractive model",
        str,
    ),
    Setting("device", "", "CUDA where there is one, else the processor", "where the model runs: `cpu`, `cuda`", str),
    Setting(
        "dtype",
        "",
        "`bfloat16` where the processor is good at it, else `float32`",
        "numbers the model computes with: `float32`, `bfloat16`",
        _dtype,
    ),
    Setting(
        "passages", "", "`10`", "passages found for a question, 1 to 1000; those near the best are read", _passages
    ),
    Setting("threshold", "", "what the reader was fitted to", "refuse below this confidence, 0 to 1", _probability),
    Setting("host", "--host", "`127.0.0.1`", "address that `dateline serve` listens on", str),
    Setting("port", "--port", "`7860`", "port that `dateline serve` listens on, 0 for any free one", _port),
    Setting(
        "access",
        "--access",
        "`access.json` in the user's data folder for `dateline`",
        "file of the users and API keys that `dateline user` and `dateline key` add: with any, all have to sign in",
        _path,
    ),
    Setting(
        "rate", "", "`120`", "questions and searches a minute that each user, key or address may make, 0 for any", _rate
    ),
    Setting(
        "log", "", "`warning`", "what the server logs: `debug`, `info` (each request), `warning`, `error`", _log_level
    ),
)


def read_settings(environ: Mapping[str, str], **flags: object) -> Settings:
    """Return the settings: a flag that is not None wins over its variable, that over the default.

    `flags` are named as the fields of `Settings`. A variable that is set but blank counts as not set. Raises
    SettingsError for an unknown `DATELINE_` variable and for a value that makes no sense.
    """
    _refuse_unknown(environ)
    unknown = flags.keys() - {setting.name for setting in SETTINGS}
    if unknown:
        raise TypeError(f"no such settings: {', '.join(sorted(unknown))}")
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        flag, variable = flags.get(setting.name), environ.get(setting.variable, "").strip()
        if flag is not None:
            values[setting.name] = _read(setting, str(flag), setting.flag or setting.name)
        elif variable:
            values[setting.name] = _read(setting, variable, setting.variable)
    if "index" not in values:
        values["index"] = default_index()
    return Settings(**values)


def default_index() -> Path:
    """Return the index folder that is used when none is named; nothing is created."""
    return _data_folder() / "index"


def default_memory() -> Path:
    """Return the file of conversations and feedback that is used when none is named; nothing is created."""
    return _data_folder() / "memory.sqlite3"


def default_access() -> Path:
    """Return the file of users and API keys that is used when none is named; nothing is created."""
    return _data_folder() / "access.json"


def _data_folder() -> Path:
    import platformdirs

    return Path(platformdirs.user_data_dir("dateline", appauthor=False))


def _read(setting: Setting, text: str, origin: str) -> Any:
    try:
        return setting.read(text)
    except ValueError as error:
        raise SettingsError(f"{origin} is {text!r}, but it must be {error}") from None


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    known = [setting.variable for setting in SETTINGS]
    for variable in sorted(environ):
        if variable.startswith(PREFIX) and variable not in known:
            nearest = difflib.get_close_matches(variable.upper(), known, n=1, cutoff=0.0)[0]
            raise SettingsError(f"there is no setting {variable}; the nearest is {nearest}: rename it or unset it")
