"""One suite for every way to make vectors: MiniLM, a server, a LlamaIndex embedding."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from embedding_server import KEY, Server, running
from llama_index.core.base.embeddings.base import BaseEmbedding

from assistant.embeddings.cache import hash_text
from assistant.embeddings.embedder import Embedder, open_embedder
from assistant.embeddings.llama_embedding import LlamaModel
from assistant.embeddings.minilm import MiniLM
from assistant.embeddings.openai_embedding import OpenAIModel
from assistant.errors import ModelError, SettingsError, StoreError
from assistant.llamaindex.embedding import MiniLMEmbedding

Open = Callable[[Path | None], Embedder]
DIM = 16


def vector(text: str) -> list[float]:
    """A direction of a text's own, the same in every run; its length is not 1."""
    seed = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8])
    return [float(x) for x in np.random.default_rng(seed).normal(size=DIM)]


class ToyEmbedding(BaseEmbedding):
    """A LlamaIndex embedding whose questions and texts differ, as with instructed models."""

    calls: list[list[str]] = []  # noqa: RUF012 - a pydantic field, copied for each instance

    def _get_text_embedding(self, text: str) -> list[float]:
        return vector(text)

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        self.calls.append(texts)
        return [vector(text) for text in texts]

    def _get_query_embedding(self, query: str) -> list[float]:
        return vector(f"query: {query}")

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


class BrokenEmbedding(ToyEmbedding):
    def _get_query_embedding(self, query: str) -> list[float]:
        raise RuntimeError("key sk-secret was refused")

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        raise RuntimeError("key sk-secret was refused")


@pytest.fixture
def server() -> Iterator[Server]:
    with running(lambda texts: [vector(text) for text in texts]) as running_server:
        yield running_server


@pytest.fixture(params=["minilm", "openai", "llama-index"])
def opened(request: pytest.FixtureRequest) -> Open:
    if request.param == "minilm":
        return lambda path: open_embedder("minilm", cache_path=path, n_threads=1)
    if request.param == "openai":
        url = request.getfixturevalue("server").url
        return lambda path: open_embedder("openai:tiny", base_url=url, api_key=KEY, cache_path=path)
    return lambda path: open_embedder(
        override=ToyEmbedding(model_name="toy-1", embed_batch_size=64), cache_path=path
    )


TEXTS = ["First text.", "Second, longer text, to be sure.", "First text.", ""]


def test_vectors_have_length_one_and_their_order(opened: Open) -> None:
    embedder = opened(None)
    vectors = embedder.embed(TEXTS)
    assert vectors.shape == (4, embedder.dim)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    np.testing.assert_array_equal(vectors[0], vectors[2])
    np.testing.assert_allclose(embedder.embed([TEXTS[1]])[0], vectors[1], atol=1e-5)


def test_a_query_has_one_vector(opened: Open) -> None:
    embedder = opened(None)
    query = embedder.embed_query("Who?")
    assert query.shape == (embedder.dim,)
    assert abs(float(np.linalg.norm(query)) - 1.0) < 1e-5
    np.testing.assert_array_equal(query, embedder.embed_query("Who?"))


def test_no_text_has_no_vector(opened: Open) -> None:
    embedder = opened(None)
    assert embedder.embed([]).shape == (0, embedder.dim)


def test_another_process_finds_the_vectors(opened: Open, tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    first = opened(path)
    vectors = first.embed(TEXTS)
    first.close()
    second = opened(path)
    second._model = Unusable(first.fingerprint)  # type: ignore[assignment]
    np.testing.assert_array_equal(second.embed(TEXTS), vectors)


def test_progress_reaches_the_number_of_texts(opened: Open, tmp_path: Path) -> None:
    seen: list[int] = []
    embedder = opened(tmp_path / "cache.sqlite")
    embedder.embed(TEXTS, seen.append)
    embedder.embed(TEXTS, seen.append)
    assert seen == [1, 4, 4]


def test_fingerprints_are_fixed(opened: Open) -> None:
    names = {"minilm-l6-v2:8199be6f", "openai:tiny", "ToyEmbedding:toy-1"}
    assert opened(None).fingerprint in names


class Unusable:
    """A model that must not be asked."""

    dim = None

    def __init__(self, fingerprint: str = "x") -> None:
        self.fingerprint = fingerprint

    def embed_texts(self, texts: object) -> None:
        raise AssertionError("asked")

    embed_query = embed_texts


# The cache, behind any model


def test_equal_texts_are_embedded_once() -> None:
    toy = ToyEmbedding(model_name="toy", embed_batch_size=100)
    open_embedder(override=toy).embed(["a", "b", "a"] * 10)
    assert sorted(text for call in toy.calls for text in call) == ["a", "b"]


def test_interrupted_work_goes_on_from_the_cache(tmp_path: Path) -> None:
    texts = [f"text {n:03}" for n in range(200)]
    path = tmp_path / "cache.sqlite"

    def stop(n_done: int) -> None:
        if n_done >= 128:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_embedder(override=ToyEmbedding(model_name="t"), cache_path=path).embed(texts, stop)
    toy = ToyEmbedding(model_name="t", embed_batch_size=100)
    vectors = open_embedder(override=toy, cache_path=path).embed(texts)
    assert sum(map(len, toy.calls)) == 72
    assert vectors.shape == (200, DIM)


def test_a_cache_that_cannot_be_written_is_a_notice_or_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "cache.sqlite"
    embedder = open_embedder(override=ToyEmbedding(model_name="t"), cache_path=path)
    assert embedder.embed(["a"]).shape == (1, DIM)
    assert any("not kept" in notice for notice in embedder.notices)
    with pytest.raises(StoreError, match="cannot be written"):
        embedder.embed(["b"], durable=True)


def test_vectors_of_another_length_are_made_again(tmp_path: Path) -> None:
    embedder = open_embedder(override=ToyEmbedding(model_name="t"))
    embedder.embed(["a"])
    key = hash_text("b")
    embedder.cache.put(embedder.fingerprint, {key: np.ones(3, dtype=np.float32)})
    assert embedder.embed(["a", "b"]).shape == (2, DIM)
    assert embedder.cache.get(embedder.fingerprint, [key])[key].size == DIM


# A server's faults


def model(server: Server, slept: list[float] | None = None, **options: object) -> Embedder:
    from assistant.embeddings.cache import EmbeddingCache

    pauses = [] if slept is None else slept
    arguments = {"model": "tiny", "api_key": KEY, **options}
    return Embedder(
        OpenAIModel(base_url=server.url, sleep=pauses.append, **arguments),  # type: ignore[arg-type]
        EmbeddingCache(None),
    )


def test_large_work_goes_in_batches(server: Server) -> None:
    vectors = OpenAIModel("tiny", base_url=server.url, api_key=KEY).embed_texts(
        [f"text {n}" for n in range(150)]
    )
    assert [len(request["input"]) for request in server.requests] == [64, 64, 22]
    np.testing.assert_allclose(vectors[149], vector("text 149"), rtol=1e-5)


def test_a_wrong_key_is_said_once_and_not_shown(server: Server) -> None:
    with pytest.raises(ModelError, match="check the key") as raised:
        model(server, api_key="sk-wrong").embed_query("a")
    assert "sk-wrong" not in str(raised.value)
    assert not raised.value.retryable
    assert len(server.requests) == 1


def test_an_unknown_model_is_named(server: Server) -> None:
    with pytest.raises(ModelError, match="no embedding model 'huge'") as raised:
        model(server, model="huge").embed_query("a")
    assert "secret" not in str(raised.value)


def test_a_busy_server_is_waited_for(server: Server) -> None:
    slept: list[float] = []
    server.faults = [(429, {"retry-after": "3"}, b"{}")]
    assert model(server, slept).embed_query("a").shape == (DIM,)
    assert slept == [3.0]


@pytest.mark.parametrize(
    ("asked", "said"),
    [("3600", "in 3600 s"), ("999999999", "in 999999999 s"), ("Fri, 31 Dec 9999 23:59:59 GMT", "")],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_for_an_hour_is_not_waited_for(
    server: Server, status: int, asked: str, said: str
) -> None:
    slept: list[float] = []
    server.faults = [(status, {"retry-after": asked}, b"{}")]
    with pytest.raises(ModelError, match=rf"HTTP {status}\); try again {said}") as raised:
        model(server, slept).embed_query("a")
    assert raised.value.retryable
    assert slept == []
    assert len(server.requests) == 1


@pytest.mark.parametrize("asked", ["inf", "nan", "-5", "1e999", "soon", "9" * 400])
def test_a_wait_that_is_none_is_not_obeyed(server: Server, asked: str) -> None:
    slept: list[float] = []
    server.faults = [(429, {"retry-after": asked}, b"{}")]
    assert model(server, slept).embed_query("a").shape == (DIM,)
    assert slept == [0.5]


@pytest.mark.parametrize("status", [500, 503])
def test_a_failing_server_is_asked_three_times(server: Server, status: int) -> None:
    slept: list[float] = []
    server.faults = [(status, {}, b"<html>stack trace</html>")] * 9
    with pytest.raises(ModelError, match=f"HTTP {status}") as raised:
        model(server, slept).embed_query("a")
    assert len(server.requests) == 3
    assert slept == [0.5, 1.0]
    assert "stack trace" not in str(raised.value)


def test_no_server_is_said_in_one_sentence() -> None:
    gone = Server("http://127.0.0.1:9/v1")
    with pytest.raises(ModelError, match="cannot be reached") as raised:
        model(gone).embed_query("a")
    assert raised.value.retryable


@pytest.mark.parametrize(
    "body",
    [
        b"garbage",
        b"<html></html>",
        b"[]",
        b"{}",
        b'{"data": null}',
        b'{"data": [{}]}',
        b"",
        b"null",
    ],
)
@pytest.mark.parametrize("content_type", ["application/json", "text/html"])
def test_what_is_no_embedding_is_refused(server: Server, body: bytes, content_type: str) -> None:
    server.faults = [(200, {"content-type": content_type}, body)] * 9
    with pytest.raises(ModelError, match="embedding"):
        model(server).embed_query("a")
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "values",
    [[0.0] * DIM, [float("nan")] * DIM, [float("inf")] * DIM, [], ["x"] * DIM, None],
    ids=["zero", "nan", "infinite", "empty", "words", "null"],
)
def test_vectors_without_a_direction_are_refused(server: Server, values: object) -> None:
    def change(answer: dict[str, list[dict[str, object]]]) -> object:
        answer["data"][0]["embedding"] = values
        return answer

    server.change = change
    with pytest.raises(ModelError, match="embedding"):
        model(server).embed(["a", "b"])


def test_a_vector_too_few_is_refused(server: Server) -> None:
    server.change = lambda answer: {**answer, "data": answer["data"][1:]}
    with pytest.raises(ModelError, match="1 vectors for 2 texts"):
        model(server).embed(["a", "b"])


def test_another_length_than_before_is_refused(server: Server) -> None:
    embedder = model(server)
    embedder.embed(["a"])
    server.change = lambda answer: {
        **answer,
        "data": [{**row, "embedding": [1.0, 2.0]} for row in answer["data"]],
    }
    with pytest.raises(ModelError, match="expected 16"):
        embedder.embed(["b"])


def test_the_users_openai_key_does_not_go_to_another_server(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with pytest.raises(ModelError, match=r"wants a key .* set ASSISTANT_EMBEDDING_API_KEY"):
        open_embedder("openai:tiny", base_url=server.url).embed_query("a")


def test_openai_itself_needs_a_key() -> None:
    with pytest.raises(SettingsError, match="ASSISTANT_EMBEDDING_API_KEY"):
        open_embedder("openai:text-embedding-3-small")


@pytest.mark.parametrize("name", ["", "word2vec", "openai:", "openai"])
def test_unknown_names_are_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="use 'minilm' or 'openai:MODEL'"):
        open_embedder(name)


# LlamaIndex, both ways


def test_questions_and_texts_keep_their_sides() -> None:
    embedder = open_embedder(override=ToyEmbedding(model_name="toy"))
    text, query = embedder.embed(["same"])[0], embedder.embed_query("same")
    assert abs(float(text @ query)) < 0.95


@pytest.mark.parametrize(("side", "argument"), [("embed_query", "a"), ("embed_texts", ["a"])])
def test_a_failing_embedding_is_one_sentence_without_its_message(
    side: str, argument: object
) -> None:
    broken = LlamaModel(BrokenEmbedding(model_name="b"))
    with pytest.raises(ModelError, match="failed with RuntimeError") as raised:
        getattr(broken, side)(argument)
    assert "sk-secret" not in str(raised.value)


def test_minilm_fits_a_llama_index_pipeline() -> None:
    ours = MiniLMEmbedding()
    expected = MiniLM(n_threads=1).encode(["A text.", "Another one."])
    np.testing.assert_allclose(
        ours.get_text_embedding_batch(["A text.", "Another one."]), expected, atol=1e-5
    )
    np.testing.assert_allclose(ours.get_query_embedding("A text."), expected[0], atol=1e-5)
    assert ours.model_name == "minilm-l6-v2:8199be6f"
