"""An answer that a scripted LLM writes over the starter library, and what all such must keep."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant import Answer, Assistant
from tests.llm_servers.scripted import KEY, ScriptedServer

QUESTION = "How much faster does speculative decoding make T5-XXL?"
FACT = "speculative decoding is 2X to 3X faster"
PAPER = "fast-inference-from-transformers-via-speculative"
Ask = Callable[..., tuple[Answer, ScriptedServer]]


def open_with(home: Path, server: ScriptedServer, **settings: Any) -> Assistant:
    chosen = {
        "library": "starter",
        "llm": "openai:scripted",
        "llm_base_url": server.url,
        "llm_api_key": KEY,
    }
    return Assistant.open(home=home, **{**chosen, **settings})


def hold_to_contract(assistant: Assistant, answer: Answer) -> None:
    """Every citation is a place of its paper, every label a source, in reading order."""
    labels = [c.label for s in answer.sentences for c in s.citations]
    assert list(dict.fromkeys(labels)) == [str(i) for i in range(1, len(set(labels)) + 1)]
    assert {s.label for s in answer.sources if s.cited} == set(labels)
    for sentence in answer.sentences:
        assert sentence.text in answer.text
        for citation in sentence.citations:
            assert citation.is_in(assistant.paper(citation.paper_id))
