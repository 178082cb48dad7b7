"""What a judging model's reply says."""

from __future__ import annotations

import pytest

from assistant.grounding.judge import TASK, read_label
from assistant.llm.prompts import load


@pytest.mark.parametrize("label", ["supported", "not_mentioned", "contradicted"])
def test_a_label(label: str) -> None:
    assert read_label(f'{{"label": "{label}"}}') == label
    assert read_label(f' ```json\n{{"label": "{label}"}}\n``` ') == label


@pytest.mark.parametrize(
    "text",
    [
        "",
        "supported",
        '{"label": "Supported"}',
        '{"label": "yes"}',
        '{"label": null}',
        '{"label": ["supported"]}',
        '{"label": "supported", "why": "x"}',
        '[{"label": "supported"}]',
        '{"label": "supported"} and more',
        '{"label": "supported"',
        "[" * 100_000,
    ],
)
def test_no_label(text: str) -> None:
    assert read_label(text) is None


def test_the_prompt_takes_what_the_judge_gives_it() -> None:
    messages = load(TASK).render(sources="1. Whales sing.", claim="Whales $dive.")
    assert "Whales $dive." in messages[-1].text
    assert all(label in messages[0].text for label in ("supported", "contradicted"))
