"""Conversations over the starter library: what each of their turns is read as."""

from __future__ import annotations

import re

import pytest
from assistant_evals.cases.golden_rows import GOLDEN_FOLDER, ReadChat, parse_row, read_rows

from assistant import Answer, Assistant
from assistant.conversation.chat import Chat

CHATS = [
    parse_row(ReadChat, row, place) for place, row in read_rows(GOLDEN_FOLDER / "own_turns.jsonl")
]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    home = tmp_path_factory.mktemp("home")
    return Assistant.open(home=home, library="starter", llm="none")


def fill(text: str, answers: tuple[Answer, ...]) -> str:
    """Returns ``text`` with the title of a label in place of "<1.2>"."""

    def title(match: re.Match[str]) -> str:
        sources = answers[int(match[1]) - 1].sources
        return next(s.title for s in sources if s.cited and s.label == match[2])

    return re.sub(r"<(\d)\.(\d)>", title, text)


@pytest.mark.parametrize("chat", CHATS, ids=lambda chat: chat.id)
def test_each_turn_is_read_as_it_is_meant(assistant: Assistant, chat: ReadChat) -> None:
    talk: Chat = assistant.chat()
    for turn in chat.turns:
        before = talk.turns
        answer = talk.ask(turn.question)
        asked = answer.standalone_question
        for text in turn.holds:
            assert fill(text, before) in asked
        for text in turn.lacks:
            assert fill(text, before) not in asked
        if turn.unchanged:
            assert asked == turn.question
        if turn.again:
            assert asked == before[turn.again - 1].standalone_question
        if turn.max_sentences:
            assert len(answer.sentences) <= turn.max_sentences
