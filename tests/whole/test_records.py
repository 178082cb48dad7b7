"""Questions that the library's own records answer, through every front door."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from assistant import Answer, Assistant, Filters, QuestionError
from tests.recorded_papers import PAPERS


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    home = tmp_path_factory.mktemp("home")
    with Assistant.open(home=home, library="made", create=True, llm="none") as assistant:
        assistant.ingest(PAPERS)
        yield assistant


def cited(answer: Answer) -> list[str]:
    return [source.paper_id for source in answer.sources if source.cited]


@pytest.mark.parametrize(
    ("question", "said", "papers"),
    [
        ("who wrote PruneLLM", "is by Wei-Lin Chang and Pat O\u2019Brien [1].", ["p3"]),
        ("when was the paper on off-target cuts published?", "is from 2021 [1].", ["p13"]),
        ("which journal published Statins After Eighty", "appeared in Heart [1].", ["p11"]),
        ("where was Benchmarks That Leak published?", "has no venue on record [1].", ["p6"]),
        ("papers by mueller from 2016", "1 of the 20 papers in this library is by mueller", ["p8"]),
        ("how many papers are from 2019", "3 of the 20 papers", ["p7", "p11", "p12"]),
        ("how many papers are there?", "This library has 20 papers.", []),
        ("what is the newest paper?", "The newest of the 20 papers in this library is", ["p3"]),
        ("2 oldest papers by Dupont", "The oldest of the 2 papers by", ["p18", "p19"]),
        ("what is the oldest paper on vortices?", "found to match is from 1987", ["p18"]),
        ("papers by Nakamura", "No paper in this library has an author named Nakamura.", []),
        ("papers from 1950 on sleep", "None of the 20 papers in this library is from 1950.", []),
        ("hello!", "I answer questions from the abstracts of the 20 papers", []),
        ("what can you do?", "I answer questions", []),
    ],
)
def test_the_records_answer(
    recorded: Assistant, question: str, said: str, papers: list[str]
) -> None:
    answer = recorded.ask(question)
    assert said in answer.text
    assert cited(answer) == papers
    assert (answer.mode, answer.abstained, answer.sentences) == ("library", False, ())
    assert answer.provenance == "From the library's records"
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict()))) == answer


def test_a_topic_is_asked_of_the_papers_that_pass(recorded: Assistant) -> None:
    answer = recorded.ask("what did Müller find about sleep since 2015")
    assert set(cited(answer)) <= {"p8", "p9"}
    assert answer.mode == "extractive"
    assert answer.read_filters == Filters(2015, authors=("Müller",))
    assert any(notice.startswith("read as a filter: by Müller") for notice in answer.notices)
    assert answer.standalone_question == "what did Müller find about sleep since 2015"


def test_filters_that_were_given_stay(recorded: Assistant) -> None:
    only = Filters(year_from=2000, authors=("Sørensen",))
    assert cited(recorded.ask("papers by Karl Müller", filters=only)) == ["p9", "p8"]
    assert cited(recorded.ask("papers from 2018 or earlier", filters=only)) == ["p9", "p8"]
    none = recorded.ask("papers by Ames", filters=only)
    assert none.text.startswith("None of the 2 papers that pass the filters is by")
    assert cited(recorded.ask("what about sleep in papers by Karl Müller?", filters=only)) != []


def test_what_was_read_can_be_undone(recorded: Assistant) -> None:
    answer = recorded.ask("papers from 2016 on sleep", read_filters=False)
    assert answer.read_filters is None
    assert not answer.notices
    assert "p9" in cited(answer)


def test_who_wrote_what_is_not_here_is_declined(recorded: Assistant) -> None:
    assert recorded.ask("who wrote Romeo and Juliet?").abstained


def test_a_library_without_such_fields_says_so(starter: object) -> None:
    with Assistant.open() as assistant:
        assert assistant.ask("papers by Smith").text == (
            "The papers of this library have no authors on record."
        )
        assert assistant.ask("how many papers are from 2019").text == (
            "The papers of this library have no years on record."
        )
        assert "no authors on record" in assistant.ask("who wrote LLM2Vec?").text
        answer = assistant.ask("papers from 2023 on quantization")
        assert cited(answer)
        assert any("no years on record" in notice for notice in answer.notices)


def test_exports_and_chats_hold_such_an_answer(recorded: Assistant) -> None:
    chat = recorded.chat()
    answer = chat.ask("papers by Dupont")
    assert chat.ask("thanks!").mode == "library"
    assert type(chat).from_dict(recorded, chat.to_dict()).turns == chat.turns
    written = answer.export("markdown")
    assert "\n- Vortex Streets Behind Two Cylinders" in written
    assert "[1] Jean-Pierre Dupont, Ann Rich (1994)." in written
    assert "Dupont, J.-P." in answer.export("bibtex")


def test_turns_change_filters_and_ask_of_what_was_listed(recorded: Assistant) -> None:
    chat = recorded.chat()
    assert cited(chat.ask("papers by Dupont")) == ["p19", "p18"]
    answer = chat.ask("which of them are from 1994?")
    assert answer.standalone_question == "papers by Dupont from 1994"
    assert cited(answer) == ["p19"]
    assert answer.read_filters == Filters(1994, 1994, authors=("Dupont",))
    assert "is from 1994 [1]." in chat.ask("when was the first one published?").text
    with pytest.raises(
        QuestionError, match=r"there is no \[4\] above: the labels are \[1\] to \[2\]"
    ):
        chat.ask("what does [4] say?")
    assert len(chat.turns) == 3
    as_typed = chat.ask("and in 1987?", read_filters=False)
    assert as_typed.read_filters is None


def test_the_pipeline_of_llama_index_gets_the_papers(recorded: Assistant) -> None:
    response = recorded.query_engine().query("papers by Dupont")
    assert "2 of the 20 papers" in str(response)
    assert {node.node.metadata["paper_id"] for node in response.source_nodes} == {"p18", "p19"}
