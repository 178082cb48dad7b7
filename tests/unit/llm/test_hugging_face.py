"""A file on Hugging Face: what is asked of huggingface_hub, which is stood in for here."""

from __future__ import annotations

import logging
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from huggingface_hub import errors

from assistant.errors import ModelError
from assistant.llm.hugging_face import locate_gguf

NAME = "hf:owner/models-GGUF/q4/model-Q4_K_M.gguf"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A stand-in whose ``local`` and ``fetched`` are what it gives, an exception raised."""
    hub = SimpleNamespace(
        local=errors.LocalEntryNotFoundError("none"), fetched="/cache/m.gguf", asked=[]
    )

    def hf_hub_download(repository: str, file: str, local_files_only: bool = False) -> Any:
        hub.asked.append((repository, file, local_files_only))
        found = hub.local if local_files_only else hub.fetched
        if isinstance(found, Exception):
            raise found
        return found

    module = SimpleNamespace(errors=errors, hf_hub_download=hf_hub_download)
    monkeypatch.setitem(sys.modules, "huggingface_hub", module)
    return hub


def test_a_path_stays_a_path(hub: SimpleNamespace) -> None:
    assert locate_gguf("models/hf.gguf") == "models/hf.gguf"
    assert hub.asked == []


def test_what_is_there_is_not_fetched(
    hub: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    hub.local = "/cache/m.gguf"
    assert locate_gguf(NAME) == "/cache/m.gguf"
    assert hub.asked == [("owner/models-GGUF", "q4/model-Q4_K_M.gguf", True)]
    assert caplog.records == []


def test_fetching_is_announced(hub: SimpleNamespace, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert locate_gguf(NAME) == "/cache/m.gguf"
    assert [only_local for *_, only_local in hub.asked] == [True, False]
    assert caplog.messages == [
        "fetching q4/model-Q4_K_M.gguf of owner/models-GGUF from Hugging Face, once; it may take "
        "minutes"
    ]


def test_the_commands_print_what_is_announced() -> None:
    code = """
import logging
from assistant.cli import app
announced = logging.getLogger("assistant.llm.hugging_face")
app.run = lambda: announced.warning("fetching %s", "m.gguf") or 0
app.main()
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stderr == "assistant: fetching m.gguf\n"


@pytest.mark.parametrize(
    "name", ["hf:", "hf:model.gguf", "hf:owner/model.gguf", "hf:owner/repository", "hf:a/b/c.bin"]
)
def test_what_is_no_place_is_said_before_anything_is_asked(name: str, hub: SimpleNamespace) -> None:
    with pytest.raises(ModelError, match="write hf:OWNER/REPOSITORY/FILE"):
        locate_gguf(name)
    assert hub.asked == []


@pytest.mark.parametrize(
    ("failure", "says", "retryable"),
    [
        (errors.EntryNotFoundError("secret"), "Hugging Face has no file", False),
        (errors.LocalEntryNotFoundError("secret"), "cannot be fetched", True),
        (OSError(28, "secret"), "cannot be fetched", True),
        (errors.GatedRepoError.__new__(errors.GatedRepoError), "accepted its terms", False),
    ],
)
def test_what_fails_is_one_sentence(
    failure: Exception, says: str, retryable: bool, hub: SimpleNamespace
) -> None:
    hub.fetched = failure
    with pytest.raises(ModelError, match=says) as caught:
        locate_gguf(NAME)
    assert repr(NAME) in str(caught.value)
    assert "secret" not in str(caught.value)
    assert caught.value.retryable == retryable


def test_without_huggingface_hub_the_command_that_installs_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ModelError, match=r"pip install 'abstract-assistant\[local\]'"):
        locate_gguf(NAME)
