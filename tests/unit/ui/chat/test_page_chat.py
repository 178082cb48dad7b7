"""A chat with its ratings: saved, cut, read back, exported."""

from __future__ import annotations

import json

import pytest
from assistant_ui.chat.page_chat import EXPORTS, PageChat, save_answers
from assistant_ui.parts.file_formats import FILE_FORMATS

from assistant import Assistant, Chat
from assistant.errors import QuestionError
from tests.unit.ui.made_answers import ABSTAINED, ANSWER, PAPERS


@pytest.fixture
def assistant() -> Assistant:
    return Assistant.open(create=True)


@pytest.fixture
def page_chat(assistant: Assistant) -> PageChat:
    record = {"schema": 1, "filters": None, "turns": [ANSWER.to_dict(), ABSTAINED.to_dict()]}
    made = PageChat(Chat.from_dict(assistant, record))
    made.rate(0, 1, good=False)
    made.suggest(1, ["What is Heron?"])
    return made


def test_ratings_and_suggestions_stay_with_their_turns(
    assistant: Assistant, page_chat: PageChat
) -> None:
    record = json.loads(json.dumps(page_chat.to_record()))
    first, second = PageChat.from_record(assistant, record).views(PAPERS.get)
    assert [s["rating"] for s in first["sentences"]] == [None, "down"]
    assert second["abstention"]["suggestions"] == ["What is Heron?"]
    assert (first["id"], second["id"]) == ("t1", "t2")


def test_turns_that_are_cut_take_their_ratings_with_them(
    assistant: Assistant, page_chat: PageChat
) -> None:
    cut = PageChat.from_record(assistant, page_chat.to_record(), 0)
    assert cut.chat.turns == ()
    assert cut.to_record()["page"] == {"ratings": {}, "suggestions": {}}
    assert len(PageChat.from_record(assistant, page_chat.to_record(), 1).chat.turns) == 1


@pytest.mark.parametrize(
    "page",
    [
        None,
        [],
        {"ratings": [], "suggestions": 3},
        {"ratings": {"x": {}, "0": []}, "suggestions": {"0": "no list", "99": []}},
        {"ratings": {"0": {"1": "<img>"}}},
    ],
)
def test_what_is_no_rating_is_left_out(
    assistant: Assistant, page_chat: PageChat, page: object
) -> None:
    record = {**page_chat.to_record(), "page": page}
    views = PageChat.from_record(assistant, record).views(PAPERS.get)
    assert [s["rating"] for s in views[0]["sentences"]] == [None, None]


@pytest.mark.parametrize("turn", ["t3", "t0", "", None, 1, {}])
def test_a_turn_that_is_not_there_is_told(page_chat: PageChat, turn: object) -> None:
    with pytest.raises(QuestionError, match="not part of the chat any more"):
        page_chat.answer(turn)


@pytest.mark.parametrize("format", list(EXPORTS))
def test_answers_are_exported_with_their_papers(format: str) -> None:
    file = save_answers([ANSWER, ABSTAINED], format, "chat")
    assert file["name"] == f"chat.{FILE_FORMATS[format][0]}"
    assert "Heron" in file["text"]


def test_a_bibliography_of_nothing_and_unknown_formats_are_told() -> None:
    with pytest.raises(QuestionError, match="no paper is cited"):
        save_answers([ABSTAINED], "bibtex", "chat")
    with pytest.raises(QuestionError, match="there is no format 'exe'"):
        save_answers([ANSWER], "exe", "chat")
    assert "What do owls eat" in save_answers([ABSTAINED], "markdown", "chat")["text"]
