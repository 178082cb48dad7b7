"""A page in a process of its own, as ``assistant ui`` starts it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

READY_S = 120


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


@contextmanager
def page_over(
    home: Path, *arguments: str, environment: dict[str, str] | None = None
) -> Iterator[RunningPage]:
    """Yields a running page over the libraries of ``home``, and stops it."""
    page = RunningPage(home, free_port(), arguments, environment or {})
    page.start()
    try:
        yield page
    finally:
        page.stop()
