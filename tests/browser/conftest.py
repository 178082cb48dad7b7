"""A running page over a starter library of its own, and a real Chromium to look at it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from assistant import Assistant

REPOSITORY = Path(__file__).resolve().parents[2]
SCREENSHOTS = REPOSITORY / "build" / "screenshots"
READY_S = 120
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class RunningPage:
    """A page served by ``assistant ui`` in a process of its own."""

    home: Path
    port: int
    arguments: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Starts it and waits until it answers."""
        command = [str(Path(sys.executable).with_name("assistant")), "ui", "--no-browser"]
        command += ["--port", str(self.port), *self.arguments]
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("ASSISTANT_", "OPENAI_"))}
        environment = {**kept, "ASSISTANT_HOME": str(self.home), **self.environment}
        self.process = subprocess.Popen(
            command, cwd=self.home, env=environment, text=True, stderr=subprocess.PIPE
        )
        for _ in range(READY_S * 5):
            if self.process.poll() is not None:
                assert self.process.stderr is not None
                raise RuntimeError(f"the page did not start: {self.process.stderr.read()}")
            try:
                httpx.get(self.url, timeout=5)
                return
            except httpx.TransportError:
                time.sleep(0.2)
        raise RuntimeError(f"the page did not answer within {READY_S} s")

    def stop(self) -> None:
        """Stops it as Ctrl-C does not: by SIGTERM."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.communicate(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.communicate()
            self.process = None


def free_port() -> int:
    """Returns a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def page_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home folder of this module's page, with a starter library."""
    folder = tmp_path_factory.mktemp("page-home")
    with Assistant.open(home=folder, library="starter"):
        pass
    return folder


@pytest.fixture(scope="module")
def running_page(page_home: Path) -> Iterator[RunningPage]:
    """The page, served over the starter library to this module's tests."""
    page = RunningPage(page_home, free_port())
    page.start()
    yield page
    page.stop()


@pytest.fixture(scope="module")
def page_url(running_page: RunningPage) -> str:
    """The address of the page."""
    return running_page.url


# Other tests run beside these, and a page may be slow without being wrong.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
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
    made = chromium.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
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
    page.locator("#conversation article.turn").nth(n_before).wait_for()
    page.wait_for_selector("#send:visible")


def screenshot(page: Page, name: str) -> None:
    """Writes what the page looks like to build/screenshots."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
