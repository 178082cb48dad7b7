"""A GGUF file served in this process by llama.cpp, on loopback, behind a key of its own."""

from __future__ import annotations

import importlib.util
import secrets
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.errors import ModelError
from assistant.llm.chat_model import ChatModel, Reply
from assistant.llm.gguf_header import read_header
from assistant.llm.memory import available_memory
from assistant.llm.messages import Message
from assistant.llm.openai_chat import OpenAIChat
from assistant.llm.reply_reader import ReplyReader
from assistant.llm.server_attempt import ServerAttempt, import_client

_INSTALL = "pip install 'abstract-assistant[local]'"

_CONTEXT = 8_192
"""Room for a dozen abstracts; every further token of context takes memory."""

_BATCH = 512
"""Tokens of the prompt between two reports of progress: some seconds on a slow machine."""

_PING_S = 5
"""How often the server says that it lives while requests wait for one another."""

_QUIET = -1


class GgufChat(ChatModel):
    """The model in the file at ``path``, loaded for the first reply.

    Raises:
        ModelError: the file is missing, is no GGUF file or does not fit the memory, or llama.cpp
            is not installed.
    """

    def __init__(
        self,
        path: str,
        *,
        timeout_s: float = 120.0,
        context_tokens: int | None = None,
        n_threads: int | None = None,
    ) -> None:
        self._path = Path(path).expanduser()
        trained = read_header(self._path).context_tokens
        if importlib.util.find_spec("xllamacpp") is None:
            raise ModelError(f"a GGUF file needs llama.cpp; install it with: {_INSTALL}")
        _refuse_what_does_not_fit(self._path)
        self.name = f"gguf:{self._path.name}"
        self._timeout_s = timeout_s
        self._n_threads = n_threads
        self._context_tokens = context_tokens or min(trained or _CONTEXT, _CONTEXT)
        self._starting = threading.Lock()
        self._chat: OpenAIChat | None = None
        self._stop_server: Any = None

    @property
    def context_tokens(self) -> int:
        """Tokens of the context window that the model is loaded with."""
        return self._context_tokens

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, json_object: bool = False
    ) -> Reply:
        """Returns a reply to be read piece by piece; the time for loading does not count."""

        def prepare() -> None:
            self._ensure_running().prepare()

        def begin(deadline: float) -> ServerAttempt:
            return self._ensure_running().attempt(messages, max_tokens, json_object, deadline)

        return Reply(messages, ReplyReader(prepare, begin, max_tokens, self._timeout_s))

    def load_ahead(self) -> None:
        """Loads the model and imports the client in a thread."""
        threading.Thread(target=self._load, name="load-gguf", daemon=True).start()

    def close(self) -> None:
        """Ends the server and frees the model; a further reply would load it again."""
        with self._starting:
            if self._stop_server is not None:
                self._stop_server()
            self._chat = None

    def _load(self) -> None:
        import_client()
        try:
            self._ensure_running()
        except ModelError:
            # Whoever asks for the first reply is told.
            return

    def _ensure_running(self) -> OpenAIChat:
        """Returns the client of the server, which is started if need be.

        Raises:
            ModelError: llama.cpp cannot load the file.
        """
        with self._starting:
            if self._chat is None:
                key = secrets.token_urlsafe(24)
                server = self._start_server(key)
                self._stop_server = weakref.finalize(self, server.clear)
                self._chat = OpenAIChat(
                    self._path.name,
                    base_url=f"{server[0].listening_address}/v1",
                    api_key=key,
                    timeout_s=self._timeout_s,
                    context_tokens=self._context_tokens,
                    title=f"the local model {self._path.name!r}",
                )
            return self._chat

    def _start_server(self, key: str) -> list[Any]:
        """Returns a list that holds the server, which ends when it is taken out."""
        import xllamacpp

        try:
            return [xllamacpp.Server(self._make_params(key))]
        except RuntimeError as exc:
            raise ModelError(
                f"llama.cpp cannot load {str(self._path)!r} with a context of "
                f"{self._context_tokens:,} tokens; download the file again, set "
                "ASSISTANT_LLM_CONTEXT lower, or update xllamacpp"
            ) from exc

    def _make_params(self, key: str) -> Any:
        """Returns what llama.cpp is told, ``key`` being what requests have to bring."""
        import xllamacpp

        params = xllamacpp.CommonParams()
        params.model.path = str(self._path)
        params.n_ctx = self._context_tokens
        params.n_batch = _BATCH
        params.n_parallel = 1
        params.hostnames = ["127.0.0.1"]
        params.port = 0
        params.api_keys = [key]
        params.ui = False
        params.endpoint_slots = False
        # What begins as the prompt before did is not read again. Prompts kept from earlier still,
        # and drafts by n-grams, changed some replies at temperature 0 (evals/lab/gguf_bench.py).
        params.cache_ram_mib = 0
        params.sse_ping_interval = _PING_S
        params.enable_reasoning = 0
        # Loading holds the interpreter's lock, so what may wait does: warming up, and fitting the
        # model to the memory of a graphics card where there is none.
        params.warmup = False
        has_card = any("_CPU" not in one["type"].name for one in xllamacpp.get_device_info())
        params.fit_params = has_card
        if not has_card:
            # Flash attention rounds by how a prompt is cut: a reply would change with what of its
            # prompt was kept.
            params.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
        params.offline = True
        params.verbosity = _QUIET
        if self._n_threads is not None:
            params.cpuparams.n_threads = params.cpuparams_batch.n_threads = self._n_threads
        return params


def _refuse_what_does_not_fit(path: Path) -> None:
    size, available = path.stat().st_size, available_memory()
    if available is not None and size > available:
        raise ModelError(
            f"the model {str(path)!r} takes {size / 2**30:.1f} GB and {available / 2**30:.1f} GB "
            "of memory are free; close programs or choose a smaller file"
        )
