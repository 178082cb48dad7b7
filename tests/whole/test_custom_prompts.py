"""Prompts of the user's own, through a real library and a server that says what it is told to."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from assistant import Assistant, AssistantError
from tests.llm_servers.replies import citing
from tests.llm_servers.scripted import KEY, ScriptedServer, scripted

QUESTION = "How much faster does speculative decoding make T5-XXL?"
FACT = "speculative decoding is 2X to 3X faster"
REPLY = citing("Speculative decoding makes T5-XXL 2X to 3X faster [{a}].", a=FACT)
ANSWER = "# system\nThou shalt cite labels.\n# user\n$sources\n\nAsked: $question\n"


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    folder = tmp_path / "prompts"
    folder.mkdir()
    return folder


def open_with(home: Path, server: ScriptedServer, prompts: Path) -> Assistant:
    return Assistant.open(
        home=home,
        library="starter",
        llm="openai:scripted",
        llm_base_url=server.url,
        llm_api_key=KEY,
        prompts=prompts,
    )


def test_ones_own_prompt_is_sent_and_recorded(starter: Path, prompts: Path) -> None:
    file = prompts / "answer" / "v2.md"
    file.parent.mkdir()
    file.write_text(ANSWER)
    reply = citing("It makes T5-XXL 5X to 9X faster [{a}].", a=FACT)
    with scripted([reply, REPLY]) as server, open_with(starter, server, prompts) as assistant:
        answer = assistant.ask(QUESTION)
    system, user = server.requests[0]["messages"]
    assert system["content"] == "Thou shalt cite labels."
    assert user["content"].endswith(f"Asked: {QUESTION}")
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    assert answer.prompts["answer"] == f"custom-v2:{sha256}"
    assert answer.prompts["revise"].startswith("v1:")
    assert answer.to_dict()["prompts"] == answer.prompts


def test_one_that_cannot_be_used_is_refused_before_anything_is_asked(
    starter: Path, prompts: Path
) -> None:
    # The judge's prompt is not needed for this answer; it would be for another.
    (prompts / "judge.md").write_text("# user\n$claims of $sources\n")
    with scripted([REPLY]) as server, open_with(starter, server, prompts) as assistant:
        with pytest.raises(AssistantError, match=r"judge\.md:2 uses \$claims, which this task"):
            assistant.ask(QUESTION)
        assert server.requests == []
        assert server.lists == 0


def test_quotations_need_no_prompts(starter: Path, prompts: Path) -> None:
    with Assistant.open(home=starter, library="starter", llm="none", prompts=prompts) as assistant:
        assert assistant.ask(QUESTION).mode == "extractive"
