"""Suites as people write them."""

from __future__ import annotations

from pathlib import Path

import pytest
from assistant_evals.cases.suites import SCIENCES, SHIPPED, locate_suite, read_suite
from assistant_evals.errors import GoldenError

from tests.unit.evals.cases.made_rows import GOOD, file_of


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("golden = []", "golden: "),
        ('golden = ["x.jsonl"]', "no file matches 'x.jsonl'"),
        ('golden = ["a.jsonl"]\nlibrary = "b"\npapers = ["a.jsonl"]', "not both"),
        ('golden = ["a.jsonl"]\nfloor = 1', "floor: "),
        ("golden = [", "not valid TOML"),
        ('golden = ["a.jsonl"]\n[regressions]\nlevel = 2', "regressions.level: "),
        ('golden = ["a.jsonl"]\n[floors]\nfacts_all = nan', "floors.facts_all: "),
    ],
)
def test_a_bad_suite_is_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    file_of(tmp_path, GOOD, name="a.jsonl")
    suite = tmp_path / "evals.toml"
    suite.write_text(text, encoding="utf-8")
    with pytest.raises(GoldenError) as caught:
        read_suite(suite)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value).split(": ")[0]


def test_a_shipped_suite_is_known_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert locate_suite(None) == SHIPPED
    assert locate_suite(Path("sciences")) == SCIENCES
    assert locate_suite(Path("elsewhere.toml")) == Path("elsewhere.toml")
    file_of(tmp_path, GOOD, name="sciences")
    assert locate_suite(Path("sciences")) == Path("sciences")


def test_a_missing_suite_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(GoldenError, match="assistant eval init"):
        read_suite(tmp_path / "evals.toml")
