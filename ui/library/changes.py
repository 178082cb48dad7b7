"""Changes of the library, each in a process of its own, one at a time.

What writes a library holds Python's lock for seconds; in the page's process it would stall
everybody who looks at it.
"""

from __future__ import annotations

import contextlib
import json
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Generator, Sequence
from typing import IO, Any

from assistant_ui.library.ingestion_child import GRACE_S
from assistant_ui.library.uploads import Upload
from pydantic import SecretStr

from assistant import STARTER, Assistant, AssistantError, LibraryError, LockedError, Settings

Message = dict[str, Any]
"""``{"stage", "done", "total"}`` while it goes on, at last ``{"report"}`` or ``{"error"}``."""

CHILD = [sys.executable, "-P", "-m", "assistant_ui.library.ingestion_child"]
"""``-P``: no module of the working folder goes before those that are installed."""

THREADS = 1
"""CPU threads that embed in the child: the others are for those who ask."""

_BEAT_S = 0.5
_WINDOWS_PRIORITY = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
"""Elsewhere the child lowers its own priority."""


class LibraryChanges:
    """Starts the child processes that change one library, and ends them."""

    def __init__(self, settings: Settings) -> None:
        """Changes the library that ``settings`` name."""
        self._settings = settings
        self._running = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._owner: str | None = None
        self._stopped = False
        self._told_end = False
        self._exit_code: int | None = None

    def add(
        self, uploads: Sequence[Upload], owner: str, *, keep_without_abstract: bool = False
    ) -> Generator[Message, None, None]:
        """Yields what happens while papers are read into the library; see ``Message``.

        Closing the generator ends the child, and the library stays as it was. Where the child is
        stopped or dies there is no last message.

        Raises, when the first message is asked for:
            LockedError: another change is going on.
            LibraryError: the library is one that is never changed.
        """
        files = [{"name": upload.name, "path": str(upload.path)} for upload in uploads]
        keep = {"keep_without_abstract": keep_without_abstract}
        return self._run({"task": "ingest", "files": files, **keep}, owner)

    def remove(self, paper_ids: Sequence[str], owner: str) -> Generator[Message, None, None]:
        """Yields what happens while papers are removed; as ``add``."""
        return self._run({"task": "remove", "paper_ids": list(paper_ids)}, owner)

    def stop(self, owner: str) -> bool:
        """Ends the change that ``owner`` began and returns whether there was one."""
        child = self._child
        if child is None or self._owner != owner:
            return False
        self._stopped = True
        child.terminate()
        return True

    @property
    def was_stopped(self) -> bool:
        """Whether the last change was ended by ``stop``."""
        return self._stopped

    @property
    def killed_by(self) -> str | None:
        """The name of the signal that ended the last change's process, if one did."""
        code = self._exit_code
        return signal.Signals(-code).name if code is not None and code < 0 else None

    def _run(self, request: Message, owner: str) -> Generator[Message, None, None]:
        if self._settings.library == STARTER:
            raise LibraryError(
                "the starter library stays as it is; start the page without "
                "`--library starter` to make one of your own"
            )
        # A change that has told its end only waits for its process.
        if not self._running.acquire(timeout=GRACE_S if self._told_end else 0):
            raise LockedError("the library is being changed already; wait until that is done")
        try:
            self._owner, self._stopped, self._exit_code = owner, False, None
            self._told_end = False
            yield {"stage": "starting"}
            request["settings"] = settings_values(self._settings)
            yield from self._run_child(request)
        finally:
            self._owner = None
            self._running.release()

    def _run_child(self, request: Message) -> Generator[Message, None, None]:
        child = subprocess.Popen(
            CHILD, stdin=subprocess.PIPE, stdout=subprocess.PIPE, creationflags=_WINDOWS_PRIORITY
        )
        assert child.stdin is not None
        assert child.stdout is not None
        self._child = child
        messages: queue.Queue[Message | None] = queue.Queue()
        reader = threading.Thread(target=_read, args=(child.stdout, messages), daemon=True)
        reader.start()
        has_ended = False
        try:
            with contextlib.suppress(BrokenPipeError):
                child.stdin.write(json.dumps(request).encode() + b"\n")
                child.stdin.flush()
            last: Message = {"stage": "starting"}
            while True:
                try:
                    message = messages.get(timeout=_BEAT_S)
                except queue.Empty:
                    # A generator can be closed only where it yields.
                    yield last
                    continue
                if message is None:
                    has_ended = True
                    return
                last = message
                self._told_end = "stage" not in message
                yield message
        finally:
            self._child = None
            self._exit_code = _end(child, has_ended)
            if self._exit_code < 0:
                self._clear_leftovers()
            reader.join()
            child.stdout.close()
            with contextlib.suppress(BrokenPipeError):
                child.stdin.close()

    def _clear_leftovers(self) -> None:
        """Takes away what a child that was killed could not."""
        with contextlib.suppress(AssistantError), Assistant(self._settings) as assistant:
            assistant.store.clear_leftovers()


def _end(child: subprocess.Popen[bytes], has_ended: bool) -> int:
    """Ends a child that has not ended, and returns its exit code; it may clean up first."""
    if not has_ended:
        child.terminate()
    try:
        return child.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


def settings_values(settings: Settings) -> dict[str, Any]:
    """Returns the settings as JSON types, secrets in the clear: for a pipe and nothing else."""
    values = dict(settings)
    secrets = {
        name: value.get_secret_value()
        for name, value in values.items()
        if isinstance(value, SecretStr)
    }
    # Passwords in URLs are masked in JSON.
    texts = {name: value for name, value in values.items() if isinstance(value, str)}
    return {**settings.model_dump(mode="json"), **texts, **secrets, "threads": THREADS}


def _read(stdout: IO[bytes], messages: queue.Queue[Message | None]) -> None:
    for line in stdout:
        # The last line of a child that was killed may be half a line.
        if line.endswith(b"\n"):
            messages.put(json.loads(line))
    messages.put(None)
