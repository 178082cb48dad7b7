"""Samples of cases."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from assistant_evals.cases.cases import read_cases
from assistant_evals.cases.sampling import choose_cases
from assistant_evals.errors import GoldenError

from tests.unit.evals.cases.made_rows import ABSENT, GOOD, PAPERS, file_of


def many(folder: Path) -> list[Any]:
    rows: list[Any] = [{**GOOD, "id": f"a{n}", "kind": "list"} for n in range(60)]
    rows += [{**ABSENT, "id": f"n{n}"} for n in range(30)]
    turn = {"question": "Q?", "papers": ["owl2021"], "facts": []}
    rows += [{"id": f"c{n}", "turns": [turn, turn]} for n in range(10)]
    return read_cases([file_of(folder, *rows)], PAPERS)


def test_a_sample_keeps_the_shares_and_whole_conversations(tmp_path: Path) -> None:
    cases = many(tmp_path)
    chosen = choose_cases(cases, n_sample=22, seed=3)
    kinds = Counter(case.kind for case in chosen)
    assert kinds == {"list": 12, "near-miss": 6, "chat": 4}
    assert len({case.chat for case in chosen if case.chat}) == 2
    assert chosen == choose_cases(cases, n_sample=22, seed=3)
    assert chosen != choose_cases(cases, n_sample=22, seed=4)
    assert [case for case in cases if case in chosen] == chosen


def test_a_small_sample_has_one_of_each_kind(tmp_path: Path) -> None:
    chosen = choose_cases(many(tmp_path), n_sample=1)
    assert {case.kind for case in chosen} == {"list", "near-miss", "chat"}


def test_only_takes_kinds_and_files(tmp_path: Path) -> None:
    cases = many(tmp_path)
    assert {case.kind for case in choose_cases(cases, ["near-miss"])} == {"near-miss"}
    assert choose_cases(cases, ["golden"]) == cases
    with pytest.raises(GoldenError, match="'nearmiss'; did you mean 'near-miss'"):
        choose_cases(cases, ["nearmiss"])
    with pytest.raises(GoldenError, match="ask for 1 or more"):
        choose_cases(cases, n_sample=0)
