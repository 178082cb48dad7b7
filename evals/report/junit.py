"""A report of the evals as JUnit XML, which CI shows as tests: one a case, one a gated metric."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as ET

from assistant_evals.report.markdown import format_bound, format_number, format_title, is_number

GATE = "gate"
"""The name of the suite that holds what the gate asked."""

# Source: XML 1.0, fifth edition, section 2.2: the characters that a document may hold.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_junit(report: dict[str, Any]) -> str:
    """Returns the report as JUnit XML; the same report gives the same text."""
    suites = ET.Element("testsuites", name=_legal((report.get("suite") or {}).get("name")))
    kinds: dict[str, list[dict[str, Any]]] = {}
    for case in report.get("cases") or []:
        kinds.setdefault(_legal(case.get("kind")), []).append(case)
    for kind, cases in kinds.items():
        _suite(suites, kind, [_case(kind, case) for case in cases])
    if report.get("gate") is not None:
        _suite(suites, GATE, _gate(report))
    for name in ("tests", "failures", "errors", "skipped"):
        suites.set(name, str(sum(int(suite.get(name, "0")) for suite in suites)))
    ET.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, "unicode") + "\n"


def _suite(suites: ET.Element, name: str, tests: list[ET.Element]) -> None:
    suite = ET.SubElement(suites, "testsuite", name=name, tests=str(len(tests)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(sum(test.find(tag) is not None for test in tests)))
    suite.extend(tests)


def _case(kind: str, case: dict[str, Any]) -> ET.Element:
    test = _test(f"evals.{kind}", case.get("id"))
    if case.get("error"):
        _said(test, "error", case["error"], f"Question: {case.get('question')}")
    elif not case.get("passed"):
        failures = [str(failure) for failure in case.get("failures") or []]
        answer = case.get("answer")
        said = answer.get("text") if answer else "There was no answer."
        lines = [*failures, f"Question: {case.get('question')}", f"Answer: {said}"]
        _said(test, "failure", " ".join(failures) or "failed", "\n".join(lines))
    return test


def _gate(report: dict[str, Any]) -> list[ET.Element]:
    """Returns a test for each metric with a floor, and for each breach of anything else."""
    breaches: dict[str, list[dict[str, Any]]] = {}
    for breach in report["gate"].get("breaches") or []:
        breaches.setdefault(str(breach.get("metric")), []).append(breach)
    tests = []
    for metric in report.get("metrics") or []:
        if is_number(metric.get("floor")):
            tests.append(_metric(metric, breaches.pop(str(metric.get("name")), [])))
    for name, found in breaches.items():
        test = _test(GATE, name)
        _breached(test, found)
        tests.append(test)
    if not report["gate"].get("passed") and all(test.find("failure") is None for test in tests):
        test = _test(GATE, GATE)
        _said(test, "failure", "the gate failed and names no breach", "")
        tests.append(test)
    return tests


def _metric(metric: dict[str, Any], breaches: list[dict[str, Any]]) -> ET.Element:
    test = _test(GATE, metric.get("name"))
    mean = format_number(metric.get("mean"), metric.get("unit") or "share")
    must = f"{format_title(metric)} is {mean}, must be {format_bound(metric)}"
    if breaches:
        _breached(test, breaches)
    elif metric.get("passed") is None:
        _said(
            test,
            "skipped",
            f"{format_title(metric)} was not judged, must be {format_bound(metric)}",
            "",
        )
    elif not metric["passed"]:
        _said(test, "failure", must, "")
    return test


def _breached(test: ET.Element, breaches: list[dict[str, Any]]) -> None:
    messages = [str(breach.get("message") or breach.get("metric")) for breach in breaches]
    flipped = [str(case) for breach in breaches for case in breach.get("cases") or []]
    _said(test, "failure", " ".join(messages), f"Cases: {', '.join(flipped)}" if flipped else "")


def _test(classname: str, name: object) -> ET.Element:
    return ET.Element("testcase", classname=classname, name=_legal(name))


def _said(test: ET.Element, tag: str, message: object, text: str) -> None:
    ET.SubElement(test, tag, message=_legal(message)).text = _legal(text) or None


def _legal(text: object) -> str:
    return _ILLEGAL.sub("", "" if text is None else str(text))
