"""The search tab in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import screenshot

pytestmark = pytest.mark.slow

QUERY = "Which papers speed up decoding with draft models?"


def search(page: Page, query: str = QUERY) -> None:
    page.get_by_role("tab", name="Search").click()
    page.get_by_label("Search for").fill(query)
    page.keyboard.press("Enter")
    expect(page.locator("#search .search-status")).not_to_have_text("Searching…")


def test_papers_are_ranked_with_their_sentences_and_scores(chromium_page: Page) -> None:
    page = chromium_page
    search(page)
    results = page.locator("#search .result")
    expect(results).to_have_count(10)
    ranks = page.locator("#search .result-rank").all_text_contents()
    assert ranks == [str(rank) for rank in range(1, 11)]
    first = results.first
    sentence = first.locator(".result-sentence mark").inner_text()
    expect(first).to_contain_text("Account of the abstract, not the authors' words")
    first.get_by_text("Account", exact=True).click()
    expect(first.locator(".result-abstract mark")).to_have_text(sentence)
    expect(first.locator(".result-sentence")).to_be_hidden()
    screenshot(page, "search")

    # Scores are shown when they are asked for.
    scores = page.locator("#search .result-scores")
    expect(scores.first).to_be_hidden()
    page.get_by_label("Show scores").check()
    expect(scores.first).to_be_visible()
    expect(page.get_by_text("Higher is better in each.")).to_be_visible()
    together = page.locator("#search .result-scores div:first-child dd").all_inner_texts()
    values = [float(text.replace("−", "-")) for text in together]
    assert values == sorted(values, reverse=True)
    screenshot(page, "search-scores")


def test_filters_and_the_number_of_papers_hold(chromium_page: Page) -> None:
    page = chromium_page
    search(page)
    page.locator("#search [name=top_k]").select_option("5")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator("#search .result")).to_have_count(5)
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("From year").fill("2999")
    page.keyboard.press("Enter")
    expect(page.locator("#search .search-status")).to_have_text(
        "No paper of this library passes these filters."
    )
    expect(page.locator("#search .result")).to_have_count(0)
    expect(page.locator("#search .search-used")).to_have_text(" (1 in use)")
    page.get_by_label("Has a DOI").check()
    expect(page.locator("#search .search-used")).to_have_text(" (2 in use)")
    screenshot(page, "search-filters")
    page.get_by_role("button", name="Clear filters").click()
    expect(page.get_by_label("Has a DOI")).not_to_be_checked()
    page.get_by_label("From year").fill("soon")
    page.keyboard.press("Enter")
    expect(page.locator("#search .search-status")).to_have_text(
        "the first year 'soon' is not a year; write one as 2023"
    )


def test_ticked_papers_are_what_the_chat_asks(chromium_page: Page) -> None:
    page = chromium_page
    search(page)
    boxes = page.locator("#search .result-tick input")
    boxes.nth(0).check()
    expect(page.get_by_role("button", name="Ask about this paper")).to_be_visible()
    boxes.nth(2).check()
    page.get_by_role("button", name="Ask about these 2 papers").click()
    expect(page.locator("#question textarea")).to_be_visible()
    expect(page.locator("#conversation .restriction")).to_contain_text("Only 2 chosen papers")
    screenshot(page, "search-asked")


def test_what_is_typed_is_text_and_all_fits_a_phone(chromium_page: Page) -> None:
    page = chromium_page
    page.set_viewport_size({"width": 390, "height": 844})
    search(page, " ")
    expect(page.locator("#search .search-status")).to_contain_text("nothing to search for yet")
    search(page, "<img src=x onerror=alert(1)>")
    expect(page.locator("#search .result").first).to_be_visible()
    assert page.locator("#search img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    screenshot(page, "search-phone")
