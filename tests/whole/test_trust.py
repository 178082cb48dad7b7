"""Whether the real check sees what is spoilt in real answers, and judges without sense do not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from assistant_evals.cases.golden_rows import GOLDEN_FOLDER
from assistant_evals.judging.judges import CheckerJudge
from assistant_evals.judging.mutations import (
    FLOORS,
    CitedSentence,
    MutationResult,
    Nearest,
    Score,
    describe_unseen,
    list_cited_sentences,
    make_nearest,
    run_mutations,
)
from assistant_evals.lab.flat_library import read_rows

from assistant import Assistant, Paper

N_QUESTIONS = 60


@pytest.fixture(scope="module")
def library(starter_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("trust") / "home"
    shutil.copytree(starter_home, folder)
    with Assistant.open(home=folder, library="starter", llm="none") as assistant:
        yield assistant


@pytest.fixture(scope="module")
def papers(library: Assistant) -> list[Paper]:
    return library.papers()


@pytest.fixture(scope="module")
def sentences(library: Assistant, papers: list[Paper]) -> list[CitedSentence]:
    """The first sentences of answers: more would only take longer."""
    rows = read_rows(GOLDEN_FOLDER / "single.jsonl")[:: 367 // N_QUESTIONS][:N_QUESTIONS]
    firsts = []
    for row in rows:
        answer = library.ask(row["question"])
        firsts += list_cited_sentences([answer], papers)[:1]
    return list(dict.fromkeys(firsts))


@pytest.fixture(scope="module")
def nearest(library: Assistant, papers: list[Paper]) -> Nearest:
    return make_nearest(papers, library.search)


def below_floor(results: list[MutationResult]) -> set[str]:
    return {r["name"] for r in results if r["passed"] is False}


def test_the_check_holds_its_floors(
    library: Assistant, papers: list[Paper], sentences: list[CitedSentence], nearest: Nearest
) -> None:
    assert len(sentences) > 40
    judge = CheckerJudge(library)
    results = run_mutations(
        sentences, papers, nearest, lambda c, s: judge.score("\n".join(s), c)[0]
    )
    assert below_floor(results) == set()
    assert all(r["n"] >= 10 and r["seen"] for r in results)
    assert not [line for line in describe_unseen(results) if "unseen" in line]


@pytest.mark.parametrize(
    "score",
    [lambda claim, sources: 1.0, lambda claim, sources: Random(f"{claim}{sources}").random()],
    ids=["always yes", "random"],
)
def test_a_judge_without_sense_fails_every_floor(
    papers: list[Paper], sentences: list[CitedSentence], nearest: Nearest, score: Score
) -> None:
    results = run_mutations(sentences, papers, nearest, score)
    assert below_floor(results) == {name for name, floor in FLOORS.items() if floor is not None}
    assert not any(r["seen"] for r in results)
    assert len(describe_unseen(results)) == len(results)
