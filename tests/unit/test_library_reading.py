"""A library read by a model: planned, side by side, kept, and said as it was."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.answer.readable import ReadablePaper, make_readable
from assistant.answer.survey.details import DetailChecker
from assistant.answer.survey.judgements import Judgement
from assistant.answer.survey.judging import TASK, PaperJudge
from assistant.answer.survey.read_library import PapersToRead, format_heading, sort_papers
from assistant.answer.survey.reading import LibraryReading, Reading
from assistant.answer.survey.recognition import find_order
from assistant.answer.survey.selection import IncludedPaper
from assistant.errors import ModelError
from assistant.events import Event, Noticed, Progressed
from assistant.grounding.checker import Checker
from assistant.llm.judgement_cache import JudgementCache, make_key
from assistant.llm.openai_chat import OpenAIChat
from assistant.llm.prompts import load
from assistant.surveys import ReadingCost
from assistant.text.sentences import split_sentences
from assistant.types import Paper
from tests.llm_servers.scripted import KEY, ScriptedServer, Turn, scripted
from tests.llm_servers.steps import Breaks, Status
from tests.made_evidence import PAPERS

QUESTION = "Which papers count birds?"
FILLER = " ".join(
    f"The reeds of marsh {n} stood in water for most of the spring." for n in range(40)
)


def paper(n: int, words: str = "") -> ReadablePaper:
    abstract = f"{words or 'Nothing is counted'} in marsh {n}. {FILLER}"
    found = make_readable(Paper(f"marsh-{n}", f"Marsh {n}", abstract), split_sentences(abstract))
    assert found is not None
    return found


COUNTING = [paper(n, "Birds are counted") for n in range(4)]
OTHERS = [paper(n) for n in range(4, 40)]


def counting(request: dict[str, Any]) -> str:
    """Says that a paper belongs where its first sentence counts birds."""
    shown = request["messages"][-1]["content"]
    found = re.findall(r"^Paper (\d+): .*\n\[1\] (.*)$", shown, re.M)
    return json.dumps({n: 1 for n, first in found if "Birds are counted" in first})


def run(events: Any, seen: Callable[[Event], None] = lambda event: None) -> Reading:
    while True:
        try:
            seen(next(events))
        except StopIteration as end:
            reading: Reading = end.value
            return reading


def judge_of(server: ScriptedServer, cache: JudgementCache | None = None) -> PaperJudge:
    model = OpenAIChat("m", base_url=server.url, api_key=KEY, timeout_s=20, context_tokens=8192)
    # As a server elsewhere is asked.
    model.n_side_by_side = 4
    return PaperJudge(model, load(TASK), cache)


def no_price(prompt_tokens: int, completion_tokens: int) -> None:
    return None


def read(
    turn: Turn, papers: list[ReadablePaper], cache: JudgementCache | None = None
) -> tuple[Reading, list[Event], int]:
    """Returns what was read, the events, and the number of requests."""
    events: list[Event] = []
    with scripted(otherwise=turn) as server:
        work = LibraryReading(judge_of(server, cache), QUESTION)
        reading = run(work.read(work.plan(papers, None, no_price)), events.append)
        return reading, events, len(server.requests)


def test_every_paper_is_read_and_progress_is_told() -> None:
    reading, events, n_requests = read(counting, [*OTHERS, *COUNTING])
    belong = {i for i, said in reading.judgements.items() if said.sentence}
    assert belong == {one.paper.paper_id for one in COUNTING}
    assert len(reading.judgements) == 40
    assert n_requests > 1
    told = [(e.n_done, e.n_total) for e in events if isinstance(e, Progressed)]
    assert told[0] == (0, 40)
    assert told[-1] == (40, 40)
    assert told == sorted(told)
    assert reading.prompt_tokens == 11 * n_requests


def test_batches_are_asked_side_by_side() -> None:
    both_are_there = threading.Barrier(2, timeout=30)

    def wait_for_another(_: dict[str, Any]) -> str:
        both_are_there.wait()
        return "{}"

    reading, _, n_requests = read(wait_for_another, [paper(n) for n in range(16)])
    assert n_requests == 4
    assert len(reading.judgements) == 16


@pytest.mark.parametrize(
    ("url", "n"),
    [("http://localhost:1/v1", 1), ("http://127.0.0.1:1/v1", 1), ("https://api.example/v1", 4)],
)
def test_a_server_of_this_machine_is_asked_one_at_a_time(url: str, n: int) -> None:
    assert OpenAIChat("m", base_url=url).n_side_by_side == n


def test_a_batch_that_fails_is_announced_and_the_others_go_on() -> None:
    def failing_on_marsh_5(request: dict[str, Any]) -> Any:
        return (
            Status(500) if "Marsh 5\n" in request["messages"][-1]["content"] else counting(request)
        )

    reading, events, _ = read(failing_on_marsh_5, [*COUNTING, *OTHERS])
    lost = {one.paper.paper_id for one in reading.failed}
    assert "marsh-5" in lost
    assert 0 < len(lost) < 40
    assert lost | reading.judgements.keys() == {f"marsh-{n}" for n in range(40)}
    (notice,) = [e.message for e in events if isinstance(e, Noticed)]
    assert f"; {len(lost)} papers were judged by their words" in notice
    assert reading.notices == [notice]


def test_replies_that_cannot_be_read_are_announced_too() -> None:
    reading, _, _ = read("None of them, I think.", OTHERS[:3])
    assert reading.judgements == {}
    assert reading.notices == [
        "the LLM's judgement could not be read; 3 papers were judged by their words"
    ]


def test_a_server_that_is_away_is_not_asked_about_every_batch() -> None:
    many = [paper(n) for n in range(120)]
    reading, _, n_requests = read(Breaks("reset"), many)
    assert len(reading.failed) == 120
    (notice,) = reading.notices
    assert "; 120 papers were judged by their words" in notice
    all_batches, _, n_asked = read(counting, many)
    assert len(all_batches.judgements) == 120
    assert n_requests < 2 * n_asked


def test_a_model_that_refuses_is_an_error() -> None:
    with pytest.raises(ModelError):
        read(Status(401), OTHERS)


def test_closing_hangs_up_on_what_is_still_being_written() -> None:
    with scripted([counting], otherwise=Breaks("hang", '{"1": 1,')) as server:
        work = LibraryReading(judge_of(server), QUESTION)
        events = work.read(work.plan([paper(n) for n in range(40)], None, no_price))
        told = [next(events), next(events)]
        assert all(isinstance(event, Progressed) for event in told)
        events.close()
        assert server.hung_up.wait(10)


def test_what_was_read_before_is_not_asked_again(tmp_path: Path) -> None:
    cache = JudgementCache(tmp_path / "home" / "judgements.sqlite")
    first, _, n_first = read(counting, [*COUNTING, *OTHERS[:10]], cache)
    assert n_first > 0
    again, events, n_again = read("never asked", [*COUNTING, *OTHERS[:10]], cache)
    assert (n_again, events) == (0, [])
    assert again.judgements == first.judgements
    assert (again.n_known, again.prompt_tokens) == (14, 0)
    more, events, n_more = read(counting, [*COUNTING, *OTHERS[:12]], cache)
    assert n_more == 1
    assert (more.n_known, len(more.judgements)) == (14, 16)
    assert events[0] == Progressed(14, 16, "abstracts read")
    cache.close()


def test_judgements_are_kept_by_what_was_asked(tmp_path: Path) -> None:
    path = tmp_path / "judgements.sqlite"
    cache = JudgementCache(path)
    cache.put({make_key("model", "prompt", "question", "text"): "3"})
    other = JudgementCache(path)
    assert list(other.get([make_key("model", "prompt", "question", "text")]).values()) == ["3"]
    for changed in ("other", "prompt", "question", "text"), ("model", "prompt", "question", "new"):
        assert other.get([make_key(*changed)]) == {}
    assert make_key("a", "bc") != make_key("ab", "c")
    cache.close()
    other.close()


def test_a_file_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"no database at all" * 100)
    mended = JudgementCache(broken)
    mended.put({make_key("x"): "1"})
    assert mended.get([make_key("x")])
    assert "was set aside" in mended.notices[0]
    mended.close()
    folder = tmp_path / "folder.sqlite"
    folder.mkdir()
    useless = JudgementCache(folder)
    useless.put({make_key("x"): "1"})
    assert useless.get([make_key("x")]) == {}
    assert "cannot be used" in useless.notices[0]


def test_no_more_tokens_are_planned_than_are_allowed() -> None:
    papers = [paper(n) for n in range(40)]
    with scripted() as server:
        work = LibraryReading(judge_of(server), QUESTION)
        whole = work.plan(papers, None, no_price)
        part = work.plan(papers, 12_000, lambda prompt, completion: prompt / 1e6)
    assert whole.rest is None
    assert sum(map(len, whole.batches)) == 40
    n_planned = sum(map(len, part.batches))
    assert part.batches == whole.batches[: len(part.batches)]
    assert part.rest is not None
    assert 0 < n_planned < 40
    assert part.rest.n_papers == 40 - n_planned
    assert part.rest.n_tokens > 12_000
    assert part.rest.cost_usd == pytest.approx(part.rest.n_tokens / 1e6, rel=0.1)


def test_a_cost_is_said_with_its_price_where_that_is_known() -> None:
    assert str(ReadingCost(40, 412_345, 0.1234)) == "about 412,000 tokens, about 0.12 USD"
    assert str(ReadingCost(2, 412, None)) == "about 412 tokens"


@pytest.mark.parametrize(
    ("n", "searched", "read", "failed", "known", "heading"),
    [
        (12, 245, 245, 0, 0, "12 of 245 abstracts match; all 245 were read."),
        (1, 245, 245, 0, 0, "1 of 245 abstracts matches; all 245 were read."),
        (0, 245, 245, 0, 0, "None of 245 abstracts was found to match; all 245 were read."),
        (12, 3000, 500, 0, 0, "12 of 500 abstracts match; the 500 closest of 3,000 were read."),
        (1, 1, 1, 0, 0, "1 of 1 abstract matches; it was read."),
        (2, 9, 9, 0, 7, "2 of 9 abstracts match; all 9 were read, 7 of them before."),
        (2, 9, 9, 0, 9, "2 of 9 abstracts match; all 9 were read, all of them before."),
        (
            2,
            9,
            6,
            3,
            0,
            "2 of 9 abstracts match; the 6 closest of 9 were read, 3 judged by their words.",
        ),
    ],
)
def test_the_heading_says_what_was_read(
    n: int, searched: int, read: int, failed: int, known: int, heading: str
) -> None:
    papers = [(Paper(f"p{i}", "", ""), ()) for i in range(min(searched, 500))]
    judgements = {f"p{i}": Judgement(None) for i in range(read)}
    reading = Reading(judgements, known, [OTHERS[0]] * failed)
    assert format_heading(n, PapersToRead(papers, searched, None), reading) == heading


def test_papers_that_were_read_here_and_there_are_not_called_the_closest() -> None:
    papers = [(Paper(f"p{i}", "", ""), ()) for i in range(4)]
    reading = Reading({"p0": Judgement(None), "p3": Judgement(None)}, 1)
    heading = format_heading(1, PapersToRead(papers, 4, 10_000), reading)
    assert heading == "1 of 2 abstracts matches; 2 of 4 were read, 1 of them before."


@pytest.mark.parametrize(
    ("question", "order"),
    [
        ("Which papers count birds, sorted by year?", "oldest"),
        ("List the papers on birds in chronological order", "oldest"),
        ("papers on birds, newest first", "newest"),
        ("Which papers count birds in the first year?", "match"),
    ],
)
def test_papers_are_sorted_as_asked(question: str, order: str) -> None:
    assert find_order(question) == order
    years = {"a": 2020, "b": None, "c": 2018, "d": 2024}
    included = [IncludedPaper(Paper(i, i, "", year=year), (), 1.0) for i, year in years.items()]
    by = {"match": "abcd", "oldest": "cadb", "newest": "dacb"}
    assert (
        "".join(p.paper.paper_id for p in sort_papers(included, find_order(question))) == by[order]
    )


def test_a_detail_is_checked_and_cites_what_bears_it_out() -> None:
    (otters, *_) = [make_readable(p, split_sentences(p.abstract)) for p in PAPERS]
    assert otters is not None
    details = DetailChecker(Checker())
    asked = "Which papers study otters, and how many hairs has their fur?"
    right = "Their fur holds 140,000 hairs on each square centimetre."
    for stated_by in (2, 4, None):
        sentence = details.check(otters, Judgement(1, right, stated_by), asked)
        assert sentence is not None
        assert [c.sentence for c in sentence.citations] == [2]
        assert sentence.verdict in ("verbatim", "supported")
        assert sentence.flags == ()
    wrong = "Their fur holds 190,000 hairs on each square centimetre."
    assert details.check(otters, Judgement(1, wrong, 2), asked) is None
    assert details.check(otters, Judgement(1), asked) is None
