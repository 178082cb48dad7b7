"""A password in a URL is shown nowhere: not in errors, settings, reports or folders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from assistant_ui.library.changes import settings_values

from assistant.errors import AssistantError, ModelError, StoreError
from assistant.llm.server_attempt import Endpoint
from assistant.servers.providers import mask_passwords
from assistant.settings import URLS, Settings, describe_settings, load_settings
from assistant.store.chroma_faults import split_password
from assistant.store.server_library import mirror_folder

SECRET = "s3cret"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("http://ann:s3cret@host:8000/v1", "http://***@host:8000/v1"),
        ("at 'https://ann:s3cret@host' and http://b:s3cret@c", "at 'https://***@host' and http://***@c"),
        ("http://s3cret@host", "http://***@host"),
        ("http://ann:s3cret'@\"s3cret@host", "http://***@host"),
        ("http://[ann]:s3cret@[::1]:80/", "http://***@[::1]:80/"),
        ("http://host/@ann and ann@host.org", "http://host/@ann and ann@host.org"),
        ("http://host?to=ann@host.org", "http://host?to=ann@host.org"),
    ],
)  # fmt: skip
def test_user_and_password_are_masked_and_nothing_else(text: str, masked: str) -> None:
    assert mask_passwords(text) == masked


@pytest.mark.parametrize("kind", [AssistantError, StoreError, ModelError])
def test_no_error_of_ours_shows_a_password(kind: type[AssistantError]) -> None:
    assert str(kind("no way to 'http://ann:s3cret@host/v1'")) == "no way to 'http://***@host/v1'"


@pytest.mark.parametrize("name", URLS)
def test_settings_show_no_password_and_hand_it_on(name: str) -> None:
    url = f"http://ann:{SECRET}@host:8000/v1"
    settings = Settings(**{name: url})  # type: ignore[arg-type]
    assert getattr(settings, name) == url
    shown = (describe_settings(settings), settings.model_dump(mode="json"), repr(settings))
    for each in shown:
        assert SECRET not in str(each)
        assert "http://***@host:8000/v1" in str(each)
    # What changes the library for the page gets it, through a pipe.
    values = settings_values(settings)
    assert json.loads(json.dumps(values))[name] == url


@pytest.mark.parametrize("name", URLS)
@pytest.mark.parametrize(
    "url",
    [
        f"ann:{SECRET}@host:8000",
        f"ftp://ann:{SECRET}@host",
        f"http://ann:x/{SECRET}@host",
        f"http://ann:x?{SECRET}@host",
        f"http://ann:{SECRET}@host:99999999",
        f"http://ann:{SECRET}@",
        f"http://ann:{SECRET}'@host:port",
    ],
)
def test_a_url_that_cannot_be_used_is_refused_without_its_password(name: str, url: str) -> None:
    with pytest.raises(AssistantError, match=rf"{name}: .*\*\*\*@.* cannot be used; use a") as told:
        load_settings(**{name: url})
    assert SECRET not in str(told.value)


def test_chroma_is_addressed_without_the_password_that_it_is_sent(tmp_path: Path) -> None:
    address, headers = split_password("http://ann:s3%40cret@host:8000/chroma")
    assert address == "http://host:8000/chroma"
    assert headers == {"Authorization": "Basic YW5uOnMzQGNyZXQ="}
    assert split_password("http://host:8000") == ("http://host:8000", {})
    mirror = mirror_folder(tmp_path, "http://ann:s3cret@host:8000/")
    assert mirror == mirror_folder(tmp_path, "http://host:8000")
    assert SECRET not in str(mirror)


def test_an_llm_server_is_named_without_its_password() -> None:
    endpoint = Endpoint("m", f"http://ann:{SECRET}@host/v1", "", 1.0)
    assert endpoint.server == "the LLM server 'http://***@host/v1'"
    assert SECRET not in repr(endpoint)
