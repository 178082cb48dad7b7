"""Measures the page: how soon it can be used, how soon an answer shows, and twenty users at once.

    python -m assistant_evals.lab.page_bench [--runs 5] [--users 20]
                                             [--output build/page_bench.json]

The page is measured in turn with an empty chat of Gradio's own, twenty users against one, and the
first words of an answer from when a stand-in for an LLM sends them to when the browser has them.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx
from assistant_evals.lab.bench import BenchResult
from assistant_evals.lab.page_bench_llm import timed_llm
from assistant_evals.lab.page_figures import report_figures
from assistant_evals.lab.served_page import READY_S, served_page, served_plain_chat

from assistant import Assistant

QUESTION = "How is the length of a response controlled?"
_CHROMIUM = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
_USABLE = """() => [...document.querySelectorAll("textarea")].some(
  (box) => !box.disabled && box.getBoundingClientRect().height > 0
)"""
_WATCH = """() => {
  window.shownAt = 0;
  const look = () => {
    const claim = document.querySelector("#conversation .claim");
    if (claim && claim.textContent.trim()) window.shownAt ||= Date.now();
  };
  const all = {childList: true, subtree: true, characterData: true};
  new MutationObserver(look).observe(document, all);
}"""


def measure(runs: int, n_users: int) -> Iterator[BenchResult]:
    """Yields each figure as it is measured."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        with Assistant.open(home=home, library="starter") as assistant:
            questions = [f"What does {paper.title} show?" for paper in assistant.papers()]
        with served_page(home) as page, served_plain_chat() as plain:
            yield from _interactive(page.url, plain.url, runs)
            yield from _users(page.url, n_users, questions)
        yield _first_words(home, runs)


@contextmanager
def browser() -> Iterator[Any]:
    """Yields a headless Chromium of this system.

    Raises:
        RuntimeError: there is none.
    """
    from playwright.sync_api import sync_playwright

    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        raise RuntimeError("no Chromium here; install it (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=list(_CHROMIUM))
        yield chromium
        chromium.close()


def _interactive(url: str, plain_url: str, runs: int) -> Iterator[BenchResult]:
    """Cold is a fresh profile, warm a second visit of the same one."""
    times: dict[tuple[str, str], list[float]] = {}
    with browser() as chromium:
        for run in range(runs + 1):
            for name, address in (("page", url), ("plain", plain_url)):
                profile = chromium.new_context()
                for cache in ("cold", "warm"):
                    seconds = _usable_after(profile, address)
                    if run:  # The first round warms the servers.
                        times.setdefault((name, cache), []).append(seconds)
                profile.close()
    for cache in ("cold", "warm"):
        ours, plain = median(times["page", cache]), median(times["plain", cache])
        yield BenchResult(
            f"page usable / empty ChatInterface, {cache} cache",
            ours / plain,
            2.0,
            "x",
            {"page_s": ours, "plain_s": plain},
        )


def _usable_after(profile: Any, url: str) -> float:
    tab = profile.new_page()
    start = time.perf_counter()
    tab.goto(url, wait_until="commit")
    tab.wait_for_function(_USABLE, polling="raf", timeout=READY_S * 1000)
    seconds = time.perf_counter() - start
    tab.close()
    return seconds


def _first_words(home: Path, runs: int) -> BenchResult:
    """From the first words that an LLM sends to the same words in the browser: one clock."""
    late = []
    with timed_llm() as llm:
        settings = {"LLM": "openai:timed", "LLM_BASE_URL": llm.url, "LLM_API_KEY": "none"}
        named = {f"ASSISTANT_{name}": value for name, value in settings.items()}
        with served_page(home, **named) as page, browser() as chromium:
            for run in range(runs + 1):
                profile = chromium.new_context()
                tab = profile.new_page()
                tab.goto(page.url)
                tab.wait_for_function(_USABLE, timeout=READY_S * 1000)
                tab.wait_for_selector("#conversation .part > :visible", timeout=READY_S * 1000)
                tab.evaluate(_WATCH)
                llm.began.clear()
                tab.fill("#question textarea", QUESTION)
                tab.keyboard.press("Enter")
                tab.wait_for_function("window.shownAt > 0", timeout=READY_S * 1000)
                if run:
                    late.append(tab.evaluate("window.shownAt") - llm.began[0] * 1000)
                profile.close()
    return BenchResult(
        "first words shown after an LLM sent them",
        median(late),
        150,
        "ms",
        {"fastest_s": min(late) / 1000, "slowest_s": max(late) / 1000},
    )


def _users(url: str, n_users: int, questions: list[str]) -> Iterator[BenchResult]:
    """Each user asks three questions through the queue that the page uses for scripts."""
    ask_next = cycle(questions)
    _ask(url, next(ask_next))
    alone = [_ask(url, next(ask_next)) for _ in range(10)]
    asked = [[next(ask_next) for _ in range(3)] for _ in range(n_users)]
    start = time.perf_counter()
    with ThreadPoolExecutor(n_users) as users:
        together = list(users.map(lambda own: [_ask(url, question) for question in own], asked))
    took_s = time.perf_counter() - start
    answers = [answer for user in together for answer in user]
    times = [seconds for seconds, fine in answers if fine]
    one_s = median(seconds for seconds, _ in alone)
    measured = {
        "alone_p50_s": one_s,
        "p50_s": median(times),
        "p95_s": quantiles(times, n=20)[-1],
        "answers_per_s": len(answers) / took_s,
        "alone_answers_per_s": 1 / one_s,
    }
    n_failed = sum(not fine for _, fine in answers)
    yield BenchResult(f"{n_users} users at once, failed", n_failed, 0, "answers", measured)
    yield BenchResult(
        f"p95 of {n_users} users / one user alone",
        measured["p95_s"] / one_s,
        2.0 * n_users,
        "x",
        {"p95_s": measured["p95_s"], "alone_s": one_s},
    )


def _ask(url: str, question: str) -> tuple[float, bool]:
    """Returns how long an answer took, and whether it is one."""
    body = {"data": [question, None, None, None, None]}
    start = time.perf_counter()
    with httpx.Client(base_url=url, timeout=READY_S) as client:
        asked = client.post("gradio_api/call/ask", json=body)
        if asked.status_code != 200:
            return time.perf_counter() - start, False
        said = client.get(f"gradio_api/call/ask/{asked.json()['event_id']}").text
    return time.perf_counter() - start, "event: complete" in said


def main() -> None:
    """Prints the figures, writes them where asked, and fails where one does not hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    sys.exit(report_figures(measure(options.runs, options.users), options.output))


if __name__ == "__main__":
    main()
