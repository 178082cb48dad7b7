"""What is said of sentences that did not pass, and of an answer as a whole."""

from __future__ import annotations

import pytest

from assistant.answers import Answer
from assistant.types import Citation, Flag, Sentence, Verdict

CITED = (Citation("1", "p", "Title", "A quote.", 0, 8, 1),)


@pytest.mark.parametrize(
    ("verdict", "cited", "flags", "said"),
    [
        ("verbatim", True, (), ""),
        ("supported", True, (), ""),
        ("unsupported", True, (), "unsupported"),
        ("unchecked", True, (), "unchecked"),
        ("unchecked", False, (), "unchecked"),
        ("supported", False, (), "uncited"),
        ("unsupported", False, (), "unsupported; uncited"),
        ("supported", False, (Flag("uncited", "", "No source."),), "uncited: No source"),
        ("supported", True, (Flag("miscited", "5x", ""),), "miscited"),
        (
            "unsupported",
            True,
            (Flag("number", "5x", "5x is not there."), Flag("name", "GPT", " GPT is not there ")),
            "unsupported; number: 5x is not there; name: GPT is not there",
        ),
    ],
)
def test_what_is_said_of_a_sentence(
    verdict: Verdict, cited: bool, flags: tuple[Flag, ...], said: str
) -> None:
    assert Sentence("It is.", verdict, 0.5, CITED if cited else (), flags).remark == said


def test_whose_words_they_are() -> None:
    assert Answer("q", "q", "t", 0.9).provenance == "Quotations, word for word"
    by = Answer("q", "q", "t", 0.9, mode="llm", model="gguf:m.gguf")
    assert by.provenance == "Answer by gguf:m.gguf, each sentence checked"
    nameless = Answer("q", "q", "t", 0.9, mode="llm")
    assert nameless.provenance == "Answer by an LLM, each sentence checked"
