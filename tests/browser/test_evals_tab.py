"""The evals tab in a real browser: no report, good ones, and one that is damaged."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import screenshot
from tests.unit.ui.test_evals_reports import case, metric, record

pytestmark = pytest.mark.slow

HOSTILE = '<img src="https://elsewhere.example/x" onerror="document.title=1">'


@pytest.fixture
def reports(page_home: Path) -> Iterator[Path]:
    """The folder of reports of the page's home; gone after the test."""
    folder = page_home / "reports"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


def put(folder: Path, name: str, text: str) -> None:
    (folder / name).mkdir()
    (folder / name / "report.json").write_text(text)


def open_evals(page: Page) -> None:
    page.get_by_role("tab", name="Evals").click()


def test_no_report_is_said(chromium_page: Page) -> None:
    open_evals(chromium_page)
    status = chromium_page.locator("#evals .evals-status")
    expect(status).to_contain_text("There are no reports yet")
    screenshot(chromium_page, "evals-none")


def test_metrics_and_failures_of_a_report(reports: Path, chromium_page: Page) -> None:
    page = chromium_page
    cases = [
        case(id=f"q{n}", question=f"question {n}? {HOSTILE}", passed=n % 2 == 0) for n in range(6)
    ]
    metrics = [metric(floor=0.95, passed=False), metric(title="Recall", mean=None, low=None)]
    put(reports, "nightly", json.dumps(record(cases=cases, metrics=metrics)))
    put(reports, "older", json.dumps(record(created="2020-01-01T00:00:00Z", seed=7)))
    put(reports, "torn", '{"schema": 1')
    open_evals(page)
    expect(page.locator("#evals .evals-fault")).to_contain_text("Report 'torn' is not valid JSON")
    first = page.locator("#evals tbody tr").first
    expect(first).to_contain_text("0.80 to 1.00")
    expect(first.locator(".metric-verdict")).to_have_text("failed: must be at least 0.95")
    expect(page.get_by_role("heading", name="3 of 6 cases failed")).to_be_visible()
    page.locator("#evals .failure").first.click()
    opened = page.locator("#evals .case")
    expect(opened.locator("h3")).to_contain_text("question 1?")
    expect(opened).to_contain_text("The fact 'fly' is missing.")
    expect(opened.locator("blockquote").first).to_contain_text("Bees fly.")
    expect(opened.locator("[data-verdict=unsupported] .case-verdict")).to_contain_text(
        "unsupported"
    )
    expect(page.get_by_role("button", name="Previous")).to_be_disabled()
    page.get_by_role("button", name="Next").click()
    expect(opened.locator("h3")).to_contain_text("question 3?")
    assert page.locator("#evals img").count() == 0
    screenshot(page, "evals")
    page.locator("#evals select").select_option("older")
    expect(page.locator("#evals .evals-facts")).to_contain_text("seed 7")
    expect(opened).to_have_count(0)


def test_a_report_fits_a_phone(reports: Path, chromium_page: Page) -> None:
    page = chromium_page
    put(reports, "nightly", json.dumps(record()))
    page.set_viewport_size({"width": 390, "height": 844})
    open_evals(page)
    page.locator("#evals .failure").first.click()
    expect(page.locator("#evals .case")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    screenshot(page, "evals-phone")
