"""The user's own settings file is changed by lines, and nothing else in it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from assistant.cli.user_settings import change_settings, write_settings
from assistant.errors import SettingsError

CHOICE = {"llm": "ollama:qwen3:8b", "llm_base_url": None}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", 'llm = "ollama:qwen3:8b"\n'),
        ('llm = "none"\n', 'llm = "ollama:qwen3:8b"\n'),
        (
            '# Mine.\ntop_k = 4\nllm="x:y" # old\nllm_timeout = 9',
            '# Mine.\ntop_k = 4\nllm_timeout = 9\nllm = "ollama:qwen3:8b"\n',
        ),
        ('llm_base_url = "http://a/v1"\n', 'llm = "ollama:qwen3:8b"\n'),
        ('#llm = "x"\n', '#llm = "x"\nllm = "ollama:qwen3:8b"\n'),
    ],
)
def test_only_what_was_chosen_changes(before: str, after: str) -> None:
    assert change_settings(before, CHOICE) == after


@pytest.mark.parametrize("value", ['gguf:C:\\models\\"my" größe.gguf', "gguf:a\tb.gguf"])
def test_any_path_is_read_back_as_it_was(value: str) -> None:
    assert tomllib.loads(change_settings("", {"llm": value})) == {"llm": value}


@pytest.mark.parametrize(
    "before", ["llm = ", "'llm' = 'x'\n", 'prompts = """\nllm = 3\n"""\n', 'llm = """\nx"""\n']
)
def test_what_cannot_be_changed_by_lines_stays_as_it_is(before: str, tmp_path: Path) -> None:
    file = tmp_path / "assistant.toml"
    file.write_text(before)
    with pytest.raises(SettingsError, match=r"write into it yourself: llm = 'ollama:qwen3:8b'$"):
        write_settings(file, CHOICE)
    assert file.read_text() == before


def test_the_folder_is_made(tmp_path: Path) -> None:
    file = tmp_path / "a" / "b" / "assistant.toml"
    write_settings(file, CHOICE)
    assert file.read_text() == 'llm = "ollama:qwen3:8b"\n'
    assert list(file.parent.iterdir()) == [file]


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(SettingsError, match="cannot be written"):
        write_settings(tmp_path / "a" / "assistant.toml", CHOICE)
