"""Settings: where each comes from, and what is refused."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import SettingsError
from qa.settings import PREFIX, SETTINGS, Settings, default_index, read_settings

VARIABLES = {setting.variable for setting in SETTINGS}


def test_every_field_of_settings_is_described_and_nothing_else_is() -> None:
    fields = {field.name for field in dataclasses.fields(Settings)}
    assert fields == {setting.name for setting in SETTINGS}
    assert all(setting.meaning and setting.default for setting in SETTINGS)


def test_with_nothing_set_the_defaults_are_those_of_the_value(tmp_path: Path) -> None:
    assert read_settings({}, index=tmp_path) == Settings(index=tmp_path)


def test_the_default_index_is_absolute_and_is_not_created() -> None:
    folder = default_index()
    assert folder.is_absolute()
    assert (folder.name, folder.parent.name) == ("index", "dateline")
    assert read_settings({}).index == folder


def test_a_flag_wins_over_its_variable_and_the_variable_over_the_default() -> None:
    environ = {"DATELINE_PORT": "8000", "DATELINE_INDEX": "/from/variable"}
    assert read_settings(environ).port == 8000
    assert read_settings(environ, port=9000).port == 9000
    assert read_settings(environ, index=Path("/from/flag")).index == Path("/from/flag")
    assert read_settings(environ, index=None).index == Path("/from/variable")


def test_a_blank_variable_counts_as_not_set() -> None:
    assert read_settings({"DATELINE_INDEX": "", "DATELINE_MODEL": "  "}).model is None


def test_a_home_folder_in_a_variable_is_expanded() -> None:
    assert read_settings({"DATELINE_INDEX": "~/archive"}).index == Path.home() / "archive"


def test_every_kind_of_value_is_read() -> None:
    environ = {
        "DATELINE_INDEX": "here",
        "DATELINE_MEMORY": "there",
        "DATELINE_MODEL": "some/model",
        "DATELINE_READER": "sentences",
        "DATELINE_DEVICE": "cpu",
        "DATELINE_DTYPE": "float32",
        "DATELINE_PASSAGES": "30",
        "DATELINE_THRESHOLD": "0.25",
        "DATELINE_HOST": "0.0.0.0",
        "DATELINE_PORT": "0",
        "DATELINE_ACCESS": "who",
        "DATELINE_RATE": "0",
        "DATELINE_LOG": "info",
    }
    assert environ.keys() == VARIABLES
    assert read_settings(environ) == Settings(
        index=Path("here"),
        memory=Path("there"),
        model="some/model",
        reader="sentences",
        device="cpu",
        dtype="float32",
        passages=30,
        threshold=0.25,
        host="0.0.0.0",
        port=0,
        access=Path("who"),
        rate=0,
        log="info",
    )


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("DATELINE_PORT", "http"),
        ("DATELINE_PORT", "65536"),
        ("DATELINE_PORT", "-1"),
        ("DATELINE_PASSAGES", "0"),
        ("DATELINE_PASSAGES", "2.5"),
        ("DATELINE_THRESHOLD", "1.01"),
        ("DATELINE_THRESHOLD", "nan"),
        ("DATELINE_THRESHOLD", "high"),
        ("DATELINE_DTYPE", "int8"),
        ("DATELINE_RATE", "-1"),
        ("DATELINE_LOG", "loud"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_with_its_name_and_text(variable: str, text: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings({variable: text})
    assert variable in str(refused.value)
    assert repr(text) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_bad_flag_is_named_as_the_flag() -> None:
    with pytest.raises(SettingsError, match="--port is '70000', but it must be a whole number from 0 to 65535"):
        read_settings({}, port=70000)


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("DATELINE_INDX", "DATELINE_INDEX"),
        ("DATELINE_MODELS", "DATELINE_MODEL"),
        ("DATELINE_THRESH", "DATELINE_THRESHOLD"),
        ("DATELINE_index", "DATELINE_INDEX"),
    ],
)
def test_an_unknown_variable_is_refused_with_the_nearest_known(misspelt: str, meant: str) -> None:
    with pytest.raises(SettingsError, match=f"no setting {misspelt}; the nearest is {meant}"):
        read_settings({misspelt: "x", "PATH": "/bin"})


@given(st.text(st.characters(codec="ascii", exclude_characters="=\0"), max_size=20))
def test_no_unknown_variable_of_ours_is_ever_ignored(rest: str) -> None:
    variable = PREFIX + rest
    if variable in VARIABLES:
        return
    with pytest.raises(SettingsError, match="nearest is DATELINE_"):
        read_settings({variable: "1"})


def test_a_field_that_does_not_exist_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="no such settings: colour"):
        read_settings({}, colour="red")
