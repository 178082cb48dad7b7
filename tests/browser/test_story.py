"""A visitor's story: ask, look at the quotes, follow up, come back, rate, save, add papers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ask, open_page, screenshot
from tests.browser.test_chat import ABSENT, FOLLOW_UP, LENGTH, claims, turn
from tests.browser.test_library_tab import report, upload
from tests.running_page import RunningPage

HERONS = """@article{heron2020, title={Grey Herons at Rest}, author={Reed, Ann}, year={2020},
  abstract={We watched birds at a lake. Grey herons stand still for 40 minutes. They fish at dawn.}}
"""


@pytest.fixture(scope="module")
def running_page(own_page: RunningPage) -> RunningPage:
    return own_page


def test_a_visitor_asks_looks_comes_back_and_keeps_it(
    chromium_page: Page, running_page: RunningPage
) -> None:
    page = chromium_page
    screenshot(page, "chat-empty")

    # An answer: quotations, each with the number of its source.
    ask(page, LENGTH)
    first = turn(page, 1)
    assert claims(first)
    assert first.locator(".cite").first.inner_text() == "[1]"
    expect(first).to_contain_text("Quotations, word for word, from accounts of the abstracts")
    screenshot(page, "chat-answer")

    # A number opens the card of its source, where the very words of the answer are marked.
    first.locator(".cite").first.click()
    card = page.locator(".evidence .paper-card:focus")
    expect(card).to_be_visible()
    quoted = claims(first)[0]
    expect(card.locator("mark", has_text=quoted)).to_be_in_viewport()
    expect(card).to_contain_text("[1]")
    expect(card).to_contain_text("Account of the abstract, not the authors' words")
    expect(first.locator(".told").first).to_have_text("account")

    # A sentence lights up its quote when it is pointed at, and keeps it lit when it is pinned.
    claim = first.locator(".claim").first
    claim.click()
    expect(claim).to_have_attribute("aria-pressed", "true")
    screenshot(page, "chat-pinned")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(claim).to_have_attribute("aria-pressed", "false")

    # A follow-up is read with what was said before, and says how it was read.
    ask(page, FOLLOW_UP)
    second = turn(page, 2)
    expect(second.locator(".asked")).to_contain_text("Asked as:")

    # What the library does not hold is declined, with what is closest.
    ask(page, ABSENT)
    declined = turn(page, 3)
    expect(declined.locator(".abstention")).to_contain_text("I found no sentence that answers this")
    expect(page.locator(".evidence")).to_contain_text("Closest papers")
    assert declined.locator(".claim").count() == 0
    screenshot(page, "chat-abstention")

    # The same references are on the same answers after a reload, and after a new server.
    before = [claims(turn(page, n)) for n in (1, 2)]
    cards = shown_sources(page, 1)
    page.reload()
    expect(page.locator("#conversation article.turn")).to_have_count(3)
    assert [claims(turn(page, n)) for n in (1, 2)] == before
    running_page.stop()
    running_page.start()
    open_page(page, running_page.url)
    expect(page.locator("#conversation article.turn")).to_have_count(3)
    assert [claims(turn(page, n)) for n in (1, 2)] == before
    assert shown_sources(page, 1) == cards

    # A disputed sentence becomes a row that the evals read.
    target = turn(page, 1).locator(".sentence").first
    target.hover()
    target.locator("[data-rating=down]").click()
    page.keyboard.type("It is not what the paper says.")
    page.keyboard.press("Enter")
    expect(target).to_contain_text("Noted")
    (row,) = rows(running_page.home / "disputes.jsonl")
    assert (row["rating"], row["comment"]) == ("down", "It is not what the paper says.")
    assert row["sentence"]["text"] == before[0][0]
    assert row["question"] == LENGTH
    assert row["sources"][0]["abstract"]
    page.reload()
    expect(turn(page, 1).locator(".sentence").first).to_contain_text("Noted")

    # Answers leave as files, with their references.
    turn(page, 1).locator(".turn-actions").get_by_role("button", name="Save").click()
    with page.expect_download() as download:
        turn(page, 1).get_by_role("button", name="BibTeX").click()
    assert download.value.suggested_filename == "answer-1.bib"
    assert before[0][0] in re.sub(r"\s+", " ", Path(download.value.path()).read_text())
    page.get_by_role("button", name="Save this chat").click()
    with page.expect_download() as download:
        page.locator("#save-chat").get_by_role("button", name="Markdown").click()
    text = Path(download.value.path()).read_text()
    assert LENGTH in text
    assert "### References" in text

    # A file of one's own begins a library of one's own, and is asked about at once.
    page.get_by_role("tab", name="Library").click()
    page.locator("#library-table tbody tr").first.wait_for()
    upload(page, ("herons.bib", HERONS))
    assert "1 paper" in report(page)
    page.get_by_role("tab", name="Chat").click()
    ask(page, "How long do grey herons stand still?")
    expect(turn(page, 4)).to_contain_text("Grey herons stand still for 40 minutes")
    expect(page.locator("#masthead")).to_contain_text("default")
    # What was answered from the other library keeps its words, and says that the paper is gone.
    assert claims(turn(page, 1)) == before[0]
    turn(page, 1).locator(".cite").first.click()
    expect(page.locator(".evidence")).to_contain_text("This paper has changed since")

    # A new chat is empty; the one before is a click away, and can be deleted.
    page.get_by_role("button", name="New chat").click()
    expect(page.locator("#conversation article.turn")).to_have_count(0)
    page.locator("#chats .chat-open", has_text=LENGTH).click()
    expect(page.locator("#conversation article.turn")).to_have_count(4)
    page.locator("#chats").get_by_role("button", name=f"Delete the chat {LENGTH}").click()
    page.locator("#chats").get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator("#conversation article.turn")).to_have_count(0)
    expect(page.locator("#chats .chat-open")).to_have_count(0)
    assert list((running_page.home / "chats").rglob("*.json")) == []


def shown_sources(page: Page, n: int) -> list[str]:
    """The titles of the cited sources beside the n-th turn."""
    turn(page, n).locator(".question :is(h2, h3)").click()
    cited = page.locator(".evidence-body > .sources").first.locator(".paper-title")
    expect(cited.first).to_be_visible()
    return cited.all_inner_texts()


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]
