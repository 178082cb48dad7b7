"""A LlamaIndex LLM that a user passes in, as a chat model."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from assistant.errors import ContextOverflowError
from assistant.llm import faults
from assistant.llm.chat_model import ChatModel, Reply
from assistant.llm.faults import AttemptError
from assistant.llm.messages import Delta, Message
from assistant.llm.reply_reader import ReplyReader

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatResponse


class LlamaChat(ChatModel):
    """``llm`` as it was configured: its own limits, retries and parameters hold.

    Nothing is passed to it but the messages, for what parameters it takes differs. ``timeout_s``
    is looked at between pieces.
    """

    def __init__(self, llm: LLM, *, timeout_s: float, context_tokens: int | None = None) -> None:
        self._llm = llm
        self._timeout_s = timeout_s
        metadata = llm.metadata
        named = metadata.model_name
        self.name = llm.class_name() if named in ("", "unknown") else named
        self._context_tokens = context_tokens or metadata.context_window

    @property
    def context_tokens(self) -> int | None:
        """Tokens of the context window, as the LLM's metadata says."""
        return self._context_tokens

    def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        json_object: bool = False,  # noqa: ARG002 - the prompt alone has to ask for it
    ) -> Reply:
        """Returns a reply to be read piece by piece."""

        def begin(deadline: float) -> LlamaAttempt:
            return LlamaAttempt(self._llm, self.name, messages, deadline, self._timeout_s)

        return Reply(messages, ReplyReader(self.load_ahead, begin, max_tokens, self._timeout_s))

    def load_ahead(self) -> None:
        """Nothing is left to load: the LLM is there."""

    def close(self) -> None:
        """The LLM stays its owner's."""


class LlamaAttempt:
    """One call of ``stream_chat``."""

    is_page = False

    def __init__(
        self,
        llm: LLM,
        name: str,
        messages: Sequence[Message],
        deadline: float,
        timeout_s: float,
    ) -> None:
        self.server = f"the LLM {name!r}"
        self._llm = llm
        self._messages = messages
        self._deadline = deadline
        self._timeout_s = timeout_s
        self._replies: Any = None
        self._ended = False

    def settle(self) -> None:
        """Its own limits hold."""

    def stop(self) -> None:
        """The thread that reads closes the stream at its next piece."""

    def close(self) -> None:
        """Closes the LLM's stream, which hangs up where the LLM reads from a server."""
        replies, self._replies = self._replies, None
        if self._ended or replies is None:
            return
        if hasattr(replies, "close"):
            replies.close()
        # The client of OpenAI hangs up when its stream is collected, and that is in a cycle.
        del replies
        gc.collect()

    def __iter__(self) -> Iterator[Delta]:
        from llama_index.core.base.llms.types import ChatMessage

        messages = [ChatMessage(role=each.role, content=each.text) for each in self._messages]
        n_characters = 0
        finish = None
        try:
            self._replies = self._llm.stream_chat(messages)
            for reply in self._replies:
                if time.monotonic() > self._deadline:
                    raise faults.expired(self.server, self._timeout_s)
                delta = _delta_of(reply, n_characters)
                n_characters += len(delta.text)
                finish = finish or delta.finish
                yield delta
            self._ended = True
        except AttemptError:
            raise
        except Exception as exc:
            # What an LLM of the user's raises is not known.
            raise _failure(self.server, exc) from exc
        if finish is None:
            # Most LLMs do not say why they end: one that ends by itself has stopped.
            yield Delta(finish="stop")


def _failure(server: str, exc: Exception) -> AttemptError:
    if faults.is_too_long(None, str(exc)):
        return AttemptError(
            ContextOverflowError(
                f"{server} has no room for the prompt; send less, or choose one with a larger "
                "context window"
            )
        )
    return faults.unusable(f"{server} failed ({type(exc).__name__}); check how it is configured")


def _delta_of(reply: ChatResponse, n_characters: int) -> Delta:
    """Returns what ``reply`` brings after the first ``n_characters`` of its text."""
    text = reply.delta
    if text is None:
        text = (reply.message.content or "")[n_characters:]
    sent = reply.additional_kwargs.get("prompt_tokens")
    came = reply.additional_kwargs.get("completion_tokens")
    usage = (sent, came) if isinstance(sent, int) and isinstance(came, int) else None
    return Delta(text=text, finish=_finish_of(reply.raw), usage=usage)


def _finish_of(raw: Any) -> str | None:
    """Returns why the stream ended where it says so in OpenAI's form."""
    choices = getattr(raw, "choices", None) or [None]
    finish = getattr(choices[0], "finish_reason", None)
    return finish if isinstance(finish, str) else None
