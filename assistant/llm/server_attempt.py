"""One request to a server over HTTP, its stream as deltas, and what its failures mean."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.errors import ModelError
from assistant.llm import faults
from assistant.llm.faults import AttemptError
from assistant.llm.messages import Delta, Message
from assistant.llm.parameters import Parameters
from assistant.servers.http import describe_tls_fault
from assistant.servers.providers import mask_passwords

if TYPE_CHECKING:
    import openai
    from llama_index.llms.openai_like import OpenAILike

    from assistant.llm.exchange import Exchange

NO_KEY = "none"
"""Servers at one's own address mostly want no key, but the client wants a string."""


_THOUGHTS = ("reasoning_content", "reasoning")
"""Where thoughts come besides the text.

Source: DeepSeek's and vLLM's docs on reasoning models, llama.cpp's and LM Studio's servers
(reasoning_content); OpenRouter's docs on reasoning tokens, Ollama (reasoning).
"""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model at an address; ``title`` is how messages name it, its address where that is None."""

    model: str
    url: str = field(repr=False)
    key: str = field(repr=False)
    timeout_s: float
    title: str | None = None

    @property
    def by_proxy(self) -> bool:
        """Whether a proxy may stand between; none reaches what runs on this machine."""
        host = urlsplit(self.url).hostname or ""
        try:
            return not ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host != "localhost"

    @property
    def server(self) -> str:
        """The server as messages name it, without the password that an address may hold."""
        return self.title or f"the LLM server {self.shown_url!r}"

    @property
    def shown_url(self) -> str:
        """The address without a password."""
        return mask_passwords(self.url)


class ServerAttempt:
    """A request for a reply to ``messages``, sent when it is first iterated."""

    def __init__(
        self,
        endpoint: Endpoint,
        parameters: Parameters,
        exchange: Exchange,
        messages: Sequence[Message],
        sent: dict[str, Any],
    ) -> None:
        self.server = endpoint.server
        self._endpoint = endpoint
        self._parameters = parameters
        self._exchange = exchange
        self._messages = messages
        self._sent = sent

    @property
    def is_page(self) -> bool:
        """Whether a web page came in place of a stream."""
        return self._exchange.is_page

    def settle(self) -> None:
        """Waits only a moment for the counts that may still come."""
        self._exchange.settle()

    def stop(self) -> None:
        """Hangs up; may be called from any thread."""
        self._exchange.stop()

    def close(self) -> None:
        """Frees the connection."""
        self._exchange.close()

    def __iter__(self) -> Iterator[Delta]:
        finished = False
        try:
            for delta in self._deltas():
                finished = finished or delta.finish is not None
                yield delta
        except ModelError as error:
            raise AttemptError(error) from error.__cause__
        except Exception as exc:
            # The client lets through whatever its parts raise at what a server sends.
            if finished:
                return
            raise self._translate(exc) from exc
        if self._exchange.expired and not finished:
            raise faults.expired(self.server, self._endpoint.timeout_s)

    def _deltas(self) -> Iterator[Delta]:
        import openai
        from llama_index.core.base.llms.types import ChatMessage

        client = self._client()
        sent: dict[str, Any] = {"temperature": openai.omit, **self._sent}
        if "return_progress" in sent:
            sent["extra_body"] = {"return_progress": sent.pop("return_progress")}
        messages = [
            ChatMessage(role=each.role, content=each.text)
            for each in self._parameters.of_messages(self._messages)
        ]
        replies = client.stream_chat(messages, timeout=self._exchange.timeout, **sent)
        for reply in replies:
            yield delta_of(reply.raw)

    def _client(self) -> OpenAILike:
        """Returns LlamaIndex's client over the exchange; retries are not left to it.

        Raises:
            ModelError: LlamaIndex knows that the model does not chat.
        """
        try:
            return import_client()(
                model=self._endpoint.model,
                api_base=self._endpoint.url,
                api_key=self._endpoint.key,
                is_chat_model=True,
                max_retries=0,
                http_client=self._exchange.client,
            )
        except ValueError as exc:
            raise ModelError(
                f"model {self._endpoint.model!r} does not speak chat completions; choose another"
            ) from exc

    def _translate(self, exc: Exception) -> AttemptError:
        """Returns what an exception of the client or of HTTP means."""
        import httpx
        import openai

        from assistant.llm.exchange import TooLongError

        if self._exchange.expired:
            return faults.expired(self.server, self._endpoint.timeout_s)
        if isinstance(exc, openai.APIStatusError):
            return self._translate_status(exc)
        cause = exc.__cause__ if isinstance(exc, openai.APIConnectionError) else exc
        if isinstance(cause, httpx.ConnectTimeout):
            return faults.unreachable(self.server, again=False)
        if isinstance(cause, httpx.TimeoutException):
            return faults.silent(self.server, self._exchange.timeout.read or 0.0)
        no_way = httpx.ConnectError | httpx.ProxyError | httpx.UnsupportedProtocol
        if isinstance(cause, no_way | httpx.InvalidURL):
            fault = describe_tls_fault(cause)
            return faults.insecure(self.server, fault) if fault else faults.unreachable(self.server)
        if isinstance(cause, httpx.TransportError):
            return faults.broken_off(self.server)
        if isinstance(exc, openai.APIError) and not isinstance(exc, openai.APIConnectionError):
            return self._translate_error_in_stream(exc)
        overlong = isinstance(exc, TooLongError)
        return faults.garbled(self.server, page=self.is_page, overlong=overlong)

    def _translate_status(self, exc: openai.APIStatusError) -> AttemptError:
        """Returns the error of an HTTP status, leaving out next time what the server refuses."""
        body, status = exc.response.text, exc.status_code
        if not faults.is_too_long(status, body):
            name = faults.find_refused_parameter(status, body, frozenset(self._sent))
            if name is not None:
                self._parameters.leave_out(name)
                return faults.not_taken(self.server, name)
            if self._parameters.system_role and faults.refuses_system_role(status, body):
                self._parameters.system_role = False
                return faults.not_taken(self.server, "system")
        if status in (401, 403) and not faults.is_filtered(status, body):
            return faults.kept_out(self.server, status, had_key=self._endpoint.key != NO_KEY)
        return faults.refused(
            self.server,
            self._endpoint.model,
            status,
            body,
            headers=exc.response.headers,
            page=self.is_page,
        )

    def _translate_error_in_stream(self, exc: openai.APIError) -> AttemptError:
        """Returns the error that a stream brings in place of text."""
        said = str(exc.body)
        if faults.is_too_long(None, said):
            return faults.refused(self.server, self._endpoint.model, 400, said, headers={})
        if faults.is_filtered(400, said):
            return faults.filtered(self.server)
        return faults.refused(self.server, self._endpoint.model, 500, "", headers={})


def delta_of(chunk: Any) -> Delta:
    """Returns what a chunk of OpenAI's protocol brings; servers leave out what they like.

    Raises:
        AttributeError, TypeError: it is no such chunk.
    """
    usage = getattr(chunk, "usage", None)
    counts = (usage.prompt_tokens, usage.completion_tokens) if usage else None
    if counts and not all(isinstance(count, int) for count in counts):
        counts = None
    if not chunk.choices:
        return Delta(usage=counts)
    choice = chunk.choices[0]
    delta = choice.delta
    return Delta(
        text=(getattr(delta, "content", None) or "") if delta else "",
        thinks=any(getattr(delta, name, None) for name in _THOUGHTS),
        finish=choice.finish_reason,
        usage=counts,
        refused=bool(getattr(delta, "refusal", None)),
        called_tool=bool(getattr(delta, "tool_calls", None)),
    )


@cache
def import_client() -> type[OpenAILike]:
    """Returns LlamaIndex's client, whose import takes about two seconds."""
    from llama_index.llms.openai_like import OpenAILike

    client: type[OpenAILike] = OpenAILike
    return client
