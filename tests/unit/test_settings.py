from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.settings import (
    Settings,
    describe_settings,
    find_user_file,
    list_files,
    load_settings,
)


def test_flag_beats_variable_beats_file_beats_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().top_k == Settings.model_fields["top_k"].default
    Path("assistant.toml").write_text("top_k = 3\n")
    assert load_settings().top_k == 3
    monkeypatch.setenv("ASSISTANT_TOP_K", "4")
    assert load_settings().top_k == 4
    assert load_settings(top_k=5).top_k == 5
    assert load_settings(top_k=None).top_k == 4


def test_a_config_file_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    named = tmp_path / "mine.toml"
    named.write_text('library = "mine"\n')
    monkeypatch.setenv("ASSISTANT_CONFIG", str(named))
    assert load_settings().library == "mine"
    named.unlink()
    with pytest.raises(SettingsError, match="does not exist"):
        load_settings()


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("ASSISTANT_TOPK", "4", "did you mean 'ASSISTANT_TOP_K'"),
        ("ASSISTANT_FROB", "4", "known settings: home"),
        ("ASSISTANT_TOP_K", "many", "ASSISTANT_TOP_K: 'many' cannot be used"),
        ("ASSISTANT_TOP_K", "0", "use a number from 1 to 1000"),
        ("ASSISTANT_LIBRARY", "../x", "'../x' cannot be used; use at most 60 letters"),
        ("ASSISTANT_EMBEDDING", "word2vec", "use minilm or openai:MODEL"),
        ("ASSISTANT_CHROMA_URL", "localhost:8000", "http://"),
        ("ASSISTANT_LLM", "gpt-5", "use auto, none, PROVIDER:MODEL (openai, openrouter"),
        ("ASSISTANT_LLM", "openai:", "use auto, none, PROVIDER:MODEL"),
        ("ASSISTANT_LLM", "ollama: ", "use auto, none, PROVIDER:MODEL"),
        ("ASSISTANT_LLM", "mistral:large", "use auto, none, PROVIDER:MODEL"),
        ("ASSISTANT_JUDGE", "gpt-5", "use auto, none, PROVIDER:MODEL"),
        ("ASSISTANT_SURVEY_TOKENS", "9", "use a number of at least 10000"),
        ("ASSISTANT_LLM_BASE_URL", "localhost:8000/v1", "http://"),
        ("ASSISTANT_LLM_CONTEXT", "10", "use a number of at least 512"),
        ("ASSISTANT_UNSUPPORTED", "hide", "flag"),
        ("ASSISTANT_ABSTAIN_BELOW", "2", "use a number from 0.0 to 1.0"),
        ("ASSISTANT_THREADS", "0", "use a number of at least 1"),
    ],
)
def test_a_bad_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("topk = 4", "did you mean 'top_k'"),
        ("top_k = ", "not valid TOML"),
        ('top_k = "x"', "assistant.toml: top_k: 'x' cannot be used"),
    ],
)
def test_a_bad_file_is_named(toml: str, said: str) -> None:
    Path("assistant.toml").write_text(toml)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert said in str(caught.value)


def test_an_unknown_flag_is_named() -> None:
    with pytest.raises(SettingsError, match="did you mean 'library'"):
        load_settings(libary="x")


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_EMBEDDING_API_KEY", "sk-secret")
    settings = load_settings()
    assert "sk-secret" not in repr(settings)
    assert all("sk-secret" not in value for _, value, _ in describe_settings(settings))


def test_the_users_own_file_is_weaker_than_the_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    own = find_user_file()
    own.parent.mkdir(parents=True)
    own.write_text('top_k = 2\nllm = "ollama:m"\n')
    assert load_settings().top_k == 2
    assert list_files() == [own]
    Path("assistant.toml").write_text("top_k = 3\n")
    settings = load_settings()
    assert (settings.top_k, settings.llm) == (3, "ollama:m")
    assert list_files() == [Path("assistant.toml").absolute(), own]
    monkeypatch.setenv("ASSISTANT_TOP_K", "4")
    assert load_settings().top_k == 4
    Path("other.toml").write_text("")
    monkeypatch.delenv("ASSISTANT_TOP_K")
    monkeypatch.setenv("ASSISTANT_CONFIG", "other.toml")
    assert load_settings().top_k == 2


@pytest.mark.parametrize("toml", ["topk = 4", "top_k = ", 'top_k = "x"'])
def test_a_bad_file_of_the_users_is_named(toml: str) -> None:
    own = find_user_file()
    own.parent.mkdir(parents=True)
    own.write_text(toml)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value).startswith(f"{own}: ")
