"""The library tab in a real browser: papers are added, found, read, chosen, saved and removed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import screenshot
from tests.running_page import RunningPage

pytestmark = pytest.mark.slow

PHONE = {"width": 390, "height": 844}
HOSTILE = "<img src=x onerror=alert(1)> about sheep"
ENTRIES = [
    ("zhao2023", "Counting Sheep at Night", "Zhao, Li and Smith, Ann and Bo, Cy", 2023, "Sleep"),
    ("ruiz2019", "Äpfel Fall Faster", "Ruiz, Ana", 2019, "Gravity Letters"),
    ("bo2021", HOSTILE, "Bo, Cy", 2021, "Sleep"),
]


@pytest.fixture(scope="module")
def running_page(own_page: RunningPage) -> RunningPage:
    return own_page


def bib(entries: list[tuple[str, str, str, int, str]]) -> str:
    return "\n".join(
        f"@article{{{key}, title={{{title}}}, author={{{authors}}}, year={{{year}}}, "
        f"journal={{{venue}}}, keywords={{{key[:2]} things}}, abstract={{We study {key} with care. "
        f"The effect is {year % 100} percent. No sheep came to harm.}}}}"
        for key, title, authors, year, venue in entries
    )


def upload(page: Page, *files: tuple[str, str]) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add papers").click()
    chooser.value.set_files(
        [FilePayload(name=name, mimeType="", buffer=text.encode()) for name, text in files]
    )


def report(page: Page) -> str:
    shown = page.locator("#library-changes .report")
    shown.wait_for(timeout=120_000)
    return shown.inner_text()


def count(page: Page) -> str:
    return page.locator("#library-table .count").inner_text()


def titles(page: Page) -> list[str]:
    return page.locator("#library-table .opener").all_inner_texts()


def expect_count(page: Page, text: str) -> None:
    expect(page.locator("#library-table .count")).to_have_text(text)


def tick(page: Page, title: str) -> None:
    page.get_by_role("checkbox", name=f"Choose {title}").check()


@pytest.fixture
def library_page(chromium_page: Page) -> Page:
    chromium_page.get_by_role("tab", name="Library").click()
    chromium_page.locator("#library-table tbody tr").first.wait_for()
    return chromium_page


def test_the_starter_library_is_shown_a_page_at_a_time_and_is_never_changed(
    library_page: Page,
) -> None:
    page = library_page
    expect_count(page, "245 papers")
    assert page.get_by_text("your first file begins a library of your own").is_visible()
    assert len(titles(page)) == 100
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_text("Page 2 of 3")).to_be_visible()
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.locator("#library-table .opener")).to_have_count(45)
    page.locator("#library-table tbody input").first.check()
    expect_count(page, "245 papers, 1 ticked")
    assert not page.get_by_role("button", name="Remove").is_visible()


def test_a_library_of_ones_own(library_page: Page) -> None:
    """Steps in order over one library: each goes on from the one before it."""
    page = library_page
    upload(page, ("sheep.bib", bib(ENTRIES) + "\n@article{none, title={No Abstract}}"))
    expect(page.locator("#library-changes progress")).to_be_visible()
    assert page.get_by_role("button", name="Add papers").is_disabled()
    told = report(page)
    assert "Added 3 papers and skipped 1." in told
    assert re.search(r"sheep\.bib\s+4\s+'none' has no abstract", told)
    expect_count(page, "3 papers")
    assert not page.get_by_text("The starter library").is_visible()
    screenshot(page, "library-added")

    page.get_by_label("Close the report").click()
    page.get_by_role("button", name="Year", exact=True).click()
    expect(page.locator("th.year[aria-sort=ascending]")).to_be_visible()
    first = page.locator("#library-table .opener").first
    expect(first).to_have_text("Äpfel Fall Faster")
    page.get_by_role("button", name="Year", exact=True).click()
    expect(page.locator("th.year[aria-sort=descending]")).to_be_visible()
    expect(first).to_have_text("Counting Sheep at Night")

    page.get_by_role("button", name="Counting Sheep at Night").click()
    card = page.locator("#library-table .paper-card")
    expect(card).to_contain_text("We study zhao2023 with care.")
    expect(card).to_contain_text("Zhao")
    screenshot(page, "library-open")

    page.get_by_label("Search").fill("SLEEP bo")
    expect_count(page, "2 of 3 papers")
    page.get_by_label("To year").fill("2022")
    expect_count(page, "1 of 3 papers")
    assert titles(page) == [HOSTILE]
    page.get_by_label("Search").fill("nothing has this")
    expect(page.get_by_text("No paper matches")).to_be_visible()
    page.get_by_role("button", name="Reset").click()
    expect_count(page, "3 papers")
    page.get_by_label("Keyword").fill("ru THINGS")
    expect_count(page, "1 of 3 papers")
    page.get_by_label("Keyword").fill("")

    with page.expect_download() as saved:
        page.get_by_label("Format of the export").select_option("ris")
        page.get_by_role("button", name="Export all").click()
    assert saved.value.suggested_filename == "default.ris"
    text = Path(saved.value.path()).read_text(encoding="utf-8")
    assert text.count("TY  -") == 3

    tick(page, "Counting Sheep at Night")
    tick(page, HOSTILE)
    expect_count(page, "3 papers, 2 ticked")
    page.get_by_role("button", name="Ask only these 2").click()
    expect(page.get_by_role("tab", name="Chat")).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="Library").click()
    page.get_by_role("button", name="Ask all papers").click()
    expect_count(page, "3 papers")

    tick(page, HOSTILE)
    page.get_by_role("button", name="Remove ...").click()
    expect(page.get_by_text("Remove 1 paper from the library?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Remove 1 paper from the library?")).to_have_count(0)
    assert "3 papers" in count(page)
    page.get_by_role("button", name="Remove ...").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    assert "Removed 1 paper." in report(page)
    expect_count(page, "2 papers")

    page.get_by_label("Keep papers without an abstract").check()
    upload(page, ("bare.bib", "@article{bare, title={Bare Title}}"))
    assert "Added 1 paper." in report(page)
    page.get_by_role("button", name="Bare Title").click()
    expect(card).to_contain_text("Bare Title")
    expect(card.locator(".paper-abstract, details")).to_have_count(0)


def test_what_cannot_be_read_is_told_and_the_rest_is_taken(library_page: Page) -> None:
    page = library_page
    upload(
        page,
        ("notes.pdf", "%PDF"),
        ("empty.ris", ""),
        ("more.bib", bib([("lee2020", "A Later Paper", "Lee, Ann", 2020, "Sleep")])),
    )
    told = report(page)
    assert "Added 1 paper and skipped 2." in told
    assert re.search(r"notes\.pdf\s+is not one of \.txt \.bib", told)
    assert re.search(r"empty\.ris\s+is empty; there is nothing to read", told)
    assert "/tmp" not in told


def test_stopping_leaves_the_library_as_it_was(
    library_page: Page, running_page: RunningPage
) -> None:
    page = library_page
    before = count(page)
    entries = [(f"key{n}", f"Paper {n} on Sheep", "Lee, Ann", 2020, "Sleep") for n in range(600)]
    upload(page, ("many.bib", bib(entries)))
    expect(page.locator("#library-changes .done")).to_contain_text("of 600", timeout=120_000)
    page.get_by_role("button", name="Stop").click()
    assert "Stopped; the library is as it was." in report(page)
    assert count(page) == before


def test_on_a_phone_nothing_is_wider_than_the_screen(library_page: Page) -> None:
    page = library_page
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.locator("#library-table .opener").first.click()
    page.locator("#library-table .paper-card").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    screenshot(page, "library-phone")
    page.emulate_media(color_scheme="dark")
    page.wait_for_selector("body.dark")
    screenshot(page, "library-phone-dark")


def test_the_keyboard_alone_is_enough(library_page: Page) -> None:
    page = library_page
    page.get_by_role("checkbox", name="Choose all papers of this page").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("thead th.title")).to_have_attribute("aria-sort", "ascending")
    opener = page.locator("#library-table .opener").first
    opener.focus()
    page.keyboard.press("Enter")
    expect(opener).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    expect(page.locator("#library-table tbody input").first).to_be_checked()


def test_nothing_hinders_who_reads_with_a_screen_reader(library_page: Page) -> None:
    page = library_page
    page.locator("#library-table tbody input").first.check()
    page.locator("#library-table .opener").first.click()
    page.locator("#library-table .paper-card").wait_for()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.wait_for_selector("body.dark" if scheme == "dark" else "body:not(.dark)")
        found = Axe().run(page, context="#library-changes, #library-table")
        serious = [
            v for v in found.response["violations"] if v["impact"] in ("serious", "critical")
        ]
        assert [(v["id"], [n["html"] for n in v["nodes"][:3]]) for v in serious] == []
