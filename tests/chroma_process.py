"""A real Chroma server on loopback, to be frozen, emptied and killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from assistant.store.library import LibraryStore
from assistant.store.opening import open_store
from tests.made_library import DIM, EMBEDDER

START_LIMIT_S = 60.0


class ChromaProcess:
    """`chroma run` over a folder; the port stays the same from one start to the next."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Sees to it that the server runs, and is not frozen."""
        if self._process is not None:
            self.thaw()
            return
        command = [Path(sys.executable).with_name("chroma"), "run", "--path", self._folder]
        self._process = subprocess.Popen(
            [*map(str, command), "--host", "127.0.0.1", "--port", str(self._port)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + START_LIMIT_S
        while True:
            try:
                httpx.get(f"{self.url}/api/v2/heartbeat", timeout=1).raise_for_status()
                return
            except httpx.HTTPError:
                assert time.monotonic() < deadline, "the Chroma server did not start"
                assert self._process.poll() is None, "the Chroma server ended at once"
                time.sleep(0.1)

    def freeze(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        # Until all its threads have stopped it may still answer.
        os.waitpid(self._process.pid, os.WUNTRACED)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        if self._process is not None:
            self.thaw()
            self._process.kill()
            self._process.wait()
            self._process = None

    def client(self) -> Any:
        """Returns Chroma's own client of it."""
        import chromadb  # Only some of those who may start a server need it, and it takes seconds.

        return chromadb.HttpClient("127.0.0.1", self._port)

    def empty(self) -> None:
        """Takes everything off it, as if it came back over another folder."""
        client = self.client()
        for collection in client.list_collections():
            client.delete_collection(collection.name)

    def store(self, home: Path, library: str = "made") -> LibraryStore:
        """Returns a library on it, mirrored under ``home``."""
        return open_store(home, library, EMBEDDER, DIM, chroma_url=self.url)
