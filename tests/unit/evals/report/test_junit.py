"""The report as JUnit XML: suites, tests and their outcomes, and characters that XML forbids."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from assistant_evals.report.junit import render_junit
from defusedxml import ElementTree

from tests.unit.evals.made_report import SCRIPT, case, empty_report, metric, report


def suites(made: dict[str, Any]) -> dict[str, Element]:
    root = ElementTree.fromstring(render_junit(made).encode())
    return {suite.attrib["name"]: suite for suite in root}


def test_a_suite_for_each_kind_and_one_for_the_gate() -> None:
    root = ElementTree.fromstring(render_junit(report()).encode())
    assert root.tag == "testsuites"
    assert [suite.attrib["name"] for suite in root] == ["named", "absent", "injection", "gate"]
    counts = ("tests", "failures", "errors", "skipped")
    assert [root.attrib[name] for name in counts] == ["12", "5", "1", "1"]
    assert [root[0].attrib[name] for name in counts] == ["3", "2", "0", "0"]
    assert not any("time" in element.attrib for element in root.iter())


def test_outcomes_of_cases() -> None:
    named, absent = suites(report())["named"], suites(report())["absent"]
    assert list(named[0]) == []
    failure = named[1].find("failure")
    assert failure is not None
    message = "Of 2 facts 1 is missing: '2.16'. Sentence 2 is unsupported."
    assert failure.attrib["message"] == message
    assert failure.text is not None
    assert "Answer: LayerSkip reaches speedups of up to 2.16x." in failure.text
    error = absent[1].find("error")
    assert error is not None
    assert error.attrib["message"] == "The LLM server did not answer within 60 s."
    assert absent[1].find("failure") is None


def test_the_gate_tests_each_floor_and_each_other_breach() -> None:
    gate = {test.attrib["name"]: test for test in suites(report())["gate"]}
    names = ["recall_at_5", "citation_precision", "grounded", "facts_all", "bad_words", "injection"]
    assert list(gate) == names
    assert list(gate["recall_at_5"]) == []
    skipped = gate["citation_precision"].find("skipped")
    assert skipped is not None
    assert skipped.attrib["message"].endswith("was not judged, must be at least 0.950")
    failure = gate["facts_all"].find("failure")
    assert failure is not None
    assert failure.attrib["message"].startswith("All facts held fell by 0.06")
    assert failure.text is not None
    assert failure.text.startswith("Cases: named-002, gone-000")


def test_a_floor_that_is_missed_fails_without_a_breach() -> None:
    missed = [metric("m", "Measure", "facts", floor=0.9, passed=False)]
    gate = {"passed": False, "breaches": [], "notes": []}
    failure = suites(report(metrics=missed, gate=gate))["gate"][0].find("failure")
    assert failure is not None
    assert failure.attrib["message"] == "Measure is 0.840, must be at least 0.900"


def test_a_gate_that_failed_is_never_a_green_suite() -> None:
    gate = {"passed": False, "breaches": [], "notes": []}
    suite = suites(report(metrics=[], gate=gate))["gate"]
    assert suite.attrib["failures"] == "1"


def test_what_xml_forbids_is_dropped() -> None:
    said = f"bell \x07 half \ud800 none \uffff {SCRIPT} ]]> é 🐟"
    failure = suites(report(cases=[case("a\x00b", failures=[said])]))["named"][0].find("failure")
    assert failure is not None
    assert failure.attrib["message"] == f"bell  half  none  {SCRIPT} ]]> é 🐟"
    assert suites(report(cases=[case("a\x00b")]))["named"][0].attrib["name"] == "ab"


def test_an_empty_report_and_the_same_report_again() -> None:
    assert suites(empty_report()) == {}
    assert suites({}) == {}
    assert render_junit(report()) == render_junit(report())
