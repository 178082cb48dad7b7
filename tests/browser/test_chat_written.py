"""Answers that an LLM writes: streamed, marked where they are not borne out, stopped, failed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ask, screenshot
from tests.browser.test_chat import LENGTH, turn
from tests.llm_servers.replies import label_of
from tests.llm_servers.scripted import KEY, ScriptedServer, scripted
from tests.llm_servers.steps import Says, Status
from tests.running_page import RunningPage, page_over

pytestmark = pytest.mark.slow

RIGHT = "The method adds a secondary length-difference positional encoding (LDPE)"


@pytest.fixture(scope="module")
def llm() -> Iterator[ScriptedServer]:
    """The LLM of the page, whose script each test writes."""
    with scripted() as server:
        yield server


@pytest.fixture(scope="module")
def running_page(page_home: Path, llm: ScriptedServer) -> Iterator[RunningPage]:
    variables = {
        "ASSISTANT_LLM": "openai:tiny",
        "ASSISTANT_LLM_BASE_URL": llm.url,
        "ASSISTANT_LLM_API_KEY": KEY,
        "ASSISTANT_UNSUPPORTED": "flag",
    }
    with page_over(page_home, environment=variables) as running:
        yield running


def half_right(request: dict[str, Any]) -> Says:
    label = label_of(request, RIGHT)
    return Says(f"{RIGHT}. [{label}] It makes responses 17 times longer. [{label}]", pause=0.05)


def test_what_is_not_borne_out_looks_it(chromium_page: Page, llm: ScriptedServer) -> None:
    llm.script[:] = [lambda request: replace(half_right(request), pause=0.3)]
    page = chromium_page
    expect(page.locator("#conversation")).not_to_contain_text("no LLM is configured")
    page.fill("#question textarea", LENGTH)
    page.keyboard.press("Enter")
    # The beginning is there before the end is.
    first = turn(page, 1).locator(".sentence").first
    expect(first).to_contain_text("The method adds")
    assert turn(page, 1).get_attribute("aria-busy") == "true"
    page.wait_for_selector("#send:visible")
    good, bad = turn(page, 1).locator(".sentence").all()
    assert good.get_attribute("data-verdict") in ("supported", "verbatim")
    assert bad.get_attribute("data-verdict") == "unsupported"
    expect(bad.locator(".remark")).to_contain_text("17")
    label = bad.locator(".verdict").get_attribute("aria-label") or ""
    assert label.startswith("Unsupported (score ")
    expect(turn(page, 1)).to_contain_text("Answer by openai:tiny")
    screenshot(page, "chat-unsupported")


def test_an_answer_is_stopped_and_the_next_is_answered(
    chromium_page: Page, llm: ScriptedServer
) -> None:
    endless = Says("The method adds words and words. " * 400, pause=0.05)
    llm.script[:] = [endless]
    page = chromium_page
    page.fill("#question textarea", LENGTH)
    page.keyboard.press("Enter")
    # One sentence is done when the next begins.
    expect(turn(page, 1).locator(".sentence").nth(1)).to_contain_text("The method adds")
    page.wait_for_selector("#stop:visible")
    page.keyboard.press("Escape")
    expect(turn(page, 1)).to_contain_text("it was stopped")
    page.wait_for_selector("#send:visible")
    screenshot(page, "chat-stopped")
    n_kept = turn(page, 1).locator(".sentence").count()
    assert n_kept
    llm.script[:] = [half_right]
    ask(page, "go on")
    expect(page.locator("#conversation article.turn")).to_have_count(2)
    assert turn(page, 2).locator(".sentence").count() == 2
    page.reload()
    expect(page.locator("#conversation article.turn")).to_have_count(2)
    expect(turn(page, 1)).to_contain_text("Not complete")
    assert turn(page, 1).locator(".sentence").count() == n_kept


def test_an_answer_that_is_stopped_before_it_says_anything_is_not_kept(
    chromium_page: Page, llm: ScriptedServer
) -> None:
    llm.script[:] = [Says("The method adds words " * 400, pause=0.05), half_right]
    page = chromium_page
    page.fill("#question textarea", LENGTH)
    page.keyboard.press("Enter")
    expect(turn(page, 1).locator(".sentence").first).to_contain_text("The method adds")
    page.keyboard.press("Escape")
    expect(turn(page, 1)).to_contain_text("Stopped")
    page.wait_for_selector("#send:visible")
    ask(page, LENGTH)
    expect(page.locator("#conversation article.turn")).to_have_count(2)
    page.reload()
    expect(page.locator("#conversation article.turn")).to_have_count(1)


def test_a_wrong_key_is_told_and_can_be_asked_again(
    chromium_page: Page, llm: ScriptedServer
) -> None:
    llm.script[:] = [Status(401), half_right]
    page = chromium_page
    ask(page, LENGTH)
    failed = turn(page, 1)
    expect(failed).to_contain_text("key")
    assert "secret detail" not in failed.inner_text()
    assert KEY not in failed.inner_text()
    screenshot(page, "chat-failed")
    failed.get_by_role("button", name="Ask again").click()
    expect(turn(page, 1).locator(".sentence")).to_have_count(2)
    expect(page.locator("#conversation article.turn")).to_have_count(1)


def test_an_answer_goes_on_while_another_chat_is_looked_at(
    chromium_page: Page, llm: ScriptedServer
) -> None:
    slow = Says("The method adds words. " * 8, pause=0.2)
    llm.script[:] = [slow, half_right]
    page = chromium_page
    page.fill("#question textarea", LENGTH)
    page.keyboard.press("Enter")
    expect(turn(page, 1).locator(".sentence").first).to_contain_text("The method adds")
    page.locator("#chats").get_by_role("button", name="New chat").click()
    expect(page.locator("#conversation article.turn")).to_have_count(0)
    saved = page.locator("#chats").get_by_role("button", name=LENGTH, exact=False).first
    saved.wait_for(timeout=60_000)
    expect(page.locator("#conversation article.turn")).to_have_count(0)
    saved.click()
    expect(turn(page, 1)).to_have_attribute("data-state", "done")
    page.wait_for_selector("#send:visible")
