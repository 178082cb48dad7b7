"""Pages in processes of their own, for what is measured of them."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

READY_S = 180
_PLAIN_CHAT = """
import sys, gradio
chat = gradio.ChatInterface(lambda message, history: message, analytics_enabled=False)
chat.launch(server_port=int(sys.argv[1]), quiet=True)
"""


@dataclass(frozen=True, slots=True)
class ServedPage:
    """A page's address and the id of its process."""

    url: str
    pid: int

    def memory_mb(self) -> float:
        """Returns the memory that the process holds (VmRSS), in MB; on Linux alone."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) / 1024


@contextmanager
def served_page(home: Path, **variables: str) -> Iterator[ServedPage]:
    """Yields a page over the starter library; quotations unless told otherwise."""
    port = find_free_port()
    command = [str(Path(sys.executable).with_name("assistant")), "ui", "--no-browser"]
    environment = {**os.environ, "ASSISTANT_HOME": str(home), "ASSISTANT_LLM": "none"}
    environment |= variables
    with _running([*command, "--port", str(port)], port, environment) as page:
        yield page


@contextmanager
def served_plain_chat() -> Iterator[ServedPage]:
    """Yields an empty ``gradio.ChatInterface``."""
    port = find_free_port()
    environment = {**os.environ, "GRADIO_ANALYTICS_ENABLED": "False"}
    with _running([sys.executable, "-c", _PLAIN_CHAT, str(port)], port, environment) as page:
        yield page


@contextmanager
def _running(command: list[str], port: int, environment: dict[str, str]) -> Iterator[ServedPage]:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}/"
    try:
        end = time.monotonic() + READY_S
        while True:
            try:
                httpx.get(url, timeout=5).raise_for_status()
                break
            except httpx.HTTPError as error:
                if process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"{command[0]} does not serve") from error
                time.sleep(0.2)
        yield ServedPage(url, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def find_free_port() -> int:
    """Returns a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
