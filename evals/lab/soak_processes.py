"""The processes of a soak, started, killed and started again; what they print is recorded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import httpx
from assistant_evals.lab.soak_record import Record, read_process

READY_S = 600
_ANSWER_S = 60
_BIN = Path(sys.executable).parent


class Role:
    """A process that plays a role; when it is started again, it begins a new life."""

    def __init__(
        self,
        name: str,
        command: list[str],
        record: Record,
        variables: Mapping[str, str],
        ready_at: str | None = None,
    ) -> None:
        """``ready_at`` is an address that answers when the process is ready."""
        self.name = name
        self.life = 0
        self.is_up = False
        self._command = command
        self._record = record
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("ASSISTANT_", "OPENAI_"))}
        self._environment = {**kept, **variables}
        self._ready_at = ready_at
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Starts the process and waits until it is ready.

        Raises:
            RuntimeError: it ended, or was not ready in time.
        """
        self.life += 1
        self._process = subprocess.Popen(
            self._command,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Ctrl-C is for the soak, which ends them.
            start_new_session=True,
        )
        for pipe in (self._process.stdout, self._process.stderr):
            threading.Thread(target=self._listen, args=(pipe,), daemon=True).start()
        end = time.monotonic() + READY_S
        while self._ready_at is not None:
            try:
                httpx.get(self._ready_at, timeout=_ANSWER_S).raise_for_status()
                break
            except httpx.HTTPError as error:
                if self._process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"{self.name} does not serve") from error
                time.sleep(0.2)
        self.is_up = True

    def kill(self) -> None:
        """Ends it as nothing can prevent, by SIGKILL."""
        self.is_up = False
        if self._process is not None:
            process, self._process = self._process, None
            process.kill()
            process.wait()

    def sample(self) -> None:
        """Records what it takes, and an end that nobody brought about."""
        process = self._process
        if process is None:
            return
        if process.poll() is not None:
            self._record.add(self.name, "ended", f"exit code {process.returncode}")
            self._process = None
        elif taken := read_process(process.pid):
            self._record.sample(self.name, self.life, taken)

    def _listen(self, pipe: object) -> None:
        for line in pipe:  # type: ignore[attr-defined]
            if line.startswith('{"kind"'):
                said = json.loads(line)
                self._record.add(self.name, said["kind"], said["detail"])
            elif "Traceback" in line:
                self._record.add(self.name, "error", line)


def reader(name: str, home: Path, record: Record, **variables: str) -> Role:
    """Returns a process that asks the library under ``home``, and looks at all of it."""
    return _python(name, "read", home, record, variables)


def writer(name: str, home: Path, record: Record, **variables: str) -> Role:
    """Returns a process that writes one edition after the other."""
    return _python(name, "write", home, record, variables)


def page(home: Path, port: int, llm: str, record: Record) -> Role:
    """Returns a page over the library under ``home``, whose answers an LLM writes."""
    command = [str(_BIN / "assistant"), "ui", "--no-browser", "--port", str(port)]
    variables = {
        "ASSISTANT_HOME": str(home),
        "ASSISTANT_LIBRARY": "lakes",
        "ASSISTANT_LLM": "openai:soak",
        "ASSISTANT_LLM_BASE_URL": llm,
        "ASSISTANT_LLM_API_KEY": "none",
    }
    return Role("page", command, record, variables, f"http://127.0.0.1:{port}/")


def chroma(folder: Path, port: int, record: Record) -> Role:
    """Returns a Chroma server."""
    command = [str(_BIN / "chroma"), "run", "--path", str(folder), "--host", "127.0.0.1"]
    ready = f"http://127.0.0.1:{port}/api/v2/heartbeat"
    return Role("Chroma server", [*command, "--port", str(port)], record, {}, ready)


def _python(name: str, role: str, home: Path, record: Record, variables: Mapping[str, str]) -> Role:
    command = [sys.executable, "-m", "assistant_evals.lab.soak_roles", role, str(home)]
    return Role(name, command, record, variables)
