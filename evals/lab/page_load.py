"""Holds the page under load: 100 users at once, then thousands of visits and calls; its memory.

    python -m assistant_evals.lab.page_load [--users 100] [--visits 2000] [--calls 10000]
                                            [--output build/page_load.json]

A visit does what a browser does: it loads the document, holds a heartbeat, raises the events of the
page that is opened, reads what they bring, and leaves. Memory is what the server's process holds
(VmRSS), so this runs on Linux alone.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import httpx
from assistant_evals.lab.bench import BenchResult
from assistant_evals.lab.page_figures import report_figures
from assistant_evals.lab.served_page import ServedPage, served_page

from assistant import Assistant

MAX_GROWTH_MB = 150
N_AT_ONCE = 8
"""Visitors, or scripts, at once while memory is measured."""

_WARMING = 50
_WAIT_S = 300


def measure(n_users: int, n_visits: int, n_calls: int) -> Iterator[BenchResult]:
    """Yields each figure as it is measured."""
    with TemporaryDirectory() as scratch:
        home = Path(scratch)
        with Assistant.open(home=home, library="starter") as assistant:
            questions = [f"What does {paper.title} show?" for paper in assistant.papers()]
        with served_page(home) as page:
            yield from _ask_at_once(page, n_users, questions)
            _repeat(lambda _: visit(page.url), _WARMING)
            _repeat(lambda n: call(page.url, n, questions[n % len(questions)]), _WARMING)
            before_mb = page.memory_mb()
            visited_s, n_visits_failed = _repeat(lambda _: visit(page.url), n_visits)
            between_mb = page.memory_mb()
            called_s, n_calls_failed = _repeat(
                lambda n: call(page.url, n, questions[n % len(questions)]), n_calls
            )
            after_mb = page.memory_mb()
        yield BenchResult(
            f"{n_visits} visits and {n_calls} calls, failed",
            n_visits_failed + n_calls_failed,
            0,
            "requests",
            {"visited_s": visited_s, "called_s": called_s},
        )
        yield BenchResult(
            f"memory after {n_visits} visits and {n_calls} calls",
            after_mb - before_mb,
            MAX_GROWTH_MB,
            "MB more",
            {"before_mb": before_mb, "after_visits_mb": between_mb, "after_mb": after_mb},
        )


def visit(url: str) -> bool:
    """Opens the page as a browser does, and closes it; returns whether all of it was served."""
    session = uuid4().hex[:12]
    with httpx.Client(base_url=url, timeout=_WAIT_S) as browser:
        document = browser.get("")
        config = re.search(
            r"window\.gradio_config = (\{.*?\});?</script>", document.text, re.DOTALL
        )
        if document.status_code != 200 or config is None:
            return False
        opening = [
            event
            for event in json.loads(config[1])["dependencies"]
            if any(target[1] == "load" for target in event["targets"])
        ]
        with browser.stream("GET", f"gradio_api/heartbeat/{session}") as heartbeat:
            lines = heartbeat.iter_lines()
            next(lines)
            return all(raise_event(browser, event, session) for event in opening)


def raise_event(browser: httpx.Client, event: dict[str, Any], session: str) -> bool:
    """Raises an event of the page without values, and reads what it brings."""
    body = {
        "data": [None] * len(event["inputs"]),
        "event_data": None,
        "fn_index": event["id"],
        "trigger_id": 0,
        "session_hash": session,
    }
    if event["queue"] is False:
        return browser.post("gradio_api/run/predict", json=body).status_code == 200
    if browser.post("gradio_api/queue/join", json=body).status_code != 200:
        return False
    shown = browser.get("gradio_api/queue/data", params={"session_hash": session}).text
    return '"msg":"process_completed"' in shown and '"success":true' in shown


def ask(url: str, question: str) -> bool:
    """Asks as a script does; returns whether it was answered."""
    return _call(url, "ask", [question, None, None, None, None])


def call(url: str, n: int, question: str) -> bool:
    """Calls one endpoint after the other; returns whether there was a result."""
    data: dict[str, list[Any]] = {
        "ask": [question, None, None, None, None],
        "search": [question, 10, None, None],
        "check": [f"Nobody knows {question}", question],
    }
    name = list(data)[n % len(data)]
    return _call(url, name, data[name])


def _call(url: str, endpoint: str, data: list[Any]) -> bool:
    with httpx.Client(base_url=url, timeout=_WAIT_S) as script:
        asked = script.post(f"gradio_api/call/{endpoint}", json={"data": data})
        if asked.status_code != 200:
            return False
        said = script.get(f"gradio_api/call/{endpoint}/{asked.json()['event_id']}").text
    return "event: complete" in said


def _repeat(step: Callable[[int], bool], n: int) -> tuple[float, int]:
    """Returns how long ``n`` steps took, ``N_AT_ONCE`` at once, and how many failed."""
    start = time.perf_counter()
    with ThreadPoolExecutor(N_AT_ONCE) as pool:
        n_failed = sum(not fine for fine in pool.map(step, range(n)))
    return time.perf_counter() - start, n_failed


def _ask_at_once(page: ServedPage, n_users: int, questions: Sequence[str]) -> Iterator[BenchResult]:
    """Each user opens the page and asks in it; all of them at once."""

    def use(n: int) -> tuple[bool, float]:
        opened = visit(page.url)
        start = time.perf_counter()
        return opened and ask(page.url, questions[n % len(questions)]), time.perf_counter() - start

    with ThreadPoolExecutor(n_users) as users:
        used = list(users.map(use, range(n_users)))
    times = [seconds for _, seconds in used]
    yield BenchResult(
        f"{n_users} users at once, refused",
        sum(not fine for fine, _ in used),
        0,
        "users",
        {"p50_s": median(times), "p95_s": quantiles(times, n=20)[-1]},
    )


def main() -> None:
    """Prints the figures, writes them where asked, and fails where one does not hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=100)
    parser.add_argument("--visits", type=int, default=2_000)
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    figures = measure(options.users, options.visits, options.calls)
    sys.exit(report_figures(figures, options.output))


if __name__ == "__main__":
    main()
