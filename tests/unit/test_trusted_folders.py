"""What a folder's settings file may set before the user trusts it, and what trust is bound to."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import SecretStr

from assistant import Assistant
from assistant.errors import SettingsError
from assistant.files.folders import find_settings_folder
from assistant.files.toml import read_content
from assistant.settings import (
    CONFIG_FILE,
    Settings,
    find_user_file,
    is_guarded,
    load_settings,
)
from assistant.trust import read_trusted, revoke, trust

GUARDED: dict[str, Any] = {
    "home": "elsewhere",
    "chroma_url": "http://elsewhere:8000",
    "embedding": "openai:text-embedding-3-small",
    "embedding_base_url": "http://elsewhere/v1",
    "embedding_api_key": "sk-x",
    "llm": "openai:gpt-5-mini",
    "llm_base_url": "http://elsewhere/v1",
    "llm_api_key": "sk-x",
    "prompts": "prompts",
    "judge": "openrouter:x/y",
    "survey_tokens": 10_000_000,
    "kept_mb": 10,
    "kept_days": 1,
    "contact_email": "other@example.org",
}
FOLDERS = 'library = "thesis"\ntop_k = 3\n'


def write(text: str, folder: Path | None = None) -> Path:
    file = (folder or Path.cwd()) / CONFIG_FILE
    file.write_text(text)
    return file


def trust_file(file: Path) -> None:
    content = read_content(file)
    assert content is not None
    trust(file, content)


def test_every_setting_that_could_name_a_place_or_a_key_is_marked() -> None:
    for name, field in Settings.model_fields.items():
        kinds = {field.annotation, *get_args(field.annotation)}
        names_place = kinds & {Path, SecretStr} or name.endswith("_url")
        assert is_guarded(name) or not names_place, name
    assert {name for name in Settings.model_fields if is_guarded(name)} == set(GUARDED)


@pytest.mark.parametrize("name", GUARDED)
def test_an_untrusted_file_may_not_set_it(name: str) -> None:
    value = GUARDED[name]
    file = write(f"{FOLDERS}{name} = {value if isinstance(value, int) else repr(value)}\n")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value) == (
        f"{file}: sets {name!r}, where data or keys go or what may be spent or deleted, and "
        f"is not trusted; read it and, if you agree, run: assistant trust {file}"
    )
    trust_file(file)
    settings = load_settings()
    assert settings.library == "thesis"
    assert getattr(settings, name) != Settings.model_fields[name].default


def test_the_rest_needs_no_trust() -> None:
    free = set(Settings.model_fields) - set(GUARDED)
    values = {
        "library": '"thesis"',
        "llm_timeout": 9.0,
        "llm_context": 600,
        "llm_papers": 5,
        "second_look": '"off"',
        "unsupported": '"drop"',
        "survey_papers": 7,
        "top_k": 3,
        "max_sentences": 2,
        "abstain_below": 0.5,
        "threads": 1,
        "concurrency": 2,
        "llm_concurrency": 2,
        "queue": 50,
        "session_life": 5,
        "connections": 64,
    }
    assert set(values) == free
    write("".join(f"{name} = {value}\n" for name, value in values.items()))
    assert load_settings().library == "thesis"


def test_a_flag_a_variable_and_the_users_own_file_set_everything(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = find_user_file()
    own.parent.mkdir(parents=True)
    own.write_text('llm = "ollama:own"\n')
    assert load_settings().llm == "ollama:own"
    monkeypatch.setenv("ASSISTANT_LLM", "ollama:variable")
    assert load_settings().llm == "ollama:variable"
    assert load_settings(llm="ollama:flag").llm == "ollama:flag"
    monkeypatch.delenv("ASSISTANT_LLM")
    # Whoever names a file has chosen it.
    named = tmp_path / "named.toml"
    named.write_text('llm = "ollama:named"\n')
    monkeypatch.setenv("ASSISTANT_CONFIG", str(named))
    assert load_settings().llm == "ollama:named"
    monkeypatch.delenv("ASSISTANT_CONFIG")
    # In the folder of one's own settings, that file is still one's own.
    monkeypatch.chdir(own.parent)
    assert load_settings().llm == "ollama:own"


def test_python_and_evals_are_told_the_same(suite_of_one: Path) -> None:
    from assistant_evals.cases.suites import read_suite
    from assistant_evals.running.asking import open_library

    write('llm_base_url = "http://elsewhere/v1"\n')
    for opened in (
        lambda: Assistant.open(library="starter"),
        lambda: Assistant.open(Settings(library="starter")),
        lambda: open_library(read_suite(suite_of_one)).__enter__(),
    ):
        with pytest.raises(SettingsError, match=r"sets 'llm_base_url', .* assistant trust "):
            opened()


@pytest.fixture
def suite_of_one(tmp_path: Path) -> Path:
    folder = tmp_path / "suite"
    folder.mkdir()
    (folder / "golden.jsonl").write_text('{"id": "a", "question": "Who?", "kind": "x"}\n')
    (folder / "suite.toml").write_text('library = "starter"\ngolden = ["golden.jsonl"]\n')
    return folder / "suite.toml"


def test_a_change_asks_again() -> None:
    file = write('llm = "ollama:m"\n')
    trust_file(file)
    assert load_settings().llm == "ollama:m"
    write('llm = "ollama:m"\nllm_base_url = "http://elsewhere/v1"\n')
    with pytest.raises(SettingsError, match="it has changed since you trusted it; read it and"):
        load_settings()
    write('llm = "ollama:m"\n')
    assert load_settings().llm == "ollama:m"
    assert revoke(file)
    assert not revoke(file)
    with pytest.raises(SettingsError, match="is not trusted"):
        load_settings()


def test_trust_is_of_one_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A home folder in a file that was copied or linked would be another one."""
    text = 'llm = "ollama:m"\nhome = "papers"\n'
    here = write(text)
    trust_file(here)
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.chdir(other)
    write(text)
    with pytest.raises(SettingsError, match="is not trusted"):
        load_settings()
    (other / CONFIG_FILE).unlink()
    (other / CONFIG_FILE).symlink_to(here)
    with pytest.raises(SettingsError, match="is not trusted"):
        load_settings()
    # The same folder by another name is the same folder.
    again = tmp_path / "again"
    again.symlink_to(here.parent, target_is_directory=True)
    monkeypatch.chdir(again)
    assert load_settings().llm == "ollama:m"


def test_what_a_trusted_link_leads_to_may_not_change(tmp_path: Path) -> None:
    target = tmp_path / "target.toml"
    target.write_text('llm = "ollama:m"\n')
    link = Path.cwd() / CONFIG_FILE
    link.symlink_to(target)
    trust_file(link)
    assert load_settings().llm == "ollama:m"
    target.write_text('llm = "openai:m"\n')
    with pytest.raises(SettingsError, match="has changed"):
        load_settings()


def test_the_folders_above_are_not_looked_in(monkeypatch: pytest.MonkeyPatch) -> None:
    write("top_k = 3\n")
    inside = Path("inside")
    inside.mkdir()
    monkeypatch.chdir(inside)
    assert load_settings().top_k == Settings.model_fields["top_k"].default


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 50_000, "top_k = " + "9" * 5_000, "# " + "x" * 1_000_000]
)
def test_a_file_made_to_do_harm_is_one_sentence(text: str) -> None:
    write(text)
    with pytest.raises(SettingsError, match=r"assistant\.toml: (not valid TOML|is longer than)"):
        load_settings()


def test_a_link_without_end_is_one_sentence() -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("this system has no file without end")
    Path(CONFIG_FILE).symlink_to("/dev/zero")
    with pytest.raises(SettingsError, match="is longer than 1,000,000 bytes"):
        load_settings()


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 3}', "\udcff"])
def test_a_damaged_list_of_trusted_files_trusts_nobody(text: str) -> None:
    find_settings_folder().mkdir(parents=True)
    file = find_settings_folder() / "trusted.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    write('llm = "ollama:m"\n')
    with pytest.raises(SettingsError, match="delete it and trust anew"):
        load_settings()
    file.unlink()
    assert read_trusted() == {}
