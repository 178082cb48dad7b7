"""``assistant chat`` on a terminal: typed lines, Ctrl-C, and an answer as it is written."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.llm_servers.replies import citing
from tests.llm_servers.scripted import KEY, scripted
from tests.llm_servers.steps import Breaks, Drips
from tests.whole.conftest import EXECUTABLE

pytestmark = pytest.mark.slow

FIRST = "What speedup does Kangaroo reach on Spec-Bench?"
FOLLOW_UP = "Does it need training?"
KANGAROO = "kangaroo-lossless-self-speculative-decoding-via"
FACT = "1.68"
REPLY = citing("Kangaroo reaches up to 1.68 times [{a}].", a=FACT)
SECOND = citing("Kangaroo trains an adapter module [{a}].", a="adapter")


class Terminal:
    """``assistant chat`` on a terminal of its own."""

    _TAKE_TERMINAL = (
        "import os, sys; os.close(os.open(os.ttyname(0), os.O_RDWR)); "
        "os.execv(sys.argv[1], sys.argv[1:])"
    )

    def __init__(self, **environment: str) -> None:
        self._end, child = pty.openpty()
        # Who opens a terminal as the leader of a session gets its Ctrl-C.
        self.process = subprocess.Popen(
            [sys.executable, "-c", self._TAKE_TERMINAL, str(EXECUTABLE), "chat"],
            stdin=child, stdout=child, stderr=child, start_new_session=True,
            env={**os.environ, "TERM": "xterm", **environment},
        )  # fmt: skip
        os.close(child)
        self.shown = ""

    def type(self, text: str) -> None:
        os.write(self._end, text.encode())

    def wait_for(self, pattern: str, times: int = 1) -> None:
        """Reads until ``pattern`` was shown so often."""
        deadline = time.monotonic() + 60
        while len(re.findall(pattern, self.shown)) < times:
            assert time.monotonic() < deadline, f"no {pattern!r} in {self.shown!r}"
            if not self._read():
                break
        assert len(re.findall(pattern, self.shown)) >= times, self.shown

    def interrupt(self, pattern: str, times: int = 1) -> None:
        """Presses Ctrl-C until ``pattern`` was shown so often.

        One that comes between a key and readline's reading it takes the key away, and readline
        waits for another: only then is it interrupted again.
        """
        deadline = time.monotonic() + 60
        while len(re.findall(pattern, self.shown)) < times:
            assert time.monotonic() < deadline, f"no {pattern!r} in {self.shown!r}"
            self.type("\x03")
            while select.select([self._end], [], [], 3)[0] and self._read():
                if len(re.findall(pattern, self.shown)) >= times:
                    return
            if self.process.poll() is not None:
                return
            self.type(" ")

    def end(self) -> int:
        """Reads to the end and returns the exit code."""
        while self._read():
            pass
        os.close(self._end)
        return self.process.wait(timeout=60)

    def _read(self) -> bool:
        if not select.select([self._end], [], [], 60)[0]:
            return False
        try:
            read = os.read(self._end, 4096)
        except OSError:
            return False
        self.shown += read.decode(errors="replace")
        return bool(read)


@pytest.fixture
def terminal(starter: Path) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def start(**environment: str) -> Terminal:
        opened.append(Terminal(**environment))
        return opened[-1]

    yield start
    for one in opened:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()


def test_a_talk_on_a_terminal(terminal: Callable[..., Terminal]) -> None:
    talk = terminal()
    talk.wait_for("/help for the commands")
    talk.type("/help\n")
    talk.wait_for("/save FILE")
    talk.type(f"{FIRST}\n")
    talk.wait_for("Sources")
    talk.type(f"{FOLLOW_UP}\n")
    talk.wait_for('asked as: In "Kangaroo: Lossless')
    talk.wait_for("Sources", 2)
    talk.type("?!\n")
    # An end that is typed before the prompt waits for it would be lost.
    talk.wait_for("no letter or digit[^>]*\n> ")
    talk.type("\x04")
    assert talk.end() == 0
    assert "Traceback" not in talk.shown


def test_ctrl_c_twice_ends_a_chat(terminal: Callable[..., Terminal]) -> None:
    talk = terminal()
    talk.wait_for("> ")
    talk.type("half a quest")
    talk.wait_for("half a quest")
    talk.interrupt("Ctrl-C again")
    talk.type(f"{FIRST}\n")
    talk.wait_for("Sources[^>]*\n> ")
    talk.interrupt("Ctrl-C again", 2)
    talk.interrupt("never said")
    assert talk.end() == 128 + signal.SIGINT
    assert "Traceback" not in talk.shown


def test_ctrl_c_stops_an_answer_and_the_llm(terminal: Callable[..., Terminal]) -> None:
    endless = Drips(every=0.05, what="words")
    with scripted([endless, REPLY]) as server:
        talk = terminal(
            ASSISTANT_LLM="openai:scripted", ASSISTANT_LLM_BASE_URL=server.url,
            ASSISTANT_LLM_API_KEY=KEY,
        )  # fmt: skip
        talk.wait_for("> ")
        talk.type(f"{FIRST}\n")
        talk.wait_for("each sentence checked")
        talk.interrupt("stopped")
        assert server.hung_up.wait(20)
        talk.type(f"{FIRST}\n")
        talk.wait_for(r"11 \+ 7 tokens; this chat 11 \+ 7 tokens")
        talk.type("/quit\n")
        assert talk.end() == 0
    assert "1.68 times. [1]" in talk.shown
    assert len(server.requests) == 2


def test_what_was_checked_of_a_stopped_answer_stays_in_the_talk(
    terminal: Callable[..., Terminal],
) -> None:
    begun = citing("Kangaroo reaches up to 1.68 times [{a}]. It also", a=FACT)
    with scripted([lambda request: Breaks("hang", begun(request)), REPLY]) as server:
        talk = terminal(
            ASSISTANT_LLM="openai:scripted", ASSISTANT_LLM_BASE_URL=server.url,
            ASSISTANT_LLM_API_KEY=KEY,
        )  # fmt: skip
        talk.wait_for("> ")
        talk.type(f"{FIRST}\n")
        talk.wait_for(r"1\.68 times\. \[1\]")
        talk.interrupt("stopped")
        talk.type("/sources\n")
        talk.wait_for(rf"\[1\] Kangaroo[^\n]*\({KANGAROO}\)")
        talk.type("go on\n")
        talk.wait_for(f"asked as: {re.escape(FIRST)}")
        talk.wait_for("Sources[^>]*> ")
        talk.type("/quit\n")
        assert talk.end() == 0
    assert len(server.requests) == 2
