"""The report of the evals in a real browser, opened from a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from assistant_evals.report.html import render_html
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import screenshot
from tests.browser.test_look import SIZES, faults
from tests.unit.evals.made_report import SCRIPT, case, empty_report, large_report, report

pytestmark = pytest.mark.slow

QUICK_MS = 3_000
"""For a thousand cases to be there, on a machine that has other things to do."""


@dataclass
class Opened:
    """A browser, the folder of the reports, and what the pages did besides showing themselves."""

    browser: Browser
    folder: Path
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)

    def report(self, made: dict[str, Any], size: str = "laptop", theme: Any = "light") -> Page:
        """Returns a page that shows the report."""
        path = self.folder / f"report-{len(self.pages)}.html"
        path.write_text(render_html(made), encoding="utf-8")
        width, height = SIZES[size]
        page = self.browser.new_page(
            viewport={"width": width, "height": height}, color_scheme=theme
        )
        self.pages.append(page)
        own = path.as_uri()
        page.on("request", lambda r: None if r.url == own else self.requests.append(r.url))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda said: self.faults.append(said.text))
        page.on("dialog", lambda shown: (self.faults.append(shown.message), shown.dismiss()))
        page.goto(own)
        return page


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path) -> Iterator[Opened]:
    """Opens reports; fails where one asked for anything, complained, or ran what it shows."""
    opened = Opened(chromium, tmp_path)
    yield opened
    for page in opened.pages:
        assert page.locator("img").count() == 0
        page.close()
    assert opened.requests == []
    assert opened.faults == []


def items(page: Page) -> Any:
    return page.locator(".cases > li:visible")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
def test_it_reads_well_and_has_no_serious_fault_of_access(
    opened: Opened, size: str, theme: str
) -> None:
    page = opened.report(report(), size, theme)
    for summary in page.locator(".cases summary:visible, .figures summary").all():
        summary.click()
    page.evaluate("scrollTo(0, 0)")
    screenshot(page, f"eval-report-{size}-{theme}")
    page.locator("#curves").scroll_into_view_if_needed()
    screenshot(page, f"eval-report-curves-{size}-{theme}")
    page.locator(".cases > li:visible").first.scroll_into_view_if_needed()
    screenshot(page, f"eval-report-cases-{size}-{theme}")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(22, 24, 27)") == (theme == "dark")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{wide} pixels wider than the screen"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(chromium: Browser, tmp_path: Path, theme: Any) -> None:
    # axe-core is put into the page as a script, which the policy of the page forbids.
    path = tmp_path / "report.html"
    path.write_text(render_html(report()), encoding="utf-8")
    context = chromium.new_context(bypass_csp=True, color_scheme=theme)
    page = context.new_page()
    page.goto(path.as_uri())
    for summary in page.locator(".cases summary:visible, .figures summary").all():
        summary.click()
    assert faults(page) == []
    context.close()


def test_a_case_opens_by_keyboard(opened: Opened) -> None:
    page = opened.report(report())
    assert page.locator(".cases .inside").count() == 0
    page.locator("#only-failed").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    inside = items(page).first.locator(".inside")
    expect(inside.get_by_role("heading", name="What failed")).to_be_visible()
    for shown in (
        "Of 2 facts 1 is missing",
        "2.16 or 2.16x",
        "must be cited",
        "bestpills",
        "3.000, 4.000",
    ):
        expect(inside).to_contain_text(shown)
    sentence = inside.locator(".sentences > li").nth(2)
    expect(sentence.locator(".judged")).to_have_text("Unsupported score 0.120")
    expect(sentence.locator(".flags")).to_contain_text("The sources do not hold '3'.")
    quote = inside.locator("blockquote").first
    expect(quote).to_contain_text("We show speedups of up to 2.16x")
    expect(quote).to_contain_text("[1] LayerSkip: Enabling Early Exit Inference")
    expect(quote).to_contain_text("sentence 7; account of the abstract, not the authors' words")
    page.keyboard.press("Enter")
    expect(inside).to_be_hidden()


def test_filters_choose_cases(opened: Opened) -> None:
    page = opened.report(report())
    expect(items(page)).to_have_count(4)
    page.get_by_label("Only failed").uncheck()
    expect(items(page)).to_have_count(6)
    page.get_by_role("combobox", name="Kind").select_option("absent")
    expect(items(page)).to_have_count(2)
    expect(page.get_by_role("status")).to_have_text("2 of 6 cases shown, 4 failed")
    page.get_by_label("Search").fill("DO not state")
    expect(items(page)).to_have_count(1)
    items(page).locator("summary").click()
    declined = items(page).locator(".inside")
    expect(declined).to_contain_text("It declined: not stated.")
    expect(declined).to_contain_text("The abstracts do not state this.")
    page.get_by_label("Search").fill("nowhere to be found")
    expect(page.get_by_text("No case fits these filters.")).to_be_visible()


def test_hostile_texts_are_shown_and_do_nothing(opened: Opened) -> None:
    page = opened.report(report())
    page.get_by_label("Search").fill("named-003")
    items(page).locator("summary").click()
    inside = items(page).locator(".inside")
    for part in (".said", ".flags", "blockquote > p", "blockquote footer"):
        expect(inside.locator(part).last).to_contain_text(SCRIPT)
    assert page.locator("main b, main img").count() == 0


def test_a_case_that_got_worse_is_one_press_away(opened: Opened) -> None:
    cases = [case("fine", passed=True, failures=[]), case("bad/?#%")]
    breach = {"metric": "m", "message": "It fell.", "cases": ["fine", "bad/?#%", "gone"]}
    gate = {"passed": False, "breaches": [breach], "notes": []}
    page = opened.report(report(cases=cases, gate=gate))
    expect(page.locator(".breaches .note")).to_have_text("Cases: fine, bad/?#%, gone")
    expect(page.locator(".breaches a")).to_have_count(2)
    page.get_by_role("link", name="bad/?#%").click()
    expect(items(page).locator("summary")).to_be_focused()
    expect(items(page).locator(".inside")).to_be_visible()
    page.get_by_role("link", name="fine").click()
    expect(page.get_by_label("Only failed")).not_to_be_checked()
    expect(items(page).first.locator("summary")).to_be_focused()


def test_plots_are_drawn(opened: Opened) -> None:
    page = opened.report(report())
    expect(page.locator("#metrics tbody .plot svg")).to_have_count(11)
    expect(page.locator("#metrics .plot .dot")).to_have_count(10)
    expect(page.locator("#metrics .plot .floor")).to_have_count(5)
    curve = page.locator("#curves .curve").get_attribute("d")
    assert curve is not None
    assert curve.count("L") == 39
    assert "NaN" not in page.locator("main").inner_html()
    names = [chart.get_attribute("aria-label") for chart in page.locator("svg.chart").all()]
    assert len(names) == 4
    assert str(names[0]).startswith("Risk by coverage: 0.000 wrong where 0.025 are answered")
    bins = page.locator("#curves svg.chart").nth(1).locator(".count")
    assert bins.all_text_contents()[:3] == ["12", "149", "0"]


def test_the_page_has_landmarks_and_names(opened: Opened) -> None:
    page = opened.report(report())
    assert page.title() == "Evals gate 2026-11-26"
    expect(page.get_by_role("heading", level=1)).to_have_text("Report of the evals")
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("navigation", name="Parts of the report")).to_have_count(1)
    expect(page.get_by_role("search", name="Cases")).to_have_count(1)
    metrics = page.get_by_role("table", name="Metrics")
    recall = metrics.get_by_role("row", name="Recall@5")
    expect(recall.get_by_role("cell", name="passed")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the cases")).to_be_focused()


def test_a_report_without_anything_is_shown(opened: Opened) -> None:
    page = opened.report(empty_report())
    expect(page.get_by_text("No gate", exact=True)).to_be_visible()
    expect(page.get_by_text("The report holds no cases.")).to_be_visible()
    expect(page.locator("#metrics, #kinds, #curves, #trust")).to_have_count(0)
    expect(opened.report({}).get_by_text("No gate", exact=True)).to_be_visible()


def test_a_thousand_cases_are_quick(opened: Opened) -> None:
    page = opened.report(large_report())
    loaded = page.evaluate("performance.getEntriesByType('navigation')[0].domInteractive")
    assert loaded < QUICK_MS
    expect(items(page)).to_have_count(100)
    took = page.evaluate(
        """() => {
            const start = performance.now();
            document.getElementById("only-failed").click();
            document.getElementById("words").value = "named-077";
            document.getElementById("words").dispatchEvent(new Event("input", { bubbles: true }));
            document.body.getBoundingClientRect();
            return performance.now() - start;
        }"""
    )
    expect(items(page)).to_have_count(10)
    assert took < QUICK_MS
    assert page.locator(".inside").count() == 0
