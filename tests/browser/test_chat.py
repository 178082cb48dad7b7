"""The chat in a real browser: copying, editing, the keyboard, two visitors."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import Seen, ask, open_page, watch

LENGTH = "How is the length of a response controlled?"
FOLLOW_UP = "And what does it lose in quality?"
ABSENT = "How many legs has a spider?"


def turn(page: Page, n: int) -> Locator:
    """The n-th turn, from 1."""
    return page.locator("#conversation article.turn").nth(n - 1)


def claims(of: Locator) -> list[str]:
    return of.locator(".claim").all_inner_texts()


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


def test_questions_may_come_as_fast_as_they_are_typed(
    page_url: str, context: BrowserContext
) -> None:
    page = context.new_page()
    page.goto(page_url)
    # Before the page has heard from its server, and each at once after the answer before.
    for n, question in enumerate([LENGTH, FOLLOW_UP, LENGTH], 1):
        page.fill("#question textarea", question)
        page.keyboard.press("Enter")
        expect(turn(page, n)).to_have_attribute("data-state", "done")
    page.reload()
    expect(page.locator("#conversation article.turn")).to_have_count(3)


def test_questions_are_edited_and_asked_again(chromium_page: Page) -> None:
    page = chromium_page
    ask(page, LENGTH)
    ask(page, FOLLOW_UP)
    only = turn(page, 1)
    only.get_by_role("button", name="Edit the question").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("Which papers study speculative decoding?")
    page.keyboard.press("Enter")
    expect(only.locator(".heading")).to_contain_text("abstracts were found to match")
    expect(only).to_have_attribute("data-state", "done")
    expect(page.locator("#conversation article.turn")).to_have_count(1)
    before = claims(only)
    mark_old = "all => all.forEach(shown => { shown.dataset.old = 'true' })"
    only.locator(".sentence").evaluate_all(mark_old)
    only.get_by_role("button", name="Ask again").click()
    only.locator(".sentence:not([data-old])").first.wait_for()
    expect(only).to_have_attribute("data-state", "done")
    expect(page.locator("#conversation article.turn")).to_have_count(1)
    assert claims(only) == before != []


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
