"""The evals tab in a real browser: no report, and a choice of reports with hostile texts."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from assistant_evals.report.html import render_html
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import open_page, screenshot
from tests.running_page import RunningPage
from tests.unit.evals.made_report import report

pytestmark = pytest.mark.slow


@pytest.fixture
def reports(running_page: RunningPage) -> Iterator[Path]:
    """The folder of reports of the page's home; gone after the test."""
    folder = running_page.home / "reports"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


def put(folder: Path, name: str, text: str, written_s: int) -> None:
    (folder / name).mkdir()
    path = folder / name / "report.html"
    path.write_text(text, encoding="utf-8")
    os.utime(path, (written_s, written_s))


def open_evals(page: Page) -> None:
    page.get_by_role("tab", name="Evals").click()


def test_no_report_is_said(chromium_page: Page) -> None:
    open_evals(chromium_page)
    status = chromium_page.locator("#evals .evals-status")
    expect(status).to_contain_text("There are no reports yet")
    screenshot(chromium_page, "evals-none")


def test_every_report_can_be_read(reports: Path, chromium_page: Page) -> None:
    page = chromium_page
    put(reports, "of Ann & Bo: 50 %", render_html(report()), 2_000_000_000)
    put(reports, "older", render_html(report(seed=7)), 1_000_000_000)
    open_evals(page)
    shown = page.frame_locator("#evals iframe")
    expect(shown.locator("#facts")).to_contain_text("seed 0")
    expect(shown.locator("#metrics tbody tr").first).to_be_visible()
    assert page.locator("#evals option").all_inner_texts() == [
        "of Ann & Bo: 50 %, 18 May 2033, 03:33 UTC",
        "older, 9 September 2001, 01:46 UTC",
    ]
    screenshot(page, "evals")
    shown.locator(".cases summary:visible").first.click()
    expect(shown.locator(".cases details[open]").first).to_be_visible()
    assert shown.locator("img").count() == 0
    page.get_by_label("Report").select_option("older")
    expect(shown.locator("#facts")).to_contain_text("seed 7")
    # Coming back to the tab leaves what is read as it is.
    page.get_by_role("tab", name="Search").click()
    open_evals(page)
    page.wait_for_timeout(500)
    expect(shown.locator("#facts")).to_contain_text("seed 7")


def test_a_report_reaches_nothing_of_the_page(reports: Path, chromium_page: Page) -> None:
    page = chromium_page
    hostile = """<h1>?</h1><script>
        const tried = [
            () => parent.document.title,
            () => localStorage.length,
            () => document.cookie,
        ].map((attempt) => { try { return String(attempt()); } catch { return "kept out"; } });
        const show = (last) => document.querySelector("h1").textContent = [...tried, last].join();
        fetch("/config").then(() => show("read"), () => show("kept out"));
    </script>"""
    put(reports, "hostile", hostile, 1_000_000_000)
    open_evals(page)
    heading = page.frame_locator("#evals iframe").locator("h1")
    expect(heading).to_have_text(",".join(["kept out"] * 4))


def test_a_report_has_the_theme_of_the_page_and_fits_a_phone(
    reports: Path, chromium: Browser, page_url: str
) -> None:
    put(reports, "nightly", render_html(report()), 1_000_000_000)
    # An emulated scheme would hold for the report whatever the page says; "null" emulates none.
    context = chromium.new_context(viewport={"width": 390, "height": 844}, color_scheme="null")
    page = context.new_page()
    open_page(page, page_url)
    # From what the system says, which is light, to light, to dark.
    for _ in range(2):
        page.locator("#masthead button").click()
    open_evals(page)
    shown = page.frame_locator("#evals iframe")
    expect(shown.locator("#facts")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert shown.locator("html").evaluate("(root) => root.scrollWidth <= innerWidth")
    assert shown.locator("html").evaluate(
        "() => matchMedia('(prefers-color-scheme: dark)').matches"
    )
    screenshot(page, "evals-phone")
    context.close()
