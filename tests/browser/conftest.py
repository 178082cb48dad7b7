"""A running page over a starter library, and a real Chromium to look at it.

Both take seconds to start: a worker of the tests gets this folder whole, and starts them once.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from tests.running_page import RunningPage, page_over

REPOSITORY = Path(__file__).resolve().parents[2]
SCREENSHOTS = REPOSITORY / "build" / "screenshots"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="package")
def shared_page(
    starter_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningPage]:
    """The page over the starter library, for all tests that leave its home as it was."""
    home = tmp_path_factory.mktemp("shared-page") / "home"
    shutil.copytree(starter_home, home)
    with page_over(home) as page:
        yield page


@pytest.fixture(scope="module")
def own_page(page_home: Path) -> Iterator[RunningPage]:
    """A page of this module's own, whose library its tests may change."""
    with page_over(page_home) as page:
        yield page


@pytest.fixture(scope="module")
def running_page(shared_page: RunningPage) -> RunningPage:
    """The page that ``page_url`` is of; modules that change its library give their own."""
    return shared_page


@pytest.fixture(scope="module")
def page_url(running_page: RunningPage) -> str:
    """The address of the page."""
    return running_page.url


# Other tests run beside these, and a page may be slow without being wrong.
expect.set_options(timeout=60_000)


# Playwright leaves an event loop running in its thread until it ends: tests of other folders that
# run one of their own could not.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A headless Chromium; outside CI, tests are skipped where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        missing = "no Chromium here; install it (Debian: apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Seen:
    """What a browser asked for and what went wrong in it."""

    page_errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile of laptop size."""
    made = chromium.new_context(
        viewport={"width": 1280, "height": 800},
        accept_downloads=True,
        # What moves is drawn sixty times a second, on the processor that the page waits for.
        reduced_motion="reduce",
    )
    made.set_default_timeout(60_000)
    yield made
    made.close()


@pytest.fixture
def chromium_page(context: BrowserContext, page_url: str, seen: Seen) -> Page:
    """The page, open and ready to be asked; no request of it may leave for other hosts."""
    page = context.new_page()
    watch(page, page_url, seen)
    open_page(page, page_url)
    return page


@pytest.fixture
def seen() -> Iterator[Seen]:
    """What the browser did; a test fails at its end where a script failed or a request left."""
    seen = Seen()
    yield seen
    assert seen.outside == []
    assert seen.page_errors == []


def watch(page: Page, page_url: str, seen: Seen) -> None:
    """Notes the requests that leave for other hosts, and the errors of scripts."""

    def requested(request: Request) -> None:
        if not request.url.startswith((page_url, "data:", "blob:")):
            seen.outside.append(request.url)

    page.on("request", requested)
    page.on("pageerror", lambda error: seen.page_errors.append(str(error)))


def open_page(page: Page, url: str) -> None:
    """Opens the page and waits until a question can be asked."""
    page.goto(url)
    page.wait_for_selector("#conversation .part > :visible")
    page.wait_for_selector("#question textarea:enabled")


def ask(page: Page, question: str) -> None:
    """Asks in the chat and waits for the end of the answer."""
    n_before = page.locator("#conversation article.turn").count()
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    turn = page.locator("#conversation article.turn").nth(n_before)
    turn.wait_for()
    expect(turn).to_have_attribute("aria-busy", "false")
    page.wait_for_selector("#send:visible")


def screenshot(page: Page, name: str) -> None:
    """Writes what the page looks like to build/screenshots."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
