"""Embeddings from a server that speaks OpenAI's protocol: batches, deadlines, bounded retries."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import httpx
import numpy as np
import openai
from numpy.typing import NDArray

from assistant.errors import ModelError, SettingsError
from assistant.servers.http import (
    LONGEST_PAUSE_S,
    describe_tls_fault,
    limit_headers,
    redirects,
    retry_after,
)

OPENAI_URL = "https://api.openai.com/v1"

_TEXTS_A_REQUEST = 64  # servers refuse some hundreds of thousands of tokens in one request
_TIMEOUT_S = 30.0
_ATTEMPTS = 3
_FIRST_PAUSE_S = 0.5
_NO_KEY = "none"  # servers at one's own address mostly want no key, but the client wants a string


class OpenAIModel:
    """The model called ``model`` behind ``base_url``.

    Raises:
        SettingsError: no key is given and the server is OpenAI's.
    """

    dim: int | None = None

    def __init__(
        self,
        model: str,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if api_key is None and base_url is None:
            raise SettingsError(
                f"embedding 'openai:{model}' needs a key; set ASSISTANT_EMBEDDING_API_KEY, or "
                "ASSISTANT_EMBEDDING_BASE_URL for a server that needs none"
            )
        self.fingerprint = f"openai:{model}"
        self._model = model
        self._url = base_url or OPENAI_URL
        self._sleep = sleep
        self._has_key = api_key is not None
        key = api_key or _NO_KEY

        def limit(request: httpx.Request) -> None:
            limit_headers(request.headers, str(request.url), key)

        self._client = openai.OpenAI(
            api_key=key,
            base_url=self._url,
            timeout=_TIMEOUT_S,
            max_retries=0,
            http_client=openai.DefaultHttpxClient(
                # A request goes where the user says, and not where a server does.
                follow_redirects=False,
                event_hooks={"request": [limit]},
            ),
        )
        weakref.finalize(self, self._client.close).atexit = False

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Returns (n_texts, dim) in the order of ``texts``.

        Raises:
            ModelError: the server cannot be reached, refuses, or answers with something else.
        """
        parts = [
            self._request(list(texts[start : start + _TEXTS_A_REQUEST]))
            for start in range(0, len(texts), _TEXTS_A_REQUEST)
        ]
        if len({part.shape[1] for part in parts}) != 1:
            raise self._make_error("vectors of different lengths")
        return np.concatenate(parts)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Returns (dim,); these servers have one side for questions and texts."""
        vector: NDArray[np.float32] = self._request([text])[0]
        return vector

    def _request(self, texts: list[str]) -> NDArray[np.float32]:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                answer = self._client.embeddings.create(
                    model=self._model, input=texts, encoding_format="float"
                )
                return self._read_vectors(answer, len(texts))
            except openai.APIError as exc:
                error, pause = self._translate(exc, attempt)
                if not error.retryable or attempt == _ATTEMPTS or pause > LONGEST_PAUSE_S:
                    raise error from exc
                self._sleep(pause)
            except (ValueError, TypeError, AttributeError, KeyError) as exc:
                raise self._make_error("something other than embeddings") from exc
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _read_vectors(
        self, answer: openai.types.CreateEmbeddingResponse, n: int
    ) -> NDArray[np.float32]:
        rows = sorted(answer.data, key=lambda row: row.index)
        if [row.index for row in rows] != list(range(n)):
            raise self._make_error(f"{len(rows)} vectors for {n} texts")
        vectors = np.array([row.embedding for row in rows], dtype=np.float32)
        if vectors.ndim != 2:
            raise self._make_error("vectors of different lengths")
        return vectors

    def _make_error(self, what: str) -> ModelError:
        return ModelError(
            f"the embedding server {self._url!r} answered with {what}; "
            f"check that it serves embeddings of model {self._model!r}"
        )

    def _translate(self, exc: openai.APIError, attempt: int) -> tuple[ModelError, float]:
        """Returns our error and the seconds to wait before another try.

        What the server wrote is left out: it may hold the key, and may be of any length.
        """
        pause = _FIRST_PAUSE_S * 2 ** (attempt - 1)
        at = f"the embedding server {self._url!r}"
        if isinstance(exc, openai.APITimeoutError):
            return ModelError(
                f"{at} did not answer within {_TIMEOUT_S:.0f} s; try again later", retryable=True
            ), pause
        fault = describe_tls_fault(exc)
        if isinstance(exc, openai.APIConnectionError) and fault:
            return ModelError(f"{at} {fault}"), pause
        if isinstance(exc, openai.APIConnectionError):
            return ModelError(
                f"{at} cannot be reached; check the address and that it runs", retryable=True
            ), pause
        if not isinstance(exc, openai.APIStatusError):
            return self._make_error("something other than embeddings"), pause
        if exc.status_code in (401, 403) and not self._has_key:
            return ModelError(
                f"{at} wants a key (HTTP {exc.status_code}); set ASSISTANT_EMBEDDING_API_KEY in "
                "the same place as the address, for a key is sent to no other"
            ), pause
        return _translate_status(at, self._model, exc, pause)


def _translate_status(
    at: str, model: str, exc: openai.APIStatusError, pause: float
) -> tuple[ModelError, float]:
    """Returns the error and pause for an HTTP status that is not 200."""
    status = exc.status_code
    if 300 <= status < 400:
        return ModelError(redirects(at, status, "ASSISTANT_EMBEDDING_BASE_URL")), pause
    if status in (401, 403):
        return ModelError(f"{at} refused the key (HTTP {status}); check the key"), pause
    if status == 404:
        return ModelError(
            f"{at} has no embedding model {model!r} (HTTP 404); check the model and the address"
        ), pause
    if status == 429:
        pause = retry_after(exc.response.headers, datetime.now(UTC)) or pause
        return ModelError(
            f"{at} is busy (HTTP 429); try again in {max(1, round(pause))} s", retryable=True
        ), pause
    if status in (408, 409) or status >= 500:
        pause = retry_after(exc.response.headers, datetime.now(UTC)) or pause
        return ModelError(
            f"{at} failed (HTTP {status}); try again in {max(1, round(pause))} s", retryable=True
        ), pause
    return ModelError(
        f"{at} refused the request (HTTP {status}); check that it serves model {model!r}"
    ), pause
