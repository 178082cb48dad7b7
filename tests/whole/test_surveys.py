"""Whole-library questions through the real library: a denominator, and a quote for each paper."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from assistant import Answer, Assistant
from assistant.events import Checked, Done
from assistant.types import Filters
from tests.llm_servers.scripted import KEY, scripted
from tests.llm_servers.steps import Breaks

LIST = "Which papers prune the layers of language models?"


@pytest.fixture
def assistant(starter: Path) -> Any:
    with Assistant.open(home=starter, library="starter") as opened:
        yield opened


@pytest.mark.parametrize("question", [LIST, "How many papers study speculative decoding?"])
def test_a_quote_for_each_paper_and_the_denominator(assistant: Assistant, question: str) -> None:
    events = list(assistant.stream(question))
    done = events[-1]
    assert isinstance(done, Done)
    answer = done.answer
    assert answer.survey is not None
    cited = {c.paper_id for s in answer.sentences for c in s.citations}
    assert answer.survey.n_included == len(cited) > 1
    assert answer.survey.n_searched == 245
    assert 1 < answer.survey.n_judged <= 245
    assert answer.text.startswith(answer.survey.heading)
    assert f"{len(cited)} of 245 abstracts" in answer.survey.heading
    assert len([e for e in events if isinstance(e, Checked)]) == len(answer.sentences)
    for sentence in answer.sentences:
        for citation in sentence.citations:
            abstract = assistant.paper(citation.paper_id).abstract
            assert abstract[citation.start : citation.end] == citation.quote == sentence.text
    assert answer.to_dict()["survey"]["n_searched"] == 245
    assert answer.survey.heading in answer.export("markdown")


def test_filters_and_bounds_hold(assistant: Assistant) -> None:
    everyone = assistant.ask(LIST)
    papers = tuple(dict.fromkeys(c.paper_id for s in everyone.sentences for c in s.citations))[:2]
    few = assistant.ask(LIST, filters=Filters(paper_ids=papers))
    assert few.survey is not None
    assert few.survey.n_searched == 2
    assert len(assistant.ask(LIST, max_sentences=2).sentences) == 2


def test_what_no_paper_is_about_is_declined(assistant: Assistant) -> None:
    answer = assistant.ask("Which papers study the migration of Arctic terns?")
    assert answer.abstained
    assert answer.survey is None


def test_a_comparison_quotes_each_side(assistant: Assistant) -> None:
    answer = assistant.ask("Compare LayerSkip and Kangaroo: which speedups do they reach?")
    assert answer.survey is not None
    assert answer.survey.is_table
    assert len({c.paper_id for s in answer.sentences for c in s.citations}) == 2
    assert "| Paper | What it says |" in answer.export("markdown")


def test_a_side_that_no_sentence_names_is_said_to_be_missing(starter: Path) -> None:
    with Assistant.open(home=starter, library="starter", abstain_below=0) as opened:
        answer = opened.ask("Kangaroo vs SQUIRREL-9")
    assert answer.survey is not None
    assert answer.survey.heading == "No sentence was found that names “SQUIRREL-9”:"


def test_every_line_of_a_list_names_its_paper(assistant: Assistant) -> None:
    answer = assistant.ask(LIST)
    assert answer.survey is not None
    names = {f"{name}:" for name, _ in answer.survey.groups}
    lines = [line for line in answer.text.splitlines() if line not in names]
    assert len(lines) == 1 + len(answer.survey.papers)
    for line, listed in zip(lines[1:], answer.survey.papers, strict=True):
        assert line.startswith(assistant.paper(listed.paper_id).title)
        assert line.endswith(f"[{listed.label}]")
        for place in listed.sentences:
            assert answer.sentences[place].citations[0].paper_id == listed.paper_id
            assert answer.sentences[place].text in line
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict()))) == answer


def test_a_broad_list_groups_its_papers_by_words_of_their_own(assistant: Assistant) -> None:
    answer = assistant.ask("What are the main approaches to faster inference?")
    assert answer.survey is not None
    groups = answer.survey.groups
    assert len(groups) > 1
    assert len({name for name, _ in groups}) == len(groups)
    labels = [one.label for _, papers in groups for one in papers]
    assert labels == [str(n) for n in range(1, len(labels) + 1)]
    for name, papers in groups:
        assert f"\n{name}:\n{papers[0].name}" in answer.text
        if name != "Other papers":
            titles = [assistant.paper(one.paper_id).title for one in papers]
            assert any(name in title for title in titles)
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict()))) == answer


def test_a_list_of_what_meets_a_condition_is_not_grouped(assistant: Assistant) -> None:
    answer = assistant.ask("Which papers make small models for one language?")
    assert answer.survey is not None
    assert len(answer.survey.papers) >= 5
    assert {one.group for one in answer.survey.papers} == {""}


def test_a_mention_is_found_in_every_paper_that_has_it(assistant: Assistant) -> None:
    answer = assistant.ask("How many papers mention llama2?")
    assert answer.survey is not None
    having = {
        paper.paper_id
        for paper in assistant.papers()
        if re.search(r"\bllama[ -]?2\b", f"{paper.title} {paper.abstract}", re.IGNORECASE)
    }
    assert {one.paper_id for one in answer.survey.papers} == having
    assert answer.survey.heading.startswith(f"{len(having)} of the 245 papers mention")
    assert {s.paper_id for s in answer.sources if s.cited} == having


def test_what_no_paper_mentions_is_said_to_be_mentioned_by_none(assistant: Assistant) -> None:
    answer = assistant.ask("papers that mention zebrafish")
    assert answer.abstained
    assert answer.text == "No title or abstract of the 245 papers mentions “zebrafish”."


def first_only(request: dict[str, Any]) -> str:
    """A judge to whom the first paper shown belongs by its first sentence, and no other."""
    text = request["messages"][-1]["content"]
    numbers = re.findall(r"^Paper (\d+):", text, re.MULTILINE)
    shown = re.search(r"^\[(\d+)\]", text, re.MULTILINE)
    assert shown is not None
    return "{" + ", ".join(f'"{n}": {shown[1] if n == "1" else 0}' for n in numbers) + "}"


def test_an_llm_judges_paper_by_paper(starter: Path) -> None:
    with (
        scripted(otherwise=first_only) as server,
        Assistant.open(
            home=starter,
            library="starter",
            judge="openai:judge",
            llm_base_url=server.url,
            llm_api_key=KEY,
        ) as opened,
    ):
        answer = opened.ask(LIST)
    assert answer.survey is not None
    assert answer.survey.n_included == len(server.requests) > 1
    assert {s.verdict for s in answer.sentences} == {"verbatim"}
    assert answer.model == "openai:judge"
    assert set(answer.prompts) == {"relevant"}
    assert answer.usage.completion_tokens == 7 * len(server.requests)


def test_a_judge_that_is_away_is_replaced_by_words_and_said(starter: Path) -> None:
    with (
        scripted(otherwise=Breaks("reset")) as server,
        Assistant.open(
            home=starter,
            library="starter",
            judge="openai:judge",
            llm_base_url=server.url,
            llm_api_key=KEY,
        ) as opened,
    ):
        answer = opened.ask(LIST)
    assert answer.survey is not None
    assert any("judged by their words" in notice for notice in answer.notices)
