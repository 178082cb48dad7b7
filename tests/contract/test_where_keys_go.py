"""Which headers a server gets: its own key, and nothing of the user's other accounts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from embedding_server import KEY as EMBEDDING_KEY
from embedding_server import running

from assistant.configured_models import ConfiguredModels
from assistant.embeddings.openai_embedding import OpenAIModel
from assistant.errors import ModelError
from assistant.llm.messages import Message
from assistant.llm.opening import find_address, open_chat_model
from assistant.llm.served_models import list_models
from assistant.settings import find_user_file, load_settings
from tests.llm_servers.scripted import KEY, ScriptedServer, scripted
from tests.llm_servers.steps import Status

ROWS = {"data": [{"id": "tiny"}]}


def write_own_file(text: str) -> None:
    find_user_file().parent.mkdir(parents=True)
    find_user_file().write_text(text)


def ask() -> str:
    """Asks the LLM of the settings for its models and for a reply."""
    settings = load_settings()
    list_models("openai", *find_address("openai", settings))
    model = open_chat_model(settings)
    assert model is not None
    return model.complete([Message("user", "Is it so?")], max_tokens=9).text


def test_a_key_set_beside_one_address_is_not_sent_to_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-never")
    with (
        scripted(otherwise="Yes.", models=ROWS) as meant,
        scripted(otherwise="Yes.", models=ROWS) as other,
    ):
        write_own_file(f'llm="openai:tiny"\nllm_base_url="{meant.url}"\nllm_api_key="{KEY}"\n')
        assert ask() == "Yes."
        monkeypatch.setenv("ASSISTANT_LLM_BASE_URL", other.url)
        assert ask() == "Yes."
    assert {sent["authorization"] for sent in meant.headers} == {f"Bearer {KEY}"}
    assert {sent["authorization"] for sent in other.headers} == {"Bearer none"}


def test_a_server_that_misses_the_key_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    write_own_file(f'llm="openai:tiny"\nllm_base_url="http://meant/v1"\nllm_api_key="{KEY}"\n')
    with scripted(otherwise=Status(401), models=ROWS) as other:
        monkeypatch.setenv("ASSISTANT_LLM_BASE_URL", other.url)
        with pytest.raises(ModelError, match="set ASSISTANT_LLM_API_KEY in the same place as"):
            ask()
        monkeypatch.setenv("ASSISTANT_LLM_API_KEY", "sk-other")
        with pytest.raises(ModelError, match="refused the key"):
            ask()
        assert other.keys == ["none", "sk-other"]


def test_an_embedders_key_set_beside_one_address_is_not_sent_to_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with running(lambda texts: [[1.0, 2.0] for _ in texts]) as meant:
        write_own_file(
            f'embedding="openai:tiny"\nembedding_base_url="{meant.url}"\n'
            f'embedding_api_key="{EMBEDDING_KEY}"\n'
        )
        assert ConfiguredModels(load_settings()).embedder.embed_query("a").shape == (2,)
        with scripted(always=Status(401)) as other:
            monkeypatch.setenv("ASSISTANT_EMBEDDING_BASE_URL", other.url)
            with pytest.raises(ModelError, match=r"wants a key .* for a key is sent to no other"):
                ConfiguredModels(load_settings()).embedder.embed_query("b")
            assert [sent["authorization"] for sent in other.headers] == ["Bearer none"]


def ask_chat(server: ScriptedServer) -> object:
    settings = load_settings(llm="openai:tiny", llm_base_url=server.url, llm_api_key=KEY)
    model = open_chat_model(settings)
    assert model is not None
    return model.complete([Message("user", "Is it so?")], max_tokens=9)


def ask_models(server: ScriptedServer) -> object:
    return list_models("openai", server.url, KEY)


def ask_embedding(server: ScriptedServer) -> object:
    return OpenAIModel("tiny", base_url=server.url, api_key=KEY).embed_query("a")


each_way = pytest.mark.parametrize("way", [ask_chat, ask_models, ask_embedding])


@each_way
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_server_sends_a_request_on_to_another(
    way: Callable[[ScriptedServer], object], status: int
) -> None:
    with scripted(otherwise="Yes.", models=ROWS) as other:
        elsewhere = Status(status, headers={"location": f"{other.url}/chat/completions"})
        with scripted(always=elsewhere) as server:
            with pytest.raises(ModelError, match=r"sends on to another address .* set ASSISTANT_"):
                way(server)
            assert server.headers
        assert other.headers == []


@each_way
def test_nothing_of_openais_account_goes_to_another_server(
    way: Callable[[ScriptedServer], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-secret")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer secret\nX-Team: secret")
    with scripted(always=Status(404)) as server:
        with pytest.raises(ModelError) as caught:
            way(server)
        assert "secret" not in str(caught.value)
        assert server.headers
        for sent in server.headers:
            assert "secret" not in str(sent)
            assert sent["authorization"] == f"Bearer {KEY}"
