"""``assistant eval init``, ``add`` and ``judge``, and pytest: questions and labels of one's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from assistant_evals.report import folder as reports

from assistant import Assistant
from tests.llm_servers.scripted import KEY, scripted
from tests.whole.conftest import Ran
from tests.whole.made_suite import CASES, PAPERS, SUITE, read, write_lines

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("few_pairs")]

Command = Callable[..., Ran]


def test_a_suite_of_ones_own_is_begun_and_grows(
    command: Command, home: Path, tmp_path: Path
) -> None:
    with Assistant.open(home=home, library="birds", create=True) as assistant:
        assistant.ingest(PAPERS)
    folder = tmp_path / "mine"
    ran = command("eval", "init", folder, "--library", "birds")
    assert ran.code == 0, ran.err
    assert command("eval", "init", folder, "--library", "birds").code == 2
    golden = folder / "golden.jsonl"
    asked = "How deep do barn owls hear mice?"
    ran = command(
        "eval", "add", asked, "--paper", "owl2021", "--fact", "30 cm|30 centimetres",
        "--file", golden, "--library", "birds",
    )  # fmt: skip
    assert ran.out == f"Added own-005 to {golden}\n"
    kept = golden.read_bytes()
    ran = command(
        "eval", "add", "Why?", "--paper", "owl21", "--fact", "x",
        "--file", golden, "--library", "birds",
    )  # fmt: skip
    assert ran.code == 2
    assert "did you mean 'owl2021'" in ran.err
    assert golden.read_bytes() == kept
    ran = command("eval", "run", folder / "evals.toml", "--report", tmp_path / "a")
    assert ran.code == 0, ran.err
    cases = {case["question"]: case for case in read(tmp_path / "a")["cases"]}
    assert len(cases) == 5
    assert cases[asked]["expected"]["facts"] == [["30 cm", "30 centimetres"]]
    assert read(tmp_path / "a")["library"]["name"] == "birds"


def test_pytest_takes_each_case_as_a_test(suite: Path, tmp_path: Path, home: Path) -> None:
    changed = [{**CASES[0], "facts": [["41 minutes"]]}, *CASES[1:4]]
    write_lines(suite.with_name("golden.jsonl"), changed)
    suite.write_text(SUITE.replace("attack_success = 0.0", ""), encoding="utf-8")
    (tmp_path / "test_own.py").write_text("def test_mine():\n    pass\n", encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")

    def pytest_says(*arguments: str) -> str:
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-v", *arguments],
            cwd=tmp_path,
            env={**os.environ, "ASSISTANT_HOME": str(home)},
            capture_output=True,
            text=True,
            timeout=250,
            check=False,
        )
        return run.stdout + run.stderr

    assert "1 passed" in pytest_says()
    said = pytest_says("--grounding", str(suite))
    assert "heron FAILED" in said
    assert "It lacks '41 minutes'." in said
    assert "owl PASSED" in said
    assert "gate:verbatim_quotes PASSED" in said
    assert "Traceback" not in said
    said = pytest_says("--grounding", "none.toml")
    assert "assistant eval init" in said


def test_the_judge_is_measured_on_pairs(command: Command, home: Path, tmp_path: Path) -> None:
    pairs = [
        {
            "source": "Herons stand for 40 minutes.",
            "claim": "Herons stand for 40 minutes.",
            "label": 1,
        },
        {
            "source": "Herons stand for 40 minutes.",
            "claim": "Herons stand for 90 minutes.",
            "label": 0,
        },
        {"source": "Owls hear mice.", "claim": "Owls hear mice.", "label": 1},
        {"source": "Owls hear mice.", "claim": "Swifts sleep in the air.", "label": 0},
    ]
    write_lines(tmp_path / "pairs.jsonl", pairs)
    (found,) = json.loads(command("eval", "judge", tmp_path / "pairs.jsonl", "--json").out)
    assert (found["n"], found["roc_auc"], found["balanced_accuracy"]) == (4, 1.0, 1.0)
    assert reports.read_last_pairs(home) == [found]
    ran = command("eval", "judge", tmp_path / "pairs.jsonl")
    assert "ROC-AUC" in ran.out
    ran = command("eval", "judge", "--disputes")
    assert ran.code == 2
    assert "praise some and dispute others" in ran.err
    ran = command("eval", "judge", "--judge", "oracle")
    assert ran.code == 2
    assert "there is no judge 'oracle'" in ran.err


def test_an_llm_judges_as_well_and_is_asked_once(
    command: Command, suite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scripted(otherwise='{"label": "supported"}') as server:
        monkeypatch.setenv("ASSISTANT_LLM_BASE_URL", server.url)
        monkeypatch.setenv("ASSISTANT_LLM_API_KEY", KEY)
        given = ["eval", "run", suite, "--llm", "none", "--judge", "openai:tiny", "--report"]
        ran = command(*given, tmp_path / "a")
        assert ran.code == 0, ran.err
        found = read(tmp_path / "a")
        n_asked = len(server.requests)
        assert n_asked >= found["trust"]["agreement"]["n"] > 0
        assert found["judge"].endswith("tiny")
        assert found["prompts"]["judge"].startswith("v")
        command(*given, tmp_path / "b")
        assert len(server.requests) == n_asked
    # Away, it says nothing of what it has not judged yet; that is counted, and told by the gate.
    for kept in (tmp_path / "home").glob("judgements.sqlite*"):
        kept.unlink()
    command("eval", "baseline", suite)
    ran = command(*given[:3], "--gate", *given[3:], tmp_path / "c")
    agreed = read(tmp_path / "c")["trust"]["agreement"]
    assert agreed["n"] == 0
    assert agreed["n_errors"] > 0
    assert f"gave no judgement on {agreed['n_errors']} sentences" in ran.out
