"""Layer 4: a language model that is asked whether sources support a claim."""

from __future__ import annotations

import hashlib
import json
import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock
from typing import TYPE_CHECKING, get_args

from assistant.grounding.claim_sources import JudgedSource
from assistant.llm.prompts import Prompt
from assistant.types import JudgeLabel

if TYPE_CHECKING:
    from assistant.llm.chat_model import ChatModel

TASK = "judge"
"""The prompt's name."""

_REPLY_TOKENS = 40
_N_ATTEMPTS = 2
_REMEMBERED = 2_000
_LABELS: tuple[JudgeLabel, ...] = get_args(JudgeLabel)
_FENCED = re.compile(r"\A\s*```(?:json)?\s*(?P<inside>.*?)\s*```\s*\Z", re.DOTALL)


class LLMJudge:
    """Asks ``model`` about one claim and its sources at a time; what it said is remembered.

    ``n_asked`` counts requests and ``n_unread`` claims for which no reply could be read;
    ``prompt_tokens`` and ``completion_tokens`` add up over all requests.
    """

    def __init__(
        self, model: ChatModel, prompt: Prompt, *, shown: Callable[[str], str] = str.strip
    ) -> None:
        """Uses ``prompt``, of variables sources and claim; ``shown`` makes texts harmless."""
        self._model = model
        self._prompt = prompt
        self._shown = shown
        self._labels: OrderedDict[bytes, JudgeLabel | None] = OrderedDict()
        self._lock = Lock()
        self.n_asked = 0
        self.n_unread = 0
        self.prompt_tokens = 0
        self.completion_tokens = 0

    @property
    def name(self) -> str:
        """The model that judges."""
        return self._model.name

    @property
    def reference(self) -> str:
        """Version and SHA-256 of the prompt."""
        return self._prompt.reference

    def judge_quotes(self, claim: str, quotes: Sequence[str]) -> JudgeLabel | None:
        """Returns the model's label for a claim and quotes of which no more is known.

        Raises:
            ModelError: the model cannot be reached or refuses.
        """
        return self.judge(claim, [JudgedSource(quote) for quote in quotes])

    def judge(self, claim: str, sources: Sequence[JudgedSource]) -> JudgeLabel | None:
        """Returns the model's label; None where it gave none that can be read, asked twice.

        Raises:
            ModelError: the model cannot be reached or refuses.
        """
        listed = self._list(sources)
        key = self._key(claim, listed)
        with self._lock:
            if key in self._labels:
                self._labels.move_to_end(key)
                return self._labels[key]
        label = self._ask(claim, listed)
        with self._lock:
            self.n_unread += label is None
            self._labels[key] = label
            if len(self._labels) > _REMEMBERED:
                self._labels.popitem(last=False)
        return label

    def _list(self, sources: Sequence[JudgedSource]) -> str:
        """Returns the sources as the prompt shows them, each line of context once."""
        lines: list[str] = []
        for n, source in enumerate(sources, 1):
            for line in (
                source.title and f"Paper: {self._shown(source.title)}",
                source.before and f"Context: {self._shown(source.before)}",
                f"{n}. {self._shown(source.text)}",
                source.after and f"Context: {self._shown(source.after)}",
            ):
                if line and line not in lines:
                    lines.append(line)
        return "\n".join(lines)

    def _ask(self, claim: str, listed: str) -> JudgeLabel | None:
        messages = self._prompt.render(sources=listed, claim=self._shown(claim))
        for _ in range(_N_ATTEMPTS):
            reply = self._model.complete(messages, max_tokens=_REPLY_TOKENS, json_object=True)
            with self._lock:
                self.n_asked += 1
                self.prompt_tokens += reply.prompt_tokens
                self.completion_tokens += reply.completion_tokens
            label = read_label(reply.text)
            if label is not None:
                return label
        return None

    def _key(self, claim: str, listed: str) -> bytes:
        content = json.dumps([self.name, self.reference, claim, listed])
        return hashlib.sha256(content.encode()).digest()


def read_label(text: str) -> JudgeLabel | None:
    """Returns the label of a reply that is one JSON object with just that key, else None.

    A code fence around the object is allowed: many models cannot leave it out.
    """
    fenced = _FENCED.match(text)
    try:
        found = json.loads(fenced["inside"] if fenced else text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or set(found) != {"label"}:
        return None
    return next((label for label in _LABELS if found["label"] == label), None)
