"""How the page looks and reads: light and dark, on a laptop and on a phone, to a screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Seen, ask, open_page, screenshot, watch
from tests.browser.test_chat import ABSENT, LENGTH, turn

pytestmark = pytest.mark.slow

TABS = {
    "Chat": "#conversation article.turn",
    "Library": "#library-table tbody tr",
    "Map": "#map .main-svg .point",
    "Search": "#search input",
    "Evals": "#evals .evals-status:not(:has-text('Reading'))",
}
"""Each tab, and what is there once it is drawn."""
SIZES = {"laptop": (1280, 800), "phone": (390, 844)}
QUIET_MS = 250
"""How long nothing may change on the page before it counts as settled."""


@pytest.fixture(params=list(SIZES))
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def looked_at(chromium: Browser, page_url: str, seen: Seen, size: str) -> Iterator[Page]:
    """The page in one size, with an answer and an abstention; a phone is dark to begin with."""
    width, height = SIZES[size]
    is_phone = size == "phone"
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if is_phone else "light",
        has_touch=is_phone,
    )
    context.set_default_timeout(60_000)
    page = context.new_page()
    watch(page, page_url, seen)
    open_page(page, page_url)
    assert is_dark(page) == is_phone
    ask(page, ABSENT)
    ask(page, LENGTH)
    yield page
    context.close()


def is_dark(page: Page) -> bool:
    return bool(page.evaluate("document.body.classList.contains('dark')"))


def turn_to(page: Page, theme: Any) -> None:
    """Changes the system's theme, which the page follows."""
    page.emulate_media(color_scheme=theme)
    page.wait_for_selector("body.dark" if theme == "dark" else "body:not(.dark)")


def settle(page: Page) -> None:
    """Waits for what still moves once a tab is drawn."""
    page.evaluate(
        """quiet => new Promise(settled => {
            const ended = () => Promise.allSettled(
                document.getAnimations()
                    .filter(moves => moves.effect.getComputedTiming().endTime < Infinity)
                    .map(moves => moves.finished)
            ).then(settled);
            const still = () => { changes.disconnect(); ended(); };
            let waiting = setTimeout(still, quiet);
            const changes = new MutationObserver(() => {
                clearTimeout(waiting);
                waiting = setTimeout(still, quiet);
            });
            const all = {subtree: true, childList: true, attributes: true, characterData: true};
            changes.observe(document, all);
        })""",
        QUIET_MS,
    )


def test_every_tab_reads_well_and_has_no_serious_fault_of_access(
    looked_at: Page, size: str
) -> None:
    page = looked_at
    for tab, drawn in TABS.items():
        page.get_by_role("tab", name=tab, exact=True).click()
        page.locator(drawn).first.wait_for()
        for theme in ("light", "dark"):
            turn_to(page, theme)
            settle(page)
            screenshot(page, f"{tab.lower()}-{size}-{theme}")
            assert faults(page) == [], (tab, theme)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{tab} is {wide} pixels wider than the screen"
    if size == "phone":
        page.get_by_role("tab", name="Chat", exact=True).click()
        a_source_opens_as_a_sheet(page)


def faults(page: Page) -> list[str]:
    """What axe-core finds serious or critical, a line each."""
    return [
        f"{found['id']}: {node['target']} {node.get('failureSummary', '')}"
        for found in Axe().run(page).response["violations"]
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"]
    ]


def a_source_opens_as_a_sheet(page: Page) -> None:
    turn(page, 2).locator(".cite").first.click()
    sheet = page.locator("dialog.sheet[open]")
    expect(sheet.locator("mark").first).to_be_visible()
    screenshot(page, "chat-phone-source")
    sheet.get_by_role("button", name="Close the sources").click()
    expect(sheet).to_have_count(0)
    expect(turn(page, 2).locator(".cite").first).to_be_focused()


def test_the_choice_of_light_and_dark_is_kept(chromium_page: Page) -> None:
    page = chromium_page
    switch = page.locator("#masthead button")
    for _ in range(3):
        if is_dark(page):
            break
        switch.click()
    assert is_dark(page)
    page.reload()
    page.wait_for_selector("#conversation .part > :visible")
    expect(page.locator("body")).to_have_class("dark")


def test_the_page_does_not_jump_while_an_answer_comes_and_has_landmarks(
    chromium_page: Page,
) -> None:
    page = chromium_page
    page.emulate_media(reduced_motion="no-preference")
    ask(page, ABSENT)
    page.evaluate(
        """() => {
            window.shifted = 0;
            new PerformanceObserver((list) => {
                for (const entry of list.getEntries()) window.shifted += entry.value;
            }).observe({ type: "layout-shift" });
        }"""
    )
    ask(page, LENGTH)
    settle(page)
    # Source: web.dev's Core Web Vitals call a cumulative layout shift of up to .1 good.
    assert page.evaluate("window.shifted") <= 0.1

    expect(page.get_by_role("heading", level=1)).to_have_text("abstract-assistant")
    expect(page.get_by_role("log", name="Questions and answers")).to_have_count(1)
    expect(page.get_by_role("complementary", name="Sources")).to_have_count(1)
    expect(page.get_by_role("navigation", name="Chats")).to_have_count(1)
    expect(page.get_by_role("textbox", name="Question")).to_have_count(1)
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.title() == "abstract-assistant"
