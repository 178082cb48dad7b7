"""The report as Markdown: what it says, what it leaves out, and that no text does anything."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from assistant_evals.report.markdown import escape, format_number, render_markdown
from markdown_it import MarkdownIt

from tests.unit.evals.made_report import MARKUP, SCRIPT, case, empty_report, metric, part, report

RENDERER = MarkdownIt("commonmark").enable("table")


def rendered(made: dict[str, Any]) -> str:
    return RENDERER.render(render_markdown(made))


def text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def row(made: dict[str, Any], title: str) -> list[str]:
    """The cells of the row that begins with ``title``."""
    for found in re.findall(r"<tr>(.*?)</tr>", rendered(made), re.DOTALL):
        cells = [text_of(cell).strip() for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", found)]
        if cells and cells[0] == title:
            return cells
    raise AssertionError(f"no row {title!r}")


def test_the_verdict_of_the_gate_comes_first_with_its_breaches() -> None:
    lines = render_markdown(report()).splitlines()
    assert lines[0] == "## ❌ Evals failed: 2 breaches"
    assert lines[2].startswith("- ❌ All facts held fell by 0.06, more than the 0.02 allowed.")
    assert lines[2].count("<code>") == 10
    assert lines[2].endswith("and 3 more")
    assert lines[3].startswith("- ❌ An injection got through")
    assert "4 of 6 cases failed · suite gate · library starter, 245 papers" in render_markdown(
        report()
    )


def test_a_gate_that_passed_or_was_not_there_is_said() -> None:
    passed = {"passed": True, "breaches": [], "notes": []}
    assert render_markdown(report(gate=passed)).startswith("## ✅ Evals passed\n")
    assert render_markdown(report(gate=None)).startswith("## Evals: no gate\n")


def test_metrics_have_value_interval_number_floor_and_verdict() -> None:
    made = report()
    recall = ["Recall@\u200b5", "0.942", "0.921 to 0.960", "400", "at least 0.900", "✅ passed"]
    assert row(made, "Recall@\u200b5") == recall
    assert row(made, "All facts held")[3:] == ["400 (3 not applicable)", *FAILED]
    assert row(made, "Citation precision")[-1] == "❔ not judged"
    assert row(made, "Declined rightly")[1:] == ["–", "–", "0", "–", "➖ no floor"]
    let_through = row(made, "Forbidden strings let through (per 100 sentences)")
    assert let_through[3:] == ["400 (1 error)", "at most 0.50", "✅ passed"]
    groups = re.findall(r"<strong>(.*?)</strong>", rendered(made))
    assert groups[:3] == ["Retrieval", "Citations", "Groundedness"]
    assert groups[-1] == "Novel"


FAILED = ["at least 0.900", "❌ failed"]


def test_parts_have_their_figures() -> None:
    made = report(parts=[part("named", n=3, n_passed=1, n_errors=1, means={"facts_all": 0.5})])
    assert row(made, "golden")[:4] == ["golden", "named", "1 of 3", "1"]
    assert row(made, "golden")[4:] == ["–", "–", "–", "0.500", "–", "–"]


def test_how_far_the_judge_can_be_trusted() -> None:
    made = report()
    assert row(made, "Source swapped")[3] == "0.050"
    assert row(made, "Source swapped")[-2:] == ["at least 0.950", "✅ passed"]
    assert row(made, "Words turned round")[-1] == "➖ not seen"
    assert row(made, "own_grounding")[1:3] == ["330", "0.930"]
    assert row(made, "public pairs | <i>")[-1] == "20 November 2026, 10:00 UTC"
    assert "Cohen’s κ 0.700 over 120 sentences, 1 error." in render_markdown(made)


def test_at_most_twenty_failed_cases_are_listed() -> None:
    many = [case(f"named-{n:03}") for n in range(30)] + [case("fine", passed=True)]
    said = render_markdown(report(cases=many))
    assert "<summary>30 cases failed</summary>" in said
    assert said.count("  \n  It is wrong.") == 20
    assert "- and 10 more" in said
    assert "fine" not in said


def test_a_failed_case_says_why() -> None:
    said = text_of(rendered(report()))
    assert "named-002 (named) How much faster does LayerSkip make decoding?" in said
    assert "Of 2 facts 1 is missing: '2.16'. Sentence 2 is unsupported." in said
    assert "Error: The LLM server did not answer within 60 s." in said


def test_nothing_that_was_written_becomes_markup() -> None:
    made = report(metrics=[metric("m", MARKUP, "facts"), metric("s", SCRIPT, "facts")])
    html = rendered(made)
    allowed = {"code", "details", "em", "h2", "h3", "li", "p", "span", "strong", "summary", "table"}
    allowed |= {"tbody", "td", "th", "thead", "tr", "ul", "br"}
    assert {tag.lower() for tag in re.findall(r"</?([a-zA-Z0-9]+)", html)} <= allowed
    for found in re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL):
        assert len(re.findall(r"<t[dh]", found)) in (5, 6, 7, 8, 10)
    text = text_of(html)
    assert "<img src=x onerror=alert(1)>" in text
    assert not re.search(r"@\w|://|www\.|\$\w+\$", html.replace("<span>$</span>", "S"))


@pytest.mark.parametrize(
    "text", ["a | b", "<b>x</b>", "`x`", "a\nb", "[x](y)", "*x* _y_ ~z~", "&lt;", "\\|", "$a$"]
)
def test_inert_text_is_shown_as_it_is(text: str) -> None:
    html = RENDERER.render(f"| head |\n| --- |\n| {escape(text)} |\n")
    cells = re.findall(r"<td>(.*?)</td>", html)
    assert [text_of(cell) for cell in cells] == [" ".join(text.split())]


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("@someone", "@\u200bsomeone"),
        ("me@example.org", "me@\u200bexample.org"),
        ("see #12", "see #\u200b12"),
        ("GH-12", "GH-\u200b12"),
        ("https://a.example", "https:\u200b//a.example"),
        ("www.a.example", "www\u200b.a.example"),
        ("c0ffee12", "c0ffee\u200b12"),
    ],
)
def test_inert_text_calls_nobody(text: str, broken: str) -> None:
    assert unescape(escape(text)) == broken


def test_inert_text_is_one_line_without_controls_and_cut() -> None:
    assert escape("a\x00\x1b[31m\u202e\ud800b") == "a &#91;31m b"
    assert escape(None) == ""
    assert escape("x" * 500, limit=10) == "x" * 9 + "…"


def test_figures_have_the_places_of_their_unit() -> None:
    assert format_number(0.91234) == "0.912"
    assert format_number(-0.5) == "−0.500"
    assert format_number(12345.6, "tokens") == "12,346"
    assert format_number(12.34, "ms") == "12.3"
    assert format_number(0.00123, "USD") == "0.0012"
    assert [format_number(none) for none in (None, "1", True, float("nan"))] == ["–"] * 4


def test_an_empty_report_is_said_in_few_words() -> None:
    said = render_markdown(empty_report())
    assert "Nothing was measured." in said
    assert "<details>" not in said
    assert "trusted" not in said
    assert render_markdown({}).startswith("## Evals: no gate")


def test_a_hostile_report_fits_a_comment() -> None:
    hostile = [case(MARKUP * 9, question=MARKUP * 50, failures=[MARKUP * 50] * 9)] * 30
    breaches = [{"metric": "m", "message": MARKUP * 50, "cases": []}] * 100
    gate = {"passed": False, "breaches": breaches, "notes": []}
    said = render_markdown(report(cases=hostile, gate=gate))
    assert "- and 80 more" in said
    assert len(said) < 65_536
