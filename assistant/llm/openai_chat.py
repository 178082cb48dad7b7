"""A chat model behind a server that speaks OpenAI's protocol."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from urllib.parse import urlsplit

from assistant.llm.chat_model import ChatModel, Reply
from assistant.llm.context import ServerFacts, ask_server, look_up_context
from assistant.llm.messages import Message
from assistant.llm.parameters import Parameters
from assistant.llm.reply_reader import ReplyReader
from assistant.llm.server_attempt import NO_KEY, Endpoint, ServerAttempt, import_client
from assistant.servers.providers import PROVIDERS

OPENAI_URL = PROVIDERS["openai"].url

_SILENCE_S = 22.0
"""A hang is explained within 30 s, unless the time for a reply was raised for a slow server."""

_SIDE_BY_SIDE = 4
"""A server on this machine may serve one request after the other, and the last would wait in
silence until its time ran out: it is asked one at a time."""

_BYTES = 4_000_000
_BYTES_A_TOKEN = 4_000
"""A token comes in some hundred bytes of JSON; servers that add probabilities send some thousand.
What goes far beyond is no reply, and would fill the memory before the time runs out."""


class OpenAIChat(ChatModel):
    """The model called ``model`` behind ``base_url``, that of ``provider`` where it is None.

    ``timeout_s`` bounds a whole reply, ``silence_s`` the time without a byte of it.
    ``context_tokens`` is what the user says of the context window. ``title`` names the server in
    messages, its address where that is None.
    """

    def __init__(
        self,
        model: str,
        *,
        provider: str = "openai",
        base_url: str | None = None,
        api_key: str | None = None,
        timeout_s: float = 120.0,
        silence_s: float | None = None,
        context_tokens: int | None = None,
        title: str | None = None,
    ) -> None:
        self.name = f"{provider}:{model}"
        self._provider = provider
        url = (base_url or PROVIDERS[provider].url).rstrip("/")
        self.endpoint = Endpoint(model, url, api_key or NO_KEY, timeout_s, title)
        self._silence_s = silence_s or min(timeout_s, max(_SILENCE_S, timeout_s / 6))
        self._given_context = context_tokens
        self._is_openai = urlsplit(url).hostname == urlsplit(OPENAI_URL).hostname
        self._parameters = Parameters(model, is_openai=self._is_openai)
        if self.endpoint.by_proxy:
            self.n_side_by_side = _SIDE_BY_SIDE
        self._facts: ServerFacts | None = None
        self._asking = threading.Lock()

    @property
    def context_tokens(self) -> int | None:
        """Tokens of the context window: the user's, OpenAI's, or what the server says of itself."""
        if self._given_context is not None:
            return self._given_context
        if self._is_openai:
            return look_up_context(self.endpoint.model)
        return self._server_facts().context_tokens

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, json_object: bool = False
    ) -> Reply:
        """Returns a reply to be read piece by piece; see ChatModel."""

        def begin(deadline: float) -> ServerAttempt:
            return self.attempt(messages, max_tokens, json_object, deadline)

        return Reply(
            messages, ReplyReader(self.prepare, begin, max_tokens, self.endpoint.timeout_s)
        )

    def load_ahead(self) -> None:
        """Imports the client, which takes about two seconds, in a thread."""
        threading.Thread(target=import_client, name="load-llm-client", daemon=True).start()

    def close(self) -> None:
        """Nothing is held between replies, each of which closes its own connection."""

    def prepare(self) -> None:
        """Imports the client and learns what the server says of itself."""
        import_client()
        if not self._is_openai:
            self._server_facts()

    def attempt(
        self, messages: Sequence[Message], max_tokens: int, json_object: bool, deadline: float
    ) -> ServerAttempt:
        """Returns one request that has to end by ``deadline``, a time of ``time.monotonic``."""
        from assistant.llm.exchange import Exchange

        progress = self._facts is not None and self._facts.reports_progress
        sent = self._parameters.of_request(max_tokens, json_object=json_object, progress=progress)
        exchange = Exchange(
            deadline=deadline,
            silence_s=self._silence_s,
            max_bytes=_BYTES + _BYTES_A_TOKEN * max_tokens,
            key=self.endpoint.key,
            trust_env=self.endpoint.by_proxy,
        )
        return ServerAttempt(self.endpoint, self._parameters, exchange, messages, sent)

    def _server_facts(self) -> ServerFacts:
        """Returns what the server says of itself, asked once it is there."""
        with self._asking:
            if self._facts is None:
                self._facts = ask_server(self.endpoint, self._provider)
            return self._facts or ServerFacts()
