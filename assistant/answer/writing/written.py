"""What came of asking a model for an answer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from assistant.answer.accounting import price_tokens
from assistant.answers import Answer
from assistant.events import Noticed
from assistant.llm.chat_model import Reply
from assistant.types import Sentence, Usage


@dataclass(slots=True)
class WrittenAnswer:
    """What came of asking a model.

    ``sentences`` are those that stay, with their verdicts; ``n_begun`` counts all that were begun
    and ``n_failed`` those that did not pass and are gone. ``corrects`` is the one that corrects
    what the question takes for granted. ``not_stated`` says that the model found no answer in the
    sources, ``missing`` what it says they lack, and ``queries`` what it would look for.
    ``complete`` is False where the reply broke off. ``one_model`` says that all tokens are of the
    model that wrote, none of another that judged.
    """

    sentences: list[Sentence] = field(default_factory=list)
    corrects: Sentence | None = None
    not_stated: bool = False
    missing: str | None = None
    queries: tuple[str, ...] = ()
    n_begun: int = 0
    n_failed: int = 0
    n_unknown_labels: int = 0
    complete: bool = True
    prompts: dict[str, str] = field(default_factory=dict)
    prompt_tokens: int = 0
    completion_tokens: int = 0
    one_model: bool = True
    notices: list[str] = field(default_factory=list)

    def add_to(self, answer: Answer, model: str, base_url: str | None) -> Answer:
        """Returns ``answer`` with what writing it took of ``model`` at ``base_url``.

        Its sentences are left alone.
        """
        tokens = Usage(self.prompt_tokens, self.completion_tokens)
        return replace(
            answer,
            mode="llm",
            model=model,
            prompts={**answer.prompts, **self.prompts},
            usage=answer.usage + price_tokens(model if self.one_model else None, tokens, base_url),
            dropped_citations=self.n_unknown_labels,
            missing=self.missing,
            confidence="likely" if self.missing is None else "uncertain",
            complete=self.complete,
            notices=(*answer.notices, *self.notices),
        )

    def add_spent(self, other: WrittenAnswer) -> None:
        """Adds the tokens of ``other``, another request for the same answer."""
        self.prompt_tokens += other.prompt_tokens
        self.completion_tokens += other.completion_tokens
        self.one_model = self.one_model and other.one_model
        self.prompts = {**other.prompts, **self.prompts}

    def add_notice(self, text: str) -> Noticed:
        """Keeps a notice and returns the event that says it."""
        self.notices.append(text)
        return Noticed(text)

    def add_tokens(self, reply: Reply) -> None:
        """Adds the tokens of ``reply``."""
        self.prompt_tokens += reply.prompt_tokens
        self.completion_tokens += reply.completion_tokens
