"""A visitor's story: ask, look at the quotes, follow up, come back, rate, save."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import RunningPage, Seen, ask, open_page, screenshot, watch

LENGTH = "How is the length of a response controlled?"
FOLLOW_UP = "And what does it lose in quality?"
ABSENT = "How many legs has a spider?"


def turn(page: Page, n: int) -> Locator:
    """The n-th turn, from 1."""
    return page.locator("#conversation article.turn").nth(n - 1)


def claims(of: Locator) -> list[str]:
    return of.locator(".claim").all_inner_texts()


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
    expect(first).to_contain_text("Quotations, word for word")
    screenshot(page, "chat-answer")

    # A number opens the card of its source, where the very words of the answer are marked.
    first.locator(".cite").first.click()
    card = page.locator(".evidence .paper-card:focus")
    expect(card).to_be_visible()
    quoted = claims(first)[0]
    expect(card.locator("mark", has_text=quoted)).to_be_in_viewport()
    expect(card).to_contain_text("[1]")

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
    expect(declined.locator(".abstention")).to_contain_text("Not in this library")
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

    # A new chat is empty; the one before is a click away, and can be deleted.
    page.get_by_role("button", name="New chat").click()
    expect(page.locator("#conversation article.turn")).to_have_count(0)
    page.locator("#chats .chat-open", has_text=LENGTH).click()
    expect(page.locator("#conversation article.turn")).to_have_count(3)
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


def test_copies_keep_their_citations(chromium_page: Page, context: BrowserContext) -> None:
    page = chromium_page
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, LENGTH)
    turn(page, 1).get_by_role("button", name="Copy", exact=True).click()
    expect(turn(page, 1)).to_contain_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert claims(turn(page, 1))[0] in copied
    title = page.locator(".evidence .paper-title").first.inner_text().removeprefix("[1] ")
    assert f"[1] {title}" in copied

    # A selection brings the references of the numbers in it.
    page.evaluate(
        """() => {
            const body = document.querySelector("#conversation .sentence-body");
            const range = document.createRange();
            range.selectNodeContents(body);
            const selection = getSelection();
            selection.removeAllRanges();
            selection.addRange(range);
        }"""
    )
    page.keyboard.press("Control+c")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(claims(turn(page, 1))[0])
    assert f"[1] {title}" in copied


def test_questions_are_edited_and_asked_again(chromium_page: Page) -> None:
    page = chromium_page
    ask(page, LENGTH)
    ask(page, FOLLOW_UP)
    turn(page, 1).get_by_role("button", name="Edit the question").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("Which papers study speculative decoding?")
    page.keyboard.press("Enter")
    expect(turn(page, 1).locator(".heading")).to_contain_text("abstracts were found to match")
    expect(page.locator("#conversation article.turn")).to_have_count(1)
    before = claims(turn(page, 1))
    turn(page, 1).locator(".sentence").first.evaluate("shown => { shown.dataset.old = 'true' }")
    turn(page, 1).get_by_role("button", name="Ask again").click()
    turn(page, 1).locator(".sentence:not([data-old])").first.wait_for()
    page.wait_for_selector("#send:visible")
    expect(page.locator("#conversation article.turn")).to_have_count(1)
    assert claims(turn(page, 1)) == before


def test_the_keyboard_is_enough(chromium_page: Page) -> None:
    page = chromium_page
    page.locator("#masthead h1").click()
    page.keyboard.press("/")
    expect(page.locator("#question textarea")).to_be_focused()
    page.keyboard.type("How is the length")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("of a response controlled?")
    assert page.locator("#question textarea").input_value().count("\n") == 1
    page.keyboard.press("Enter")
    turn(page, 1).locator(".sentence").first.wait_for()
    page.wait_for_selector("#send:visible")
    expect(page.locator("#question textarea")).to_have_value("")
    assert claims(turn(page, 1))
    # Back from the composer with Shift+Tab to the answer, into it, and to a source.
    turn(page, 1).locator(".claim").first.focus()
    page.keyboard.press("Enter")
    expect(turn(page, 1).locator(".claim").first).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    turn(page, 1).locator(".cite").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".evidence .paper-card:focus")).to_be_visible()
    page.keyboard.press("Escape")
    expect(turn(page, 1).locator(".cite").first).to_be_focused()


def test_two_visitors_do_not_see_each_other(chromium_page: Page, page_url: str, seen: Seen) -> None:
    ask(chromium_page, LENGTH)
    browser = chromium_page.context.browser
    assert browser is not None
    other = browser.new_context()
    theirs = other.new_page()
    watch(theirs, page_url, seen)
    open_page(theirs, page_url)
    expect(theirs.locator("#conversation article.turn")).to_have_count(0)
    expect(theirs.locator("#chats .chat-open")).to_have_count(0)
    ask(theirs, FOLLOW_UP)
    expect(turn(theirs, 1).locator(".asked")).to_be_hidden()
    expect(chromium_page.locator("#conversation article.turn")).to_have_count(1)
    other.close()
