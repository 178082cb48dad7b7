"""The product's jobs one after another in one process, which records what Python does on a network.

Run as ``python -m tests.whole.every_job RECORD LLM_URL`` in a folder of its own, which it fills.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

WATCHED_S = 15.0
"""How long the process lives at least once onnxruntime is imported, which waits before it sends."""

HOSTS: list[str] = []
"""What was looked up or sent to, as Python names it."""

FIRST: dict[str, Any] = {}
"""When onnxruntime was first imported, and what it was told then."""

QUESTION = "How long do grey herons stand still?"


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Notes names and addresses, and the first import of onnxruntime."""
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        HOSTS.append(str(arguments[0]))
    elif event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        if isinstance(address, tuple):
            HOSTS.append(str(address[0]))
    elif event == "import" and arguments[0] == "onnxruntime" and not FIRST:
        FIRST.update(at=time.monotonic(), told=os.environ.get("ORT_DISABLE_TELEMETRY"))


def do(*arguments: object, code: int = 0) -> None:
    """Runs ``assistant ARGUMENTS`` in this process."""
    from assistant.cli.app import run

    sys.argv = ["assistant", *map(str, arguments)]
    ended = run()
    assert ended == code, f"{sys.argv} ended with {ended}"


def work(llm_url: str) -> None:
    """Takes papers in, asks of them by every door, and measures the answers."""
    from tests.whole.conftest import measure_little
    from tests.whole.made_suite import PAPERS, write_suite

    suite = write_suite(Path("suite"))
    do("ingest", suite.with_name("papers.jsonl"))
    do("ask", QUESTION)
    do("search", "herons")
    do("check", "--source", PAPERS[0].abstract, "--claim", "Herons stand still for 40 minutes.")
    do("doctor")
    do("library", "export", "--format", "bibtex")
    with pytest.MonkeyPatch.context() as patch:
        measure_little(patch)
        do("eval", "run", suite, "--llm", "none", "--report", "report")

    from assistant import Assistant

    # A model whose price is known, so that prices are looked up as well.
    with Assistant.open(
        llm="openai:gpt-4o", llm_base_url=llm_url, llm_api_key="sk-key"
    ) as assistant:
        assert assistant.ask(QUESTION).model == "openai:gpt-4o"
        assert assistant.chat().ask(QUESTION).text
    with Assistant.open(llm="none") as assistant:
        assert assistant.query_engine().query(QUESTION)


def visit(url: str) -> None:
    """Opens the page, asks a question there, and ends it when it was open long enough."""
    import httpx

    try:
        with httpx.Client(base_url=url, timeout=60) as client:
            for _ in range(600):
                with suppress(httpx.TransportError):
                    client.get("/").raise_for_status()
                    break
                time.sleep(0.2)
            client.get("/config").raise_for_status()
            told = client.post("/gradio_api/run/ask", json={"data": [QUESTION, *[None] * 4]})
            assert "40 minutes" in told.raise_for_status().text
        time.sleep(max(0.0, FIRST["at"] + WATCHED_S - time.monotonic()))
    finally:
        os.kill(os.getpid(), signal.SIGINT)


def serve() -> None:
    """Serves the page until its visitor has seen enough."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    failed: list[BaseException] = []
    visitor = threading.Thread(target=_catch, args=(visit, f"http://127.0.0.1:{port}", failed))
    visitor.start()
    do("ui", "--no-browser", "--mcp", "--port", port, code=130)
    assert not failed, failed


def _catch(step: Callable[[str], None], url: str, failed: list[BaseException]) -> None:
    try:
        step(url)
    except BaseException as error:  # noqa: BLE001
        failed.append(error)


if __name__ == "__main__":
    record, llm_url = Path(sys.argv[1]), sys.argv[2]
    sys.addaudithook(watch)
    work(llm_url)
    serve()
    told = FIRST.get("told")
    record.write_text(json.dumps({"hosts": HOSTS, "told": told}), encoding="utf-8")
