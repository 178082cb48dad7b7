"""Whole-library questions through the real library: a denominator, and a quote for each paper."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from assistant import Answer, Assistant
from assistant.events import Checked, Done, ReadingLimited
from assistant.types import Filters, Paper
from tests.llm_servers.replies import prunes
from tests.llm_servers.scripted import KEY, ScriptedServer, Turn, scripted
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


@contextmanager
def read_by(turn: Turn, home: Path, **settings: Any) -> Iterator[tuple[Assistant, ScriptedServer]]:
    """Yields an assistant whose LLM answers as ``turn`` says, over the starter library."""
    with scripted(otherwise=turn) as server:
        given = {"llm": "openai:m", "llm_base_url": server.url, "llm_api_key": KEY, **settings}
        # What is kept of one test's judgements is no other's.
        with suppress(FileNotFoundError):
            (home / "judgements.sqlite").unlink()
        with Assistant.open(home=home, library="starter", **given) as opened:
            yield opened, server


def test_an_llm_reads_the_whole_library(starter: Path) -> None:
    with read_by(prunes, starter) as (opened, server):
        answer = opened.ask(LIST)
        n_requests = len(server.requests)
        again = opened.ask(LIST)
        assert len(server.requests) == n_requests > 10
        having = {p.paper_id for p in opened.papers() if "prun" in p.abstract.lower()}
        assert answer.survey is not None
        assert {one.paper_id for one in answer.survey.papers} == having
        heading = f"{len(having)} of 245 abstracts match; all 245 were read"
        assert answer.survey.heading == f"{heading}."
        assert again.survey is not None
        assert again.survey.heading == f"{heading}, all of them before."
        assert again.sentences == answer.sentences
        for sentence in answer.sentences:
            assert sentence.verdict in ("verbatim", "supported")
            for citation in sentence.citations:
                abstract = opened.paper(citation.paper_id).abstract
                assert abstract[citation.start : citation.end] == citation.quote
    assert (answer.survey.n_judged, answer.survey.n_read, answer.survey.n_searched) == (245,) * 3
    assert answer.survey.is_table
    assert (answer.mode, answer.model) == ("llm", "openai:m")
    assert set(answer.prompts) == {"relevant"}
    assert answer.prompts["relevant"].startswith("v2:")
    assert answer.usage.completion_tokens == 7 * n_requests
    assert (again.usage.prompt_tokens, again.usage.completion_tokens) == (0, 0)
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict()))) == answer


def test_nothing_is_declined_by_rule_where_an_llm_read_it(starter: Path) -> None:
    question = "List every paper that evaluates on BEIR"
    with read_by("{}", starter) as (opened, server):
        none = opened.ask(question)
        assert len(server.requests) > 10
    assert none.abstention is not None
    message = "None of 245 abstracts was found to match; all 245 were read."
    assert none.abstention.message == none.text == message
    assert len(none.abstention.closest) == len(none.abstention.nearest) == 3
    with read_by('{"1": 1}', starter, abstain_below=1.0) as (opened, _):
        some = opened.ask(question)
    assert not some.abstained
    assert some.survey is not None
    assert some.survey.n_included > 10


def test_a_mention_stays_an_exact_search(starter: Path) -> None:
    with read_by("{}", starter) as (opened, server):
        answer = opened.ask("How many papers mention Llama 2?")
        assert server.requests == []
    assert answer.survey is not None
    assert answer.survey.n_included > 0


def test_the_closest_are_read_where_there_are_more(starter: Path) -> None:
    with read_by("{}", starter, survey_papers=40) as (opened, _):
        assert opened.ask(LIST).text == (
            "None of 40 abstracts was found to match; the 40 closest of 245 were read."
        )
        few = Filters(paper_ids=tuple(opened.paper_ids()[:5]))
        assert opened.ask(LIST, filters=few).text.startswith(
            "None of 5 abstracts was found to match; all 5 were read"
        )


def test_what_takes_many_tokens_takes_leave(starter: Path) -> None:
    with read_by("{}", starter, survey_tokens=20_000) as (opened, server):
        events = list(opened.stream(LIST))
        (limited,) = [event for event in events if isinstance(event, ReadingLimited)]
        assert 0 < limited.n_papers < 245
        assert limited.n_papers + limited.rest.n_papers == 245
        done = events[-1]
        assert isinstance(done, Done)
        assert f"the {limited.n_papers} closest of 245 were read" in done.answer.text
        (notice,) = done.answer.notices
        assert "read_all=True (--read-all)" in notice
        assert done.answer.survey is not None
        assert done.answer.survey.unread == limited.rest
        n_before = len(server.requests)
        everything = opened.ask(LIST, read_all=True)
        assert len(server.requests) > n_before
    assert f"all 245 were read, {limited.n_papers} of them before." in everything.text
    assert everything.notices == ()


def test_an_llm_that_is_away_is_replaced_by_words_and_said(starter: Path) -> None:
    with read_by(Breaks("reset"), starter) as (opened, _):
        answer = opened.ask(LIST)
    assert answer.survey is not None
    assert answer.survey.n_read == 0
    assert any("judged by their words" in notice for notice in answer.notices)


def test_without_a_judge_words_decide(starter: Path) -> None:
    with read_by("{}", starter, judge="none") as (opened, server):
        answer = opened.ask(LIST)
        assert server.requests == []
    assert answer.survey is not None
    assert answer.survey.n_read == 0


def test_another_llm_may_read_lists(starter: Path) -> None:
    with read_by(prunes, starter, llm="none", judge="openai:judge") as (opened, _):
        answer = opened.ask(LIST)
    assert answer.model == "openai:judge"


def test_the_newest_of_a_list_is_of_those_that_an_llm_found(home: Path) -> None:
    texts = {2019: "We prune layers.", 2021: "Pruning makes models small.", 2023: "We sail."}
    papers = [Paper(f"p{year}", f"Of {year}", text, year=year) for year, text in texts.items()]
    with (
        scripted(otherwise=prunes) as server,
        Assistant.open(
            home=home, create=True, llm="openai:m", llm_base_url=server.url, llm_api_key=KEY
        ) as opened,
    ):
        opened.ingest(papers)
        newest = opened.ask("What is the newest paper on pruning?")
        sorted_list = opened.ask("Which papers prune layers, sorted by year?")
    assert newest.mode == "library"
    assert [s.paper_id for s in newest.sources if s.cited] == ["p2021"]
    assert sorted_list.survey is not None
    assert [one.paper_id for one in sorted_list.survey.papers] == ["p2019", "p2021"]
