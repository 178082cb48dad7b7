"""The map in a real browser: drawn, pointed at, opened from points and lists, marked."""

from __future__ import annotations

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.conftest import ask, screenshot

pytestmark = pytest.mark.slow

DRAWN_MS = 120_000


def at_rest(page: Page, point: Locator) -> FloatRect:
    """Returns where a point lies once the map has settled."""
    before, box = None, point.bounding_box()
    while box is None or box != before:
        page.wait_for_timeout(300)
        before, box = box, point.bounding_box()
    return box


def open_map(page: Page) -> None:
    page.get_by_role("tab", name="Map").click()
    page.wait_for_selector("#map .main-svg .point", timeout=DRAWN_MS)


def test_every_paper_is_a_point_in_either_theme_and_in_a_list(chromium_page: Page) -> None:
    page = chromium_page
    open_map(page)
    assert page.locator("#map .scatterlayer .point").count() == 245
    counts = page.locator("#map .cluster-count").all_text_contents()
    assert sum(int(text.split()[0]) for text in counts) == 245
    assert 4 <= len(counts) <= 8
    names = page.locator("#map .cluster-name").all_text_contents()
    assert all(names)
    assert len(set(names)) == len(names)
    assert "PCA: its two axes hold" in page.locator("#map .map-about").inner_text()
    screenshot(page, "map")

    point = page.locator("#map .scatterlayer .point").first
    light = point.evaluate("point => getComputedStyle(point).fill")
    page.emulate_media(color_scheme="dark")
    expect(point).not_to_have_css("fill", light)
    screenshot(page, "map-dark")


def test_a_paper_opens_from_the_list_by_keyboard_and_by_its_point(chromium_page: Page) -> None:
    page = chromium_page
    open_map(page)
    page.locator("#map .cluster summary").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#map .cluster").nth(1).locator(".cluster-paper").first).to_be_visible()
    page.keyboard.press("Tab")
    title = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    card = page.locator("#map .paper-card")
    expect(card).to_be_visible()
    assert card.locator(".paper-title").inner_text() == title.rsplit(" (", 1)[0]
    expect(card).to_be_focused()
    page.get_by_role("button", name="Close", exact=True).click()
    expect(card).to_have_count(0)
    assert page.evaluate("document.activeElement.textContent") == title

    page.evaluate("scrollTo(0, 0)")
    # The point that is drawn last is covered by no other.
    point = page.locator("#map .scatterlayer .trace").nth(7).locator(".point").last
    box = at_rest(page, point)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x - 3, y - 3)
    page.mouse.move(x, y)
    tip = page.locator("#map .map-tip strong")
    expect(tip).to_be_visible()
    title = tip.inner_text()
    page.mouse.click(x, y)
    expect(page.locator("#map .paper-title")).to_have_text(title)
    page.get_by_role("button", name="Ask about this paper").click()
    expect(page.locator("#question textarea")).to_be_visible()
    expect(page.locator("#conversation .restriction")).to_contain_text("Only one chosen paper")


def test_the_papers_behind_the_last_answer_are_ringed_and_listed(chromium_page: Page) -> None:
    page = chromium_page
    ask(page, "Which papers speed up decoding with draft models?")
    cited = page.locator("#conversation .cite").evaluate_all(
        "links => new Set(links.map(link => link.dataset.paper)).size"
    )
    assert cited > 0
    open_map(page)
    group = page.locator("#map .cluster", has_text="Behind the last answer")
    expect(group.locator(".cluster-count")).to_have_text(
        f"{cited} paper{'' if cited == 1 else 's'}"
    )
    assert page.locator("#map .scatterlayer .point").count() == 245 + cited
    screenshot(page, "map-cited")


def test_the_map_fits_a_phone(chromium_page: Page) -> None:
    page = chromium_page
    page.set_viewport_size({"width": 390, "height": 844})
    open_map(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.locator("#map .map-plot").bounding_box()
    assert box is not None
    assert box["width"] <= 390
    screenshot(page, "map-phone")
