"""Reports of the evals: read, or named where they cannot be; and what is shown of them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from assistant_ui.eval_reports import MAX_REPORTS, Metric, Reports, read_report, read_reports
from assistant_ui.eval_views import (
    answer_view,
    case_view,
    counts,
    figure,
    metric_view,
    report_view,
    reports_view,
    scale,
    shown_setting,
    verdict,
)

from assistant.answers import Answer
from assistant.types import Abstention, Citation, Sentence, Source

QUOTE = Citation("1", "bees", "On bees", "Bees fly.", 0, 9, 1)
ANSWER = Answer(
    "do they?",
    "do bees fly?",
    "Bees fly. Bees sing.",
    0.9,
    (
        Sentence("Bees fly.", "verbatim", 1.0, (QUOTE,)),
        Sentence("Bees sing.", "unsupported", 0.2, (QUOTE,)),
    ),
    (Source("1", "bees", "On bees", (), None, 1.0, True),),
)
DECLINED = Answer("q", "q", "Not here.", 0.1, abstention=Abstention("not_stated", "Not here."))


def metric(**fields: Any) -> dict[str, Any]:
    return {
        "name": "m",
        "title": "Precision",
        "mean": 0.9,
        "low": 0.8,
        "high": 1.0,
        "n": 5,
        **fields,
    }


def case(**fields: Any) -> dict[str, Any]:
    return {
        "id": "q1",
        "kind": "named",
        "question": "do they?",
        "passed": False,
        "failures": ["The fact 'fly' is missing."],
        "answer": ANSWER.to_dict(),
        **fields,
    }


def record(**fields: Any) -> dict[str, Any]:
    return {
        "schema": 1,
        "created": "2026-03-04T05:06:07+00:00",
        "settings": {"top_k": 10},
        "library": {"name": "starter", "digest": "abcdef0123456789", "n_papers": 245},
        "model": None,
        "seed": 0,
        "metrics": [metric()],
        "cases": [case(), case(id="q2", passed=True, failures=[])],
        **fields,
    }


def put(home: Path, name: str, content: Any) -> Path:
    folder = home / "reports" / name
    folder.mkdir(parents=True)
    path = folder / "report.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def test_no_folder_is_no_reports(home: Path) -> None:
    assert read_reports(home) == Reports()
    assert reports_view(Reports(), "")["report"] is None


def test_reports_are_read_the_newest_first(home: Path) -> None:
    put(home, "new", record(created="2026-03-05T00:00:00+00:00"))
    put(home, "old", record(created="2026-03-04T00:00:00+00:00"))
    found = read_reports(home)
    assert [each.name for each in found.reports] == ["new", "old"]
    assert found.faults == ()


def test_times_with_and_without_a_zone_are_ordered(home: Path) -> None:
    put(home, "zoned", record(created="2026-03-05T00:00:00+00:00"))
    put(home, "bare", record(created="2020-03-04T00:00:00"))
    assert [each.name for each in read_reports(home).reports] == ["zoned", "bare"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not valid JSON"),
        (b'{"schema": 1', "is not valid JSON"),
        (b"\xff\xfe\x00", "is not valid JSON"),
        (b"[" * 100_000, "is not valid JSON"),
        (b"[]", "is not a JSON object"),
        (b"{}", "has schema None where this release reads 1"),
        (b'{"schema": 2}', "has schema 2 where this release reads 1"),
        (b'{"schema": 1}', "is not complete: created: field required"),
        (record(metrics=[metric(mean=float("nan"))]), "is not complete: metrics.0.mean"),
        (record(metrics=[metric(n=-1)]), "is not complete: metrics.0.n"),
        (record(cases=[{"id": "q"}]), "is not complete: cases.0.question"),
    ],
)
def test_a_damaged_report_is_named_and_the_others_are_shown(
    home: Path, content: Any, said: str
) -> None:
    put(home, "broken", content)
    put(home, "whole", record())
    found = read_reports(home)
    assert [each.name for each in found.reports] == ["whole"]
    (fault,) = found.faults
    assert fault.startswith(f"Report 'broken' {said}")
    assert str(home) not in fault


def test_a_report_that_is_a_folder_is_named(home: Path) -> None:
    (home / "reports" / "odd" / "report.json").mkdir(parents=True)
    (fault,) = read_reports(home).faults
    assert fault.startswith("Report 'odd' cannot be read")


def test_a_report_that_was_written_again_is_read_again(home: Path) -> None:
    path = put(home, "run", record(seed=1))
    assert read_reports(home).reports[0].report.seed == 1
    path.write_text(json.dumps(record(seed=22)))
    assert read_reports(home).reports[0].report.seed == 22


def test_only_the_newest_files_are_read(home: Path) -> None:
    for number in range(MAX_REPORTS + 2):
        path = put(home, f"run{number:02}", record())
        os.utime(path, (1_000 + number, 1_000 + number))
    names = {each.name for each in read_reports(home).reports}
    assert len(names) == MAX_REPORTS
    assert not names & {"run00", "run01"}


def test_a_name_that_is_not_there_gives_the_newest(home: Path) -> None:
    put(home, "a", record())
    found = read_reports(home)
    named = found.named("../../etc")
    assert named is not None
    assert named.name == "a"
    assert Reports().named("a") is None


def test_keys_of_a_later_release_do_not_matter() -> None:
    assert read_report(json.dumps(record(more=1)).encode()).seed == 0


def test_a_report_shows_failures_without_their_answers() -> None:
    view = report_view(read_report(json.dumps(record()).encode()))
    assert view["failures"] == [{"id": "q1", "kind": "named", "question": "do they?"}]
    assert view["n_cases"] == 2
    assert view["facts"] == [
        "4 March 2026, 05:06 UTC",
        "library starter, 245 papers, digest abcdef012345",
        "answers are quotations",
        "seed 0",
    ]
    assert json.loads(json.dumps(view, allow_nan=False)) == view


def test_no_place_of_the_server_is_shown() -> None:
    settings = {"home": "/srv/papers", "llm": "gguf:/srv/models/a.gguf", "note": "in /srv/x/y.txt"}
    view = report_view(
        read_report(json.dumps(record(settings=settings, model="gguf:/srv/models/a.gguf")).encode())
    )
    assert "/srv" not in json.dumps(view)
    assert ["llm", "gguf:a.gguf"] in view["settings"]
    assert "answers by gguf:a.gguf" in view["facts"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("gguf:C:\\models\\a.gguf", "gguf:a.gguf"),
        ("openai:gpt-4o", "openai:gpt-4o"),
        (10, "10"),
        (True, "True"),
    ],
)
def test_settings_as_text(value: object, shown: str) -> None:
    assert shown_setting(value) == shown


def test_a_metric_lies_on_its_bar() -> None:
    view = metric_view(Metric(**metric(floor=0.5, passed=True)))
    assert (view["from"], view["at"], view["to"], view["floor"]) == (0.8, 0.9, 1.0, 0.5)
    assert (view["mean"], view["interval"]) == ("0.90", "0.80 to 1.00")


def test_a_metric_beyond_1_has_a_longer_bar() -> None:
    wide = Metric(**metric(mean=112.4, low=100.0, high=125.0))
    assert scale(wide) == (0.0, 125.0)
    assert metric_view(wide)["from"] == 0.8
    assert scale(Metric(**metric(mean=-1.0, low=-2.0, high=0.0))) == (-2.0, 1.0)


def test_a_metric_that_applied_nowhere_has_no_figures() -> None:
    view = metric_view(Metric(**metric(mean=None, low=None, high=None, n=0, n_inapplicable=5)))
    assert (view["mean"], view["interval"], view["at"], view["from"]) == ("–", "", None, None)
    assert view["counts"] == "0 cases, 5 not applicable"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, ""),
        ({"floor": 0.8, "passed": True}, "passed: must be at least 0.80"),
        ({"floor": 0.95, "passed": False}, "failed: must be at least 0.95"),
        ({"floor": 0.1, "passed": True, "higher_is_better": False}, "passed: must be at most 0.10"),
        ({"floor": 0.1}, "must be at least 0.10; not judged"),
    ],
)
def test_a_floor_is_said_in_words(fields: dict[str, Any], said: str) -> None:
    assert verdict(Metric(**metric(**fields))) == said


def test_counts_in_words() -> None:
    assert counts(Metric(**metric(n=1, n_errors=1))) == "1 case, 1 error"
    assert counts(Metric(**metric(n=2_000, n_errors=2))) == "2,000 cases, 2 errors"


@pytest.mark.parametrize(
    ("value", "shown"), [(0.934, "0.93"), (12.34, "12.3"), (1234.5, "1,234"), (-0.5, "−0.50")]
)
def test_figures(value: float, shown: str) -> None:
    assert figure(value) == shown


def test_a_case_has_its_answer_with_verdicts_and_quotes() -> None:
    report = read_report(json.dumps(record()).encode())
    view = case_view(report.cases[0])
    assert view["failures"] == ["The fact 'fly' is missing."]
    first, second = view["sentences"]
    assert (first["verdict"], second["verdict"]) == ("verbatim", "unsupported")
    assert first["quotes"] == [{"label": "1", "title": "On bees", "quote": "Bees fly."}]
    assert view["note"] == ""


def test_what_failed_names_no_place_of_the_server() -> None:
    report = read_report(
        json.dumps(record(cases=[case(failures=["cannot read '/srv/papers/x.json'"])])).encode()
    )
    assert case_view(report.cases[0])["failures"] == ["cannot read 'x.json'"]


@pytest.mark.parametrize(
    ("answer", "note", "said"),
    [
        (None, "There was no answer.", ""),
        ({"schema": 9}, "The answer in the report cannot be read.", ""),
        ({}, "The answer in the report cannot be read.", ""),
        (DECLINED.to_dict(), "It declined to answer.", "Not here."),
    ],
)
def test_an_answer_that_is_none_is_said(answer: Any, note: str, said: str) -> None:
    view = answer_view(answer)
    assert (view["note"], view["said"], view["sentences"]) == (note, said, [])


def test_the_view_of_all_reports(home: Path) -> None:
    put(home, "a", record())
    put(home, "b", b"")
    view = reports_view(read_reports(home), "a")
    assert view["reports"] == [{"name": "a", "title": "a, 4 March 2026, 05:06 UTC"}]
    assert view["current"] == "a"
    assert len(view["faults"]) == 1
