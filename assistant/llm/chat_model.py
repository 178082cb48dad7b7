"""A chat model, and its reply as it comes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.llm.messages import Finish, Message, count_prompt_tokens
from assistant.text.tokens import count_tokens

if TYPE_CHECKING:
    from assistant.llm.reply_reader import ReplyReader


class Reply(Iterator[str]):
    """Pieces of a reply's text as they come; nothing is requested before the first is asked for.

    Asking for the first piece raises ModelError where no text comes at all. Once there is text
    nothing is raised any more: ``finish`` then says what kept the rest away.
    """

    def __init__(self, messages: Sequence[Message], reader: ReplyReader) -> None:
        self._messages = tuple(messages)
        self._reader = reader
        self._pieces = reader.pieces()

    def __next__(self) -> str:
        return next(self._pieces)

    @property
    def finish(self) -> Finish | None:
        """Why the reply ended; None until it has."""
        return self._reader.finish

    @property
    def text(self) -> str:
        """Everything that came so far."""
        return "".join(self._reader.texts)

    @property
    def prompt_tokens(self) -> int:
        """Tokens of what was sent."""
        usage = self._reader.usage
        return usage[0] if usage else count_prompt_tokens(self._messages)

    @property
    def completion_tokens(self) -> int:
        """Tokens of what came so far, hidden thoughts included where the server counts them."""
        usage = self._reader.usage
        return usage[1] if usage else count_tokens(self.text)

    def close(self) -> None:
        """Stops the model by hanging up, also while another thread waits for a piece."""
        self._reader.stop()
        try:
            self._pieces.close()
        except ValueError:
            # Another thread is inside it; hanging up has woken that thread, which cleans up.
            return

    def __del__(self) -> None:
        if hasattr(self, "_pieces"):
            self.close()


class ChatModel(ABC):
    """A language model that is given messages and streams a reply.

    ``name`` is what answers show, such as "openai:gpt-4.1-mini" or "gguf:qwen.gguf".
    ``n_side_by_side`` is how many replies may be asked for at once.
    """

    name: str
    n_side_by_side: int = 1

    @property
    @abstractmethod
    def context_tokens(self) -> int | None:
        """Tokens that prompt and reply may have together; None where nobody says."""

    @abstractmethod
    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, json_object: bool = False
    ) -> Reply:
        """Returns a reply to be read piece by piece.

        ``max_tokens`` bounds its text. ``json_object`` asks the server for one JSON object; some
        servers do not know this, so check what comes.

        Raises, when the first piece is asked for:
            ContextOverflowError: the messages do not fit the model's context window.
            ModelError: no text came; ``retryable`` where it might another time.
        """

    def complete(
        self, messages: Sequence[Message], *, max_tokens: int, json_object: bool = False
    ) -> Reply:
        """Returns a reply that was read to its end.

        Raises:
            ContextOverflowError: the messages do not fit the model's context window.
            ModelError: no text came.
        """
        reply = self.stream(messages, max_tokens=max_tokens, json_object=json_object)
        for _ in reply:
            pass
        return reply

    @abstractmethod
    def load_ahead(self) -> None:
        """Begins to load in a thread whatever the first reply needs."""

    @abstractmethod
    def close(self) -> None:
        """Frees what the model holds; replies still being read are cut."""
