"""llama.cpp's own server as a child process, to be frozen, killed and started again."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KEY = "llama-key-0123456789"

_SERVE = """
import sys, xllamacpp
path, port, n_ctx, key = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
params = xllamacpp.CommonParams()
params.model.path = path
params.n_ctx = n_ctx
params.n_parallel = 1
params.hostnames = ["127.0.0.1"]
params.port = port
params.api_keys = [key]
# More threads wait for one another, which on a busy machine takes longer than the work.
params.cpuparams.n_threads = 1
params.cpuparams_batch.n_threads = 1
# Small batches, between which the server notices that nobody listens any more.
params.n_batch = 64
params.cache_ram_mib = 0
params.verbosity = -1
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
"""


@dataclass
class LlamaServer:
    """The server of one model; ``url`` stays the same over restarts."""

    model: Path
    n_ctx: int
    url: str = ""
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        port = self.url.rpartition(":")[2].removesuffix("/v1") or "0"
        arguments = [str(self.model), port, str(self.n_ctx), KEY]
        self.process = subprocess.Popen(
            [sys.executable, "-c", _SERVE, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        address = self.process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), "llama.cpp's server did not start"
        self.url = f"{address}/v1"

    def kill(self) -> None:
        """Kills the server as a crash would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            for stream in (self.process.stdin, self.process.stdout):
                assert stream is not None
                stream.close()
            self.process = None

    def slots(self) -> list[dict[str, Any]]:
        """Returns what the server says of each of its slots."""
        request = urllib.request.Request(
            f"{self.url.removesuffix('/v1')}/slots", headers={"authorization": f"Bearer {KEY}"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            slots: list[dict[str, Any]] = json.load(answer)
        return slots

    def idle_within(self, seconds: float) -> bool:
        """Returns whether all slots come to rest within ``seconds``."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not any(slot["is_processing"] for slot in self.slots()):
                return True
            time.sleep(0.05)
        return False


@contextmanager
def llama_server(model: Path, *, n_ctx: int = 2048) -> Iterator[LlamaServer]:
    """Yields a running server of ``model`` that is killed in the end."""
    server = LlamaServer(model, n_ctx)
    server.start()
    try:
        yield server
    finally:
        server.kill()
