"""Whoever opens, asks and lets go, again and again, takes no more than the first time."""

from __future__ import annotations

import gc
import subprocess
import sys
import time
import weakref
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant
from tests.llm_servers.scripted import scripted
from tests.whole.written import QUESTION, open_with

CLOSING_LIMIT_S = 20.0
"""Chroma's threads let go of its files in their own time."""

N_CYCLES = 12
MAX_GROWTH_MB = 60
"""Where the parts of an assistant hold each other, ten cycles take 850 MB more."""

CYCLES = """
import resource, sys
from pathlib import Path
from assistant import Assistant

def rss_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() >> 20

home, n_cycles = Path(sys.argv[1]), int(sys.argv[2])
for cycle in range(n_cycles):
    assistant = Assistant.open(home=home, library="starter", llm="none")
    assistant.ask("Which papers study length control?")
    if cycle % 2:
        assistant.close()
    del assistant
    if cycle == 0:
        first = rss_mb()
print(rss_mb() - first)
"""

FORKED = """
import os, sys
from assistant.embeddings.minilm import MiniLM

before = MiniLM(n_threads=2).encode(["A text."])
child = os.fork()
if child == 0:
    os._exit(0 if (MiniLM(n_threads=2).encode(["A text."]) == before).all() else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""

linux = pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="memory and descriptors are read from /proc"
)


@pytest.fixture
def no_collector() -> Iterator[None]:
    """Switches the garbage collector off: what is freed is freed because nothing refers to it."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def open_files(home: Path) -> list[str]:
    """Returns the files under ``home`` that this process has open."""
    files = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # The folder was open while it was read.
            files.append(str(descriptor.readlink()))
    return [file for file in files if file.startswith(str(home))]


def watch(assistant: Assistant) -> dict[str, weakref.ref[Any]]:
    """Returns weak references to what is large in an assistant that has answered."""
    engine = assistant._get_engine()
    big = {
        "engine": engine,
        "evidence": engine._evidence,
        "snapshot": engine.snapshot,
        "lexical index": engine.snapshot.lexical,
        "Chroma's index": engine.snapshot.score_dense,
        "embedder": assistant.embedder,
        "embedding cache": assistant.embedder.cache,
        "model": assistant.models.chat,
        "whole library": engine._whole,
        "records": engine._records,
    }
    return {name: weakref.ref(one) for name, one in big.items() if one is not None}


@linux
@pytest.mark.parametrize("llm", [False, True], ids=["quotations", "llm"])
@pytest.mark.parametrize("close", [True, False], ids=["closed", "forgotten"])
def test_an_assistant_gives_back_what_it_held(
    starter: Path, no_collector: None, close: bool, llm: bool
) -> None:
    with scripted([], otherwise="It is faster.") if llm else nullcontext() as server:
        if server is not None:
            assistant = open_with(starter, server)
        else:
            assistant = Assistant.open(home=starter, library="starter", llm="none")
        assistant.ask(QUESTION)
        list(assistant.stream("How many papers study length control?"))
        for _ in assistant.chat().stream(QUESTION):
            pass
        stopped = assistant.stream(QUESTION)
        next(stopped)
        stopped.close()
        held = watch(assistant)
        assert open_files(starter)
        if close:
            assistant.close()
        else:
            del assistant
    assert [name for name, one in held.items() if one() is not None] == []
    deadline = time.monotonic() + CLOSING_LIMIT_S
    while open_files(starter) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert open_files(starter) == []


@linux
def test_memory_stays_where_the_first_cycle_left_it(starter: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CYCLES, str(starter), str(N_CYCLES)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) < MAX_GROWTH_MB


def test_a_forked_process_embeds_with_a_session_of_its_own() -> None:
    subprocess.run([sys.executable, "-c", FORKED], check=True, timeout=120)
