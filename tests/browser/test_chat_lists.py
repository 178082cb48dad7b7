"""Lists that an LLM reads the library for: a table, and a button for what was left unread."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ask, screenshot
from tests.browser.test_chat import turn
from tests.llm_servers.replies import prunes
from tests.llm_servers.scripted import KEY, scripted
from tests.running_page import RunningPage, page_over

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def running_page(page_home: Path) -> Iterator[RunningPage]:
    with scripted(otherwise=prunes) as llm:
        variables = {
            "ASSISTANT_LLM": "openai:tiny",
            "ASSISTANT_LLM_BASE_URL": llm.url,
            "ASSISTANT_LLM_API_KEY": KEY,
            "ASSISTANT_SURVEY_TOKENS": "20000",
        }
        with page_over(page_home, environment=variables) as running:
            yield running


def test_a_list_is_a_table_and_what_was_left_unread_is_read_on_demand(
    chromium_page: Page,
) -> None:
    page = chromium_page
    ask(page, "Which papers prune models, and how?")
    answer = turn(page, 1)
    expect(answer.locator(".heading")).to_contain_text("closest of 245 were read.")
    expect(answer.locator(".sentences.table .of-paper").first).not_to_be_empty()
    assert answer.locator(".sentence[data-verdict=supported]").count() > 1
    assert answer.locator(".sentence[data-verdict=verbatim]").count() > 1
    screenshot(page, "chat-list")
    button = answer.get_by_role("button", name=re.compile(r"^Read the other \d+ too \(about "))
    button.click()
    expect(answer.locator(".heading")).to_contain_text("all 245 were read")
    expect(button).to_have_count(0)
    answer.get_by_role("button", name="Save").click()
    with page.expect_download() as saved:
        answer.get_by_role("button", name="Table (CSV)").click()
    assert saved.value.suggested_filename == "answer-1.csv"
