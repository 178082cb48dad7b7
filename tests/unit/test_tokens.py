from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import ModelError
from assistant.text import tokens


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No encoding is loaded yet, neither here nor in tiktoken."""
    import tiktoken.registry

    monkeypatch.setattr(tiktoken.registry, "ENCODINGS", {})
    tokens._load_encoding.cache_clear()
    yield
    tokens._load_encoding.cache_clear()


def test_counts_by_o200k() -> None:
    assert tokens.count_tokens("") == 0
    assert tokens.count_tokens("hello world") == 2
    assert tokens.count_tokens("Speculative decoding") == 3


def test_special_tokens_are_plain_text() -> None:
    assert tokens.count_tokens("<|endoftext|>") > 1


def test_the_environment_is_left_as_it_was(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIKTOKEN_CACHE_DIR", raising=False)
    tokens.count_tokens("a")
    assert "TIKTOKEN_CACHE_DIR" not in os.environ


def test_a_folder_of_the_users_own_is_used(
    fresh: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    with pytest.raises(ModelError, match="unset TIKTOKEN_CACHE_DIR"):
        tokens.count_tokens("a")


def test_counting_does_not_import_llama_index_core() -> None:
    code = (
        "import sys; from assistant.text.tokens import count_tokens; count_tokens('a');"
        "print([m for m in sys.modules if m.startswith('llama_index.core')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
