"""The library that a home uses where none is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.files.chosen_library import choose, read_chosen
from assistant.opened_library import describe_stand_in
from assistant.settings import load_settings


def test_what_was_chosen_is_used_and_may_be_undone(home: Path) -> None:
    assert load_settings().library == "default"
    choose(home, "thesis")
    assert load_settings().library == "thesis"
    choose(home, None)
    choose(home, None)
    assert load_settings().library == "default"


def test_a_name_that_is_given_goes_before_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(home, "thesis")
    assert load_settings(library="review").library == "review"
    monkeypatch.setenv("ASSISTANT_LIBRARY", "of-variable")
    assert load_settings().library == "of-variable"
    monkeypatch.delenv("ASSISTANT_LIBRARY")
    Path("assistant.toml").write_text('library = "of-folder"', encoding="utf-8")
    assert load_settings().library == "of-folder"


def test_each_home_has_its_own(home: Path, tmp_path: Path) -> None:
    choose(home, "thesis")
    assert load_settings(home=tmp_path / "other").library == "default"


@pytest.mark.parametrize("content", ['llm = "none"', "library = 3", 'library = "../x"', "library"])
def test_a_file_that_names_no_library_is_told(home: Path, content: str) -> None:
    home.mkdir(exist_ok=True)
    (home / "library.toml").write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"library\.toml"):
        load_settings()
    assert load_settings(library="thesis").library == "thesis"


@pytest.mark.parametrize("where", ["a file", 5, "no\0path"])
def test_a_home_that_is_none_has_none(home: Path, where: object) -> None:
    Path("a file").write_text("x", encoding="utf-8")
    assert read_chosen(where) == {}


def test_the_libraries_there_are_named_where_the_starter_stands_in() -> None:
    said = describe_stand_in("default", ("review", "starter", "thesis"))
    assert "you have review, thesis" in said
    assert "assistant library use review" in said
    assert "no library yet" in describe_stand_in("default", ("starter",))
