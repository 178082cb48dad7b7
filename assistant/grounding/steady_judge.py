"""The LLM that judges sentences, kept from delaying or losing an answer when it is away."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from assistant.errors import ModelError
from assistant.grounding.claim_sources import JudgedSource
from assistant.grounding.judge import LLMJudge
from assistant.llm.fencing import neutralise
from assistant.llm.prompts import Prompt
from assistant.types import JudgeLabel

if TYPE_CHECKING:
    from assistant.llm.chat_model import ChatModel

PAUSE_S = 60.0
"""A judge that could not be reached is not asked again for so long."""


class SteadyJudge:
    """Judges with an LLM; where that fails, gives no judgement and keeps the reason.

    ``fault`` is that reason, "" while the judge works.
    """

    def __init__(
        self,
        model: ChatModel,
        prompt: Prompt,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._judge = LLMJudge(model, prompt, shown=neutralise)
        self._clock = clock
        self._quiet_until = 0.0
        self.fault = ""

    @property
    def name(self) -> str:
        """The model that judges."""
        return self._judge.name

    @property
    def prompt(self) -> str:
        """Version and SHA-256 of the prompt."""
        return self._judge.reference

    @property
    def tokens(self) -> tuple[int, int]:
        """Tokens of all prompts and of all replies so far."""
        return self._judge.prompt_tokens, self._judge.completion_tokens

    def judge(self, claim: str, sources: Sequence[JudgedSource]) -> JudgeLabel | None:
        """Returns what the judge says of ``claim``; None where it says nothing or is away."""
        if self._clock() < self._quiet_until:
            return None
        try:
            label = self._judge.judge(claim, sources)
        except ModelError as error:
            self.fault = f"the judge is away, so sentences passed the check alone: {error}"
            self._quiet_until = self._clock() + PAUSE_S
            return None
        self.fault = ""
        return label
