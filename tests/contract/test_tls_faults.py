"""What is wrong with a server's certificate is said in one sentence, and nothing is sent to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from assistant.embeddings.openai_embedding import OpenAIModel
from assistant.errors import ModelError
from assistant.llm.exchange import tls
from assistant.llm.served_models import list_models
from tests.llm_servers.asking import ASKED, model_of
from tests.llm_servers.scripted import KEY, ScriptedServer, scripted

pytest.importorskip("cryptography", reason="makes the certificates; a part of mcp's own needs")

from tests.llm_servers.certificates import DAY, make_certificate

Ask = Callable[[ScriptedServer], object]

ASKS: dict[str, Ask] = {
    "chat": lambda server: model_of(server).complete(ASKED, max_tokens=9),
    "models": lambda server: list_models("openai", server.url, KEY),
    "embedding": lambda server: OpenAIModel(
        "tiny", base_url=server.url, api_key=KEY, sleep=lambda _: None
    ).embed_query("a"),
}

each_way = pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)


@pytest.fixture(autouse=True)
def read_anew() -> Iterator[None]:
    """Certificates that are trusted are read once a process; here once a test."""
    tls.cache_clear()
    yield
    tls.cache_clear()


@each_way
@pytest.mark.parametrize(
    ("made", "is_known", "says"),
    [
        ({}, False, "it signed itself; if it is yours, set SSL_CERT_FILE"),
        ({"starts_in": -3 * DAY}, True, "has expired; have it renewed"),
        ({"starts_in": timedelta(hours=1)}, True, "is not valid yet; check the clock"),
        ({"address": "127.0.0.2"}, True, "is for another host; use the name"),
    ],
    ids=["self-signed", "expired", "not yet", "another host"],
)
def test_a_bad_certificate_is_said(
    ask: Ask,
    made: dict[str, Any],
    is_known: bool,
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = tmp_path / "own.pem"
    context = make_certificate(file, **made)
    if is_known:
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with scripted(otherwise="Yes.", tls=context) as server:
        with pytest.raises(ModelError) as caught:
            ask(server)
        assert server.headers == []
    assert f"shows a certificate that {says}" in str(caught.value)
    assert server.url in str(caught.value)
    assert not caught.value.retryable


def test_a_certificate_of_ones_own_can_be_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "own.pem"
    context = make_certificate(file)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    rows = {"data": [{"id": "tiny"}]}
    with scripted(otherwise="Yes.", models=rows, tls=context) as server:
        assert model_of(server).complete(ASKED, max_tokens=9).text == "Yes."
        assert list_models("openai", server.url, KEY).names == ("openai:tiny",)


@each_way
def test_a_server_without_tls_is_told_from_one_that_is_away(ask: Ask) -> None:
    with scripted(otherwise="Yes.") as server:
        server.url = server.url.replace("http:", "https:")
        with pytest.raises(ModelError, match="does not speak TLS as it should; check whether"):
            ask(server)
