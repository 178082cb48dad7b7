"""Turns that ask nothing of a library, and those that only begin like it."""

from __future__ import annotations

import pytest

from assistant.conversation.small_talk import describe_purpose, is_small_talk


@pytest.mark.parametrize(
    "turn",
    ["hi", "Hello there!", "thanks a lot", "Who are you?", "hi, what can you do?", "help", "ok",
     "how are you today?", "\U0001f44b hey", "test 1 2", "Thanks! Bye.", "Bonjour",
     "tell me a joke"],
)  # fmt: skip
def test_small_talk(turn: str) -> None:
    assert is_small_talk(turn)


@pytest.mark.parametrize(
    "turn",
    ["Hello, which papers study length control?", "What is BERT?", "thanks, and what of Polish?",
     "what can you do with LoRA?", "Who made LayerSkip?", "how does it work?", "", " ",
     "help with pruning", "test-time compute", "greedy", "perfect matching",
     "okay, how large is it?"],
)  # fmt: skip
def test_questions(turn: str) -> None:
    assert not is_small_talk(turn)


def test_the_purpose_counts_the_papers() -> None:
    assert "1 paper in" in describe_purpose(1)
    assert "1,245 papers" in describe_purpose(1245)
