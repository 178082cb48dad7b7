"""Questions through the command line and from Python, over the real starter library."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant, Filters, Paper
from assistant.errors import QuestionError
from tests.whole.conftest import EXECUTABLE

Command = Callable[..., Any]

QUESTIONS = (
    "What does SWA-RoPE stand for?",
    "Which papers adapt models to Italian or Polish?",
    "How is the length of a response controlled?",
    "compare Medusa with lookahead decoding",
    "how is human moblity predictd with a languge model",
)


@pytest.fixture
def assistant(starter: Path) -> Assistant:
    return Assistant.open()


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_citation_is_the_exact_place_in_its_paper(
    assistant: Assistant, question: str
) -> None:
    answer = assistant.ask(question)
    assert not answer.abstained
    # A comparison has the sentences of each side.
    assert 1 <= len(answer.sentences) <= (4 if answer.survey is None else 8)
    for sentence in answer.sentences:
        assert sentence.verdict == "verbatim"
        assert sentence.score == 1.0
        (citation,) = sentence.citations
        paper = assistant.paper(citation.paper_id)
        assert paper.abstract[citation.start : citation.end] == citation.quote == sentence.text
        assert citation.title == paper.title
        # A comparison's lines begin with the paper, other answers' sentences end with its label.
        assert sentence.text in answer.text
        assert f"[{citation.label}]" in answer.text
    cited = {c.paper_id: c.label for s in answer.sentences for c in s.citations}
    assert {s.paper_id: s.label for s in answer.sources if s.cited} == cited
    labels = [source.label for source in answer.sources]
    assert labels == [str(n) for n in range(1, len(labels) + 1)]
    assert set(answer.timings_ms) == {"retrieve", "answer"}


def test_an_abstention_names_reason_and_closest_papers(assistant: Assistant) -> None:
    answer = assistant.ask("When does the supermarket in Lima open on Sundays?")
    assert answer.abstained
    assert answer.abstention is not None
    assert answer.abstention.reason == "nothing_relevant"
    assert answer.text == answer.abstention.message
    assert answer.text.startswith("I found no sentence that answers this.")
    assert answer.abstention.unmatched == ("Lima", "Sundays")
    assert "“Lima” or “Sundays”" in answer.text
    nearest = answer.abstention.nearest
    assert tuple(c.paper_id for c in nearest) == answer.abstention.closest
    abstracts = [assistant.paper(c.paper_id).abstract for c in nearest]
    assert [c.quote for c in nearest] == [
        abstract[c.start : c.end] for c, abstract in zip(nearest, abstracts, strict=True)
    ]
    assert (answer.sentences, answer.confidence) == ((), None)
    assert len(answer.abstention.closest) == 3
    assert all(assistant.paper(paper_id) for paper_id in answer.abstention.closest)


@pytest.mark.parametrize(
    ("question", "paper_id"),
    [
        (
            "RandAR 采用并行解码后能加速多少倍？",
            "randar-decoder-only-autoregressive-visual-generation",
        ),
        ("Что такое Kangaroo?", "kangaroo-lossless-self-speculative-decoding-via"),
    ],
)
def test_a_name_in_another_language_finds_its_paper(
    assistant: Assistant, question: str, paper_id: str
) -> None:
    answer = assistant.ask(question)
    assert {c.paper_id for s in answer.sentences for c in s.citations} == {paper_id}
    assert "English" in answer.notices[0]


@pytest.mark.parametrize(
    "question", ["推测解码会改变模型的输出吗?", "Können LLMs Zeitreihen vorhersagen und wie?"]
)
def test_another_language_without_a_name_is_said_to_be_that(
    assistant: Assistant, question: str
) -> None:
    answer = assistant.ask(question)
    assert answer.abstention is not None
    assert answer.abstention.reason == "other_language"
    assert "English" in answer.text
    assert "Not in this library" not in answer.text
    assert answer.abstention.closest
    assert answer.notices == ()


def test_the_threshold_is_a_setting(starter: Path) -> None:
    question = "What does SWA-RoPE stand for?"
    with Assistant.open(abstain_below=1.0) as strict:
        assert strict.ask(question).abstained
    with Assistant.open(abstain_below=0.0) as bold:
        assert not bold.ask("Who won the marathon in 1998?").abstained


def test_limits_of_an_answer(assistant: Assistant) -> None:
    question = "Which papers adapt models to Italian or Polish?"
    assert len(assistant.ask(question, max_sentences=1).sentences) == 1
    assert len(assistant.ask(question, top_k=2).sources) == 2
    for option in ({"max_sentences": 0}, {"top_k": 0}, {"top_k": 5000}):
        with pytest.raises(QuestionError, match=next(iter(option))):
            assistant.ask(question, **option)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("?!...", "no letter or digit"),
        ("x" * 50_000, "50,000 characters"),
        ("a\x00b", "NUL"),
        ("a\udc80b", "broken text encoding"),
    ],
)
def test_a_question_that_cannot_be_asked(assistant: Assistant, question: str, said: str) -> None:
    for call in (assistant.ask, assistant.search):
        with pytest.raises(QuestionError) as caught:
            call(question)
        assert said in str(caught.value)
        assert len(str(caught.value)) < 200


def test_filters_hold_on_both_sides(assistant: Assistant) -> None:
    wanted = [paper.paper_id for paper in assistant.papers()][10:13]
    filters = Filters(paper_ids=tuple(wanted))
    found = assistant.search("speculative decoding", filters=filters)
    assert {result.paper.paper_id for result in found} == set(wanted)
    answer = assistant.ask("speculative decoding speedup", filters=filters)
    assert {source.paper_id for source in answer.sources} <= set(wanted)
    assert assistant.search("speculative decoding", filters=Filters(year_from=2024)) == []
    assert assistant.ask("speculative decoding", filters=Filters(authors=("Nobody",))).abstained


def test_search_gives_the_best_sentence_of_each_paper(assistant: Assistant) -> None:
    results = assistant.search("length control", top_k=5)
    assert len(results) == 5
    scores = [result.score for result in results]
    assert scores == sorted(scores, reverse=True)
    for result in results:
        assert result.sentence is not None
        place = result.to_dict()["sentence"]
        assert result.paper.abstract[place["start"] : place["end"]] == place["text"]
    assert len(assistant.search("length control", top_k=10_000)) <= assistant.n_papers


def test_an_event_loop_gets_the_same_answer(assistant: Assistant) -> None:
    question = QUESTIONS[0]
    answer = asyncio.run(assistant.aask(question))
    assert answer.sentences == assistant.ask(question).sentences


def test_llama_index_gets_the_same_answer(assistant: Assistant) -> None:
    response = assistant.query_engine().query(QUESTIONS[0])
    answer = assistant.ask(QUESTIONS[0])
    assert str(response) == answer.text
    assert response.metadata is not None
    assert response.metadata["answer"]["sentences"] == answer.to_dict()["sentences"]
    nodes = response.source_nodes
    assert nodes[0].node.metadata["paper_id"] == answer.sources[0].paper_id
    assert all(node.score is not None for node in nodes)


def test_ask_prints_the_contract(command: Command, starter: Path) -> None:
    ran = command("ask", "What does SWA-RoPE stand for?", "--json")
    assert ran.code == 0
    printed = json.loads(ran.out)
    assert printed["schema"] == 1
    assert printed["mode"] == "extractive"
    assert printed["sentences"][0]["citations"][0]["label"] == "1"
    assert "starter library" in ran.err


def test_ask_prints_quotations_and_says_so(command: Command, starter: Path) -> None:
    ran = command("ask", "What", "does", "SWA-RoPE", "stand", "for?")
    assert ran.code == 0
    assert "Quotations, word for word" in ran.out
    assert "[1]" in ran.out
    assert "characters" in ran.out
    ran = command("ask", "Who won the marathon in 1998?")
    assert ran.code == 0
    assert "I found no sentence that answers this." in ran.out
    assert ran.out.count("account of the abstract, not the authors' words") == 3
    assert "Closest papers" in ran.out


def test_a_file_of_questions_is_answered_in_order(
    command: Command, starter: Path, tmp_path: Path
) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(
        '{"id": "a", "question": "What does SWA-RoPE stand for?"}\n'
        '{"id": "b", "question": "??"}\n'
        "broken\n"
        '{"id": 4, "query": "Who won the marathon in 1998?"}\n'
    )
    ran = command("ask", "--file", file, "--json")
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert [row["id"] for row in rows] == ["a", "b", 3, 4]
    assert rows[0]["sentences"]
    assert "no letter or digit" in rows[1]["error"]
    assert "not valid JSON" in rows[2]["error"]
    assert rows[3]["abstained"]
    assert ran.code == 2
    assert "2 rows could not be asked" in ran.err


def test_search_prints_json_and_a_run_file(command: Command, starter: Path, tmp_path: Path) -> None:
    file = tmp_path / "queries.jsonl"
    file.write_text('{"_id": "q 1", "text": "length control"}\n{"id": "q2", "query": "Polish"}\n')
    run_file = tmp_path / "out.trec"
    ran = command("search", "--file", file, "-k", 3, "--json", "--run-file", run_file)
    assert ran.code == 0
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert [(row["id"], row["query"]) for row in rows] == [
        ("q 1", "length control"),
        ("q2", "Polish"),
    ]
    lines = [line.split() for line in run_file.read_text().splitlines()]
    assert [line[0] for line in lines] == ["q_1"] * 3 + ["q2"] * 3
    assert [int(line[3]) for line in lines] == [1, 2, 3, 1, 2, 3]
    assert lines[0][2] == rows[0]["results"][0]["paper_id"]
    assert set(rows[0]["results"][0]) >= {"paper_id", "title", "score", "sentence"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask"], "give either a question or --file"),
        (["ask", ""], "empty"),
        (["ask", "x", "-k", "0"], "top_k"),
        (["search", "x", "-k", "0"], "cannot return 0 papers"),
        (["search", "x", "-k", "100000"], "1 to 10,000"),
        (["search", "x", "--year", "20x"], "'20x'"),
        (["search", "x", "--library", "none-such"], "there is no library 'none-such'"),
        (["search", "x", "-k", "many"], "valid integer"),
        (["library", "show", "none-such"], "no paper 'none-such'"),
        (["library", "export", "--format", "docx"], "'docx'"),
        (["library", "remove", "none-such", "--yes"], "no paper 'none-such'"),
        (["serch"], "Did you mean 'search'"),
        (["ask", "--file", "none-such.jsonl"], "none-such.jsonl"),
    ],
)
def test_a_mistake_is_one_line_and_exit_2(
    command: Command, starter: Path, arguments: list[str], said: str
) -> None:
    ran = command(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert said in ran.err
    lines = [line for line in ran.err.splitlines() if "no library yet" not in line]
    assert len(lines) == 1


def test_an_unknown_setting_is_named(
    command: Command, starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_TOPK", "3")
    ran = command("ask", "x")
    assert ran.code == 2
    assert ran.err == (
        "assistant: unknown setting 'ASSISTANT_TOPK'; did you mean 'ASSISTANT_TOP_K'?\n"
    )


def test_the_doctor_finds_what_fails(
    command: Command, starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = command("doctor", "--library", "starter")
    assert ran.code == 0
    assert "every byte as published" in ran.out
    ran = command("doctor", "--json")
    assert {check["status"] for check in json.loads(ran.out)["checks"]} == {"ok", "note"}
    monkeypatch.setenv("ASSISTANT_CHROMA_URL", "http://127.0.0.1:9")
    ran = command("doctor")
    assert ran.code == 1
    assert "FAIL" in ran.out
    assert "127.0.0.1:9" in ran.out


def test_no_paper_to_answer_from_is_an_abstention_that_says_so(starter: Path) -> None:
    with Assistant.open(library="small", create=True) as assistant:
        assistant.ingest([Paper("salt", "On Salt", "Salt is a mineral. It dissolves.")])
        answer = assistant.ask("What is salt?", filters=Filters(year_from=2020))
        assert answer.text == "None of the papers in this library passes the filters."
        assistant.remove("salt")
        assert assistant.search("salt") == []
        answer = assistant.ask("What is salt?")
        assert answer.text == "This library has no papers yet."
        assert answer.abstention is not None
        assert answer.abstention.closest == ()
        assert answer.to_dict()["sources"] == []


def test_quotations_need_no_llama_index(starter: Path) -> None:
    code = (
        "import sys; from assistant import Assistant\n"
        "with Assistant.open() as assistant: assistant.ask('What is length control?')\n"
        "sys.exit('llama_index.core' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_papers_of_ones_own_never_join_the_starter_library(starter: Path) -> None:
    with Assistant.open() as assistant:
        assert "starter library" in assistant.notices[0]
        assert assistant.n_papers > 100
        assistant.ingest([Paper("salt", "On Salt", "Salt is a mineral. It dissolves.")])
        assert [paper.paper_id for paper in assistant.papers()] == ["salt"]
        assert assistant.notices == ()
        assert not assistant.ask("What is salt?").abstained
    with Assistant.open(library="starter") as assistant:
        assert assistant.n_papers > 100
        assert "salt" not in [paper.paper_id for paper in assistant.papers()]


@pytest.mark.slow
def test_two_first_questions_at_once_are_both_answered(home: Path) -> None:
    asked = [
        subprocess.Popen(
            [EXECUTABLE, "ask", "What is length control?"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    for process in asked:
        printed, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        assert b"[1]" in printed


def test_threads_that_ask_first_share_one_engine(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    models, made = assistant.models, []

    def slowly(idf: Callable[[str], float]) -> None:
        made.append(idf)
        time.sleep(0.2)

    monkeypatch.setattr(models, "make_writer", slowly)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(assistant.ask, [QUESTIONS[2]] * 4))
    assert len(made) == 1
    assert len({answer.text for answer in answers}) == 1
