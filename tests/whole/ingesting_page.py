"""Serves the page, adds papers to its library, and prints as JSON how long it stood still.

    ingesting_page.py FILE    ASSISTANT_HOME has the library

While FILE is added a thread of the page's own process ticks, and a visitor asks for a file of the
page. Beside them ticks a process that does nothing else: what it is kept waiting is the machine's
doing and not the page's.
"""

from __future__ import annotations

import dataclasses
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn
from assistant_ui.library.actions import LibraryActions
from assistant_ui.library.changes import LibraryChanges
from assistant_ui.library.rows import PaperTable
from assistant_ui.open_library import OpenLibrary
from assistant_ui.parts.component import STATIC_PATH
from assistant_ui.server.server import ServerOptions, create_app

from assistant.settings import load_settings

TICK_S = 0.01
BESIDE = f"""
import sys, threading, time
over = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), over.set())).start()
worst, last = 0.0, time.perf_counter()
while not over.is_set():
    time.sleep({TICK_S})
    now = time.perf_counter()
    worst, last = max(worst, now - last - {TICK_S}), now
print(worst)
"""


@dataclasses.dataclass
class Pulse:
    """The longest time that a thread of this process, and a visitor, had to wait."""

    stall_s: float = 0.0
    machine_stall_s: float = 0.0
    response_s: float = 0.0
    n_responses: int = 0
    n_papers: int = 0


def main() -> None:
    file = Path(sys.argv[1])
    library = OpenLibrary(load_settings())
    actions = LibraryActions(library, PaperTable(library), LibraryChanges(library.settings))
    library.assistant.search("sheep")
    with served(library) as url, pulse(url) as found:
        upload = {"path": str(file), "name": file.name}
        *_, report = actions.add({"files": [upload]}, file.parent, "me")
        found.n_papers = actions.page({})["n_papers"]
    json.dump({**dataclasses.asdict(found), "summary": report["summary"]}, sys.stdout)


@contextmanager
def served(library: OpenLibrary) -> Iterator[str]:
    """Yields the address of the page, which a thread of this process serves."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        app = create_app(library, ServerOptions())
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@contextmanager
def pulse(url: str) -> Iterator[Pulse]:
    """Measures until the block ends."""
    found, over = Pulse(), threading.Event()

    def tick() -> None:
        last = time.perf_counter()
        while not over.is_set():
            time.sleep(TICK_S)
            now = time.perf_counter()
            found.stall_s = max(found.stall_s, now - last - TICK_S)
            last = now

    def visit() -> None:
        with httpx.Client(base_url=url, timeout=60) as client:
            while not over.is_set():
                start = time.perf_counter()
                client.get(f"{STATIC_PATH}/parts/static/dom.js").raise_for_status()
                found.response_s = max(found.response_s, time.perf_counter() - start)
                found.n_responses += 1
                time.sleep(TICK_S)

    beside = subprocess.Popen(
        [sys.executable, "-c", BESIDE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    threads = [threading.Thread(target=work) for work in (tick, visit)]
    for thread in threads:
        thread.start()
    try:
        yield found
    finally:
        over.set()
        for thread in threads:
            thread.join()
        found.machine_stall_s = float(beside.communicate()[0])


if __name__ == "__main__":
    main()
